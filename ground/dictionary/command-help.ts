/** Commands in words: a list of all, and one with its arguments. */

import { calibrate } from "../../modules/dictionary/calibration.js";
import type { ArgumentDefinition } from "../../modules/dictionary/dictionary.js";
import { argumentsOf, type CommandArgument } from "./command-arguments.js";
import { wordOf } from "./decoded-value.js";
import type { Message } from "./messages.js";
import { expected, shortNumber } from "./raw-value.js";

const MOST_WORDS = 400;

/** A line for each command: its name, its type, its arguments. */
export function commandList(commands: readonly Message[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return commands
    .map((command) => {
      const { name, serviceType, subtype, dangerous } = command;
      const shown = argumentsOf(command).map(usageOf).join(" ");
      const mark = dangerous === undefined ? "" : "  (dangerous)";
      return `${name.padEnd(width)}  TC[${serviceType},${subtype}]${shown === "" ? "" : `  ${shown}`}${mark}\n`;
    })
    .join("");
}

/** One command in detail. */
export function commandHelp(command: Message): string {
  const { name, serviceType, subtype, service, message, description, dangerous, list } = command;
  const known = argumentsOf(command);
  const width = Math.max(0, ...known.map((argument) => argument.name.length));
  // A setting is described as its parameter is, which the argument says already.
  const isSaid = known.some(({ field }) => field?.value.description === description);
  return [
    `${[name, ...known.map(usageOf)].join(" ")}`,
    `  TC[${serviceType},${subtype}], ${message} of ${service}`,
    ...(description === undefined || isSaid ? [] : [`  ${description}`]),
    ...(dangerous === undefined ? [] : [`  dangerous: ${dangerous}`]),
    ...(known.length === 0 ? ["  no arguments"] : ["  arguments:"]),
    ...known.map((argument) => `    ${argument.name.padEnd(width)}  ${argumentHelp(argument, command.maxDataLength)}`),
    ...(list === undefined
      ? []
      : [`  of a list: values with a comma between them, ${list.minCount ?? 0} to ${list.maxCount} items`]),
    "",
  ].join("\n");
}

/** `name=type`, in brackets where it may be left out. */
function usageOf({ name, kind, field }: CommandArgument): string {
  const what = kind === "data" ? "HEX" : `${kind === "items" ? "..." : typeText(field!.value)}`;
  const isOptional = kind === "data" || field!.value.default !== undefined;
  return isOptional ? `[${name}=${what}]` : `${name}=${what}`;
}

function typeText({ type, count, words }: ArgumentDefinition): string {
  const names = Object.keys(words ?? {});
  const one = names.length > 0 && names.join("|").length <= 40 ? names.join("|") : type;
  return count === undefined ? one : `[${one} x ${count}]`;
}

function argumentHelp({ field }: CommandArgument, maxDataLength: number): string {
  if (field === undefined) {
    return `up to ${maxDataLength} octets in hexadecimal digits`;
  }
  const { value } = field;
  const { type, count, description, words, bits } = value;
  const range = expected(value);
  const more = Object.keys(words ?? {}).some((word) => !range.includes(word))
    ? Object.keys(words ?? {}).join(", ")
    : "";
  const parts = Object.entries(bits ?? {}).map(([name, { width }]) => `${name}:0..${2 ** width - 1}`);
  return [
    count === undefined ? type : `${count} x ${type}`,
    parts.length > 0 ? parts.join("/") : range,
    ...(more.length > 0 && more.length <= MOST_WORDS ? [`words: ${more}`] : []),
    ...(value.default === undefined ? [] : [`default ${defaultText(value)}`]),
    ...(description === undefined ? [] : [description]),
  ].join("; ");
}

function defaultText(value: ArgumentDefinition): string {
  const raw = value.default!;
  const word = wordOf(value.words, raw);
  if (word !== undefined || typeof raw === "boolean") {
    return word ?? String(raw);
  }
  const text = shortNumber(calibrate(value.calibration, raw));
  return value.unit === undefined ? text : `${text} ${value.unit}`;
}

/** For JSON. */
export function plainCommand(command: Message): Record<string, unknown> {
  const { name, service, message, variant, serviceType, subtype, description, dangerous, list, maxDataLength } =
    command;
  return {
    name,
    type: `${serviceType},${subtype}`,
    service,
    message,
    ...(variant === undefined ? {} : { variant }),
    ...(description === undefined ? {} : { description }),
    ...(dangerous === undefined ? {} : { dangerous }),
    arguments: argumentsOf(command).map(({ name: argument, kind, field }) => ({
      name: argument,
      kind,
      ...(field === undefined ? { maxLength: maxDataLength } : field.value),
    })),
    ...(list === undefined ? {} : { minItems: list.minCount ?? 0, maxItems: list.maxCount }),
  };
}
