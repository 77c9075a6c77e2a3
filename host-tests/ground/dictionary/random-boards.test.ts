/**
 * Whatever the dictionary: what an independent encoder writes is decoded to the same values, what is encoded is what the independent
 * encoder writes, and octets that are no packet are told so and nothing else.
 */
import { deepStrictEqual } from "node:assert/strict";
import test from "ava";
import fc from "fast-check";
import { argumentsOf } from "../../../ground/dictionary/command-arguments.js";
import { commandHelp, commandList, plainCommand } from "../../../ground/dictionary/command-help.js";
import type { DecodedValue } from "../../../ground/dictionary/decoded-value.js";
import { describePacket, parametersIn, plainPacket } from "../../../ground/dictionary/describe.js";
import { encodeCommand, findCommand } from "../../../ground/dictionary/encode-command.js";
import type { ArgumentValue } from "../../../ground/dictionary/encode-value.js";
import { explainPacket, explanationTable } from "../../../ground/dictionary/explain.js";
import { commandsOf } from "../../../ground/dictionary/messages.js";
import { PacketDecoder } from "../../../ground/dictionary/packet-decoder.js";
import { PacketError } from "../../../ground/dictionary/packet-error.js";
import { writeCrc16 } from "../../../modules/ccsds/crc16.js";
import { calibrate } from "../../../modules/dictionary/calibration.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { Calibration, ValueDefinition } from "../../../modules/dictionary/dictionary.js";
import { buildTelemetry, parseTelecommand } from "../../../modules/pus/build-parse.js";
import { type Decoded, encode } from "../../dictionary/independent-codec.js";
import { randomDictionary, randomValue } from "../../dictionary/random-dictionaries.js";
import { Random } from "../../framing/random.js";
import { checkProperty } from "../../seeded-properties.js";
import { FLATSAT } from "./boards.js";

const seeds = fc.integer({ min: 0, max: 0xffffffff });
const stamp = Uint8Array.of(0x40, 1, 2, 3, 4, 5, 6);

function randomBoard(random: Random): BoardDictionary {
  return { ...randomDictionary(random), conventions: FLATSAT.conventions };
}

/** A value as the independent decoder gives it. */
function asDecoded({ raw, parts }: DecodedValue, { type }: ValueDefinition): Decoded {
  if (parts !== undefined) {
    return Object.fromEntries(parts.map((part) => [part.name, part.raw as number]));
  }
  return type === "bytes" ? Array.from(Buffer.from(raw as string, "hex")) : (raw as Decoded);
}

function unsigned(value: number, octets: number): number[] {
  return Array.from({ length: octets }, (_, k) => Math.floor(value / 256 ** (octets - 1 - k)) % 256);
}

function report(serviceType: number, messageSubtype: number, sourceData: readonly number[]): Uint8Array {
  const { apid } = FLATSAT.conventions;
  return buildTelemetry({
    apid,
    serviceType,
    messageSubtype,
    timeStamp: stamp,
    sourceData: Uint8Array.from(sourceData),
  });
}

interface Trial {
  readonly packet: Uint8Array;
  readonly variant: string | undefined;
  readonly definitions: readonly ValueDefinition[];
  readonly values: readonly Decoded[];
  /** Which of the decoded values they are. */
  pick(decoded: readonly DecodedValue[]): readonly DecodedValue[];
}

function trialsOf(random: Random, { structures, parameters, events }: BoardDictionary): Trial[] {
  const trial = (definitions: readonly ValueDefinition[]): [readonly Decoded[], number[]] => {
    const values = definitions.map((definition) => randomValue(random, definition));
    return [values, values.flatMap((value, k) => Array.from(encode(definitions[k]!, value)))];
  };
  const pick = (decoded: readonly DecodedValue[]) => decoded.slice(1);
  const ofStructures = Object.entries(structures!).map(([variant, structure]): Trial => {
    const definitions = structure.parameters.map((name) => parameters![name]!);
    const [values, octets] = trial(definitions);
    return { packet: report(3, 25, [structure.id, ...octets]), variant, definitions, values, pick };
  });
  const ofEvents = Object.entries(events!).map(([variant, event]): Trial => {
    const definitions = Object.values(event.values ?? {});
    const [values, octets] = trial(definitions);
    const subtype = 1 + ["informative", "low", "medium", "high"].indexOf(event.severity);
    return { packet: report(5, subtype, [...unsigned(event.id, 2), ...octets]), variant, definitions, values, pick };
  });
  return [...ofStructures, ...ofEvents];
}

