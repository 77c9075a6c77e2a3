/**
 * What a board might ever be told to do, in one go: every setting, right and wrong, every framing with traffic, damage and
 * its helpers, the services, payloads. Runs inside XS, and says what became of everything, line by line: an imitated board
 * must say what a desktop says.
 */
import { createIo } from "../../host/engine/io.js";
import { LoopbackNetwork } from "../../host/engine/loopback.js";
import type { LoopbackPeer } from "../../host/engine/loopback-peer.js";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { Structure } from "../../modules/data/structure.js";
import { Flatsat } from "../../modules/flatsat/application.js";
import { PORT_OPTIONS, parseConfiguration } from "../../modules/flatsat/configuration.js";
import type { BoardPlatform } from "../../modules/flatsat/platform.js";
import { SETTINGS } from "../../modules/flatsat/settings.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { FRAMINGS, framingOptions } from "../../modules/framing/registry.js";
import { buildTelecommand } from "../../modules/pus/build-parse.js";
import { SendingAssociation } from "../../modules/security/sending-association.js";
import { decodeJson, encodeJson } from "../../modules/text/json.js";
import { decodeText, encodeText, type TextEncoding } from "../../modules/text/text.js";
import { EXAMPLES, examplePackets } from "../ground/link/framing-examples.js";
import { MemoryStore } from "../security/memory-store.js";

const lines: string[] = [];

function say(what: string, run: () => unknown): void {
  try {
    lines.push(`${what}: ${String(run())}`);
  } catch (error) {
    lines.push(`${what}: threw ${String(error)}`);
  }
}

function hex(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) {
    text += (bytes[i] as number).toString(16).padStart(2, "0");
  }
  return text;
}

/** Tried for every setting, and for every key of every framing. */
const VALUES = ["", "x", "0", "-1", "1.5", "7", "0x1f", "off", "both", "99999999", "1acffc1d", "0:fdaa", "a=b"];

function settings(): void {
  for (const { name } of SETTINGS) {
    for (const value of VALUES) {
      say(`${name}=${value}`, () => parseConfiguration({ [name]: value }).memory);
    }
  }
  for (const listen of [
    "cobs",
    "cobs:",
    "cobs:1:2",
    "slipp:1",
    "cobs:1 slip:1",
    "cobs:1,role",
    "cobs:1,rôle=tm",
    "  ",
  ]) {
    say(`listen=${listen}`, () => parseConfiguration({ listen }).ports.length);
  }
  say("no setting", () => parseConfiguration({ colour: "red" }));
}

function framingKeys(): void {
  for (const entry of FRAMINGS) {
    const known = entry.example === undefined ? [] : [entry.example];
    for (const key of [...framingOptions(entry), ...Object.keys(PORT_OPTIONS), "delimter"]) {
      for (const value of VALUES) {
        const listen = [
          `${entry.name}:1`,
          ...known.filter((pair) => !pair.startsWith(`${key}=`)),
          `${key}=${value}`,
        ].join();
        say(listen, () => parseConfiguration({ listen }).ports[0]!.framing.maxPacketLength);
      }
    }
  }
}

class Board {
  readonly network = new LoopbackNetwork();
  readonly events: string[] = [];
  #now = 0;
  #ticks: (() => void)[] = [];
  readonly flatsat: Flatsat;

  constructor(texts: Record<string, string>, platform: BoardPlatform = {}) {
    this.flatsat = new Flatsat({
      ...parseConfiguration(texts),
      platform,
      io: createIo(this.network),
      ticker: {
        start: (_intervalMs, callback) => {
          this.#ticks.push(callback);
          return { stop() {} };
        },
      },
      clock: () => this.#now,
      now: () => 1.7e12 + this.#now,
      report: (event) => this.events.push(`${event.event}${"reason" in event ? ` ${event.reason} ${event.hint}` : ""}`),
    });
    this.flatsat.start();
  }

  advance(ms: number): void {
    for (const end = this.#now + ms; this.#now < end; ) {
      this.#now += 100;
      for (const tick of this.#ticks) {
        tick();
      }
      this.network.settle();
    }
  }

  send(peer: LoopbackPeer, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 500) {
      peer.send(bytes.slice(at, at + 500));
      this.network.settle();
    }
  }

  /** @returns what came, as it came */
  take(peer: LoopbackPeer): Uint8Array {
    const bytes = new Uint8Array(peer.available);
    if (bytes.length > 0) {
      peer.read(bytes);
    }
    return bytes;
  }
}

/** Requests that a board understands, and some that it does not. */
const REQUESTS: readonly [service: number, subtype: number, data: readonly number[]][] = [
  [17, 1, []],
  [17, 9, []],
  [3, 5, [0, 1]],
  [3, 27, [0, 1, 0, 1]],
  [5, 5, [0, 1, 0, 6]],
  [8, 1, [0, 2, 0, 0, 0, 9]],
  [8, 1, [0, 1]],
  [20, 1, [0, 2, 0, 1, 0, 32]],
  [20, 3, [0, 1, 0, 34, 0, 0, 0, 7]],
  [20, 3, [0, 1, 0, 99]],
  [99, 1, []],
];

