/** SQLite: Node's own where it has one, from Node 22 on; else the npm package `libsql`, which carries its binary. */
import { createRequire } from "node:module";

export type Value = number | bigint | string | Uint8Array | null;

export interface Statement {
  run(...values: Value[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  get(...values: Value[]): unknown;
  all(...values: Value[]): unknown[];
}

export interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}

type Open = (file: string, readOnly: boolean) => Database;

const require = createRequire(import.meta.url);

/**
 * @param file created where there is none; `:memory:` keeps nothing
 * @throws Error when there is no SQLite on this machine, or the file cannot be opened
 */
export function openDatabase(file: string, readOnly = false): Database {
  return opener()(file, readOnly);
}

function opener(): Open {
  return ofNode() ?? ofPackage();
}

function ofNode(): Open | undefined {
  const builtin = silently(() => process.getBuiltinModule?.("node:sqlite" as never)) as
    | { DatabaseSync: new (file: string, options: { readOnly: boolean }) => Database }
    | undefined;
  return builtin && ((file, readOnly) => new builtin.DatabaseSync(file, { readOnly }));
}

/** Node 22 says that it is experimental: nothing that whoever runs a station could do anything about. */
function silently<Result>(load: () => Result): Result {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function ofPackage(): Open {
  try {
    const Package = require("libsql") as new (file: string, options: { readonly: boolean }) => Database;
    return (file, readOnly) => new Package(file, { readonly: readOnly });
  } catch (error) {
    throw new Error(
      `the archive needs SQLite: Node 22 or later has it, and for Node 20 there is the package "libsql" (${(error as Error).message.split("\n")[0]})`,
    );
  }
}
