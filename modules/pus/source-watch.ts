/**
 * Packet extraction with a data loss indicator for telecommands: whoever sends them counts them for himself. So sequence counts are
 * watched for each source ID (ECSS-E-ST-70-41C, 7.4.4.1) of each connection, and two ground tools of which each counts without a gap
 * make none. Of sources there is a fixed number of places; one more takes the place of the one that was silent longest.
 */
import type { PacketExtraction } from "../ccsds/packet-services.js";
import { PACKET_SEQUENCE_COUNT_MODULUS, packetSequenceCount } from "../ccsds/primary-header.js";
import { checkRange } from "../checks/options.js";
import { sourceId } from "./telecommand.js";

const SOURCE_IDS = 0x10000;
/** Nobody has the place. */
const NOBODY = -1;

/** Columns of a place: connection * 65,536 + source ID; the count that comes next; when it was heard last, by the number of packets. */
const SOURCE = 0;
const EXPECTED = 1;
const HEARD = 2;
const COLUMNS = 3;

export class SourceWatch implements PacketExtraction {
  /** Packets missing. A count that went back shows as almost a whole round of 16,384. */
  missing = 0;
  readonly #places: Float64Array;
  /** Where the place of the packet before begins. */
  #last = 0;
  #packets = 0;

  /**
   * @param places sources that are watched at a time, 1 to 255
   * @throws TypeError or RangeError when it is out of its range
   */
  constructor(places: number) {
    checkRange("places for sources of telecommands", places, 1, 255);
    this.#places = new Float64Array(COLUMNS * places);
    for (let at = 0; at < this.#places.length; at += COLUMNS) {
      this.#places[at + SOURCE] = NOBODY;
    }
  }

  /** @param from number of the connection that the telecommand came from */
  extract(bytes: Uint8Array, start: number, from: number = 0): number {
    const source = from * SOURCE_IDS + sourceId(bytes, start);
    const count = packetSequenceCount(bytes, start);
    const places = this.#places;
    const at = places[this.#last + SOURCE] === source ? this.#last : this.#find(source);
    let gap = 0;
    if (places[at + SOURCE] === source) {
      gap = (count - places[at + EXPECTED]! + PACKET_SEQUENCE_COUNT_MODULUS) % PACKET_SEQUENCE_COUNT_MODULUS;
      this.missing += gap;
    } else {
      // Nobody knows what came before its first packet.
      places[at + SOURCE] = source;
    }
    places[at + EXPECTED] = (count + 1) % PACKET_SEQUENCE_COUNT_MODULUS;
    places[at + HEARD] = ++this.#packets;
    this.#last = at;
    return gap;
  }

  /** @returns where the source's place begins, or the one that it takes */
  #find(source: number): number {
    const places = this.#places;
    let oldest = 0;
    for (let at = 0; at < places.length; at += COLUMNS) {
      if (places[at + SOURCE] === source) {
        return at;
      }
      if (places[at + HEARD]! < places[oldest + HEARD]!) {
        oldest = at;
      }
    }
    return oldest;
  }
}
