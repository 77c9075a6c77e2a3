/** A dictionary as it was published: whoever may publish there may publish anything, with its hash. */
import type { BoardDictionary, Conventions } from "../../../modules/dictionary/conventions.js";
import { defineDictionary } from "../../../modules/dictionary/define-dictionary.js";
import type { Dictionary } from "../../../modules/dictionary/dictionary.js";
import { wholeHash } from "../../../modules/dictionary/dictionary-hash.js";
import { TIME_CODES } from "../../../modules/flatsat/configuration.js";

const WIDTHS: readonly (keyof Conventions["widths"])[] = [
  "countType",
  "structureIdType",
  "parameterIdType",
  "eventIdType",
  "functionIdType",
  "failureCodeType",
  "failureDataType",
  "stepIdType",
];
const OTHER = "is another than it says";
const UNREADABLE = "is none that this flatlink reads";
const UNSIGNED = ["uint8", "uint16", "uint24", "uint32"];

/** @returns text: why it is not the dictionary of this hash */
export function publishedDictionary(text: string, hash: number): BoardDictionary | string {
  let dictionary: BoardDictionary;
  try {
    dictionary = JSON.parse(text) as BoardDictionary;
    if (wholeHash(dictionary) !== hash) {
      return OTHER;
    }
  } catch {
    return OTHER;
  }
  try {
    const { conventions, ...rest } = dictionary;
    defineDictionary<Dictionary>(rest);
    return areConventions(conventions) ? dictionary : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

function areConventions(given: unknown): given is Conventions {
  const { apid, timeCode, acknowledge, widths, ports, createdStructures, maxTelemetryLength } = given as Conventions;
  return (
    [apid, createdStructures, maxTelemetryLength].every((number) => Number.isSafeInteger(number) && number >= 0) &&
    (TIME_CODES as readonly string[]).includes(timeCode) &&
    typeof acknowledge === "string" &&
    WIDTHS.every((width) => UNSIGNED.includes(widths[width])) &&
    Array.isArray(ports) &&
    ports.every(
      ({ framing, port, role }) =>
        typeof framing === "string" && Number.isSafeInteger(port) && ["tmtc", "tc", "tm"].includes(role),
    )
  );
}
