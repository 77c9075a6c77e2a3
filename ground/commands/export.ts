/** `flatlink export`: an archive's values as a table. */
import { closeSync, openSync, writeSync } from "node:fs";
import { extname } from "node:path";
import { parseOptions, UsageError } from "../../host/command.js";
import { csvLines } from "../station/export/csv.js";
import { parquetPieces } from "../station/export/parquet.js";
import type { WideQuery } from "../station/export/wide-rows.js";
import { exportCommand, queryOf } from "./archive-options.js";
import { EXIT_DONE, FailedError, type Program, runProgram } from "./program.js";

type Format = (query: WideQuery) => Iterable<string | Uint8Array>;

const FORMATS: Readonly<Record<string, Format>> = { ".csv": csvLines, ".parquet": parquetPieces };
const ENCODER = new TextEncoder();

async function exportTable({ args, write, stop, unread }: Program): Promise<number> {
  const command = exportCommand();
  if (parseOptions(command, args, write) === undefined) {
    return EXIT_DONE;
  }
  const file = command.opts()["output"] as string | undefined;
  const format = file === undefined ? csvLines : FORMATS[extname(file).toLowerCase()];
  if (format === undefined) {
    throw new UsageError(`-o ${file}: it must end with .csv or .parquet`);
  }
  const query = queryOf(command);
  try {
    if (file === undefined) {
      for (const piece of csvLines(query)) {
        if (stop.aborted || unread.aborted) {
          break;
        }
        write(piece);
        await drained();
      }
      return EXIT_DONE;
    }
    const octets = writeFile(file, format(query), stop);
    write(`${octets} octets in ${file}\n`);
    return EXIT_DONE;
  } finally {
    query.archive.close();
  }
}

/** @throws FailedError, with what the system says */
function writeFile(file: string, pieces: Iterable<string | Uint8Array>, stop: AbortSignal): number {
  try {
    const descriptor = openSync(file, "w");
    let octets = 0;
    try {
      for (const piece of pieces) {
        stop.throwIfAborted();
        octets += writeWhole(descriptor, typeof piece === "string" ? ENCODER.encode(piece) : piece);
      }
    } finally {
      closeSync(descriptor);
    }
    return octets;
  } catch (error) {
    throw new FailedError(`${file}: ${(error as Error).message}`);
  }
}

/** What the system takes at once may be less. */
function writeWhole(descriptor: number, octets: Uint8Array): number {
  let at = 0;
  while (at < octets.length) {
    at += writeSync(descriptor, octets, at);
  }
  return at;
}

/** Until whoever reads has taken most of it. */
async function drained(): Promise<void> {
  while (process.stdout.writableNeedDrain && !process.stdout.destroyed) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

await runProgram("flatlink export", exportTable);
