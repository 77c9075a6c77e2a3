/** Random packets of a board, and what each of their values is: for a reader that has nothing but the generated database. */
import { type Field, type Message, packetsOf } from "../../ground/dictionary/messages.js";
import { createdWords } from "../../ground/generate/yamcs/created-structures.js";
import { xtceOf } from "../../ground/generate/yamcs/xtce.js";
import { CucAgency, CucTai } from "../../modules/ccsds/cuc.js";
import { calibrate } from "../../modules/dictionary/calibration.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { ValueDefinition } from "../../modules/dictionary/dictionary.js";
import { buildTelemetry } from "../../modules/pus/build-parse.js";
import { type Decoded, encode, type Scalar } from "../dictionary/independent-codec.js";
import type { Random } from "../framing/random.js";
import { constantOf, wordedValue } from "./worded-values.js";

/** Names it may have; what stands on the wire; what people see. */
type Expected = readonly [names: readonly string[], raw: Scalar | string | null, value: Scalar | string];

interface PacketCase {
  readonly name: string;
  readonly hex: string;
  readonly values: readonly Expected[];
}

export interface DatabaseCase {
  readonly name: string;
  readonly xtce: string;
  /** The container that every packet begins with. */
  readonly root: string;
  readonly packets: readonly PacketCase[];
}

/** 2017 and on: the offset of TAI is one number. */
const FIRST_INSTANT = Date.UTC(2017, 0, 1);
const INSTANTS = 1_500_000_000;

export function databaseCase(name: string, board: BoardDictionary, random: Random): DatabaseCase {
  const { text, telemetry } = xtceOf(board, board.conventions.timeCode === "cuc" ? "UNIX" : "TAI");
  // A list whose items differ is beyond this reader.
  const packets = packetsOf(board).filter(({ message }) => message !== "parameterReport");
  return {
    name,
    xtce: text,
    root: telemetry.header.name,
    packets: packets.map((packet) => packetCase(packet, board, random)),
  };
}

function packetCase(packet: Message, board: BoardDictionary, random: Random): PacketCase {
  const { serviceType, subtype, fields, list, trailer, maxDataLength } = packet;
  const octets: number[] = [];
  const values: Expected[] = [];
  const put = ({ name, value: definition, constant }: Field): void => {
    const isStructure = packet.service === "housekeeping" && name === "structureId";
    // Those that the ground makes have words, too.
    const words = { ...definition.words, ...createdWords(board) };
    const worded = isStructure ? { ...definition, words } : definition;
    const value = constantOf(definition, constant) ?? valueFor(worded, random);
    octets.push(...encode(definition, value));
    values.push(...expectedOf(namesOf(packet, name, board), worded, value));
  };
  fields.forEach(put);
  if (list !== undefined) {
    // It reads one item, whatever N says.
    put({ name: "count", value: { type: list.countType }, constant: 1 });
    list.items.forEach(put);
  }
  trailer.forEach(put);
  if (maxDataLength > 0 && list === undefined) {
    const data = random.bytes(1 + random.below(maxDataLength));
    octets.push(...data);
    values.push([[`${packet.name}_data`], Buffer.from(data).toString("hex"), Buffer.from(data).toString("hex")]);
  }
  const isUnix = board.conventions.timeCode === "cuc";
  const instant = FIRST_INSTANT + 1000 * random.below(INSTANTS) + random.below(1000);
  const timeStamp = new Uint8Array(8);
  (isUnix ? new CucAgency() : new CucTai()).write(timeStamp, 0, instant);
  const sequenceCount = random.below(0x4000);
  const built = buildTelemetry({
    apid: board.conventions.apid,
    packetSequenceCount: sequenceCount,
    serviceType,
    messageSubtype: subtype,
    timeStamp,
    timeReferenceStatus: 1,
    sourceData: Uint8Array.from(octets),
  });
  values.push([["sequenceCount"], sequenceCount, sequenceCount], [["time"], null, secondsOf(timeStamp)]);
  return { name: packet.name, hex: Buffer.from(built).toString("hex"), values };
}

/** Since the code's epoch. */
function secondsOf(timeStamp: Uint8Array): number {
  const view = new DataView(timeStamp.buffer);
  return view.getUint32(1) + (view.getUint32(4) & 0xffffff) / 2 ** 24;
}

/**
 * What this reader can read. It wants an end in each text, also where the text has all of its room. The last point of a
 * curve is beyond it ("True is not in list"): the number before it stands in.
 */
function valueFor(definition: ValueDefinition, random: Random): Decoded {
  const value = wordedValue(definition, isNumber(definition), random);
  if (typeof value === "string") {
    return value.slice(0, definition.length! - 1);
  }
  const { calibration } = definition;
  if (calibration === undefined || !("points" in calibration)) {
    return value;
  }
  const [last] = calibration.points.at(-1)!;
  const readable = (raw: Scalar): Scalar => (raw === last ? last - 1 : raw);
  return Array.isArray(value) ? value.map(readable) : readable(value as Scalar);
}

function expectedOf(names: readonly string[], definition: ValueDefinition, value: Decoded): Expected[] {
  const { bits, count, type } = definition;
  if (bits !== undefined) {
    return Object.entries(value).map(([name, number]: [string, number]): Expected => {
      const word = wordOf(bits[name]!, number);
      return [names.map((each) => `${each}_${name}`), number, word ?? number];
    });
  }
  if (count !== undefined) {
    return (value as Scalar[]).map((each, k) => [
      names.map((name) => `${name}_${k}`),
      Number(each),
      shown(definition, each),
    ]);
  }
  if (type === "ascii") {
    return [[names, null, value as string]];
  }
  if (type === "bytes") {
    const hex = Buffer.from(value as number[]).toString("hex");
    return [[names, hex, hex]];
  }
  return [[names, Number(value), shown(definition, value as Scalar)]];
}

/** As people see it. */
function shown(definition: ValueDefinition, value: Scalar): Scalar | string {
  const word = isNumber(definition) ? undefined : wordOf(definition, Number(value));
  return word ?? (definition.type === "boolean" ? value : calibrate(definition.calibration, Number(value)));
}

/** What has a unit, a calibration or limits is a number, even where some of its values have words. */
function isNumber({ type, unit, calibration, limits }: ValueDefinition & { readonly limits?: unknown }): boolean {
  return unit !== undefined || calibration !== undefined || limits !== undefined || type.startsWith("float");
}

function wordOf(
  { words = {} }: { readonly words?: Readonly<Record<string, number>> },
  number: number,
): string | undefined {
  return Object.entries(words).find(([, each]) => each === number)?.[0];
}

/** The board's own, an event's, or else the service's or the packet's. */
function namesOf({ service, name, variant }: Message, field: string, { parameters = {} }: BoardDictionary): string[] {
  if (service === "housekeeping" && variant !== undefined && Object.hasOwn(parameters, field)) {
    return [field];
  }
  const event = service === "eventReporting" ? [`${variant}_${field}`] : [];
  return [...event, `${name}_${field}`, `${service}_${field}`];
}
