/** The modules that a board runs, as source and as compiled. */
import { readdirSync } from "node:fs";
import { PROJECT, projectFile } from "../project.js";

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

export interface Module {
  /** Without extension: `modules/framing/cobs`. */
  readonly name: string;
  readonly room: string;
  readonly imports: readonly Import[];
  /** Something of it is left when the types are gone. */
  readonly runs: boolean;
}

const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
/** `from "..."`, `import "..."`, `import("...")`. */
const IMPORTS = /\b(?:(import|export)\b(\s+type\b)?[^;"'()]*?\bfrom\s*|import\s*\(?\s*)["']([^"']+)["']/g;

export function rooms(): string[] {
  return readdirSync(`${PROJECT}modules`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

export function modules(): Module[] {
  return rooms().flatMap((room) =>
    readdirSync(`${PROJECT}modules/${room}`)
      .filter((file) => file.endsWith(".ts"))
      .sort()
      .map((file) => read(room, `modules/${room}/${file.slice(0, -3)}`)),
  );
}

function read(room: string, name: string): Module {
  const source = projectFile(`${name}.ts`).replace(COMMENTS, "");
  const compiled = projectFile(`dist/${name}.js`).replace(COMMENTS, "").trim();
  return {
    name,
    room,
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
