/**
 * A server with everything around it in the test's hand: the clock, the timers, the sink, the log, and a network that
 * moves when it is told. Knows no platform: also runs inside XS.
 */
import { createIo } from "../../host/engine/io.js";
import { LoopbackNetwork, type LoopbackOptions } from "../../host/engine/loopback.js";
import type { LoopbackPeer } from "../../host/engine/loopback-peer.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import type { Io, Ticker } from "../../modules/link/connection/io.js";
import type { ConnectionInfo, ConnectionReport } from "../../modules/link/connection/reports.js";
import type { TmtcServerOptions } from "../../modules/link/server/server-options.js";
import { TmtcServer } from "../../modules/link/server/tmtc-server.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";
import { PacketLog, type PacketLogOptions } from "../../modules/tmtc/packet-log.js";
import { join, numberOf, packet } from "./packets.js";

export const FRAMINGS: readonly Framing[] = [spacePackets(), cobs()];

interface Timer {
  next: number;
  readonly intervalMs: number;
  readonly callback: () => void;
}

/** Time that passes only when it is told to. */
export class ManualTime {
  now = 1000;
  #timers: Timer[] = [];

  readonly clock = (): number => this.now;

  readonly ticker: Ticker = {
    start: (intervalMs, callback) => {
      const timer = { next: this.now + intervalMs, intervalMs, callback };
      this.#timers.push(timer);
      return {
        stop: () => {
          this.#timers = this.#timers.filter((other) => other !== timer);
        },
      };
    },
  };

  /** Timers running. */
  get timers(): number {
    return this.#timers.length;
  }

  /** Lets time pass, calling each timer when it is due, in order. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      let due: Timer | undefined;
      for (const timer of this.#timers) {
        if (timer.next <= end && (due === undefined || timer.next < due.next)) {
          due = timer;
        }
      }
      if (due === undefined) {
        this.now = end;
        return;
      }
      this.now = due.next;
      due.next += due.intervalMs;
      due.callback();
    }
  }
}

/** A sink that keeps what it took, and refuses as often as it is told. */
export class Inbox implements PacketSink {
  readonly packets: { from: number; bytes: Uint8Array }[] = [];
  /** Offers to refuse from now on. */
  refuse = 0;
  /** All offers made, refused ones included. */
  offers: number[] = [];
  /** Called with each packet before it is taken. */
  onPacket: ((bytes: Uint8Array, from: number) => void) | undefined;

  accept(bytes: Uint8Array, start: number, end: number, from: number): boolean {
    const copy = bytes.slice(start, end);
    this.offers.push(numberOf(copy));
    if (this.refuse > 0) {
      this.refuse--;
      return false;
    }
    this.onPacket?.(copy, from);
    this.packets.push({ from, bytes: copy });
    return true;
  }

  get numbers(): number[] {
    return this.packets.map((each) => numberOf(each.bytes));
  }

  get froms(): number[] {
    return this.packets.map((each) => each.from);
  }
}

/** The ground's end of a connection. */
export class Client {
  readonly peer: LoopbackPeer;
  readonly #framing: Framing;
  #received: Uint8Array[] = [];

  constructor(peer: LoopbackPeer, framing: Framing) {
    this.peer = peer;
    this.#framing = framing;
  }

  sendBytes(bytes: Uint8Array): void {
    if (!this.peer.send(bytes)) {
      throw new Error("no room to send");
    }
  }

  send(...packets: Uint8Array[]): void {
    this.sendBytes(join(packets.map((each) => encodeFrame(this.#framing, each))));
  }

  /** All bytes that came. */
  received(): Uint8Array {
    const bytes = new Uint8Array(this.peer.available);
    this.peer.read(bytes);
    this.#received = [join([...this.#received, bytes])];
    return this.#received[0]!;
  }

  /** Packets that came whole. */
  packets(): Uint8Array[] {
    return decodeFrames(this.#framing, this.received());
  }

  get numbers(): number[] {
    return this.packets().map(numberOf);
  }
}

/** Server options that a test sets; undefined takes one away. */
export type ServerOverrides = { [Name in keyof TmtcServerOptions]?: TmtcServerOptions[Name] | undefined };

export interface RigOptions {
  framing?: Framing;
  network?: LoopbackOptions;
  receiveWindow?: number;
  sendBuffer?: number;
  log?: Partial<PacketLogOptions>;
  server?: ServerOverrides;
  /** In place of the loopback network's sockets. */
  io?: Io;
  memory?: number;
}

export class Rig {
  readonly time = new ManualTime();
  readonly network: LoopbackNetwork;
  readonly io: Io;
  readonly memory: FixedMemory;
  readonly framing: Framing;
  readonly inbox = new Inbox();
  readonly log: PacketLog;
  readonly server: TmtcServer;
  readonly connected: ConnectionInfo[] = [];
  readonly reports: ConnectionReport[] = [];
  readonly errors: string[] = [];

  /** The server listens already. */
  constructor(options: RigOptions = {}) {
    this.network = new LoopbackNetwork(options.network);
    this.io =
      options.io ??
      createIo(this.network, { receiveWindow: options.receiveWindow ?? 8192, sendBuffer: options.sendBuffer ?? 8192 });
    this.memory = new FixedMemory(options.memory ?? 65536);
    this.framing = options.framing ?? cobs();
    this.log = new PacketLog({ memory: this.memory, length: 4096, maxPacketLength: 500, ...options.log });
    this.server = this.serve(options.server);
    this.server.start();
  }

  /** One more server over the same memory, log and sink, that does not listen yet. */
  serve(options: ServerOverrides = {}): TmtcServer {
    return new TmtcServer({
      io: this.io,
      ticker: this.time.ticker,
      clock: this.time.clock,
      memory: this.memory,
      framing: this.framing,
      port: 0,
      telecommands: this.inbox,
      telemetry: this.log,
      onConnect: (info) => this.connected.push(info),
      onDisconnect: (report) => this.reports.push(report),
      onError: (error, info) => this.errors.push(`${String(error)} @ ${info?.connection}`),
      ...options,
    } as TmtcServerOptions);
  }

  /** A client connects; everything that follows from it happens. */
  connect(server: TmtcServer = this.server, framing: Framing = this.framing): Client {
    const client = new Client(this.network.connect(server.port), framing);
    this.settle();
    return client;
  }

  settle(): void {
    this.network.settle();
  }

  /** Lets time pass in ticks of the server, the network going on in between. */
  advance(ms: number): void {
    for (let left = ms; left > 0; left -= 100) {
      this.time.advance(left < 100 ? left : 100);
      this.settle();
    }
  }

  /** Puts telemetry packets into the log; the network goes on. @returns how many the log took */
  emit(from: number, count = 1, length = 20): number {
    let taken = 0;
    for (let number = from; number < from + count; number++) {
      const bytes = packet(number, length);
      if (this.log.append(bytes, 0, bytes.length)) {
        taken++;
      }
    }
    this.settle();
    return taken;
  }
}

/** One behaviour: throws when the link does not have it. */
export type Cases = Record<string, () => void>;

const usedTitles = new Set<string>();

/** The same behaviour under every framing. @throws Error for a title that was used before */
export function inEachFraming(title: string, run: (framing: Framing) => void): Cases {
  if (usedTitles.has(title)) {
    throw new Error(`two behaviours have the title "${title}"`);
  }
  usedTitles.add(title);
  const cases: Cases = {};
  for (const framing of FRAMINGS) {
    cases[`${framing.name}: ${title}`] = () => run(framing);
  }
  return cases;
}
