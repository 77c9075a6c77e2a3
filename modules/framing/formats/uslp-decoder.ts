/**
 * Takes space packets out of USLP transfer frames: the data zones of one MAP, put one behind the other, are a stream of
 * packets (CCSDS 732.1-B, 4.1.4.2).
 *
 * Two decoders and this between them: one finds the transfer frames in the bytes that come, the other one finds the
 * packets in the data zones, and gathers those that span frames. A frame is taken from the first one when the second one
 * has nothing more to say of it.
 *
 * A packet that is begun and does not go on was cut off, or its length is wrong. The latter is certain where no frame is
 * missing: then the packets are delivered that it had swallowed, unless bad packets are passed over. Otherwise its octets
 * are those of one packet, and a search would find packets in it that nobody has sent.
 */
import {
  bypassFlag,
  CONTINUING_SEGMENT,
  constructionRule,
  dataFieldHeaderLength,
  firstHeaderPointer,
  IDLE_VIRTUAL_CHANNEL_ID,
  LAST_SEGMENT,
  NO_FIRST_HEADER,
  NO_FRAME_COUNT,
  NO_SEGMENTATION,
  nextVcFrameCount,
  PACKETS_SPANNING,
  STARTING_SEGMENT,
  uslpHeaderLength,
  vcFrameCount,
  virtualChannelId,
} from "../../ccsds/uslp.js";
import { type Answer, type BadFrames, type FrameDecoder, MORE, PACKET } from "../contract/framing.js";
import type { LayeredCounters } from "../engines/layered-counters.js";
import {
  BAD_DATA_FIELD,
  type DataFieldAgreement,
  FRAMES_LOST,
  IDLE_CONTENT,
  judgeContent,
  OTHER_CHANNEL,
  PACKET_CONTENT,
  PACKET_CUT_OFF,
  trailingLength,
  UNSUPPORTED_CONTENT,
  uslpCounters,
} from "./uslp-data-field.js";
import type { UslpOpener } from "./uslp-opener.js";

/** In front of every octet of a frame: no packet begins in it. */
const NOWHERE = -1;

/*
 * BETWEEN      no transfer frame is at hand
 *   -> ENDING      one came in which a packet begins: the octets in front of it belong to the one before
 *   -> REST        one came that only carries a packet on
 * ENDING       these octets are served
 *   -> SEARCHED    what was begun does not end with them, and is searched
 *   -> REST        it does, or is given up
 * SEARCHED     a packet begins behind what is searched
 *   -> REST        all of it is searched
 * REST         the octets from the first packet on that begins in the frame
 *   -> LAST_SEARCHED  a packet should end with the frame, and does not
 *   -> BETWEEN        the frame is served
 * LAST_SEARCHED  that packet is searched
 *   -> BETWEEN        all of it is searched
 */
const BETWEEN = 0;
const ENDING = 1;
const SEARCHED = 2;
const REST = 3;
const LAST_SEARCHED = 4;

export class UslpDecoder implements FrameDecoder {
  packetStart = 0;
  packetEnd = 0;
  readonly kind = 0;
  #bytes: Uint8Array;
  #counters: LayeredCounters;
  #agreement: DataFieldAgreement;
  #frames: FrameDecoder;
  #packets: FrameDecoder;
  #searches: boolean;
  #opener: UslpOpener | undefined;
  #step: typeof BETWEEN | typeof ENDING | typeof SEARCHED | typeof REST | typeof LAST_SEARCHED = BETWEEN;
  /** The VC frame counts due next: of sequence controlled frames, and of those that bypass it. */
  #due = NO_FRAME_COUNT;
  #bypassDue = NO_FRAME_COUNT;
  /** It is known where in the data zones packets begin. */
  #aligned = false;
  /** Of what is begun, every octet came, and a packet may begin anywhere in it. */
  #searchable = false;
  /** Of the frame at hand, offsets: what is to be taken next, where a packet must begin, the end. */
  #at = 0;
  #packetAt = NOWHERE;
  #zoneEnd = 0;
  #rule = NO_SEGMENTATION;

