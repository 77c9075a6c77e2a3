/** A tool at a port of the gateway: it frames what it sends, and keeps what comes. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { decodeStream } from "../../../ground/link/streams.js";
import type { Framing } from "../../../modules/framing/contract/framing.js";
import { PacketFramer } from "../../../modules/framing/encode-decode.js";
import { parseFraming } from "../../../modules/framing/registry.js";
import { buildTelecommand } from "../../../modules/pus/build-parse.js";

/** A telecommand of a tool: it says whose, and its number. @param length of its data */
export function telecommand(source: number, number: number, flags = 15, length = 4): Uint8Array {
  const applicationData = new Uint8Array(length);
  new DataView(applicationData.buffer).setUint32(0, number);
  return buildTelecommand({
    apid: 2,
    serviceType: 128,
    messageSubtype: 1,
    packetSequenceCount: number & 0x3fff,
    sourceId: source,
    acknowledgementFlags: flags,
    applicationData,
  });
}

/** Numbers of the telecommands of a source, in the order in which they were carried out. */
export function numbersOf(source: number, carriedOut: readonly Buffer[]): number[] {
  return carriedOut.filter((each) => each.readUInt16BE(9) === source).map((each) => each.readUInt32BE(11));
}

export class Tool {
  readonly packets: Buffer[] = [];
  isClosed = false;
  readonly socket: Socket;
  readonly #framer: PacketFramer;

  static async connect(port: number, framing = "space-packets,crc=check16", host = "127.0.0.1"): Promise<Tool> {
    const socket = connect({ port, host, localAddress: host, allowHalfOpen: true });
    await once(socket, "connect");
    return new Tool(socket, parseFraming("framing", framing, { maxPacketLength: 2048 }));
  }

  private constructor(socket: Socket, framing: Framing) {
    this.socket = socket;
    this.#framer = new PacketFramer(framing, 2048);
    const decoder = decodeStream(framing);
    decoder.on("data", (packet: Buffer) => this.packets.push(Buffer.from(packet)));
    socket.on("data", (octets) => decoder.write(octets));
    socket.on("error", () => {});
    for (const end of ["end", "close"]) {
      socket.on(end, () => {
        this.isClosed = true;
      });
    }
  }

  send(packet: Uint8Array): void {
    this.socket.write(this.#framer.frame(packet)!);
  }

  /** Sequence counts of the telecommands that acceptance reports are about. */
  get accepted(): number[] {
    return this.packets
      .filter((packet) => packet[7] === 1 && packet[8] === 1)
      .map((packet) => packet.readUInt32BE(packet.length - 6) & 0x3fff);
  }
}

/** Waits for it. The limit is long: a machine may be busy with other things. */
export async function until(what: string, probe: () => boolean, limitMs = 60_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!probe()) {
    if (Date.now() > deadline) {
      throw new Error(`not in ${limitMs} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
