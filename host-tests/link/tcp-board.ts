/** A board for the TCP tests: the test application on one of the engines, and what it reports. */

import type { Running } from "../../host/run.js";
import type { runOnNode } from "../../host/run-node.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import type { ConnectionReport } from "../../modules/link/connection/reports.js";
import type { ServerTotals } from "../../modules/link/server/server-totals.js";
import { connectPeer, type NodePeer, until } from "../host/node-rig.js";
import { modulePath } from "../host/xs-support.js";
import { EMIT, STOP, type TcpSettings, TOTALS } from "./tcp-application.js";

const APPLICATION = modulePath("./tcp-application.js", import.meta.url);

export type Run = typeof runOnNode;

type Event = { event: string } & Record<string, unknown>;

export class Board {
  readonly events: Event[] = [];
  readonly failures: Error[] = [];
  readonly peers: NodePeer[] = [];
  #running: Running | undefined;
  #control: NodePeer | undefined;

  static async start(run: Run, settings: TcpSettings): Promise<Board> {
    const board = new Board();
    const listen = [0, 0].map((port) => ({ port, address: "127.0.0.1" }));
    board.#running = await run({
      application: APPLICATION,
      settings,
      listen,
      onReport: (event) => board.events.push(event as Event),
      onFailure: (error) => board.failures.push(error),
    });
    return board;
  }

  of(event: string): Event[] {
    return this.events.filter((each) => each.event === event);
  }

  get port(): number {
    return this.of("listening")[0]?.["port"] as number;
  }

  /** Of the server under test. */
  get reports(): ConnectionReport[] {
    return this.of("disconnected") as unknown as ConnectionReport[];
  }

  /** Packets that the sink took. */
  get telecommands(): Uint8Array[] {
    return this.of("telecommand").map((event) => Uint8Array.from(event["bytes"] as number[]));
  }

  async connect(): Promise<NodePeer> {
    const peer = await connectPeer(this.port);
    this.peers.push(peer);
    return peer;
  }

  /** Has the board put telemetry packets into its log. */
  async emit(number: number, count: number, length = 20): Promise<void> {
    await this.#command(EMIT, ...[number, count, length].flatMap((value) => [value >> 8, value & 0xff]));
  }

  /** Has the application stop the server, in the middle of what it does. */
  async stopServer(): Promise<void> {
    await this.#command(STOP);
  }

  async totals(): Promise<ServerTotals> {
    await this.#command(TOTALS);
    return this.of("done").at(-1)?.["totals"] as ServerTotals;
  }

  until(what: string, condition: () => boolean): Promise<void> {
    return until(what, condition, 20_000);
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    for (const peer of [...this.peers, this.#control]) {
      peer?.socket.destroy();
    }
  }

  async #command(...bytes: number[]): Promise<void> {
    const before = this.of("done").length;
    this.#control ??= await connectPeer(this.of("listening")[0]?.["control"] as number);
    this.#control.send(encodeFrame(cobs(), Uint8Array.from(bytes)));
    await this.until("the command done", () => this.of("done").length > before);
  }
}
