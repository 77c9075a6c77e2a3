/** A port of the gateway that tools connect to in place of the board. */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { ListenError } from "../../host/listen-error.js";
import type { AllowedClients } from "../ports/allowed-clients.js";
import { PacedReport } from "../ports/paced-report.js";
import type { LocalChoice, Uplink } from "./contracts.js";
import { type GoneReason, LocalClient } from "./local-client.js";

/** A tool whose computer has vanished is asked for after so long a silence. */
const KEEP_ALIVE_MS = 30_000;
/** A tool that is turned away comes again at once: it is held for a moment, some at a time. */
const HOLD_MS = 2000;
const MAX_HELD = 32;

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
  readonly #server: Server;
  readonly #clients = new Set<LocalClient>();
  readonly #held = new Set<Socket>();
  readonly #gone: LocalTotals = { telecommands: 0, packets: 0, refused: 0 };
  readonly #paced = new PacedReport<GoneReason | "refused" | "unsendable" | "notAllowed" | "tooMany">((line) =>
    this.#options.report(`port ${this.port}: ${line}`),
  );

  constructor(options: LocalPortOptions) {
    this.#options = options;
    this.#server = createServer(
      { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS },
      (socket) => this.#came(socket),
    );
  }

  get choice(): LocalChoice {
    return this.#options.choice;
  }

  /** Listened on; what was asked for, before that. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.#options.choice.port;
  }

  get totals(): Readonly<LocalTotals> {
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
    this.#server
      .removeAllListeners("error")
      .on("error", (error) => this.#options.report(`port ${this.port}: ${error.message}`));
  }

  /** A packet of the board, for every client. */
  give(packet: Uint8Array): void {
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
    this.#paced.end();
  }

  #came(socket: Socket): void {
    const { allowed, choice, uplink } = this.#options;
    const { remoteAddress = "unknown" } = socket;
    if (!allowed.has(remoteAddress)) {
      this.#turnAway(socket, "notAllowed", `${remoteAddress} may not connect: see --listen-from`);
      return;
    }
    if (this.#clients.size >= choice.maxClients) {
      [...this.#clients].find(({ isLeaving }) => isLeaving)?.end();
    }
    if (this.#clients.size >= choice.maxClients) {
      this.#turnAway(socket, "tooMany", `one client too many: there are ${choice.maxClients}, see max-clients`);
      return;
    }
    const client = new LocalClient(socket, {
      choice,
      uplink,
      onRefused: ({ address }, causes) => this.#paced.add("refused", `telecommands of ${address} refused: ${causes}`),
      onGone: (gone, reason, text) => {
        this.#clients.delete(gone);
        add(this.#gone, gone);
        if (text !== undefined) {
          this.#paced.add(reason, `${gone.address} was disconnected: ${text}`);
        }
        if (gone.unsendable > 0) {
          const { framingText } = choice;
          this.#paced.add(
            "unsendable",
            `${gone.address} did not get ${gone.unsendable} packets, which ${framingText} cannot carry`,
          );
        }
      },
    });
    this.#clients.add(client);
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
}

function add(totals: LocalTotals, { telecommands, packets, refused }: LocalClient): void {
  totals.telecommands += telecommands;
  totals.packets += packets;
  totals.refused += refused;
}
