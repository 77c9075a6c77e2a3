/** A port that other tools connect to instead of the board. */
import type { Socket } from "node:net";
import type { AllowedClients } from "../../ports/allowed-clients.js";
import { ToolServer } from "../../ports/tool-server.js";
import type { BoardPacket } from "./board-packet.js";
import { RelayClient, type RelayClientOptions } from "./relay-client.js";

export interface RelayPortOptions
  extends Pick<
    RelayClientOptions,
    "choice" | "apid" | "maxTelemetryLength" | "queue" | "maxWaiting" | "read" | "audit" | "now"
  > {
  /** Name of the board. */
  readonly board: string;
  readonly allowed: AllowedClients;
  /** One more, or one less. */
  onClients(): void;
  /** What happens to the port and its clients, in one line. */
  report(line: string): void;
}

/** What its clients have come to, also those that are gone. */
export interface RelayTotals {
  packets: number;
  telecommands: number;
  refused: number;
  slowClients: number;
}

export class RelayPort {
  readonly board: string;
  readonly #options: RelayPortOptions;
  readonly #server: ToolServer<RelayClient>;
  readonly #gone: RelayTotals = { packets: 0, telecommands: 0, refused: 0, slowClients: 0 };

  constructor(options: RelayPortOptions) {
    this.board = options.board;
    this.#options = options;
    this.#server = new ToolServer({
      ...options.choice,
      allowed: options.allowed,
      allowedBy: "--relay-from",
      serve: (socket) => this.#serve(socket),
      onServed: () => options.onClients(),
      report: (line) => options.report(`relay ${this.port} of ${this.board}: ${line}`),
    });
  }

  get host(): string {
    return this.#options.choice.host;
  }

  /** Listened on; what was asked for, before that. */
  get port(): number {
    return this.#server.port;
  }

  get framingText(): string {
    return this.#options.choice.framingText;
  }

  get role(): "tmtc" | "tc" | "tm" {
    return this.#options.choice.role;
  }

  get clients(): readonly RelayClient[] {
    return [...this.#server.clients];
  }

  get hasClients(): boolean {
    return this.#server.clients.size > 0;
  }

  get totals(): Readonly<RelayTotals> {
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

  give(packet: BoardPacket): void {
    for (const client of this.#server.clients) {
      client.give(packet);
    }
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  #serve(socket: Socket): RelayClient {
    return new RelayClient(socket, {
      ...this.#options,
      user: `relay ${this.port}`,
      board: this.board,
      onGone: (client, gone) => {
        add(this.#gone, client);
        this.#server.remove(client, gone);
        this.#options.onClients();
      },
    });
  }
}

function add(totals: RelayTotals, { packets, telecommands, refused, gone }: RelayClient): void {
  totals.packets += packets;
  totals.telecommands += telecommands;
  totals.refused += refused;
  totals.slowClients += gone?.reason === "slow" ? 1 : 0;
}
