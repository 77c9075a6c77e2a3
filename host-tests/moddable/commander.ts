/** A client that pings a board and knows its own answers among the reports that all clients get. */
import { connect, type Socket } from "node:net";
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import type { FrameSecurity } from "../../modules/framing/contract/frame-security.js";
import { type FrameDecoder, type Framing, MORE, PACKET } from "../../modules/framing/contract/framing.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { requestId } from "../../modules/pus/telecommand.js";

const CHUNK_LENGTH = 65_536;
/** Far more than a busy machine takes: who waits so long waits for ever. */
const PATIENCE_MS = 60_000;
const PING = Uint8Array.from(Buffer.from("1802c00000062f11010000a7d2", "hex"));
const COMPLETED = "1,7";
/** From a verification report's request ID to its end: that, and the checksum. */
const REQUEST_ID_FROM_END = 6;

/** All commanders count together: no two telecommands of one time have the same request ID. */
let sequenceCount = 0;

export class Commander {
  readonly #socket: Socket;
  readonly #framing: Framing;
  readonly #memory: FixedMemory;
  readonly #decoder: FrameDecoder;
  readonly closed: Promise<void>;
  #isClosed = false;
  #reports: string[] = [];
  #awaited = -1;
  #answered: (() => void) | undefined;

  /**
   * @param security its keys, where the framing wants some
   * @param localAddress that it comes from
   */
  constructor(framing: string, port: number, security?: FrameSecurity, localAddress = "127.0.0.1") {
    const common = { maxPacketLength: 1024, ...(security === undefined ? {} : { security }) };
    this.#framing = parseFraming(framing, framing, common);
    this.#memory = new FixedMemory(CHUNK_LENGTH + 1 + this.#framing.decoderMemory);
    this.#decoder = this.#framing.decoder(this.#memory, CHUNK_LENGTH + 1);
    this.#socket = connect({ port, host: "127.0.0.1", localAddress, noDelay: true });
    this.#socket.on("data", (chunk) => this.#data(chunk));
    this.#socket.on("error", () => {
      // Who waits for an answer is told by the close that follows.
    });
    this.closed = new Promise((resolve) => {
      this.#socket.once("close", () => {
        this.#isClosed = true;
        this.#answered?.();
        resolve();
      });
    });
  }

  /**
   * Sends TC[17,1] and waits until it is reported as completed.
   * @returns service and subtype of what came meanwhile: the verification of this ping, and all that is neither
   *   verification nor housekeeping nor an event
   */
  async ping(): Promise<string[]> {
    const telecommand = PING.slice();
    sequenceCount = (sequenceCount + 1) & 0x3fff;
    telecommand[2] = 0xc0 | (sequenceCount >> 8);
    telecommand[3] = sequenceCount;
    writeCrc16(telecommand, 0, telecommand.length);
    this.#awaited = requestId(telecommand, 0);
    this.#reports = [];
    const answer = new Promise<void>((resolve) => {
      this.#answered = resolve;
    });
    this.#socket.write(encodeFrame(this.#framing, telecommand));
    const patience = setTimeout(() => this.#socket.destroy(), PATIENCE_MS);
    await answer;
    clearTimeout(patience);
    this.#answered = undefined;
    if (!this.#reports.includes(COMPLETED)) {
      throw new Error(`ping ${sequenceCount} got [${this.#reports.join(" ")}], and then the connection's end`);
    }
    return this.#reports;
  }

  /** Ends the connection. @returns (resolves) when the board has ended it, too */
  async close(): Promise<void> {
    this.#socket.end();
    await this.closed;
  }

  /** Resets the connection. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  #data(chunk: Buffer): void {
    const { bytes } = this.#memory;
    bytes.set(chunk);
    this.#decoder.give(0, chunk.length);
    for (let answer = this.#decoder.next(); answer !== MORE; answer = this.#decoder.next()) {
      const { packetStart, packetEnd } = this.#decoder;
      const [service, subtype] = [bytes[packetStart + 7], bytes[packetStart + 8]];
      const isOthers = service === 1 && requestId(bytes, packetEnd - REQUEST_ID_FROM_END) !== this.#awaited;
      if (answer === PACKET && service !== 3 && service !== 5 && !isOthers) {
        this.#reports.push(`${service},${subtype}`);
      }
    }
    if (this.#reports.includes(COMPLETED)) {
      this.#answered?.();
    }
  }
}
