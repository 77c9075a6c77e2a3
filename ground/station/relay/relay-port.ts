/** A port that other tools connect to instead of the board. */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { ListenError } from "../../../host/listen-error.js";
import type { AllowedClients } from "../../ports/allowed-clients.js";
import { PacedReport } from "../../ports/paced-report.js";
import type { BoardPacket } from "./board-packet.js";
import { type GoneReason, RelayClient, type RelayClientOptions } from "./relay-client.js";

/** Tools that are turned away come again at once: they are held for a moment, some at a time, as a board does. */
const HOLD_MS = 2000;
const MAX_HELD = 32;
/** A client whose computer has vanished is asked for after so long a silence. */
const KEEP_ALIVE_MS = 30_000;

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
  readonly #server: Server;
  readonly #clients = new Set<RelayClient>();
  readonly #held = new Set<Socket>();
  readonly #gone: RelayTotals = { packets: 0, telecommands: 0, refused: 0, slowClients: 0 };
  readonly #paced = new PacedReport<GoneReason | "unsendable" | "notAllowed" | "tooMany">((line) => this.#report(line));

  constructor(options: RelayPortOptions) {
    this.board = options.board;
    this.#options = options;
    this.#server = createServer(
      { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS },
      (socket) => this.#came(socket),
    );
  }

  get host(): string {
    return this.#options.choice.host;
  }

  /** Listened on; what was asked for, before that. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.#options.choice.port;
  }

  get framingText(): string {
    return this.#options.choice.framingText;
  }

  get role(): "tmtc" | "tc" | "tm" {
    return this.#options.choice.role;
  }

  get clients(): readonly RelayClient[] {
    return [...this.#clients];
  }

  get hasClients(): boolean {
    return this.#clients.size > 0;
  }

  get totals(): Readonly<RelayTotals> {
    const totals = { ...this.#gone };
    for (const client of this.#clients) {
      add(totals, client);
    }
    return totals;
  }

  /** @throws (rejects) ListenError */
  async listen(): Promise<void> {
    const { host, port } = this.#options.choice;
    await new Promise<void>((resolve, reject) => {
      this.#server
        .once("error", (error) => reject(new ListenError(port, host, error)))
        .listen(port, host, () => resolve());
    });
    this.#server.removeAllListeners("error").on("error", (error) => this.#report(error.message));
  }

  give(packet: BoardPacket): void {
    for (const client of this.#clients) {
      client.give(packet);
    }
  }

  async close(): Promise<void> {
    for (const client of this.#clients) {
      client.end();
    }
    for (const socket of this.#held) {
      socket.destroy();
    }
    if (this.#server.listening) {
      await new Promise((resolve) => this.#server.close(resolve));
    }
    // Who came meanwhile is counted, too.
    this.#paced.end();
  }

  #came(socket: Socket): void {
    const { allowed, choice } = this.#options;
    const { remoteAddress = "unknown" } = socket;
    if (!allowed.has(remoteAddress)) {
      this.#turnAway(socket, "notAllowed", `${remoteAddress} may not connect: see --relay-from`);
      return;
    }
    if (this.#clients.size >= choice.maxClients) {
      this.clients.find(({ isLeaving }) => isLeaving)?.end();
    }
    if (this.#clients.size >= choice.maxClients) {
      this.#turnAway(socket, "tooMany", `one client too many: there are ${choice.maxClients}, see max-clients`);
      return;
    }
    const client = new RelayClient(socket, {
      ...this.#options,
      user: `relay ${this.port}`,
      board: this.board,
      onGone: (gone, { reason, text }) => {
        this.#clients.delete(gone);
        add(this.#gone, gone);
        this.#options.onClients();
        if (text !== undefined) {
          this.#paced.add(reason, `${gone.address} was disconnected: ${text}`);
        }
        if (gone.unsendable > 0) {
          this.#paced.add(
            "unsendable",
            `${gone.address} did not get ${gone.unsendable} packets, which ${this.framingText} cannot carry`,
          );
        }
      },
    });
    this.#clients.add(client);
    this.#options.onClients();
  }

  #turnAway(socket: Socket, cause: "notAllowed" | "tooMany", why: string): void {
    this.#paced.add(cause, why);
    socket.on("error", () => {});
    if (this.#held.size >= MAX_HELD) {
      socket.destroy();
      return;
    }
    this.#held.add(socket);
    const timer = setTimeout(() => socket.destroy(), HOLD_MS);
    socket.on("close", () => {
      clearTimeout(timer);
      this.#held.delete(socket);
    });
    socket.resume();
  }

  #report(text: string): void {
    this.#options.report(`relay ${this.port} of ${this.board}: ${text}`);
  }
}

function add(totals: RelayTotals, { packets, telecommands, refused, gone }: RelayClient): void {
  totals.packets += packets;
  totals.telecommands += telecommands;
  totals.refused += refused;
  totals.slowClients += gone?.reason === "slow" ? 1 : 0;
}
