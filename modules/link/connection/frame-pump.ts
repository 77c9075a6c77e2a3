/** The sending side of one connection: log -> encoder -> transmit area -> socket, as much as the socket takes. */
import { DOES_NOT_FIT, type FrameEncoder, NOT_A_PACKET } from "../../framing/contract/framing.js";
import { GONE, type TransmitArea } from "../../memory/socket-areas.js";
import type { LogCursor } from "../../tmtc/log-cursor.js";
import type { TcpSocket } from "./io.js";

export class FramePump {
  readonly cursor: LogCursor;
  /** Packets whose frame the socket took whole. */
  packets = 0;
  /** Bytes that the socket took. */
  bytes = 0;
  /** Packets passed over: not packets of this framing, or too long for the transmit area. */
  rejected = 0;
  /** Writes that the socket refused although it had promised room. */
  writesRefused = 0;
  /** Bytes that the socket takes now, by its own account; 0 until it says so. */
  budget = 0;
  #encoder: FrameEncoder;
  #area: TransmitArea;
  /** Packets in the transmit area. */
  #underway = 0;
  #oneByOne: boolean;

  /**
   * @param oneByOne writes each frame by itself: where a write fails in the middle of several, some would have been
   *   taken, and be sent again. Telemetry that comes twice is a nuisance; a telecommand must not
   */
  constructor(encoder: FrameEncoder, area: TransmitArea, cursor: LogCursor, oneByOne = false) {
    this.#encoder = encoder;
    this.#area = area;
    this.cursor = cursor;
    this.#oneByOne = oneByOne;
  }

  open(): void {
    this.packets = 0;
    this.bytes = 0;
    this.rejected = 0;
    this.writesRefused = 0;
    this.budget = 0;
    this.#underway = 0;
    this.#area.pending = 0;
    this.cursor.open();
  }

  close(): void {
    this.cursor.close();
  }

  /** True when all telemetry that there is went out. */
  get drained(): boolean {
    return this.#area.pending === 0 && !this.cursor.peek();
  }

  /**
   * Puts a packet that is in no log into the transmit area, behind everything else; `pump` sends it.
   * @returns false when something else waits, or the framing cannot send it
   */
  insert(start: number, end: number): boolean {
    if (!this.drained) {
      return false;
    }
    const stop = this.#encoder.encode(start, end, this.#area.start, this.#area.limit);
    if (stop < 0) {
      return false;
    }
    this.#encoder.taken?.();
    this.#area.pending = stop - this.#area.start;
    return true;
  }

  /**
   * Sends what there is, within the socket's budget.
   * @returns false when the socket has none any more: the connection is over, whether it will say so or not
   */
  pump(socket: TcpSocket): boolean {
    const area = this.#area;
    while (this.budget > 0) {
      if (area.pending === 0 && !this.#fill()) {
        // Packets that were passed over last: no client could be given them.
        this.cursor.confirm();
        return true;
      }
      const count = area.pending < this.budget ? area.pending : this.budget;
      const before = area.pending;
      let room = 0;
      try {
        room = area.send(socket, count);
      } catch {
        // Less room than was promised, or the peer has closed (lwIP): the next onWritable or onError tells.
        this.writesRefused++;
      }
      this.bytes += before - area.pending;
      if (area.pending === 0) {
        this.packets += this.#underway;
        this.#underway = 0;
        // Only now: a packet of which a client got a part counts as not given.
        this.cursor.confirm();
      } else if (area.pending < before) {
        this.cursor.move();
      }
      this.budget = room > 0 ? room : 0;
      if (room === GONE) {
        return false;
      }
    }
    return true;
  }

  /** Encodes as many packets as the budget takes whole, or else one to be sent in pieces. False when there is none. */
  #fill(): boolean {
    const area = this.#area;
    const cursor = this.cursor;
    let at = area.start;
    while (cursor.peek()) {
      const end = this.#encoder.encode(cursor.start, cursor.end, at, area.limit);
      if (end === NOT_A_PACKET || (end === DOES_NOT_FIT && at === area.start)) {
        this.rejected++;
        cursor.reject();
        continue;
      }
      if (end === DOES_NOT_FIT || (end - area.start > this.budget && at > area.start)) {
        break;
      }
      this.#encoder.taken?.();
      cursor.advance();
      this.#underway++;
      at = end;
      if (this.#oneByOne) {
        break;
      }
    }
    area.pending = at - area.start;
    return area.pending > 0;
  }
}
