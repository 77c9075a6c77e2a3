/** The modules that a board runs, as source and as compiled. */
import { readdirSync } from "node:fs";
import { PROJECT, projectFile } from "../project.js";

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

export interface Module {
  /** Without extension: `modules/framing/formats/cobs`. */
  readonly name: string;
  readonly room: string;
  /** `framing/engines`. */
  readonly folder: string;
  readonly imports: readonly Import[];
  /** Something of it is left when the types are gone. */
  readonly runs: boolean;
}

const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
/** `from "..."`, `import "..."`, `import("...")`. */
const IMPORTS = /\b(?:(import|export)\b(\s+type\b)?[^;"'()]*?\bfrom\s*|import\s*\(?\s*)["']([^"']+)["']/g;

/** Every folder that has modules in it, by its path within `modules/`: `framing`, `framing/engines`. */
export function folders(within = ""): string[] {
  const entries = readdirSync(`${PROJECT}modules/${within}`, { withFileTypes: true });
  const inner = entries.filter((entry) => entry.isDirectory()).map(({ name }) => (within ? `${within}/${name}` : name));
  const own = within !== "" && entries.some(({ name }) => name.endsWith(".ts")) ? [within] : [];
  return [...own, ...inner.flatMap(folders)].sort();
}

export function rooms(): string[] {
  return [...new Set(folders().map((folder) => folder.split("/")[0]!))];
}

export function modules(): Module[] {
  return folders().flatMap((folder) =>
    readdirSync(`${PROJECT}modules/${folder}`)
      .filter((file) => file.endsWith(".ts"))
      .sort()
      .map((file) => read(folder, `modules/${folder}/${file.slice(0, -3)}`)),
  );
}

function read(folder: string, name: string): Module {
  const source = projectFile(`${name}.ts`).replace(COMMENTS, "");
  const compiled = projectFile(`dist/${name}.js`).replace(COMMENTS, "").trim();
  return {
    name,
    room: folder.split("/")[0]!,
    folder,
    imports: importsOf(source),
    runs: compiled !== "export {};",
  };
}

export function importsOf(source: string): Import[] {
  return [...source.matchAll(IMPORTS)].map(([, , type, specifier]) => ({
    specifier: specifier as string,
    typeOnly: type !== undefined,
  }));
}
