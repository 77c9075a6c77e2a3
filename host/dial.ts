/**
 * One connection out, to whichever address of a name answers first (RFC 8305, "happy eyeballs").
 *
 * The next address is tried when an attempt has failed, or has taken so long that it may come to nothing; what is under way
 * goes on. Node's own way ends it then, so that a server that takes a second to answer is never reached. How long all of it
 * may take is for whoever dials to say: `cancel`.
 */
import type { LookupAddress } from "node:dns";
import { isIP, type Socket } from "node:net";
import { type NodeSystem, nodeSystem } from "./node-system.js";

/** "Connection Attempt Delay" of RFC 8305. */
const NEXT_ADDRESS_MS = 250;

/** Errors of this machine's own: what another address says is more to the point. */
const NO_WAY: ReadonlySet<string | undefined> = new Set([
  "ENETUNREACH",
  "EHOSTUNREACH",
  "EADDRNOTAVAIL",
  "EAFNOSUPPORT",
]);

/** Who wants the connection. One of the two is told, once, in a later turn of the event loop. */
export interface Dialler {
  opened(socket: Socket): void;
  failed(error: NodeJS.ErrnoException): void;
}

export class Dial {
  readonly #port: number;
  readonly #dialler: Dialler;
  readonly #system: NodeSystem;
  readonly #underWay = new Set<Socket>();
  /** Not tried yet. */
  #addresses: LookupAddress[] = [];
  /** Takes back that the next one is tried. */
  #wait: (() => void) | undefined;
  /** The failure to tell, if all fail. */
  #error: NodeJS.ErrnoException | undefined;
  #isOver = false;

  /** @param host a name or a numeric address */
  constructor(host: string, port: number, dialler: Dialler, system: NodeSystem = nodeSystem) {
    this.#port = port;
    this.#dialler = dialler;
    this.#system = system;
    if (isIP(host) !== 0) {
      this.#attempt(host);
      return;
    }
    system.lookup(host, (error, addresses) => {
      if (this.#isOver) {
        return;
      }
      if (error !== null) {
        this.#fail(error);
        return;
      }
      this.#addresses = alternate(addresses);
      this.#tryNext();
    });
  }

  /** Gives up. Nobody is told. */
  cancel(): void {
    this.#isOver = true;
    this.#wait?.();
    for (const socket of this.#underWay) {
      socket.destroy();
    }
    this.#underWay.clear();
  }

  #tryNext(): void {
    this.#wait?.();
    const next = this.#addresses.shift();
    if (next !== undefined) {
      this.#attempt(next.address);
      this.#wait = this.#system.after(NEXT_ADDRESS_MS, () => this.#tryNext());
    } else if (this.#underWay.size === 0) {
      this.#fail(this.#error as NodeJS.ErrnoException);
    }
  }

  #attempt(address: string): void {
    const socket = this.#system.connect(address, this.#port);
    this.#underWay.add(socket);
    const failed = (error: NodeJS.ErrnoException): void => {
      if (this.#underWay.delete(socket)) {
        socket.destroy();
        if (this.#error === undefined || NO_WAY.has(this.#error.code)) {
          this.#error = error;
        }
        this.#tryNext();
      }
    };
    socket.on("error", failed);
    socket.once("connect", () => {
      if (isSelfConnected(socket)) {
        // TCP's simultaneous open, with the port that the system picked for this very attempt. A reset frees it at once.
        socket.resetAndDestroy();
        failed(refused(address, this.#port));
        return;
      }
      if (this.#underWay.delete(socket)) {
        socket.off("error", failed);
        this.cancel();
        this.#dialler.opened(socket);
      }
    });
  }

  #fail(error: NodeJS.ErrnoException): void {
    this.cancel();
    this.#dialler.failed(error);
  }
}

/** Where nobody listens on a port that systems also pick for those who connect, who connects can meet himself. */
function isSelfConnected({ localAddress, localPort, remoteAddress, remotePort }: Socket): boolean {
  return localPort !== undefined && localPort === remotePort && localAddress === remoteAddress;
}

/** As the system would have said, had it picked another port. */
function refused(address: string, port: number): NodeJS.ErrnoException {
  return Object.assign(new Error(`connect ECONNREFUSED ${address}:${port}`), { code: "ECONNREFUSED" });
}

/** The families in turn, beginning with the first: one that does not work here must not use up the time. */
function alternate(addresses: readonly LookupAddress[]): LookupAddress[] {
  const first = addresses.filter(({ family }) => family === addresses[0]?.family);
  const others = addresses.filter(({ family }) => family !== addresses[0]?.family);
  const all: LookupAddress[] = [];
  for (let index = 0; index < addresses.length; index++) {
    all.push(...first.slice(index, index + 1), ...others.slice(index, index + 1));
  }
  return all;
}
