/** A process that stores packets until it is killed. Run with a file and the first uptime; it prints how many are committed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Archive } from "../../../ground/station/archive/archive.js";
import { Deriver } from "../../../ground/station/derive.js";
import { FLATSAT } from "../dictionary/boards.js";
import { uptimeRow } from "./packets.js";

const PROGRAM = fileURLToPath(import.meta.url);
const LARGEST_BATCH = 7;

/**
 * @param afterMs behind the first commit
 * @returns the packets that were committed for certain
 */
export async function killedWriter(file: string, first: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, file, String(first)], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (output === "") {
      setTimeout(() => child.kill("SIGKILL"), afterMs);
    }
    output += text;
  });
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  if (signal !== "SIGKILL") {
    throw new Error(`the writer ended by itself: ${output}`);
  }
  // The last line may be cut.
  return Number(output.split("\n").at(-2));
}

function write(file: string, first: number): never {
  const archive = new Archive(file);
  const board = archive.board("b1");
  const hash = archive.keepDictionary(FLATSAT);
  const deriver = new Deriver("b1", FLATSAT);
  for (let uptime = first; ; ) {
    const rows = Array.from({ length: 1 + (uptime % LARGEST_BATCH) }, (_, k) =>
      uptimeRow(board, hash, uptime + k, uptime + k),
    );
    const stored = archive.addPackets(rows);
    uptime += rows.length;
    writeSync(1, `${uptime}\n`);
    const samples = stored.flatMap((packet) => deriver.derive(packet).samples);
    archive.addDerived({ from: stored[0]!.id, upTo: stored.at(-1)!.id, samples, events: [] });
  }
}

const [, program, file, first] = process.argv;
if (program === PROGRAM && file !== undefined) {
  write(file, Number(first));
}
