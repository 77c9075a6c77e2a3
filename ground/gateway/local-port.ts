/** A port of the gateway that tools connect to in place of the board. */
import type { Socket } from "node:net";
import type { AllowedClients } from "../ports/allowed-clients.js";
import { ToolServer } from "../ports/tool-server.js";
import type { LocalChoice, Uplink } from "./contracts.js";
import { LocalClient } from "./local-client.js";

export interface LocalPortOptions {
  readonly choice: LocalChoice;
  /** Not used where `role` is `tm`. */
  readonly uplink: Uplink;
  readonly allowed: AllowedClients;
  /** What happens at the port, in one line. */
  report(line: string): void;
}

/** What the clients have come to, also those that are gone. */
export interface LocalTotals {
  telecommands: number;
  packets: number;
  refused: number;
}

export class LocalPort {
  readonly #options: LocalPortOptions;
  readonly #server: ToolServer<LocalClient>;
  readonly #gone: LocalTotals = { telecommands: 0, packets: 0, refused: 0 };

  constructor(options: LocalPortOptions) {
    this.#options = options;
    const { choice, allowed, report } = options;
    this.#server = new ToolServer({
      ...choice,
      allowed,
      allowedBy: "--listen-from",
      serve: (socket) => this.#serve(socket),
      report: (line) => report(`port ${this.port}: ${line}`),
    });
  }

  get choice(): LocalChoice {
    return this.#options.choice;
  }

  /** Listened on; what was asked for, before that. */
  get port(): number {
    return this.#server.port;
  }

  get totals(): Readonly<LocalTotals> {
    const totals = { ...this.#gone };
    for (const client of this.#server.clients) {
      add(totals, client);
    }
    return totals;
  }

  /** @throws (rejects) ListenError */
  async listen(): Promise<void> {
    await this.#server.listen();
  }

  /** A packet of the board, for every client. */
  give(packet: Uint8Array): void {
    for (const client of this.#server.clients) {
      client.give(packet);
    }
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  #serve(socket: Socket): LocalClient {
    const { choice, uplink } = this.#options;
    return new LocalClient(socket, {
      choice,
      uplink,
      onRefused: ({ address }, causes) => this.#server.tell("refused", `telecommands of ${address} refused: ${causes}`),
      onGone: (client, gone) => {
        add(this.#gone, client);
        this.#server.remove(client, gone);
      },
    });
  }
}

function add(totals: LocalTotals, { telecommands, packets, refused }: LocalClient): void {
  totals.telecommands += telecommands;
  totals.packets += packets;
  totals.refused += refused;
}
