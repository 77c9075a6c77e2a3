/** What openc3 made of generated plugins, and how that differs from what this project says. */
import { execFile, spawnSync } from "node:child_process";
import type { Field } from "../../ground/dictionary/messages.js";
import type { Item } from "../../ground/generate/cosmos/items.js";
import { stateName } from "../../ground/generate/cosmos/text.js";
import { calibrate } from "../../modules/dictionary/calibration.js";
import type { ValueDefinition } from "../../modules/dictionary/dictionary.js";
import { type Decoded, encode } from "../dictionary/independent-codec.js";
import { type Filled, hex, limitState, shown } from "../ground/generate/random-messages.js";
import type { Differences } from "./differences.js";
import { SCRIPTS } from "./environment.js";

const LIMIT_MS = 300_000;

export interface Build {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly folder: string;
  readonly target: string;
  readonly decode: readonly string[];
  readonly build: readonly Build[];
  readonly live?: { readonly build: readonly Build[]; readonly seconds: number };
}

export interface Read {
  readonly hex?: string;
  readonly packet: string | null;
  readonly values: Readonly<Record<string, unknown>>;
  readonly states: Readonly<Record<string, string | null>>;
  readonly units: Readonly<Record<string, string>>;
}

export type Built =
  | { readonly hex: string; readonly hazardous: string | null; readonly identified: string }
  | { readonly error: string };

export interface Result {
  readonly error?: string;
  readonly warnings: readonly string[];
  readonly commands: readonly string[];
  readonly decoded: readonly Read[];
  readonly built: readonly Built[];
  readonly said: readonly string[];
  readonly live?: readonly Read[];
}

const SCRIPT = `${SCRIPTS}cosmos_plugin.py`;
const OPTIONS = {
  encoding: "utf8",
  timeout: LIMIT_MS,
  maxBuffer: 1 << 28,
  env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONWARNINGS: "ignore" },
} as const;

export function ask(python: string, boards: readonly Job[]): readonly Result[] {
  const run = spawnSync(python, [SCRIPT], { ...OPTIONS, input: JSON.stringify({ boards }) });
  if (run.status !== 0) {
    throw new Error(`cosmos_plugin.py: ${run.stderr || run.error?.message}`);
  }
  return resultsIn(run.stdout);
}

/** The same, while other things happen. */
export function askMeanwhile(python: string, boards: readonly Job[]): Promise<readonly Result[]> {
  return new Promise((resolve, reject) => {
    const program = execFile(python, [SCRIPT], OPTIONS, (error, stdout, stderr) => {
      if (error === null) {
        resolve(resultsIn(stdout));
      } else {
        reject(new Error(`cosmos_plugin.py: ${stderr || error.message}`));
      }
    });
    program.stdin!.end(JSON.stringify({ boards }));
  });
}

function resultsIn(lines: string): readonly Result[] {
  return lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Result);
}

/** The values of a message in the order of the generator's items: those that identify it are not among them. */
function valuesOf({ message, fields, items, trailer }: Filled): Decoded[] {
  const list = (message.list?.items ?? []).map((_, column) => items.map((item) => item[column]!) as Decoded);
  return [...message.fields.flatMap((field, k) => (field.identifies ? [] : [fields[k]!])), ...list, ...trailer];
}

export function checkPacket(
  differences: Differences,
  read: Read,
  name: string,
  items: readonly Item[],
  filled: Filled,
): void {
  const { message } = filled;
  const what = `${message.name} ${hex(filled.octets)}`;
  differences.same(read.packet, name, what);
  if (read.packet !== name) {
    return;
  }
  const isListed = (field: Field) => message.list?.items.includes(field) ?? false;
  valuesOf(filled).forEach((value, k) => {
    const { name: item, field } = items[k]!;
    if (isListed(field)) {
      // COSMOS has no words for arrays in lists.
      const { words: _, calibration: __, ...raw } = field.value;
      const isRaw = field.value.count !== undefined && wordsCount(field.value) > 0;
      const of = isRaw ? (raw as ValueDefinition) : field.value;
      const wanted = (value as unknown as Decoded[]).map((each) => asItem(of, each));
      differences.same(read.values[item], wanted, `${what}: ${item}`);
    } else {
      checkItem(differences, read, item, field.value, value, what);
    }
  });
  if (message.list !== undefined) {
    differences.same(read.values["COUNT"] ?? filled.items.length, filled.items.length, `${what}: COUNT`);
  }
  if (message.maxDataLength > 0) {
    differences.same(read.values["DATA"], hex(filled.data), `${what}: DATA`);
  }
}

function checkItem(d: Differences, read: Read, item: string, value: ValueDefinition, raw: Decoded, what: string): void {
  d.same(read.values[item], asItem(value, raw), `${what}: ${item}`);
  for (const [part, { words = {} }] of Object.entries(value.bits ?? {})) {
    const number = (raw as Record<string, number>)[part]!;
    const beside = `${item}_${upper(part)}`;
    d.same(read.values[beside], shown({ type: value.type, words }, number, stateName), `${what}: ${beside}`);
  }
  const { limits } = value as { limits?: object };
  const hasWords = wordsCount(value) > 0;
  if (hasWords && value.count === undefined && (limits !== undefined || value.calibration !== undefined)) {
    d.same(read.values[`${item}_VALUE`], calibrate(value.calibration, Number(raw)), `${what}: ${item}_VALUE`);
  }
  if (limits === undefined || value.bits !== undefined) {
    return;
  }
  const states = Array.isArray(raw)
    ? raw.map((each, k): [string, number] => [`${item}_${k + 1}`, Number(each)])
    : [[hasWords ? `${item}_VALUE` : item, Number(raw)] as const];
  for (const [name, number] of hasWords && Array.isArray(raw) ? [] : states) {
    const colour = { good: "GREEN", warning: "YELLOW", critical: "RED" }[limitState(value, number)];
    d.same(read.states[name]?.split("_")[0], colour, `${what}: limits of ${name} at ${number}`);
  }
}

export function wordsCount({ words = {} }: ValueDefinition): number {
  return Object.keys(words).length;
}

/** What the item of a value says. */
function asItem(value: ValueDefinition, raw: Decoded): unknown {
  const { type, bits } = value;
  if (bits !== undefined) {
    return Number.parseInt(hex(encode(value, raw)), 16);
  }
  if (type === "boolean" && value.words === undefined) {
    const named = (each: unknown) => (each ? "TRUE" : "FALSE");
    return Array.isArray(raw) ? raw.map(named) : named(raw);
  }
  // A state stands for the raw number, and where there is none, COSMOS shows that.
  const isState = wordsCount(value) > 0;
  const { calibration: _, ...plain } = value;
  return shown(isState ? (plain as ValueDefinition) : value, raw, stateName);
}

/** The generator's names, for names that are words in camelCase. */
export function upper(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
}
