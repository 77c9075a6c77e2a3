/** A board on a port that does as the test says: it sends octets, and keeps what it gets. */
import { createServer, type Server, type Socket } from "node:net";
import { linkChoice } from "../../../ground/link/link-options.js";
import type { BoardEntry } from "../../../ground/station/station.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { patiently, portToKeep } from "../../project.js";
import { FLATSAT } from "../dictionary/boards.js";

export class FakeBoard {
  readonly port: number;
  readonly received: Buffer[] = [];
  readonly #clients = new Set<Socket>();
  #server: Server | undefined;

  /** Of a port that is free, where nothing listens yet. */
  static async make(): Promise<FakeBoard> {
    return new FakeBoard(await portToKeep());
  }

  constructor(port: number) {
    this.port = port;
  }

  get clients(): number {
    return this.#clients.size;
  }

  async listen(): Promise<void> {
    const server = createServer((socket) => {
      this.#clients.add(socket);
      socket.on("data", (octets) => this.received.push(octets));
      socket.on("error", () => {});
      socket.on("close", () => this.#clients.delete(socket));
    });
    this.#server = server;
    await patiently(
      () =>
        new Promise<void>((resolve, reject) => {
          server.once("error", reject).listen(this.port, "127.0.0.1", () => resolve());
        }),
    );
  }

  send(octets: Uint8Array): void {
    for (const client of this.#clients) {
      client.write(octets);
    }
  }

  /** As when its power is cut. */
  async vanish(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
    for (const client of this.#clients) {
      client.resetAndDestroy();
    }
    await closed;
    this.#server = undefined;
  }

  entry(name: string, dictionary: BoardDictionary = FLATSAT): BoardEntry {
    const link = linkChoice({ host: "127.0.0.1", port: this.port, framing: "space-packets,crc=check16" });
    return { name, link, dictionary };
  }
}