  /**
   * @param bytes of the memory that both decoders work in
   * @param frames finds transfer frames in the stream, and has checked each
   * @param packets finds packets in the data zones
   * @param badFrames of both, and of packets that do not go on
   * @param opener of frames that are secured
   */
  constructor(
    bytes: Uint8Array,
    agreement: DataFieldAgreement,
    frames: FrameDecoder,
    packets: FrameDecoder,
    badFrames: BadFrames = "search",
    opener: UslpOpener | undefined = undefined,
  ) {
    this.#bytes = bytes;
    this.#agreement = agreement;
    this.#searches = badFrames === "search";
    this.#frames = frames;
    this.#packets = packets;
    this.#opener = opener;
    this.#counters = uslpCounters(frames.counters, packets.counters, opener?.counters ?? []);
  }

  /** What both decoders have counted by now. */
  get counters(): LayeredCounters {
    this.#counters.update();
    return this.#counters;
  }

  get pendingBytes(): number {
    return this.#frames.pendingBytes;
  }

  give(start: number, end: number): void {
    this.#frames.give(start, end);
  }

  next(): Answer {
    for (;;) {
      if (this.#step !== BETWEEN) {
        const answer = this.#packets.next();
        if (answer !== MORE) {
          this.packetStart = this.#packets.packetStart;
          this.packetEnd = this.#packets.packetEnd;
          return answer;
        }
        this.#goOn();
        continue;
      }
      const answer = this.#frames.next();
      if (answer !== PACKET) {
        return answer;
      }
      if (this.#open(this.#bytes, this.#frames.packetStart, this.#frames.packetEnd)) {
        this.#begin();
      }
    }
  }

  late(closing = false, recent = 0): void {
    this.#frames.late(closing, recent);
  }

  reset(): void {
    this.#frames.reset();
    if (this.#step === BETWEEN) {
      this.#giveUp();
    }
    this.#packets.reset();
    this.#step = BETWEEN;
    this.#aligned = false;
    this.#due = NO_FRAME_COUNT;
    this.#bypassDue = NO_FRAME_COUNT;
  }

