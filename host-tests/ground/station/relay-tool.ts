/** A ground tool that connects to a relay port: it frames what it sends, and keeps the packets that come. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { relayArgument, withRelays } from "../../../ground/commands/relay-argument.js";
import { decodeStream } from "../../../ground/link/streams.js";
import type { BoardEntry, Station } from "../../../ground/station/station.js";
import { hasValidCrc16 } from "../../../modules/ccsds/crc16.js";
import { packetSequenceCount } from "../../../modules/ccsds/primary-header.js";
import { parsePorts } from "../../../modules/flatsat/configuration.js";
import type { Framing } from "../../../modules/framing/contract/framing.js";
import { encodeFrame } from "../../../modules/framing/encode-decode.js";
import { buildTelecommand, type TelecommandFields } from "../../../modules/pus/build-parse.js";
import { requestId } from "../../../modules/pus/telecommand.js";
import { telemetryMessageSubtype, telemetryServiceType } from "../../../modules/pus/telemetry.js";
import { FLATSAT } from "../dictionary/boards.js";

/** Octets of a flatsat's telemetry in front of its data, in CDS. */
const DATA = 20;

/** The board, with a relay port for each text: `0,cobs`. */
export function relayed(entry: BoardEntry, ...ports: readonly string[]): BoardEntry {
  return withRelays(
    [entry],
    ports.map((text) => relayArgument(entry.name, text)),
  )[0]!;
}

export function telecommand(fields: Partial<TelecommandFields> = {}): Uint8Array {
  return buildTelecommand({ apid: FLATSAT.conventions.apid, serviceType: 17, messageSubtype: 1, ...fields });
}

/** `1,1 5`: a report, and the sequence count in its request ID. */
export function verificationIn(packet: Uint8Array): string | undefined {
  return telemetryServiceType(packet, 0) === 1
    ? `1,${telemetryMessageSubtype(packet, 0)} ${requestId(packet, DATA) & 0x3fff}`
    : undefined;
}

export class Tool {
  readonly packets: Uint8Array[] = [];
  /** The station has closed its side, or both have. */
  isClosed = false;
  readonly socket: Socket;
  readonly #framing: Framing;

  private constructor(socket: Socket, framing: Framing) {
    this.socket = socket;
    this.#framing = framing;
    socket.on("error", () => {});
    for (const end of ["end", "close"]) {
      socket.on(end, () => {
        this.isClosed = true;
      });
    }
    const decoder = decodeStream(framing);
    decoder.on("data", (packet: Buffer) => this.packets.push(new Uint8Array(packet)));
    socket.on("data", (bytes) => decoder.write(bytes));
  }

  /** @param index of the station's relay ports */
  static async connect(station: Station, index = 0): Promise<Tool> {
    const { port, framingText } = station.relays.ports[index]!;
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    await once(socket, "connect");
    return new Tool(socket, framingOf(framingText));
  }

  get verification(): string[] {
    return this.packets.flatMap((packet) => verificationIn(packet) ?? []);
  }

  /** Sequence counts that do not follow the one before. */
  get gaps(): number[] {
    const counts = this.packets.map((packet) => packetSequenceCount(packet, 0));
    return counts.filter((count, k) => k > 0 && count !== ((counts[k - 1]! + 1) & 0x3fff));
  }

  get areSound(): boolean {
    return this.packets.every((packet) => hasValidCrc16(packet, 0, packet.length));
  }

  send(packet: Uint8Array): void {
    this.socket.write(encodeFrame(this.#framing, packet));
  }
}

export function framingOf(text: string): Framing {
  const [name, ...keys] = text.split(",");
  return parsePorts([`${name}:1`, ...keys].join(","), 1024)[0]!.framing;
}
