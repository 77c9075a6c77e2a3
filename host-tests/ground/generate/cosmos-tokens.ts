/**
 * Reads COSMOS's configuration files as its documentation has them, and knows nothing of the generator: words, keywords, how many there
 * are of them, names, and that what stands in a packet has room in it.
 */

/** A line that COSMOS would refuse, or understand as something else. */
export class CosmosError extends Error {}

export interface CosmosItem {
  readonly keyword: string;
  readonly words: readonly string[];
  readonly name: string;
  /** What is said of it, word by word. */
  readonly told: readonly (readonly string[])[];
}

export interface CosmosPacket {
  readonly keyword: "COMMAND" | "TELEMETRY";
  readonly name: string;
  readonly description: string;
  readonly hazardous?: string;
  readonly items: readonly CosmosItem[];
}

/** Words of one line, white space between them; quotes hold a word together, and nothing escapes them. */
export function words(line: string): string[] {
  const found: string[] = [];
  let at = 0;
  while (at < line.length) {
    if (line[at] === " ") {
      at++;
      continue;
    }
    const quote = line[at] === '"' || line[at] === "'" ? line[at] : undefined;
    let end = at + 1;
    while (end < line.length && line[end] !== (quote ?? " ")) {
      end++;
    }
    if (quote !== undefined && (end >= line.length || (end + 1 < line.length && line[end + 1] !== " "))) {
      throw new CosmosError(`a quote does not end a word: ${line}`);
    }
    const word = quote === undefined ? line.slice(at, end) : line.slice(at + 1, end);
    if (quote === undefined && /["'#]/.test(word)) {
      throw new CosmosError(`a word has a quote or # in it: ${line}`);
    }
    found.push(word);
    at = end + 1;
  }
  return found;
}

function checkLine(line: string): void {
  if (!line.isWellFormed() || /[^\P{C} ]/u.test(line.replace(/\p{Cn}|\p{Co}|\p{Cf}/gu, ""))) {
    throw new CosmosError(`a control character: ${JSON.stringify(line)}`);
  }
  if (/<%|%>/.test(line)) {
    throw new CosmosError(`ERB would run: ${line}`);
  }
  if (/[+\\&]$/.test(line.trim())) {
    throw new CosmosError(`it would go on with the next line: ${line}`);
  }
}

function checkName(name: string | undefined, line: string): string {
  if (
    name === undefined ||
    !/^[A-Z][A-Z0-9_]*$/.test(name) ||
    name.endsWith("_") ||
    name.includes("__") ||
    name.length > 80
  ) {
    throw new CosmosError(`"${name}" is no name: ${line}`);
  }
  return name;
}

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/;
const RESERVED = ["PACKET_TIMESECONDS", "RECEIVED_TIMEFORMATTED", "RECEIVED_COUNT", "COSMOS_DATA_TAG", "COSMOS_EXTRA"];

/** Words behind the keyword: least, most, and which of them are numbers. */
const TOLD: Readonly<Record<string, (words: readonly string[]) => boolean>> = {
  STATE: ([name = "", value = "", ...more]) =>
    /^[A-Z0-9][A-Z0-9_.+-]*$/.test(name) && NUMBER.test(value) && more.length === 0,
  UNITS: (found) => found.length === 2 && found.every((unit) => unit !== ""),
  POLY_READ_CONVERSION: (found) => found.length > 0 && found.every((each) => NUMBER.test(each)),
  SEG_POLY_READ_CONVERSION: (found) => found.length === 3 && found.every((each) => NUMBER.test(each)),
  READ_CONVERSION: ([file = ""]) => /^flatlink_\w+\.py$/.test(file),
  WRITE_CONVERSION: ([file = ""]) => /^flatlink_\w+\.py$/.test(file),
  LIMITS: ([set, persistence, enabled, ...limits]) => {
    const [redLow, yellowLow, yellowHigh, redHigh] = limits.map(Number) as [number, number, number, number];
    const isOrdered = redLow <= yellowLow && yellowLow < yellowHigh && yellowHigh <= redHigh;
    return set === "DEFAULT" && persistence === "1" && enabled === "ENABLED" && limits.length === 4 && isOrdered;
  },
  OVERLAP: (found) => found.length === 0,
  REQUIRED: (found) => found.length === 0,
};

/** How many words an item has behind its keyword, with its description. */
function itemLength(keyword: string, type: string): number {
  const isCommand = keyword.includes("PARAMETER");
  const isText = type === "STRING" || type === "BLOCK";
  const place = keyword.startsWith("APPEND") ? 0 : 1;
  if (keyword.includes("ARRAY")) {
    return place + 5;
  }
  if (isCommand) {
    return place + (isText ? 5 : 7);
  }
  return place + (keyword.includes("ID_") ? 5 : 4);
}

const ITEMS = /^(APPEND_)?(ID_|ARRAY_)?(ITEM|PARAMETER)$/;

/** @throws CosmosError */
export function readPackets(text: string, target: string): readonly CosmosPacket[] {
  type Open<Value> = {
    -readonly [Key in keyof Value]: Value[Key] extends readonly (infer Each)[] ? Each[] : Value[Key];
  };
  const packets: Open<CosmosPacket>[] = [];
  let item: Open<CosmosItem> | undefined;
  for (const line of text.split("\n").filter((each) => each !== "")) {
    checkLine(line);
    const [keyword = "", ...rest] = words(line);
    const packet = packets.at(-1);
    if (keyword === "COMMAND" || keyword === "TELEMETRY") {
      const name = checkName(rest[1], line);
      if (
        rest.length !== 4 ||
        rest[0] !== target ||
        rest[2] !== "BIG_ENDIAN" ||
        packets.some((each) => each.name === name)
      ) {
        throw new CosmosError(`no packet of its own: ${line}`);
      }
      packets.push({ keyword, name, description: rest[3]!, items: [] });
      item = undefined;
    } else if (packet === undefined) {
      throw new CosmosError(`no packet yet: ${line}`);
    } else if (keyword === "HAZARDOUS" && rest.length === 1 && item === undefined) {
      packet.hazardous = rest[0]!;
    } else if (ITEMS.test(keyword)) {
      const name = checkName(rest[0], line);
      const type = rest[keyword.startsWith("APPEND") ? 2 : 3] ?? "";
      if (!/^(UINT|INT|FLOAT|STRING|BLOCK|DERIVED)$/.test(type) || rest.length !== itemLength(keyword, type)) {
        throw new CosmosError(`words are missing: ${line}`);
      }
      if (RESERVED.includes(name) || packet.items.some((each) => each.name === name)) {
        throw new CosmosError(`"${name}" is taken: ${line}`);
      }
      item = { keyword, words: rest, name, told: [] };
      packet.items.push(item as CosmosItem);
    } else if (item === undefined || TOLD[keyword]?.(rest) !== true) {
      throw new CosmosError(`not understood: ${line}`);
    } else {
      const has = (other: string) => item!.told.some(([first]) => first === other);
      const isState = keyword === "STATE";
      if ((isState && (has("UNITS") || has("LIMITS"))) || (has("STATE") && ["UNITS", "LIMITS"].includes(keyword))) {
        throw new CosmosError(`a state has neither unit nor limits: ${line}`);
      }
      if (isState && item.told.some(([first, name]) => first === "STATE" && name === rest[0])) {
        throw new CosmosError(`a state twice: ${line}`);
      }
      item.told.push([keyword, ...rest]);
    }
  }
  return packets;
}

/** A screen: widgets in boxes that end. @returns the items that are shown. @throws CosmosError */
export function readScreen(text: string): readonly string[] {
  const shown: string[] = [];
  let depth = 0;
  text.split("\n").forEach((line, k) => {
    checkLine(line);
    const [keyword, ...rest] = words(line);
    const isRight =
      keyword === undefined ||
      (k === 0 && line === "SCREEN AUTO AUTO 1.0") ||
      (keyword === "TITLE" && rest.length === 1) ||
      (keyword === "LABEL" && rest.length === 1) ||
      (keyword === "HORIZONTAL" && rest.length === 0) ||
      (keyword === "VERTICALBOX" && rest.length === 1) ||
      (keyword === "END" && depth > 0) ||
      ((keyword === "LABELVALUE" || keyword === "LABELVALUELIMITSBAR") && rest.length === 3);
    if (!isRight) {
      throw new CosmosError(`no widget: ${line}`);
    }
    depth += keyword === "HORIZONTAL" || keyword === "VERTICALBOX" ? 1 : keyword === "END" ? -1 : 0;
    if (keyword?.startsWith("LABELVALUE")) {
      shown.push(rest.join(" "));
    }
  });
  if (depth !== 0) {
    throw new CosmosError(`${depth} boxes do not end`);
  }
  return shown;
}
