/** Imports that lead back to where they began, in all of the project's TypeScript. */
import { readdirSync } from "node:fs";
import { importsOf } from "./firmware/modules.js";
import { PROJECT, projectFile } from "./project.js";

const ROOTS = ["modules", "host", "ground", "bench", "host-tests"];

/** What each file imports, by their paths: types count, too. */
export type Imports = ReadonlyMap<string, readonly string[]>;

export function allImports(): Imports {
  const files = ["main.ts", ...ROOTS.flatMap((root) => filesIn(root))];
  return new Map(
    files.map((file) => {
      const own = importsOf(projectFile(file)).filter(({ specifier }) => specifier.startsWith("."));
      return [
        file,
        own.flatMap(({ specifier }) => targetsOf(file, specifier)).filter((target) => files.includes(target)),
      ];
    }),
  );
}

function filesIn(folder: string): string[] {
  return readdirSync(PROJECT + folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
}

/** What it may be: with views in it, or without. */
function targetsOf(file: string, specifier: string): string[] {
  const target = new URL(specifier, `file:///${file}`).pathname.slice(1);
  return [".ts", ".tsx"].map((ending) => target.replace(/\.js$/, ending));
}

/** Groups of files that all lead to each other, each sorted. */
export function circlesOf(imports: Imports): string[][] {
  const reached = new Map([...imports.keys()].map((file) => [file, reachable(imports, file)]));
  const circles = new Map<string, string[]>();
  for (const [file, others] of reached) {
    if (others.has(file)) {
      const circle = [...others].filter((other) => reached.get(other)?.has(file)).sort();
      circles.set(circle.join(), circle);
    }
  }
  return [...circles.values()].sort();
}

/** Not the file itself, unless something that it imports leads back to it. */
function reachable(imports: Imports, from: string): Set<string> {
  const reached = new Set<string>();
  const next = [...(imports.get(from) ?? [])];
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (!reached.has(file)) {
      reached.add(file);
      next.push(...(imports.get(file) ?? []));
    }
  }
  return reached;
}
