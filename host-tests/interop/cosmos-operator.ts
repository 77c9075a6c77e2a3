/** What an operator of COSMOS gives for the arguments of a telecommand. */
import type { Field, Message } from "../../ground/dictionary/messages.js";
import { stateName } from "../../ground/generate/cosmos/text.js";
import { calibrate, uncalibrate } from "../../modules/dictionary/calibration.js";
import type { ValueDefinition } from "../../modules/dictionary/dictionary.js";
import { type Decoded, encode } from "../dictionary/independent-codec.js";
import { valueBeyond } from "../dictionary/random-dictionaries.js";
import { type Filled, hex, wordOf } from "../ground/generate/random-messages.js";
import { upper, wordsCount } from "./cosmos-reader.js";

/** By COSMOS's names of the parameters. */
export function paramsOf({ message, fields, items, trailer, data }: Filled): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  const put = (field: Field, raw: Decoded): void => {
    if (field.constant !== undefined) {
      return;
    }
    const name = upper(field.name);
    if (field.value.bits !== undefined) {
      for (const [part, { words = {} }] of Object.entries(field.value.bits)) {
        params[`${name}_${upper(part)}`] = choice(words, (raw as Record<string, number>)[part]!);
      }
    } else {
      params[name] = asArgument(field.value, raw);
    }
  };
  message.fields.forEach((field, k) => {
    put(field, fields[k]!);
  });
  const columns = message.list?.items ?? [];
  if (columns.length === 1 && columns[0]!.value.count === undefined && message.maxDataLength === 0) {
    const { words = {} } = columns[0]!.value;
    params[upper(columns[0]!.name)] = items.map(([raw]) => {
      const word = wordOf({ type: "uint8", words }, Number(raw));
      return word === undefined ? Number(raw) : stateName(word);
    });
  } else {
    columns.forEach((field, k) => {
      const { words: _, ...value } = field.value;
      put({ ...field, value }, items[0]![k]!);
    });
  }
  message.trailer.forEach((field, k) => {
    put(field, trailer[k]!);
  });
  if (message.maxDataLength > 0) {
    params["DATA"] = { hex: hex(data) };
  }
  return params;
}

function asArgument(value: ValueDefinition, raw: Decoded): unknown {
  if (value.type === "bytes") {
    return { hex: hex(Uint8Array.from(raw as number[])) };
  }
  if (Array.isArray(raw)) {
    return raw.map(Number);
  }
  if (typeof raw === "string") {
    return raw;
  }
  const words = value.words ?? (value.type === "boolean" ? { FALSE: 0, TRUE: 1 } : {});
  return Object.keys(words).length > 1 ? choice(words, Number(raw)) : calibrate(value.calibration, Number(raw));
}

function choice(words: Readonly<Record<string, number>>, raw: number): unknown {
  const word = Object.keys(words).length > 1 ? wordOf({ type: "uint8", words }, raw) : undefined;
  return word === undefined ? raw : stateName(word);
}

/** The same telecommand as the ground's tools would make it of the values that were given: through the calibration and back. */
export function through(filled: Filled): Filled {
  const float = ({ value }: Field, raw: Decoded): Decoded =>
    value.type.startsWith("float") &&
    value.calibration !== undefined &&
    typeof raw === "number" &&
    wordsCount(value) < 2
      ? uncalibrate(value.calibration, calibrate(value.calibration, raw))
      : raw;
  const { message } = filled;
  const fields = filled.fields.map((raw, k) => float(message.fields[k]!, raw));
  const octets = message.fields.flatMap(({ value }, k) => Array.from(encode(value, fields[k]!)));
  return { ...filled, octets: Uint8Array.from([...octets, ...filled.octets.subarray(octets.length)]) };
}

/** Arguments that are out of their range, each by itself; and one item too many, or too few. */
export function beyond({ fields, list, maxDataLength }: Message): Record<string, unknown>[] {
  const few = fields.flatMap(({ name, value, constant }): Record<string, unknown>[] => {
    const isChoice = value.count === undefined && (value.type === "boolean" || wordsCount(value) > 1);
    const raw = constant === undefined && value.bits === undefined ? valueBeyond(value) : undefined;
    if (isChoice) {
      return [{ [upper(name)]: "NO_SUCH_WORD" }];
    }
    return raw === undefined ? [] : [{ [upper(name)]: calibrate(value.calibration, Number(raw)) }];
  });
  const [only, ...others] = list?.items ?? [];
  const isArray = only !== undefined && others.length === 0 && only.value.count === undefined && maxDataLength === 0;
  if (!isArray) {
    return few;
  }
  const { minCount = 0, maxCount } = list!;
  const counts = minCount > 0 ? [minCount - 1, maxCount + 1] : [maxCount + 1];
  return [...few, ...counts.map((count) => ({ [upper(only.name)]: new Array<number>(count).fill(0) }))];
}
