/** A client and a server with everything around them in the test's hand. Knows no platform: also runs inside XS. */
import type {
  AttemptFailure,
  ClientInfo,
  ClientReport,
  TmtcClientOptions,
} from "../../modules/link/client/client-options.js";
import { TmtcClient } from "../../modules/link/client/tmtc-client.js";
import type { Io } from "../../modules/link/connection/io.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { packet } from "../link/packets.js";
import { Inbox, Rig, type RigOptions } from "../link/rig.js";

/** Client options that a test sets; undefined takes one away. */
export type ClientOverrides = { [Name in keyof TmtcClientOptions]?: TmtcClientOptions[Name] | undefined };

export interface ClientRigOptions extends RigOptions {
  client?: ClientOverrides;
  /** In place of the sockets that the server has. */
  clientIo?: Io;
}

export class ClientRig {
  readonly rig: Rig;
  readonly client: TmtcClient;
  readonly inbox = new Inbox();
  readonly connects: ClientInfo[] = [];
  readonly reports: ClientReport[] = [];
  readonly failures: AttemptFailure[] = [];
  readonly errors: string[] = [];

  /** The server listens, the client has not begun to connect. */
  constructor(options: ClientRigOptions = {}) {
    // A port of its own: one that the platform picks would be another one after a restart.
    this.rig = new Rig({ ...options, server: { port: 7301, ...options.server } });
    const { rig } = this;
    this.client = new TmtcClient({
      io: options.clientIo ?? rig.io,
      ticker: rig.time.ticker,
      clock: rig.time.clock,
      memory: new FixedMemory(32768),
      framing: rig.framing,
      address: "127.0.0.1",
      port: rig.server.port,
      sink: this.inbox,
      onConnect: (info) => this.connects.push(info),
      onDisconnect: (report) => this.reports.push(report),
      onAttemptFailed: (failure) => this.failures.push(failure),
      onError: (error) => this.errors.push(String(error)),
      ...options.client,
    } as TmtcClientOptions);
  }

  connect(): this {
    this.client.connect();
    this.settle();
    return this;
  }

  /** Queues numbered packets. @returns what `send` said of each */
  queue(from: number, count = 1, length = 20): number[] {
    const said: number[] = [];
    for (let number = from; number < from + count; number++) {
      const bytes = packet(number, length, "tc");
      said.push(this.client.send(bytes, 0, bytes.length));
    }
    return said;
  }

  send(from: number, count = 1, length = 20): number[] {
    const said = this.queue(from, count, length);
    this.settle();
    return said;
  }

  settle(): void {
    this.rig.settle();
  }

  advance(ms: number): void {
    this.rig.advance(ms);
  }

  /** Numbers of the packets that the server's sink took. */
  get served(): number[] {
    return this.rig.inbox.numbers;
  }

  /** The server stops, and listens again on the same port. */
  restart(): void {
    this.rig.server.stop();
    this.settle();
    this.rig.server.start();
  }
}

/** For clients of `ClientRig`: pauses of whole seconds, 1, 2, 4, ... */
export const EXACT = { firstMs: 1000, maxMs: 8000, factor: 2, jitter: 0 };
