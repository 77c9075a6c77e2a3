/** The socket cases' rig over `node:net`, with plain sockets as the far ends. */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createNodeIo, type NodeIo } from "../../host/node-io.js";
import type { Peer, Rig } from "./socket-cases.js";

/** A client on a plain socket. */
export class NodePeer implements Peer {
  readonly socket: Socket;
  readonly #chunks: Buffer[] = [];
  ended = false;
  wasReset = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk) => this.#chunks.push(chunk));
    socket.on("end", () => {
      this.ended = true;
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.wasReset = error.code === "ECONNRESET" || error.code === "EPIPE";
    });
  }

  send(bytes: Uint8Array): void {
    this.socket.write(Uint8Array.from(bytes));
  }

  end(): void {
    this.socket.end();
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  pauseReading(): void {
    this.socket.pause();
  }

  resumeReading(): void {
    this.socket.resume();
  }

  received(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

export function connectPeer(port: number): Promise<NodePeer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(new NodePeer(socket));
    });
  });
}

/** Polls, for at most `limitMs`. */
export async function until(what: string, condition: () => boolean, limitMs = 30_000): Promise<void> {
  const limit = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > limit) {
      throw new Error(`did not come in ${limitMs} ms: ${what}`);
    }
    await sleep(1);
  }
}

export function nodeRig(): Rig {
  const opened: NodeIo[] = [];
  const peers: NodePeer[] = [];
  return {
    async open(receiveWindow, sendBuffer) {
      const aborted: unknown[] = [];
      const io = await createNodeIo({
        receiveWindow,
        sendBuffer,
        listen: [{ port: 0, address: "127.0.0.1" }],
        onAbort: (error) => aborted.push(error),
      });
      opened.push(io);
      return { io, aborted };
    },
    async connect(port) {
      const peer = await connectPeer(port);
      peers.push(peer);
      return peer;
    },
    until,
    async rest() {
      await sleep(30);
    },
    async close() {
      for (const peer of peers) {
        peer.socket.destroy();
      }
      for (const io of opened) {
        io.network.shutDown();
      }
      await sleep(0);
    },
  };
}
