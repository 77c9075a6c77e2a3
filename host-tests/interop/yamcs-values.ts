/** Values as Yamcs has them, and as a decoder of the dictionary's JSON reads them out of the packets that Yamcs has archived. */
import { calibrate } from "../../modules/dictionary/calibration.js";
import type { ParameterDefinition } from "../../modules/dictionary/dictionary.js";
import { HOUSEKEEPING_REPORT, HOUSEKEEPING_SERVICE } from "../../modules/pus/messages/st03-messages.js";
import { type Decoded, decode, type Scalar } from "../dictionary/independent-codec.js";
import type { Board } from "./yamcs-board.js";
import { archived, INSTANCE } from "./yamcs-cases.js";
import { demand, until, type Yamcs } from "./yamcs-server.js";

/** Octets of both headers, and of the structure ID. */
const HEADERS = 21;
const CRC_LENGTH = 2;

export type YamcsValue = Readonly<Record<string, unknown>> & { readonly type: string };

export interface Sample {
  readonly id: { readonly name: string };
  readonly rawValue: YamcsValue;
  readonly engValue: YamcsValue;
  readonly generationTime: string;
}

/** As plain as it can be. */
export function plainOf(value: YamcsValue): Scalar | string {
  switch (value.type) {
    case "ENUMERATED":
    case "STRING":
      return value["stringValue"] as string;
    case "BOOLEAN":
      return value["booleanValue"] === true;
    case "BINARY":
      return Buffer.from(value["binaryValue"] as string, "base64").toString("hex");
    default:
      return Number(value[`${value.type.toLowerCase()}Value`]);
  }
}

type Shown = readonly [name: string, raw: Scalar | string, value: Scalar | string];

/** What Yamcs must have of a parameter, under its names. */
function shownOf(name: string, definition: ParameterDefinition, decoded: Decoded): Shown[] {
  const { bits, calibration, unit, limits, words = {} } = definition;
  const wordFor = (all: Readonly<Record<string, number>>, number: number): string | undefined =>
    Object.entries(all).find(([, each]) => each === number)?.[0];
  if (bits !== undefined) {
    return Object.entries(decoded).map(([part, number]: [string, number]) => {
      const all = bits[part]!.words ?? {};
      return [
        `${name}_${part}`,
        number,
        Object.keys(all).length === 0 ? number : (wordFor(all, number) ?? "UNDEFINED"),
      ];
    });
  }
  if (Array.isArray(decoded)) {
    return decoded.map((element, k) => [`${name}_${k}`, element, calibrate(calibration, Number(element))]);
  }
  const isNumber = unit !== undefined || calibration !== undefined || limits !== undefined;
  const word = isNumber ? undefined : wordFor(words, Number(decoded));
  return [[name, decoded as Scalar, word ?? calibrate(calibration, Number(decoded))]];
}

/** Yamcs writes a float32 with as many digits as tell it from its neighbours. */
function isClose(a: Scalar | string, b: Scalar | string): boolean {
  const isFloat32 = typeof a === "number" && typeof b === "number" && Math.fround(a) === Math.fround(b);
  return a === b || isFloat32 || Math.abs(Number(a) - Number(b)) <= 1e-9 * Math.max(1, Math.abs(Number(b)));
}

/** Every parameter of every structure: what the processor has now, compared with the packet that it came in. */
export async function values(yamcs: Yamcs, { dictionary }: Board): Promise<string> {
  const { structures = {}, parameters = {} } = dictionary;
  let compared = 0;
  for (const { id, parameters: names } of Object.values(structures)) {
    const path = `processors/${INSTANCE}/realtime/parameters:batchGet`;
    const ids = names
      .flatMap((name) => leavesOf(name, parameters[name]!))
      .map((name) => ({ name: `/${INSTANCE}/${name}` }));
    const samples = await until(`structure ${id}`, async () => {
      const { value = [] } = await yamcs.ask<{ value?: Sample[] }>(path, { id: ids, fromCache: true });
      // All of one packet: not half of the next.
      const times = new Set(value.map(({ generationTime }) => generationTime));
      return value.length === ids.length && times.size === 1 ? value : undefined;
    });
    const { generationTime } = samples[0]!;
    const source = await until("packet in the archive", async () => {
      const all = (await archived(yamcs)).filter((packet) => packet.generationTime === generationTime);
      return all.map(({ packet }) => Buffer.from(packet, "base64")).find((octets) => isReport(octets, id));
    });
    const definitions = names.map((name) => parameters[name]!);
    const decoded = decode(definitions, source.subarray(0, source.length - CRC_LENGTH), HEADERS + 1);
    const expected = names.flatMap((name, k) => shownOf(name, definitions[k]!, decoded[k]!));
    for (const [name, raw, value] of expected) {
      const sample = samples.find((each) => each.id.name === `/${INSTANCE}/${name}`);
      demand(sample !== undefined, `Yamcs has no ${name}`);
      const [foundRaw, found] = [plainOf(sample.rawValue), plainOf(sample.engValue)];
      demand(
        isClose(foundRaw, raw) && isClose(found, value),
        `${name} is ${found} (${foundRaw}), not ${value} (${raw})`,
      );
      compared++;
    }
  }
  return `${compared} values`;
}

function isReport(octets: Buffer, structureId: number): boolean {
  return octets[7] === HOUSEKEEPING_SERVICE && octets[8] === HOUSEKEEPING_REPORT && octets[HEADERS] === structureId;
}

/** Names of what a parameter is made of. */
function leavesOf(name: string, { bits, count }: ParameterDefinition): string[] {
  if (bits !== undefined) {
    return Object.keys(bits).map((part) => `${name}_${part}`);
  }
  return count === undefined ? [name] : Array.from({ length: count }, (_, k) => `${name}_${k}`);
}
