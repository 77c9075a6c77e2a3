/**
 * What is known of the packets of a client's queue: taken by a socket, acknowledged by the other side's application,
 * uncertain, or thrown away. All by number; they are sent in order, so that two numbers tell of many packets.
 */
import type { LogCursor } from "../../tmtc/log-cursor.js";
import type { PacketLog } from "../../tmtc/packet-log.js";

export class SentLedger {
  /** Packets below this number were acknowledged, except those that were reported as uncertain. */
  acknowledged = 0;
  /** Of the connection that ended last: taken by its socket and not acknowledged, and thrown away when it ended. */
  firstUncertain = 0;
  uncertain = 0;
  firstDropped = 0;
  dropped = 0;
  /** Packets thrown away since the client was made. */
  allDropped = 0;
  readonly drops: boolean;
  readonly queue: PacketLog;
  #cursor: LogCursor;
  /** Packets below this number were taken by sockets before the present connection. */
  #givenBefore = 0;

  /**
   * @param cursor the one that the client sends by
   * @param drops what a socket has not taken when its connection ends is thrown away
   */
  constructor(queue: PacketLog, cursor: LogCursor, drops: boolean) {
    this.queue = queue;
    this.#cursor = cursor;
    this.drops = drops;
  }

  /** @returns false when no socket has taken a packet of this number */
  acknowledge(number: number): boolean {
    if (!Number.isInteger(number) || number < 0 || number >= this.queue.given) {
      return false;
    }
    if (number >= this.acknowledged) {
      this.acknowledged = number + 1;
    }
    return true;
  }

  /** A connection begins. */
  begin(): void {
    // Written into the queue while there was nobody to have it: too old by now.
    this.#discard();
    this.#givenBefore = this.queue.given;
  }

  /** It is over. */
  end(): void {
    const { given } = this.queue;
    this.firstUncertain = Math.min(given, Math.max(this.#givenBefore, this.acknowledged));
    this.uncertain = given - this.firstUncertain;
    this.firstDropped = given;
    this.dropped = this.#discard();
  }

  #discard(): number {
    const count = this.drops ? this.#cursor.discard() : 0;
    this.allDropped += count;
    return count;
  }
}
