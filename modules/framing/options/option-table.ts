/**
 * The options of one format, each told once: what it is called on a command line and in code, how its text is read, and what
 * the help says. Parsing, `--help`, the documentation and the names in errors all come from it.
 */
import { MAX_PACKET_LENGTH } from "../contract/packet-limit.js";
import { uncheckedNumber } from "./text-options.js";

/** One option. */
export interface OptionRow {
  /** On a command line: `packet-ids`. */
  readonly key: string;
  /** In code: `packetIds`; `identifier.size` is `size` of the object `identifier`. */
  readonly property: string;
  /**
   * Text to value; numbers are checked for their range by the framing, as those from code are.
   * @throws TypeError that begins with the label
   */
  readonly read: (label: string, text: string) => unknown;
  /** What it takes, for the help. */
  readonly help: string;
}

export interface OptionTable {
  readonly rows: readonly OptionRow[];
  /** Properties that only code can give: functions, say. */
  readonly inCode: readonly string[];
  /** What parts of an option's text are called, by what they are called in code. */
  readonly parts: Readonly<Record<string, string>>;
}

/** The option that every framing has. */
export const MAX_PACKET = Object.freeze({
  key: "max-packet",
  property: "maxPacketLength",
  read: uncheckedNumber,
  help: `longest packet accepted, 1 to ${MAX_PACKET_LENGTH} bytes`,
} as const);

/** A name of `Options`, or of an object in it. */
type Property<Options> = Extract<keyof Options, string> | `${Extract<keyof Options, string>}.${string}`;

/** @param inCode properties that only code can give */
export function optionTable<Options>(
  rows: readonly (OptionRow & { readonly property: Property<Options> })[],
  inCode: readonly Extract<keyof Options, string>[] = [],
  parts: Readonly<Record<string, string>> = {},
): OptionTable {
  return Object.freeze({
    rows: Object.freeze(rows.map((row) => Object.freeze(row))),
    inCode: Object.freeze(inCode),
    parts: Object.freeze(parts),
  });
}

/** Help by key. */
export function helpOf(table: OptionTable): Record<string, string> {
  const help: Record<string, string> = {};
  for (const row of table.rows) {
    help[row.key] = row.help;
  }
  return help;
}

/** What an option of code is called on a command line. */
export function keyOf(table: OptionTable, property: string): string {
  return table.rows.find((row) => row.property === property)?.key ?? table.parts[property] ?? property;
}

/**
 * @param text by key
 * @returns the values, by property
 * @throws TypeError naming the key whose text says nothing
 */
export function readOptions(table: OptionTable, text: Readonly<Record<string, string | undefined>>): object {
  const options: Record<string, unknown> = {};
  for (const { key, property, read } of table.rows) {
    const value = text[key];
    if (value === undefined) {
      continue;
    }
    const [name = "", part] = property.split(".");
    if (part === undefined) {
      options[name] = read(key, value);
    } else {
      options[name] = { ...(options[name] as object | undefined), [part]: read(key, value) };
    }
  }
  return options;
}

/**
 * @param owner begins the error
 * @throws TypeError for an option that does not exist, with the one that is meant, perhaps, and those there are
 */
export function checkNames(owner: string, table: OptionTable, options: object): void {
  const names = table.rows.map(({ property }) => property.split("."));
  checkKeys(owner, names.map(([name]) => name!).concat(table.inCode), options);
  for (const [name, inner] of Object.entries(options)) {
    const parts = names.filter(([first, part]) => first === name && part !== undefined);
    if (parts.length > 0 && typeof inner === "object" && inner !== null) {
      checkKeys(
        `${owner}: ${name}`,
        parts.map(([, part]) => part!),
        inner,
      );
    }
  }
}

function checkKeys(owner: string, known: readonly string[], options: object): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      const all = known.filter((each, i) => known.indexOf(each) === i);
      const meant = all.find((each) => plain(each) === plain(name));
      const hint = meant === undefined ? "" : `, did you mean ${meant}?`;
      throw new TypeError(`${owner}: there is no option ${name}${hint || ";"} there are ${all.join(", ")}`);
    }
  }
}

/** The same for names that differ in case, in hyphens, or in a plural only. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, "").replace(/s$/, "");
}