test("what an independent encoder writes is decoded to the same values", (t) => {
  checkProperty(
    t,
    fc.property(seeds, (seed) => {
      const random = new Random(seed);
      const board = randomBoard(random);
      const decoder = new PacketDecoder(board);
      for (const { packet, variant, definitions, values, pick } of trialsOf(random, board)) {
        const decoded = decoder.decode(packet);
        t.is(decoded.variant, variant);
        const found = pick(decoded.values);
        deepStrictEqual(
          found.map((value, k) => asDecoded(value, definitions[k]!)),
          values,
        );
        // In order, without gaps, up to the CRC.
        const ends = found.map(({ offset, bits }) => offset + bits / 8);
        deepStrictEqual(
          [...found.slice(1).map(({ offset }) => offset), packet.length - 2],
          [...ends.slice(0, -1), ends.at(-1) ?? packet.length - 2],
        );
      }
      const names = Object.keys(board.parameters!).slice(0, 16);
      const values = names.map((name) => randomValue(random, board.parameters![name]!));
      const items = names.flatMap((name, k) => {
        const parameter = board.parameters![name]!;
        return [...unsigned(parameter.id, 2), ...encode(parameter, values[k]!)];
      });
      const found = parametersIn(decoder.decode(report(20, 2, [names.length, ...items])));
      deepStrictEqual(
        found.map((value) => [value.name, asDecoded(value, board.parameters![value.name]!)]),
        names.map((name, k) => [name, values[k]]),
      );
    }),
    200,
  );
});

/** What somebody has a say in; the rest is constant. */
function argumentNames(board: BoardDictionary, command: string): ReadonlySet<string> {
  return new Set(argumentsOf(findCommand(commandsOf(board), command)).map(({ name }) => name));
}

/** What a program gives, and what people type, for the same value. */
function saidAs(value: Decoded, { type }: ValueDefinition): ArgumentValue[] {
  if (type === "ascii") {
    return [JSON.stringify(value)];
  }
  if (type === "bytes") {
    return [Uint8Array.from(value as number[]), Buffer.from(value as number[]).toString("hex")];
  }
  if (Array.isArray(value)) {
    return [value, `[${value.join(",")}]`];
  }
  if (typeof value === "object") {
    const parts = Object.entries(value).map(([name, part]) => `${name}:${part}`);
    return [value, parts.join("/")];
  }
  return [value, String(value)];
}

test("what is encoded is what an independent encoder writes, and is decoded to the same", (t) => {
  checkProperty(
    t,
    fc.property(seeds, (seed) => {
      const random = new Random(seed);
      const board = randomBoard(random);
      const decoder = new PacketDecoder(board);
      for (const [name, parameter] of Object.entries(board.parameters!)) {
        if (parameter.settable !== true) {
          continue;
        }
        const value = randomValue(random, parameter);
        const octets = [1, ...unsigned(parameter.id, 2), ...encode(parameter, value)];
        const command = `set${name.charAt(0).toUpperCase()}${name.slice(1)}`;
        const known = argumentNames(board, command);
        for (const said of saidAs(value, parameter)) {
          const packet = encodeCommand(board, command, known.has(name) ? { [name]: said } : {});
          const view = parseTelecommand(packet);
          deepStrictEqual(Array.from(packet.subarray(view.applicationDataStart, view.applicationDataEnd)), octets);
          const [, found] = decoder.decode(packet).list!.items[0]!.values;
          deepStrictEqual(asDecoded(found!, parameter), value);
        }
      }
      for (const [name, { id, arguments: definitions = {} }] of Object.entries(board.functions!)) {
        const values = Object.entries(definitions).map(([key, value]) => [key, randomValue(random, value)] as const);
        // Where there is one value only, nobody says it.
        const known = argumentNames(board, name);
        const said = values.filter(([key]) => known.has(key));
        const packet = encodeCommand(board, name, Object.fromEntries(said.map(([key, value]) => [key, String(value)])));
        const view = parseTelecommand(packet);
        const octets = values.flatMap(([key, value]) => Array.from(encode(definitions[key]!, value)));
        deepStrictEqual(Array.from(packet.subarray(view.applicationDataStart, view.applicationDataEnd)), [
          id,
          ...octets,
        ]);
      }
    }),
    200,
  );
});

/** The board can be sent what it would report, in messages of the same layouts. */
function withRequests(board: BoardDictionary): BoardDictionary {
  const own = board.services!["own"]!;
  const requests = Object.fromEntries(
    Object.entries(own.reports!).map(([name, message]) => [
      `ask${name}`,
      { ...message, subtype: message.subtype + 100 },
    ]),
  );
  return { ...board, services: { own: { ...own, requests } } };
}

