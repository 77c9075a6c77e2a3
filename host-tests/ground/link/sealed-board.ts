/** A board that takes sealed telecommands, made of the modules; and a proxy in front of it that cuts connections where it is told. */
import { once } from "node:events";
import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { createNodeIo, type NodeIo, nodeClock, nodeTicker } from "../../../host/index.js";
import { Aes256Gcm } from "../../../modules/crypto/aes-gcm.js";
import type { FrameSecurity } from "../../../modules/framing/contract/frame-security.js";
import type { Framing } from "../../../modules/framing/contract/framing.js";
import { tcFrames } from "../../../modules/framing/formats/tc-frames.js";
import { TmtcServer } from "../../../modules/link/server/tmtc-server.js";
import { FixedMemory } from "../../../modules/memory/fixed-memory.js";
import { ACTIVE, EMPTY } from "../../../modules/security/association-states.js";
import { KeyRing } from "../../../modules/security/key-ring.js";
import { ReceivingAssociation } from "../../../modules/security/receiving-association.js";
import { SendingAssociation } from "../../../modules/security/sending-association.js";
import { PacketLog } from "../../../modules/tmtc/packet-log.js";
import { patiently, portToKeep } from "../../project.js";
import { MemoryStore } from "../../security/memory-store.js";
import type { Teardown } from "./linked.js";

const SPI = 1;
const ADDRESS = "127.0.0.1";
const SPACECRAFT = 0xab;
export const KEY = Uint8Array.from({ length: 32 }, (_, k) => k);

/** A space packet that says its number. */
export function telecommand(number: number): Uint8Array {
  const bytes = Uint8Array.of(0x18, 0x02, 0xc0, number & 0xff, 0, 3, 0, 0, 0, 0);
  new DataView(bytes.buffer).setUint32(6, number);
  return bytes;
}

export function numberIn(bytes: Uint8Array, start = 0): number {
  return new DataView(bytes.buffer, bytes.byteOffset + start).getUint32(6);
}

/** Octets of a sealed telecommand. */
export const FRAME_LENGTH = 5 + 14 + 10 + 16 + 2;

export interface Ground {
  readonly framing: Framing;
  readonly sealer: SendingAssociation;
  readonly store: MemoryStore;
}

/** A sender's framing and key. @param store that of one before, which it goes on behind */
export function sender(store = new MemoryStore(), block = 4): Ground {
  if (store.load("counter") === undefined) {
    store.save("counter", new Uint8Array(12));
  }
  const sealer = new SendingAssociation({ spi: SPI, aead: new Aes256Gcm(KEY), store, name: "counter", block });
  const security: FrameSecurity = { end: "ground", opener: undefined, sealer };
  return { framing: tcFrames({ spacecraftId: SPACECRAFT, sdls: "tc", security }), sealer, store };
}

export class SealedBoard {
  /** Numbers of the telecommands that were carried out, over all its lives. */
  readonly carriedOut: number[] = [];
  /** Offers that the sink refuses before each that it takes. */
  refusals = 0;
  readonly store = new MemoryStore();
  #io: NodeIo | undefined;
  #server: TmtcServer | undefined;
  #retry: { stop(): void } | undefined;
  #association: ReceivingAssociation | undefined;
  #port = 0;

  get port(): number {
    return this.#port;
  }

  get counter(): number {
    return this.#association?.last ?? 0;
  }

  /** Under the same port, and from the same store, as before. */
  async start(): Promise<void> {
    const association = new ReceivingAssociation(SPI, this.store, (key) => new Aes256Gcm(key));
    if (association.state === EMPTY) {
      association.provision(KEY, ACTIVE);
    }
    this.#association = association;
    const security: FrameSecurity = { end: "board", opener: new KeyRing([association]), sealer: undefined };
    const memory = new FixedMemory(65_536);
    const log = new PacketLog({ memory });
    const tell = (): boolean => {
      const report = telecommand(association.last);
      return log.append(report, 0, report.length);
    };
    this.#port ||= await portToKeep();
    const io = await patiently(() => createNodeIo({ listen: [{ port: this.#port, address: ADDRESS }] }));
    let offers = 0;
    const server = new TmtcServer({
      io,
      ticker: nodeTicker,
      clock: nodeClock,
      memory,
      framing: tcFrames({ spacecraftId: SPACECRAFT, sdls: "tc", security }),
      port: this.#port,
      address: ADDRESS,
      telecommands: {
        accept: (bytes, start, _end, _from, _kind, _judged, receipt) => {
          if (offers++ < this.refusals) {
            return false;
          }
          offers = 0;
          if (receipt?.commit() !== true) {
            return true;
          }
          this.carriedOut.push(numberIn(bytes, start));
          tell();
          return true;
        },
      },
      telemetry: log,
      // As housekeeping does: whoever comes is told.
      onConnect: () => void tell(),
    });
    server.start();
    this.#io = io;
    this.#server = server;
    this.#retry = nodeTicker.start(2, () => server.resume());
  }

  /** As a board does whose power fails: what it has not kept is gone. */
  stop(): void {
    this.#retry?.stop();
    this.#io?.network.shutDown();
    this.#server?.stop();
  }
}

/** Where a connection is cut: behind so many octets that go up, or that come down. */
export interface Cut {
  readonly up?: number;
  readonly down?: number;
  /** Behind so many that go up, all goes up, and nothing comes down: it is cut a while later. */
  readonly deafBehind?: number;
}

const DEAF_MS = 500;

export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** How the connections that are still to come are cut; where there is nothing left, they are not. */
  readonly cuts: Cut[];
  connections = 0;
  /** Nobody can connect behind the first cut. */
  isLast = false;
  onCut: (() => void) | undefined;

  static async before(t: Teardown, board: { readonly port: number }, cuts: readonly Cut[]): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(board, cuts);
    proxy.#server.listen(0, ADDRESS);
    await once(proxy.#server, "listening");
    t.teardown(() => proxy.close());
    return proxy;
  }

  private constructor(board: { readonly port: number }, cuts: readonly Cut[]) {
    this.cuts = [...cuts];
    this.#server = createServer({ noDelay: true }, (ground) => this.#carry(ground, board.port));
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  #carry(ground: Socket, port: number): void {
    this.connections++;
    const none = Number.POSITIVE_INFINITY;
    const { up = none, down = none, deafBehind = none } = this.cuts.shift() ?? {};
    let carried = 0;
    let isDeaf = deafBehind === 0;
    const board = dial({ port, host: ADDRESS, noDelay: true });
    const cut = (): void => {
      this.onCut?.();
      if (this.isLast) {
        this.#server.close();
      }
      // What went up arrives.
      board.end();
      ground.resetAndDestroy();
    };
    for (const [from, to, limit] of [
      [ground, board, up],
      [board, ground, down],
    ] as const) {
      this.#sockets.add(from);
      let left = limit;
      from
        .on("error", () => {})
        .on("close", () => {
          this.#sockets.delete(from);
          to.end();
        });
      from.on("data", (octets: Buffer) => {
        if (from === ground) {
          carried += octets.length;
          if (carried >= deafBehind && !isDeaf) {
            isDeaf = true;
            setTimeout(cut, DEAF_MS).unref();
          }
        } else if (isDeaf) {
          return;
        }
        if (left > 0) {
          to.write(octets.subarray(0, left));
        }
        left -= octets.length;
        if (left <= 0) {
          cut();
        }
      });
    }
    if (up === 0 || down === 0) {
      cut();
    }
  }
}
