/** Listens for tools; who may not connect, or is one too many, is turned away. Tells what tools do, as often as it is bearable. */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { ListenError } from "../../host/listen-error.js";
import type { AllowedClients } from "./allowed-clients.js";
import { PacedReport } from "./paced-report.js";
import type { Gone, GoneReason, ToolClient } from "./tool-client.js";

/** Tools that are turned away come again at once: they are held for a moment, some at a time, as a board does. */
const HOLD_MS = 2000;
const MAX_HELD = 32;
/** A tool whose computer has vanished is asked for after so long a silence. */
const KEEP_ALIVE_MS = 30_000;

type TurnedAway = "notAllowed" | "tooMany";
type ToolCause = GoneReason | TurnedAway | "refused" | "unsendable";

export interface ToolServerOptions<Client> {
  /** What is bound. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly framingText: string;
  /** Clients at once. */
  readonly maxClients: number;
  readonly allowed: AllowedClients;
  /** The option that lets others connect. */
  readonly allowedBy: string;
  /** Somebody has come who gets a place. @returns its client, which is there until `remove` */
  serve(socket: Socket): Client;
  /** Its client is there. */
  onServed?(): void;
  /** What happens at the port, in one line. */
  report(line: string): void;
}

type ServedTool = Pick<ToolClient, "address" | "unsendable" | "isLeaving" | "end">;

export class ToolServer<Client extends ServedTool> {
  readonly #options: ToolServerOptions<Client>;
  readonly #server: Server;
  readonly #clients = new Set<Client>();
  readonly #held = new Set<Socket>();
  readonly #paced: PacedReport<ToolCause>;

  constructor(options: ToolServerOptions<Client>) {
    this.#options = options;
    this.#paced = new PacedReport((line) => options.report(line));
    this.#server = createServer(
      { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS },
      (socket) => this.#came(socket),
    );
  }

  get clients(): ReadonlySet<Client> {
    return this.#clients;
  }

  /** Listened on; what was asked for, before that. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.#options.port;
  }

  /** @throws (rejects) ListenError */
  async listen(): Promise<void> {
    const { host, port, report } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server
        .once("error", (error) => reject(new ListenError(port, host, error)))
        .listen(port, host, () => resolve());
    });
    this.#server.removeAllListeners("error").on("error", ({ message }) => report(message));
  }

  /** It is not served any more. Tells why, and what it did not get. */
  remove(client: Client, { reason, text }: Gone): void {
    this.#clients.delete(client);
    const { address, unsendable } = client;
    if (text !== undefined) {
      this.tell(reason, `${address} was disconnected: ${text}`);
    }
    if (unsendable > 0) {
      const { framingText } = this.#options;
      this.tell("unsendable", `${address} did not get ${unsendable} packets, which ${framingText} cannot carry`);
    }
  }

  /** What tools can cause as often as they like. */
  tell(cause: ToolCause, line: string): void {
    this.#paced.add(cause, line);
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
    const { allowed, allowedBy, maxClients } = this.#options;
    const { remoteAddress = "unknown" } = socket;
    if (!allowed.has(remoteAddress)) {
      this.#turnAway(socket, "notAllowed", `${remoteAddress} may not connect: see ${allowedBy}`);
      return;
    }
    if (this.#clients.size >= maxClients) {
      [...this.#clients].find(({ isLeaving }) => isLeaving)?.end();
    }
    if (this.#clients.size >= maxClients) {
      this.#turnAway(socket, "tooMany", `one client too many: there are ${maxClients}, see max-clients`);
      return;
    }
    this.#clients.add(this.#options.serve(socket));
    this.#options.onServed?.();
  }

  #turnAway(socket: Socket, cause: TurnedAway, why: string): void {
    this.tell(cause, why);
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