function traffic(framing: Framing, listen: string, role: string): void {
  const board = new Board({ listen: `${listen}${role}`, memory: "60000", log_length: "20000" });
  const peer = board.network.connect(board.flatsat.servers[0]!.port);
  board.network.settle();
  for (const [serviceType, messageSubtype, data] of REQUESTS) {
    const packet = buildTelecommand({ apid: 2, serviceType, messageSubtype, applicationData: Uint8Array.from(data) });
    let frame: Uint8Array;
    try {
      frame = encodeFrame(framing, packet);
    } catch (error) {
      lines.push(`${listen} ${serviceType},${messageSubtype}: ${String(error)}`);
      continue;
    }
    board.send(peer, frame);
    lines.push(`${listen} ${serviceType},${messageSubtype}: ${hex(board.take(peer))}`);
  }
  // Damage, half a frame, silence, and an end in the middle.
  board.send(
    peer,
    Uint8Array.from({ length: 300 }, (_, i) => (i * 37) & 0xff),
  );
  board.advance(3000);
  board.send(peer, Uint8Array.of(0x18, 0x02, 0xc0));
  board.advance(2000);
  lines.push(`${listen} damaged: ${hex(board.take(peer))}`);
  peer.end();
  board.network.settle();
  board.advance(300);
  const { rejections, telecommands } = board.flatsat.servers[0]!.totals;
  board.flatsat.stop();
  lines.push(`${listen} at last: ${telecommands}, ${JSON.stringify(rejections)}, ${board.events.join(", ")}`);
}

function framings(): void {
  EXAMPLES.forEach((example, n) => {
    const [name = "", ...options] = example.framing.split(",");
    const listen = [`${name}:${n + 1}`, ...options].join(",");
    say(listen, () => {
      const { framing } = parseConfiguration({ listen }).ports[0]!;
      traffic(framing, listen, n % 8 === 5 ? ",role=tc" : "");
      const packets = examplePackets(example, n).slice(0, 3);
      const frames = packets.map((packet) => encodeFrame(framing, packet));
      return `${frames.map(hex).join()} ${frames.map((frame) => decodeFrames(framing, frame).map(hex).join())}`;
    });
    say(`${listen} no bytes`, () => encodeFrame(parseConfiguration({ listen }).ports[0]!.framing, "x" as never));
  });
}

/** Several ports, more clients than there are places, policies. */
function wholeBoards(): void {
  for (const texts of [
    {},
    { max_clients: "2", excess_clients: "replace" },
    { log_policy: "refuseNew", time_code: "cuc" },
  ]) {
    say(JSON.stringify(texts), () => {
      const board = new Board(texts);
      const peers = [0, 1, 0, 1, 0].map((n) => board.network.connect(board.flatsat.servers[n]!.port));
      board.network.settle();
      board.advance(2500);
      const taken = peers.map((peer) => board.take(peer).length);
      peers[0]!.reset();
      board.network.settle();
      board.flatsat.suspend();
      board.flatsat.start();
      board.advance(2500);
      board.flatsat.stop();
      return `${taken.join()}, ${board.events.join()}`;
    });
  }
  say("too little memory", () => new Board({ memory: "1024" }));
  say("too long housekeeping", () => new Board({ max_telemetry: "64" }));
}

const STRUCTURE = new Structure({
  name: "everything",
  endianness: "little",
  fields: [
    { type: "constant", value: [0xfd, 0xaa] },
    { name: "small", type: "uint8" },
    { name: "big", type: "uint64" },
    { name: "half", type: "float32" },
    { name: "word", type: "ascii", length: 4 },
    { name: "raw", type: "bytes", length: 3 },
  ],
});
const GOOD = { small: 1, big: 2n ** 60n, half: 0.5, word: "abc", raw: Uint8Array.of(1, 2, 3) };
/** What is no Uint8Array, or none of the value's fields. */
const STRANGE = [
  undefined,
  null,
  1,
  "x",
  [1],
  {},
  new Uint16Array(2),
  new DataView(new ArrayBuffer(2)),
  new ArrayBuffer(2),
];
const NO_JSON = [undefined, () => 1, 1n, Number.NaN, new Map(), new Set(), /x/, new Error("x"), new Uint8Array(2)];

