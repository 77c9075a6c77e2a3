/** What the sockets ask of Node and its system, in one object: a test can stand in for both. */
import { type LookupAddress, lookup } from "node:dns";
import { connect, type Socket } from "node:net";
import { type HeldBySystem, heldByLinux } from "./linux-queues.js";

export interface NodeSystem {
  /** The addresses of a name, or of an address itself, in the order in which they are to be tried. Fails as `dns.lookup`. */
  lookup(host: string, done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void): void;
  /** Begins to connect to a numeric address: `connect` or `error` follows, later. */
  connect(address: string, port: number): Socket;
  readonly held: HeldBySystem;
  /** Calls back once. @returns what takes that back */
  after(delayMs: number, callback: () => void): () => void;
}

export const nodeSystem: NodeSystem = {
  lookup: (host, done) => lookup(host, { all: true }, done),
  connect: (address, port) => connect({ host: address, port, allowHalfOpen: true, noDelay: true }),
  held: process.platform === "linux" ? heldByLinux : async () => undefined,
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
