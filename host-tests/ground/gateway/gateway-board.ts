/** A board that takes sealed telecommands, made of the modules, and answers each with its acceptance report. */
import { createNodeIo, type NodeIo, nodeClock, nodeTicker } from "../../../host/index.js";
import { CdsShort } from "../../../modules/ccsds/cds-short.js";
import { Aes256Gcm } from "../../../modules/crypto/aes-gcm.js";
import type { FrameSecurity } from "../../../modules/framing/contract/frame-security.js";
import { parseFraming } from "../../../modules/framing/registry.js";
import { TmtcServer } from "../../../modules/link/server/tmtc-server.js";
import { FixedMemory } from "../../../modules/memory/fixed-memory.js";
import { buildTelemetry } from "../../../modules/pus/build-parse.js";
import { acknowledgementFlags, requestId } from "../../../modules/pus/telecommand.js";
import { ACTIVE, EMPTY } from "../../../modules/security/association-states.js";
import { KeyRing } from "../../../modules/security/key-ring.js";
import { ReceivingAssociation } from "../../../modules/security/receiving-association.js";
import { SendingAssociation } from "../../../modules/security/sending-association.js";
import { PacketLog } from "../../../modules/tmtc/packet-log.js";
import { patiently, portToKeep } from "../../project.js";
import { MemoryStore } from "../../security/memory-store.js";

const ADDRESS = "127.0.0.1";
const ACKNOWLEDGE_ACCEPTANCE = 8;
export const TELEMETRY_SPI = 9;

export interface GatewayBoardOptions {
  /** By SPI. */
  readonly keys: Readonly<Record<number, Uint8Array>>;
  readonly framingText: string;
  /** It seals telemetry with, as SPI 9. */
  readonly telemetryKey?: Uint8Array;
  /** A second port, for telemetry alone. */
  readonly hasTelemetryPort?: boolean;
}

export class GatewayBoard {
  readonly port: number;
  readonly telemetryPort: number;
  /** Telecommands that were carried out, over all its lives: each as it came. */
  readonly carriedOut: Buffer[] = [];
  /** Frames that were refused, by cause, of connections that are over. */
  readonly refused = new Map<string, number>();
  /** It takes no telecommand. */
  isHolding = false;
  connections = 0;
  readonly #options: GatewayBoardOptions;
  readonly #store = new MemoryStore();
  #io: NodeIo | undefined;
  #servers: TmtcServer[] = [];
  #retry: { stop(): void } | undefined;
  #log: PacketLog | undefined;
  #count = 0;

  static async make(options: GatewayBoardOptions): Promise<GatewayBoard> {
    return new GatewayBoard(options, await portToKeep(), await portToKeep());
  }

  private constructor(options: GatewayBoardOptions, port: number, telemetryPort: number) {
    this.#options = options;
    this.port = port;
    this.telemetryPort = telemetryPort;
    this.#store.save("telemetry", new Uint8Array(12));
  }

  /** Under the same ports, and from the same store, as before. */
  async start(): Promise<void> {
    const { keys, framingText, telemetryKey, hasTelemetryPort = false } = this.#options;
    const associations = Object.entries(keys).map(([spi, key]) => {
      const association = new ReceivingAssociation(Number(spi), this.#store, (octets) => new Aes256Gcm(octets));
      if (association.state === EMPTY) {
        association.provision(key, ACTIVE);
      }
      return association;
    });
    const sealer =
      telemetryKey &&
      new SendingAssociation({
        spi: TELEMETRY_SPI,
        aead: new Aes256Gcm(telemetryKey),
        store: this.#store,
        name: "telemetry",
      });
    const security: FrameSecurity = { end: "board", opener: new KeyRing(associations), sealer };
    const common = { maxPacketLength: 1024, security };
    const memory = new FixedMemory(1 << 19);
    const log = new PacketLog({ memory, length: 200_000 });
    this.#log = log;
    const listen = [this.port, ...(hasTelemetryPort ? [this.telemetryPort] : [])];
    const io = await patiently(() => createNodeIo({ listen: listen.map((port) => ({ port, address: ADDRESS })) }));
    const parts = { io, ticker: nodeTicker, clock: nodeClock, memory, address: ADDRESS };
    const up = new TmtcServer({
      ...parts,
      framing: parseFraming("framing", framingText, common),
      port: this.port,
      telecommands: {
        accept: (bytes, start, end, _from, _kind, _judged, receipt) => {
          if (this.isHolding) {
            return false;
          }
          if (receipt?.commit() === true) {
            this.#carryOut(Buffer.from(bytes.slice(start, end)));
          }
          return true;
        },
      },
      ...(hasTelemetryPort ? {} : { telemetry: log }),
      onConnect: () => {
        this.connections++;
      },
      onDisconnect: ({ rejections }) => {
        for (const [cause, times] of Object.entries(rejections)) {
          this.refused.set(cause, (this.refused.get(cause) ?? 0) + times);
        }
      },
    });
    this.#servers = [up];
    if (hasTelemetryPort) {
      const framing = parseFraming("telemetry", "cobs", common);
      this.#servers.push(new TmtcServer({ ...parts, framing, port: this.telemetryPort, telemetry: log }));
    }
    for (const server of this.#servers) {
      server.start();
    }
    this.#io = io;
    this.#retry = nodeTicker.start(2, () => up.resume());
  }

  /** As a board does whose power fails: what it has not kept is gone. */
  stop(): void {
    this.#retry?.stop();
    this.#io?.network.shutDown();
    for (const server of this.#servers) {
      server.stop();
    }
    this.#servers = [];
  }

  /** A telemetry packet of its own. */
  tell(serviceType: number, messageSubtype: number, sourceData: Uint8Array): void {
    const timeStamp = new Uint8Array(7);
    new CdsShort().write(timeStamp, 0, Date.now());
    const packetSequenceCount = this.#count++ & 0x3fff;
    const packet = buildTelemetry({
      apid: 2,
      packetSequenceCount,
      serviceType,
      messageSubtype,
      timeStamp,
      sourceData,
    });
    this.#log?.append(packet, 0, packet.length);
  }

  #carryOut(telecommand: Buffer): void {
    this.carriedOut.push(telecommand);
    if ((acknowledgementFlags(telecommand, 0) & ACKNOWLEDGE_ACCEPTANCE) !== 0) {
      const id = new Uint8Array(4);
      new DataView(id.buffer).setUint32(0, requestId(telecommand, 0));
      this.tell(1, 1, id);
    }
  }
}
