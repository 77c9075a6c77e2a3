/** The four functions of the Space Packet Protocol, as a board needs them (CCSDS 133.0-B-2, 4.2 and 4.3). */
import { checkWithin } from "../checks/options.js";
import { constructSpacePacket } from "./construct.js";
import { NOTHING_JUDGED } from "./judgements.js";
import type {
  PacketAssembly,
  PacketExtraction,
  PacketReception,
  PacketTransfer,
  PacketUser,
  Receipt,
} from "./packet-services.js";
import {
  apid as apidOf,
  checkSpacePacket,
  IDLE_APID,
  isIdle,
  PACKET_SEQUENCE_COUNT_MODULUS,
  type PacketType,
  packetSequenceCount,
  type SequenceFlags,
  VALID,
} from "./primary-header.js";
import { NO_COUNTER, type SequenceCounters } from "./sequence-counters.js";

/** `assemble`: every sequence counter belongs to another APID. Follows the numbers of `ConstructStatus`. */
export const NO_SEQUENCE_COUNTER = 16;

/** Packet assembly over one set of sequence counters: all that is sent with an APID must pass through one of these. */
export class PacketAssembler implements PacketAssembly {
  readonly #counters: SequenceCounters;

  /** @param counters the counts of this board, shared by whoever else sends */
  constructor(counters: SequenceCounters) {
    this.#counters = counters;
  }

  assemble(
    bytes: Uint8Array,
    start: number,
    end: number,
    packetType: PacketType,
    secondaryHeaderFlag: boolean,
    apid: number,
    sequenceFlags: SequenceFlags,
  ): number {
    const count = this.#counters.peek(apid);
    if (count === NO_COUNTER) {
      return NO_SEQUENCE_COUNTER;
    }
    const status = constructSpacePacket(bytes, start, end, packetType, secondaryHeaderFlag, apid, sequenceFlags, count);
    if (status === VALID) {
      this.#counters.set(apid, count + 1);
    }
    return status;
  }
}

/** Where packets of an APID go. */
export interface Destination {
  readonly apid: number;
  readonly to: PacketTransfer;
}

/** Packet transfer by APID. Idle packets go to the default: a link may need them. */
export class PacketSwitch implements PacketTransfer {
  readonly #destinations: readonly Destination[];
  readonly #otherwise: PacketTransfer | undefined;
  /** Packets that no destination was known for. */
  unroutable = 0;

  /** @param otherwise takes the packets of every APID that is not listed; without it they are counted and dropped */
  constructor(destinations: readonly Destination[], otherwise?: PacketTransfer) {
    this.#destinations = destinations;
    this.#otherwise = otherwise;
  }

  transfer(bytes: Uint8Array, start: number, end: number): boolean {
    const apid = apidOf(bytes, start);
    for (let i = 0; i < this.#destinations.length; i++) {
      const destination = this.#destinations[i]!;
      if (destination.apid === apid) {
        return destination.to.transfer(bytes, start, end);
      }
    }
    if (this.#otherwise === undefined) {
      this.unroutable++;
      return false;
    }
    return this.#otherwise.transfer(bytes, start, end);
  }
}

/** Nobody knows what came before the first packet. */
const NO_PACKET_YET = -1;

/** Packet extraction with a data loss indicator from the sequence counts of one APID, whose packets alone come here. */
export class SequenceWatch implements PacketExtraction {
  /** Packets missing. A count that went back shows as almost a whole round of 16,384. */
  missing = 0;
  #expected = NO_PACKET_YET;

  extract(bytes: Uint8Array, start: number): number {
    const count = packetSequenceCount(bytes, start);
    const expected = this.#expected;
    this.#expected = (count + 1) % PACKET_SEQUENCE_COUNT_MODULUS;
    if (expected === NO_PACKET_YET) {
      return 0;
    }
    const gap = (count - expected + PACKET_SEQUENCE_COUNT_MODULUS) % PACKET_SEQUENCE_COUNT_MODULUS;
    this.missing += gap;
    return gap;
  }
}

/**
 * The same for packets of any APID, of which some are watched. These are named at boot: whoever sends packets with other
 * APIDs takes no place away from those that are meant.
 */
export class PacketExtractor implements PacketExtraction {
  readonly #apids: readonly number[];
  /** By the place of the APID. */
  readonly #watches: readonly SequenceWatch[];

  /**
   * @param apids to watch, each 0 to 2046. Packets with any other APID pass unwatched.
   * @throws RangeError when an APID is out of its range
   */
  constructor(apids: readonly number[]) {
    this.#apids = apids.map((apid) => checkWithin("an APID to watch", apid, 0, IDLE_APID - 1));
    this.#watches = apids.map(() => new SequenceWatch());
  }

  /** Packets missing, over all APIDs watched. */
  get missing(): number {
    let sum = 0;
    for (let i = 0; i < this.#watches.length; i++) {
      sum += this.#watches[i]!.missing;
    }
    return sum;
  }

  extract(bytes: Uint8Array, start: number): number {
    const apid = apidOf(bytes, start);
    for (let i = 0; i < this.#apids.length; i++) {
      if (this.#apids[i] === apid) {
        return this.#watches[i]!.extract(bytes, start);
      }
    }
    return 0;
  }
}

/**
 * Packet reception: checks what the link delivers, drops idle packets, watches for loss, and hands the rest to its user.
 * A packet sink: it may stand right behind a frame decoder.
 */
export class PacketReceiver implements PacketReception {
  readonly #user: PacketUser;
  readonly #extraction: PacketExtraction | undefined;
  /** Packets handed on. */
  received = 0;
  idle = 0;
  invalid = 0;

  /** @param extraction watches the sequence counts; left out, nobody does */
  constructor(user: PacketUser, extraction?: PacketExtraction) {
    this.#user = user;
    this.#extraction = extraction;
  }

  accept(
    bytes: Uint8Array,
    start: number,
    end: number,
    from: number,
    kind = 0,
    judged = NOTHING_JUDGED,
    receipt?: Receipt,
  ): boolean {
    if (checkSpacePacket(bytes, start, end) !== VALID) {
      this.invalid++;
      return true;
    }
    if (isIdle(bytes, start)) {
      this.idle++;
      return true;
    }
    const accepted = this.#user.accept(bytes, start, end, from, kind, judged, receipt);
    if (accepted) {
      this.#extraction?.extract(bytes, start);
      this.received++;
    }
    return accepted;
  }
}
