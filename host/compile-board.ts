/**
 * Makes a board module of one's own runnable on a desk: one JavaScript file of what it and the files it imports say, with flatlink's
 * modules where this package has them.
 */
import { existsSync, rmSync } from "node:fs";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type BuildFailure, build, type Plugin } from "esbuild";
import { defineDictionary } from "../modules/dictionary/define-dictionary.js";
import type { Dictionary } from "../modules/dictionary/dictionary.js";
import type { AnyBoardModule } from "../modules/flatsat/board-module.js";

/** Where the package's modules are, compiled. */
const MODULES = fileURLToPath(new URL("../modules/", import.meta.url));
const PACKAGE = /^flatlink\/(.+?)(?:\.js)?$/;
/** What is neither a path nor of this package. */
const FOREIGN = /^[^./]/;

export interface CompiledBoard {
  readonly dictionary: Dictionary;
  readonly module: AnyBoardModule;
  /** Absolute path of the compiled file for XS, whose imports are paths. */
  readonly path: string;
  /** Deletes what was written. The end of the process does so, too. */
  remove(): Promise<void>;
}

/** What is wrong with a file that is to be a board, in one line. */
export class BoardFileError extends Error {
  override name = "BoardFileError";
}

/**
 * @param file of a board module, TypeScript or JavaScript
 * @throws (rejects) BoardFileError when there is none, it cannot be compiled, or it has no dictionary; what defining the dictionary throws
 */
export async function compileBoard(file: string): Promise<CompiledBoard> {
  const source = resolve(file);
  await access(source).catch(() => {
    throw new BoardFileError(`there is no file ${file}`);
  });
  const folder = await mkdtemp(join(tmpdir(), "flatlink-board-"));
  const removeAtExit = (): void => rmSync(folder, { recursive: true, force: true });
  const remove = (): Promise<void> => {
    process.off("exit", removeAtExit);
    return rm(folder, { recursive: true, force: true });
  };
  process.once("exit", removeAtExit);
  try {
    const forNode = join(folder, "node.mjs");
    const path = join(folder, "xs.js");
    await compile(source, forNode, (module) => pathToFileURL(module).href);
    await compile(source, path, (module) => module);
    const module = (await import(pathToFileURL(forNode).href)) as Partial<AnyBoardModule>;
    return { dictionary: dictionaryIn(module, file), module: module as AnyBoardModule, path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function dictionaryIn({ dictionary, bind }: Partial<AnyBoardModule>, file: string): Dictionary {
  const name = basename(file);
  if (typeof dictionary !== "object" || dictionary === null) {
    throw new BoardFileError(
      `${name} exports no dictionary; write: export const dictionary = defineDictionary({ ... })`,
    );
  }
  if (typeof bind !== "function") {
    throw new BoardFileError(`${name} exports no bind; write: export function bind(board) { return { ... }; }`);
  }
  // Once more, for those who export what nobody has looked at.
  return defineDictionary(dictionary as Dictionary);
}

/** @param specifier how the engine is to import one of the package's modules, by its absolute path */
async function compile(source: string, target: string, specifier: (module: string) => string): Promise<void> {
  const packageModules: Plugin = {
    name: "flatlink modules",
    setup(builder) {
      builder.onResolve({ filter: PACKAGE }, ({ path }) => {
        const [, name] = PACKAGE.exec(path) as unknown as [string, string];
        const module = join(MODULES, `${name}.js`);
        return existsSync(module)
          ? { path: specifier(module), external: true }
          : { errors: [{ text: `flatlink has no module "${path}"` }] };
      });
      builder.onResolve({ filter: FOREIGN }, ({ path, importer }) =>
        importer === ""
          ? undefined
          : { errors: [{ text: `a board imports modules of flatlink and files of its own, not "${path}"` }] },
      );
    },
  };
  try {
    await build({
      entryPoints: [source],
      outfile: target,
      bundle: true,
      format: "esm",
      platform: "neutral",
      target: "es2022",
      logLevel: "silent",
      plugins: [packageModules],
    });
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (first === undefined) {
      throw error;
    }
    const { location, text } = first;
    const where = location === null ? basename(source) : `${basename(location.file)}:${location.line}`;
    throw new BoardFileError(`${where}: ${text}`);
  }
}
