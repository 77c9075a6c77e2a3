/** Every kind of telecommand and report of services on a dictionary, without keeping any: what the allocation test runs on XS. */
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import type { PusRequest } from "../../modules/pus/request.js";
import { FAULT_EVENT, OwnBoard } from "./own-board.js";
import { TestLog } from "./support.js";

const DICTIONARY = defineDictionary({
  name: "traffic",
  parameters: {
    ...numbered(40),
    axes: { id: 100, type: "int16", count: 3, settable: true },
    label: { id: 101, type: "ascii", length: 8, settable: true },
    gain: { id: 102, type: "float64", settable: true },
    measured: { id: 103, type: "int16" },
    broken: { id: 104, type: "float32" },
    status: { id: 105, type: "uint16", bits: { a: { width: 3 } } },
  },
  structures: {
    many: { id: 1, parameters: Object.keys(numbered(40)), intervalMs: 1000 },
    mixed: { id: 2, parameters: ["measured", "broken", "axes", "label"], intervalMs: 1000 },
  },
  events: { fault: FAULT_EVENT },
  functions: { act: { id: 1, arguments: { on: { type: "boolean" }, by: { type: "int32" } } } },
  services: {
    own: {
      type: 200,
      requests: {
        spectrum: {
          subtype: 1,
          values: { what: { type: "uint8" } },
          variants: {
            lines: { id: 1, list: { countType: "uint8", items: { line: { type: "uint16" } }, maxCount: 4 } },
          },
          replies: ["spectrum"],
        },
      },
      reports: {
        spectrum: {
          subtype: 2,
          values: { exposure: { type: "uint8" } },
          list: { countType: "uint8", items: { line: { type: "uint16" }, strength: { type: "float32" } }, maxCount: 4 },
        },
      },
    },
  },
});

function numbered(count: number): Record<string, { id: number; type: "uint16" }> {
  return Object.fromEntries(Array.from({ length: count }, (_, k) => [`p${k}`, { id: k, type: "uint16" }]));
}

const log = new TestLog(4096);
log.keeps = false;
let measured = 0;
let own: ((request: PusRequest) => number) | undefined;
const board = new OwnBoard(DICTIONARY, {
  log,
  places: 2,
  bind: (access) => {
    const spectrum = access.report("own", "spectrum");
    own = (request) => {
      const count = request.uint8(1);
      spectrum.beginList(count);
      spectrum.put(7);
      for (let k = 0; k < count; k++) {
        spectrum.put(request.uint16(2 + 2 * k));
        spectrum.put(0.5);
      }
      spectrum.end();
      return 0;
    };
    return {
      parameters: {
        measured: () => measured++,
        broken: () => {
          throw undefined;
        },
      },
      setters: { gain: (value) => value !== 1 },
      functions: { act: () => undefined },
      services: { own: { spectrum: (request) => own!(request) } },
    };
  },
});
const { pool, access } = board;
const [counter, label, axes] = [access.parameter("p7"), access.parameter("label"), access.parameter("axes")];
const text = Uint8Array.of(0x6f, 0x6e);
const bits = access.bits("status", "a");

/** By name; the telecommands of each go through the dispatcher. */
const telecommands: Record<string, readonly Uint8Array[]> = {
  createAndDelete: [packet(3, 1, [9, 0, 0, 3, 232, 4, 0, 100, 0, 101, 0, 7, 0, 103, 0]), packet(3, 3, [1, 9])],
  refusedCreate: [packet(3, 1, [1, 0, 0, 3, 232, 1, 0, 100, 0])],
  refusedDelete: [packet(3, 3, [1, 1])],
  reportStructures: [packet(3, 9, [2, 1, 2])],
  oneShot: [packet(3, 27, [2, 1, 2])],
  setArray: [packet(20, 3, [2, 0, 100, 0, 1, 0, 2, 0, 3, 0, 101, 65, 66, 67, 68, 0, 0, 0, 0])],
  setNumber: [packet(20, 3, [1, 0, 102, 64, 0, 0, 0, 0, 0, 0, 0])],
  refusedNumber: [packet(20, 3, [1, 0, 102, 63, 240, 0, 0, 0, 0, 0, 0])],
  outOfRange: [packet(20, 3, [1, 0, 101, 200, 0, 0, 0, 0, 0, 0, 0])],
  reportParameters: [packet(20, 1, [4, 0, 100, 0, 101, 0, 103, 0, 104])],
  function: [packet(8, 1, [1, 1, 0, 0, 0, 5])],
  ownService: [packet(200, 1, [1, 3, 0, 1, 0, 2, 0, 3])],
  unknownVariant: [packet(200, 1, [2])],
};

function packet(serviceType: number, messageSubtype: number, data: number[]): Uint8Array {
  return board.packet(serviceType, messageSubtype, Uint8Array.from(data));
}

const others: Record<string, () => void> = {
  tick: () => {
    board.clock.bootMs += 1000;
    board.housekeeping.tick();
  },
  samples: () => {
    pool.set(counter, measured);
    pool.set(axes, -5, 2);
    pool.setBytes(label, text, 0, 2);
    pool.setBits(bits, measured & 7);
  },
};

export const kinds: readonly string[] = [...Object.keys(telecommands), ...Object.keys(others)];

/** Runs one kind `count` times. @returns reports written so far */
export function run(kind: string, count: number): number {
  const packets = telecommands[kind];
  const other = others[kind];
  for (let i = 0; i < count; i++) {
    if (packets === undefined) {
      other!();
    } else {
      for (let k = 0; k < packets.length; k++) {
        board.dispatcher.accept(packets[k]!, 0, packets[k]!.length, 1);
      }
    }
  }
  return board.reports.written;
}

let last = "";

/** The control: a short string each time. */
function strings(count: number): string {
  for (let i = 0; i < count; i++) {
    last = `${i % 10}`;
  }
  return last;
}

Object.assign(globalThis, { traffic: { run, strings, titles: JSON.stringify(kinds) } });
