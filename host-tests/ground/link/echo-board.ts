/** A board that echoes, on one of the engines: see echo-application.ts. */
import type { Running } from "../../../host/run.js";
import { runOnNode } from "../../../host/run-node.js";
import { runOnXs } from "../../../host/run-xs.js";
import type { ConnectionReport } from "../../../modules/link/connection/reports.js";
import { until } from "../../host/node-rig.js";
import { modulePath } from "../../host/xs-support.js";
import type { EchoPort } from "./echo-application.js";

const APPLICATION = modulePath("./echo-application.js", import.meta.url);

export type EngineName = "node" | "xs";

interface Event {
  readonly event: string;
  readonly place: number;
}

export class EchoBoard {
  /** Numbers of the ports, in the order in which they were given. */
  ports: readonly number[] = [];
  /** What went wrong on the board's side. */
  readonly failures: string[] = [];
  readonly #reports: (ConnectionReport & Event)[] = [];
  #running: Running | undefined;

  static async start(engine: EngineName, ports: readonly EchoPort[]): Promise<EchoBoard> {
    const board = new EchoBoard();
    const run = engine === "xs" ? runOnXs : runOnNode;
    board.#running = await run({
      application: APPLICATION,
      settings: { ports },
      listen: ports.map(() => ({ port: 0, address: "127.0.0.1" })),
      onReport: (event) => board.#take(event as Event),
      onFailure: (error) => board.failures.push(error.message),
    });
    return board;
  }

  /** What was said of the connections to one of the ports, once so many of them are over. */
  async reports(place: number, count = 1): Promise<readonly ConnectionReport[]> {
    const found = () => this.#reports.filter((each) => each.place === place);
    await until("the connection's report", () => found().length >= count);
    return found();
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
  }

  #take(event: Event): void {
    if (event.event === "listening") {
      this.ports = (event as unknown as { ports: number[] }).ports;
    } else if (event.event === "disconnected") {
      this.#reports.push(event as ConnectionReport & Event);
    } else if (event.event === "error") {
      this.failures.push(`port ${event.place}: ${(event as unknown as { message: string }).message}`);
    }
  }
}