test("lists are encoded item by item, as an independent encoder writes them", (t) => {
  let items = 0;
  checkProperty(
    t,
    fc.property(seeds, (seed) => {
      const random = new Random(seed);
      const board = withRequests(randomBoard(random));
      const decoder = new PacketDecoder(board);
      for (const [name, { values = {}, list }] of Object.entries(board.services!["own"]!.requests!)) {
        const known = argumentNames(board, name);
        const count = random.below(list!.maxCount + 1);
        items += count;
        const head = Object.entries(values).map(([key, value]) => [key, value, randomValue(random, value)] as const);
        const columns = Object.entries(list!.items).map(
          ([key, value]) => [key, value, Array.from({ length: count }, () => randomValue(random, value))] as const,
        );
        const given = Object.fromEntries([
          ...head.filter(([key]) => known.has(key)).map(([key, value, said]) => [key, saidAs(said, value).at(-1)!]),
          ...columns.filter(([key]) => known.has(key)).map(([key, , said]) => [key, said.join(",")]),
        ]);
        const width = { uint8: 1, uint16: 2, uint24: 3, uint32: 4 }[list!.countType];
        // A list of which nobody says anything has no items.
        const isSaid = columns.some(([key]) => known.has(key));
        const number = isSaid ? count : 0;
        const octets = [
          ...head.flatMap(([, value, said]) => Array.from(encode(value, said))),
          ...unsigned(number, width),
          ...Array.from({ length: number }, (_, k) =>
            columns.flatMap(([, value, said]) => Array.from(encode(value, said[k]!))),
          ).flat(),
        ];
        const packet = encodeCommand(board, name, given);
        const view = parseTelecommand(packet);
        deepStrictEqual(Array.from(packet.subarray(view.applicationDataStart, view.applicationDataEnd)), octets);
        const decoded = decoder.decode(packet).list!.items;
        deepStrictEqual(
          decoded.map((item) => item.values.map((value, k) => asDecoded(value, columns[k]![1]))),
          Array.from({ length: number }, (_, k) => columns.map(([, , said]) => said[k])),
        );
      }
    }),
    200,
  );
  t.true(items > 0);
});

test("every command is told in a line and in detail, with each of its arguments", (t) => {
  checkProperty(
    t,
    fc.property(seeds, (seed) => {
      const commands = commandsOf(withRequests(randomBoard(new Random(seed))));
      t.is(commandList(commands).split("\n").length, commands.length + 1);
      for (const command of commands) {
        const help = commandHelp(command);
        t.true(
          argumentsOf(command).every(({ name }) => help.includes(`    ${name} `)),
          help,
        );
        t.is(typeof JSON.stringify(plainCommand(command)), "string");
      }
    }),
    50,
  );
});

const numbers = fc.double({ min: -1000, max: 1000, noNaN: true });
/** Steep enough that neighbours do not run together in binary arithmetic. */
const slopes = fc.double({ min: 1e-3, max: 1000, noNaN: true }).chain((slope) => fc.constantFrom(slope, -slope));
const curves: fc.Arbitrary<Calibration> = fc.oneof(
  fc.record({ polynomial: fc.tuple(numbers, slopes) }),
  fc
    .tuple(fc.array(slopes.map(Math.abs), { minLength: 1, maxLength: 5 }), numbers, fc.boolean())
    .map(([steps, first, falls]) => {
      const sum = (count: number) => steps.slice(0, count).reduce((height, step) => height + step, 0);
      const points = Array.from({ length: steps.length + 1 }, (_, k): readonly [number, number] => [
        1000 * k,
        first + (falls ? -sum(k) : sum(k)),
      ]);
      return { points };
    }),
);

test("a value in the unit, sent through its calibration, is the raw number that it came of", (t) => {
  checkProperty(
    t,
    fc.property(curves, fc.integer({ min: -32768, max: 32767 }), (calibration, raw) => {
      const level = { id: 300, type: "int16", calibration, settable: true } as const;
      const board: BoardDictionary = { name: "b", parameters: { level }, conventions: FLATSAT.conventions };
      for (const said of [calibrate(calibration, raw), String(calibrate(calibration, raw))]) {
        const packet = encodeCommand(board, "setLevel", { level: said });
        const [, found] = new PacketDecoder(board).decode(packet).list!.items[0]!.values;
        t.is(found!.raw, raw);
      }
    }),
    300,
  );
});

test("octets of any kind are a packet that can be shown, or a PacketError", (t) => {
  const decoder = new PacketDecoder(FLATSAT);
  const start = report(3, 25, [16, ...new Array<number>(13).fill(7)]);
  checkProperty(
    t,
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(40), fc.nat(8), fc.boolean(), (noise, at, type, isSound) => {
      const bytes = isSound ? Uint8Array.from([...start.subarray(0, 20), ...noise, 0, 0]) : start.slice();
      if (isSound) {
        bytes[5] = bytes.length - 7;
        bytes[7] = [1, 3, 5, 8, 9, 12, 17, 20, 20][type]!;
        bytes[8] = [1, 25, 1, 1, 3, 9, 2, 2, 10][at % 9]!;
        writeCrc16(bytes, 0, bytes.length);
      } else {
        bytes.set(noise.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
      }
      try {
        const packet = decoder.decode(bytes);
        t.is(typeof describePacket(FLATSAT, packet), "string");
        t.is(typeof JSON.stringify(plainPacket(FLATSAT, packet)), "string");
        t.regex(explanationTable(explainPacket(packet, bytes), bytes), /CRC/);
      } catch (error) {
        if (!(error instanceof PacketError)) {
          throw error;
        }
        t.true(error.offset >= 0 && error.offset <= bytes.length, error.message);
      }
    }),
    2000,
  );
});
