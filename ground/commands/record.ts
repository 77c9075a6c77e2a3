/** `flatlink record`: what a board sends, into a file. */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { parseOptions, UsageError } from "../../host/command.js";
import { wireHash } from "../../modules/dictionary/dictionary-hash.js";
import { hashText } from "../dictionary/hash-check.js";
import { entryLine, headerLine, type RecordingEntry } from "../recording/recording-format.js";
import { choiceIn, dictionaryIn, isSetting, linkIn, wordsOf } from "./common-options.js";
import { listen } from "./listen.js";
import { EXIT_DONE, FailedError, type Program, runProgram } from "./program.js";
import { Reporter } from "./reporter.js";
import { recordCommand } from "./syntax.js";

const PROGRESS_MS = 1000;

/** Of `performance.now()`: reception times do not jump when the computer's clock is set. */
function unixNow(): number {
  return performance.timeOrigin + performance.now();
}

/** @throws UsageError, FailedError */
function create(file: string, isForced: boolean): number {
  try {
    return openSync(file, isForced ? "w" : "wx");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === "EEXIST"
      ? new UsageError(`${file} is there already: give another name, or --force`)
      : new FailedError(message);
  }
}

/** @throws what the system throws; a disk that is nearly full takes a part first */
function writeWhole(descriptor: number, line: string): void {
  const bytes = Buffer.from(line);
  for (let at = 0; at < bytes.length; ) {
    at += writeSync(descriptor, bytes, at);
  }
}

async function record(program: Program): Promise<number> {
  const command = recordCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, program.args, program.write);
  if (options === undefined) {
    return EXIT_DONE;
  }
  const { settings: words, others } = wordsOf(command, isSetting);
  const [file, ...more] = others;
  if (file === undefined || more.length > 0) {
    throw new UsageError("give one file to write");
  }
  const board = await dictionaryIn(command, words);
  const link = await linkIn(command, board, words);
  const { address: _, ...settings } = choiceIn(command, words).settings;
  const isForced = options["force"] === true;
  const descriptor = create(file, isForced);
  const reporter = new Reporter(program, false);
  const end = new AbortController();
  const most = (options["count"] as number) || Number.POSITIVE_INFINITY;
  let packets = 0;
  let octets = 0;
  let isConnected = false;
  // A line is whole, or it is the last.
  let failure: Error | undefined;
  const put = (line: string): void => {
    if (failure !== undefined) {
      return;
    }
    try {
      writeWhole(descriptor, line);
    } catch (error) {
      failure = error as Error;
      end.abort();
    }
  };
  const putEntry = (entry: Omit<RecordingEntry, "t">): void => put(entryLine({ t: unixNow(), ...entry }));
  const progress = process.stderr.isTTY
    ? setInterval(() => process.stderr.write(`\r${packets} packets, ${octets} octets\u001b[K`), PROGRESS_MS)
    : undefined;
  put(
    headerLine({
      board: board.name,
      dictionaryHash: hashText(wireHash(board)),
      settings,
      started: new Date().toISOString(),
    }),
  );
  try {
    const exitCode = await listen(
      program,
      command,
      link,
      board,
      {
        notice(notice) {
          reporter.notice(notice);
          if (notice.state === "connected" || notice.state === "back") {
            isConnected = true;
            putEntry({ link: "connected" });
          } else if (notice.state === "lost") {
            putEntry({ link: "lost" });
          } else if (notice.kind === "dictionary") {
            putEntry({ dictionaryHash: notice.found! });
          }
        },
        packet(packet) {
          if (packets < most) {
            putEntry({ packet });
            if (failure === undefined) {
              packets++;
              octets += packet.length;
            }
          }
          if (packets >= most) {
            end.abort();
          }
        },
      },
      end.signal,
    );
    if (failure !== undefined) {
      throw new FailedError(`${file}: ${(failure as Error).message}`);
    }
    return exitCode;
  } finally {
    clearInterval(progress);
    closeSync(descriptor);
    if (isConnected || isForced) {
      program.write(`${packets} packets, ${octets} octets, in ${file}\n`);
    } else {
      // There was nobody to record: the next try is to find no file in its way.
      rmSync(file, { force: true });
    }
  }
}

await runProgram("flatlink record", record);