  /** A frame is at hand. */
  #begin(): void {
    if (this.#packetAt === NOWHERE) {
      this.#beginRest();
      return;
    }
    this.#step = ENDING;
    if (this.#at < this.#packetAt) {
      this.#packets.give(this.#at, this.#packetAt);
      this.#at = this.#packetAt;
    }
  }

  /** The decoder of packets is through with what it was given. */
  #goOn(): void {
    switch (this.#step) {
      case ENDING:
        if (this.#cutOff()) {
          this.#step = SEARCHED;
          return;
        }
        break;
      case REST:
        if ((this.#rule === NO_SEGMENTATION || this.#rule === LAST_SEGMENT) && this.#cutOff()) {
          this.#step = LAST_SEARCHED;
          return;
        }
        this.#step = BETWEEN;
        return;
      case LAST_SEARCHED:
        this.#align();
        this.#step = BETWEEN;
        return;
      default:
        this.#align();
    }
    // Behind the first segment of a packet there is nothing to be found.
    this.#searchable = this.#rule !== STARTING_SEGMENT;
    this.#beginRest();
  }

  #beginRest(): void {
    this.#step = REST;
    if (this.#at < this.#zoneEnd) {
      this.#packets.give(this.#at, this.#zoneEnd);
    }
  }

  /** Finds what is to be taken out of a new frame. False: nothing. */
  #open(bytes: Uint8Array, start: number, end: number): boolean {
    const agreement = this.#agreement;
    const channel = virtualChannelId(bytes, start);
    this.#counters.begin(channel === IDLE_VIRTUAL_CHANNEL_ID);
    if (channel === IDLE_VIRTUAL_CHANNEL_ID) {
      return false;
    }
    if (channel !== agreement.virtualChannelId) {
      return this.#counters.tally(OTHER_CHANNEL);
    }
    if (this.#opener !== undefined && !this.#opener.open(start, end)) {
      return false;
    }
    // The count is that of the virtual channel, whatever its frames carry.
    this.#count(bytes, start);
    const header = start + uslpHeaderLength(bytes, start) + agreement.insertZoneLength;
    const verdict = judgeContent(bytes, start, header, agreement.mapId);
    if (verdict === IDLE_CONTENT) {
      this.#counters.begin(true);
      return false;
    }
    if (verdict !== PACKET_CONTENT) {
      return this.#counters.tally(verdict);
    }
    const rule = constructionRule(bytes, header);
    const zone = header + dataFieldHeaderLength(rule);
    const zoneEnd = end - trailingLength(bytes, start, agreement.trailerLength);
    if (zone > zoneEnd) {
      return this.#counters.tally(BAD_DATA_FIELD);
    }
    this.#at = zone;
    this.#zoneEnd = zoneEnd;
    this.#packetAt = NOWHERE;
    this.#rule = rule;
    if (rule === PACKETS_SPANNING) {
      return this.#openSpanning(firstHeaderPointer(bytes, header));
    }
    if (rule === NO_SEGMENTATION || rule === STARTING_SEGMENT) {
      this.#packetAt = this.#at;
      return true;
    }
    if (rule !== CONTINUING_SEGMENT && rule !== LAST_SEGMENT) {
      return this.#counters.tally(UNSUPPORTED_CONTENT);
    }
    // Of a packet whose first segment is missing.
    return this.#packets.pendingBytes > 0 || this.#counters.tally(PACKET_CUT_OFF);
  }

  /** @param pointer octets of the data zone in front of the first packet that begins there */
  #openSpanning(pointer: number): boolean {
    const length = this.#zoneEnd - this.#at;
    const isBegun = this.#packets.pendingBytes > 0;
    if (pointer === NO_FIRST_HEADER) {
      // Else it is of a packet that was given up, or that began before the stream did.
      return this.#aligned && (isBegun || this.#counters.tally(BAD_DATA_FIELD));
    }
    if (pointer > length) {
      this.#giveUp();
      this.#aligned = false;
      return this.#counters.tally(BAD_DATA_FIELD);
    }
    this.#packetAt = this.#at + pointer;
    if (pointer > 0 && !isBegun) {
      if (this.#aligned) {
        this.#counters.tally(BAD_DATA_FIELD);
      }
      this.#at = this.#packetAt;
    }
    return true;
  }

  #count(bytes: Uint8Array, start: number): void {
    if (this.#opener !== undefined) {
      if (!this.#opener.goesOn) {
        this.#searchable = false;
        this.#giveUp();
        this.#aligned = false;
      }
      return;
    }
    const next = nextVcFrameCount(bytes, start);
    let due: number;
    if (bypassFlag(bytes, start)) {
      due = this.#bypassDue;
      this.#bypassDue = next;
    } else {
      due = this.#due;
      this.#due = next;
    }
    if (next !== NO_FRAME_COUNT && due === vcFrameCount(bytes, start)) {
      return;
    }
    // Without a count that goes on, nobody knows.
    this.#searchable = false;
    if (next !== NO_FRAME_COUNT && due !== NO_FRAME_COUNT) {
      this.#counters.tally(FRAMES_LOST);
      this.#giveUp();
      this.#aligned = false;
    }
  }

  /** A packet that is begun by now does not go on. @returns true: it is to be searched first */
  #cutOff(): boolean {
    if (this.#searches && this.#searchable && this.#packets.pendingBytes > 0) {
      this.#counters.tally(PACKET_CUT_OFF);
      this.#packets.late(true);
      return true;
    }
    this.#align();
    return false;
  }

  /** What comes next begins a packet. */
  #align(): void {
    this.#giveUp();
    this.#aligned = true;
  }

  /** What is begun has lost a part: nothing in it is looked for. */
  #giveUp(): void {
    if (this.#packets.pendingBytes > 0) {
      this.#counters.tally(PACKET_CUT_OFF);
      this.#packets.reset();
    } else if (!this.#searches) {
      // A packet begins behind this, whatever became of the one before.
      this.#packets.reset();
    }
  }
}
