/** A board on a port that counts what it sends, as boards do, and reports on telecommands when the test says so. */
import type { BoardEntry } from "../../../ground/station/station.js";
import { CDS_SHORT_LENGTH, CDS_SHORT_P_FIELD } from "../../../modules/ccsds/cds-short.js";
import { PRIMARY_HEADER_LENGTH, packetLength } from "../../../modules/ccsds/primary-header.js";
import { buildTelemetry } from "../../../modules/pus/build-parse.js";
import { requestId } from "../../../modules/pus/telecommand.js";
import { portToKeep } from "../../project.js";
import { FLATSAT } from "../dictionary/boards.js";
import { FakeBoard } from "./fake-board.js";

const NO_TIME = Uint8Array.from([CDS_SHORT_P_FIELD, ...new Array<number>(CDS_SHORT_LENGTH - 1).fill(0)]);
/** A service that the dictionary does not have. */
export const OTHER_SERVICE = 201;

export class ScriptedBoard {
  readonly fake: FakeBoard;
  #count = 0;
  readonly #counters = new Map<number, number>();
  readonly #telecommands: Uint8Array[] = [];
  /** Of what came, looked at; and what is left of it. */
  #taken = 0;
  #rest: Uint8Array = new Uint8Array(0);

  private constructor(port: number) {
    this.fake = new FakeBoard(port);
  }

  static async start(): Promise<ScriptedBoard> {
    const board = new ScriptedBoard(await portToKeep());
    await board.fake.listen();
    return board;
  }

  /** It loses its counts. */
  async restart(): Promise<void> {
    await this.fake.vanish();
    this.#count = 0;
    this.#counters.clear();
    await this.fake.listen();
  }

  entry(): BoardEntry {
    return this.fake.entry("b1");
  }

  /** What came, one by one: bare space packets stand one behind the other. */
  get telecommands(): readonly Uint8Array[] {
    const { received } = this.fake;
    if (received.length > this.#taken) {
      let rest = Buffer.concat([this.#rest, ...received.slice(this.#taken)]);
      this.#taken = received.length;
      while (rest.length >= PRIMARY_HEADER_LENGTH && rest.length >= packetLength(rest, 0)) {
        const length = packetLength(rest, 0);
        this.#telecommands.push(new Uint8Array(rest.subarray(0, length)));
        rest = rest.subarray(length);
      }
      this.#rest = rest;
    }
    return this.#telecommands;
  }

  /** A packet with the counts that come next. */
  next(serviceType: number, messageSubtype: number, sourceData: Uint8Array): Uint8Array {
    const type = 256 * serviceType + messageSubtype;
    const counter = this.#counters.get(type) ?? 0;
    this.#counters.set(type, counter + 1);
    return buildTelemetry({
      apid: FLATSAT.conventions.apid,
      packetSequenceCount: this.#count++ & 0x3fff,
      serviceType,
      messageSubtype,
      messageTypeCounter: counter,
      timeStamp: NO_TIME,
      sourceData,
    });
  }

  send(...packets: readonly Uint8Array[]): void {
    this.fake.send(Buffer.concat(packets));
  }

  /** Any telemetry. */
  tell(value: number): void {
    this.send(this.next(OTHER_SERVICE, 1, Uint8Array.of(value >> 8, value)));
  }

  /** TM[1,subtype] on a telecommand that came, or on a request ID. */
  reportOn(subtype: number, about: Uint8Array | number): void {
    const sourceData = new Uint8Array(4);
    new DataView(sourceData.buffer).setUint32(0, typeof about === "number" ? about : requestId(about, 0));
    this.send(this.next(1, subtype, sourceData));
  }

  complete(telecommand: Uint8Array): void {
    for (const subtype of [1, 3, 7]) {
      this.reportOn(subtype, telecommand);
    }
  }
}

/** Of TM of `tell`. */
export function toldIn(packet: Uint8Array): number | undefined {
  return packet[7] === OTHER_SERVICE && packet[8] === 1
    ? new DataView(packet.buffer).getUint16(packet.length - 4)
    : undefined;
}