function payloads(): void {
  say("structure", () => hex(STRUCTURE.encode(GOOD as never)));
  say("structure back", () => {
    const { small, big, half, word, raw } = STRUCTURE.decode(STRUCTURE.encode(GOOD as never)) as typeof GOOD;
    return [small, big, half, word, hex(raw)].join();
  });
  STRANGE.forEach((value, n) => {
    say(`structure of ${n}`, () => STRUCTURE.decode(value as never));
    say(`structure with ${n}`, () => STRUCTURE.encode({ ...GOOD, small: value, raw: value } as never));
    say(`text of ${n}`, () => decodeText(value as never));
    say(`JSON of ${n}`, () => decodeJson(value as never));
  });
  for (const type of ["uint8", "int16", "float64", "uint24", "text", "nothing"]) {
    say(`a field of ${type}`, () => new Structure({ fields: [{ name: "x", type }] } as never).size);
    say(`a field of a wrong name, ${type}`, () => new Structure({ fields: [{ name: "1 x", type }] } as never).size);
  }
  for (const encoding of ["utf-8", "utf-16le", "utf-16be", "latin-1", "ascii", "ebcdic"] as TextEncoding[]) {
    say(`text in ${encoding}`, () => decodeText(encodeText("a\u00e9", { encoding }), { encoding }));
    say(`bytes in ${encoding}`, () => decodeText(Uint8Array.of(0xff, 0xd8, 0x61), { encoding, malformed: "replace" }));
    say(`wrong bytes in ${encoding}`, () => decodeText(Uint8Array.of(0xff, 0xd8, 0x61), { encoding }));
  }
  const value = { a: [1, "b", null, true, { c: -1.5e3 }], d: '\u2028"' };
  say("JSON", () => JSON.stringify(decodeJson(encodeJson(value))));
  for (const text of ["{", "[1,]", '{"a":1,"a":2}', "nul", "1e999", '"\\x"', "[[[[[[[[[[[[[[[[[[[[[[]]]]]"]) {
    say(`JSON ${text}`, () => decodeJson(encodeText(text)));
  }
  NO_JSON.forEach((each, n) => {
    say(`no JSON ${n}`, () => hex(encodeJson(each)));
    say(`no JSON deep ${n}`, () => hex(encodeJson({ "a b": [each] })));
  });
}

/** Settings of keys, right and wrong, and a board with keys: what it takes, refuses, and has done once. */
function keys(): void {
  for (const text of [
    "1",
    "0=none",
    "1=admiral",
    "1=none 1=none",
    "1=operator",
    "1=operator:x",
    "1=operator:17+20.1+f2",
  ]) {
    say(`security=${text}`, () => parseConfiguration({ security: text }).security.associations.length);
  }
  const listen = "tc-frames:1,scid=1,sdls=tmtc";
  const security = "1=commander 2=operator:17+20.1+f2 3=commander 9=telemetry";
  const store = new MemoryStore();
  const board = new Board({ listen, security, memory: "60000", log_length: "20000" }, { securityStore: store });
  const held = board.flatsat.security!;
  const key = (spi: number) => new Uint8Array(32).fill(spi);
  for (const spi of [1, 2, 3, 9, 9, 4]) {
    say(`provision ${spi}`, () => held.provision(spi, key(spi)));
  }
  const peer = board.network.connect(board.flatsat.servers[0]!.port);
  board.network.settle();
  for (const spi of [1, 2, 3, 9]) {
    const own = new MemoryStore();
    own.save("counter", new Uint8Array(12));
    const sealer = new SendingAssociation({ spi, aead: new Aes256Gcm(key(spi)), store: own, name: "counter" });
    const framing = tcFrames({ spacecraftId: 1, sdls: "tmtc", security: { end: "ground", opener: undefined, sealer } });
    for (const [serviceType, messageSubtype, data] of [
      ...REQUESTS,
      [8, 1, [8, 0, 3]],
      [8, 1, [9, 0, 7]],
    ] as typeof REQUESTS) {
      const packet = buildTelecommand({ apid: 2, serviceType, messageSubtype, applicationData: Uint8Array.from(data) });
      const frame = encodeFrame(framing, packet);
      board.send(peer, frame);
      board.send(peer, frame);
      lines.push(`SPI ${spi} ${serviceType},${messageSubtype}: ${hex(board.take(peer))}`);
    }
  }
  board.advance(2000);
  lines.push(`SPIs, at last: ${hex(board.take(peer))}, ${JSON.stringify(board.flatsat.servers[0]!.totals.rejections)}`);
  for (const spi of [1, 3, 1, 9, 4]) {
    say(`retire ${spi}`, () => held.retire(spi));
  }
  board.flatsat.stop();
  lines.push(`keys: ${board.events.join(", ")}; ${store.saved.join(" ")}`);
}

/** @returns whether the modules in use here are those that were preloaded, and not copies */
export function usesAll(preloaded: readonly unknown[]): boolean {
  return [parseConfiguration, Flatsat, Structure, encodeFrame, buildTelecommand].every((each) =>
    preloaded.includes(each),
  );
}

/** @returns a line for everything that was done */
export function exercise(): string[] {
  settings();
  framingKeys();
  framings();
  wholeBoards();
  keys();
  payloads();
  return lines;
}
