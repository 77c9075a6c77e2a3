/**
 * The telemetry log as its definition says: a list of packets, each with the place that it has in the ring. Where a
 * packet has room is found by looking at all the others.
 */
const HEADER = 2;

interface Entry {
  readonly number: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

export class CursorModel {
  open = false;
  number = 0;
  skipped = 0;
  /** The packet shown by the last `peek`, until it is passed. */
  peeked: Entry | undefined;
}

export class LogModel {
  readonly cursors: CursorModel[];
  readonly #length: number;
  readonly #maxPacketLength: number;
  readonly #refuseNew: boolean;
  entries: Entry[] = [];
  next = 0;
  given = 0;
  dropped = 0;
  refused = 0;
  /** Where the next packet goes if there is room: behind the newest, or at the beginning. */
  #head = 0;

  constructor(length: number, maxPacketLength: number, policy: string, cursors: number) {
    this.#length = length;
    this.#maxPacketLength = maxPacketLength;
    this.#refuseNew = policy === "refuseNew";
    this.cursors = Array.from({ length: cursors }, () => new CursorModel());
  }

  get oldest(): number {
    return this.next - this.entries.length;
  }

  get waiting(): number {
    return this.entries.filter(({ number }) => number >= this.given).length;
  }

  /** @returns offset of the packet in the ring, or -1; old packets may be gone then */
  reserve(length: number): number {
    const at = length < 1 || length > this.#maxPacketLength ? -1 : this.place(length);
    if (at < 0) {
      this.refused++;
      return -1;
    }
    return at + HEADER;
  }

  place(length: number): number {
    for (;;) {
      const at = [this.#head, 0].find((at) => this.#isFree(at, at + HEADER + length));
      if (at !== undefined) {
        return at;
      }
      const [oldest] = this.entries;
      if (oldest === undefined) {
        throw new Error("an empty ring has no room");
      }
      const wasGiven = oldest.number < this.given;
      const isNeeded = this.cursors.some(({ open, number }) => open && number <= oldest.number);
      if (this.#refuseNew && (!wasGiven || isNeeded)) {
        return -1;
      }
      this.dropped += wasGiven ? 0 : 1;
      this.entries.shift();
    }
  }

  commit(at: number, bytes: Uint8Array): void {
    this.entries.push({ number: this.next++, at: at - HEADER, bytes });
    const end = at + bytes.length;
    this.#head = end + HEADER > this.#length ? 0 : end;
  }

  peek(cursor: CursorModel): Entry | undefined {
    if (cursor.number < this.oldest) {
      cursor.skipped += this.oldest - cursor.number;
      cursor.number = this.oldest;
    }
    cursor.peeked = this.entries.find(({ number }) => number === cursor.number);
    return cursor.peeked;
  }

  open(cursor: CursorModel): void {
    cursor.open = true;
    cursor.skipped = 0;
    cursor.peeked = undefined;
    cursor.number = Math.max(this.oldest, this.given);
  }

  advance(cursor: CursorModel): void {
    cursor.peeked = undefined;
    cursor.number++;
  }

  confirm(cursor: CursorModel): void {
    this.given = Math.max(this.given, cursor.number);
  }

  /** Room without a packet, and not between the oldest and the newest in any other way. */
  #isFree(start: number, end: number): boolean {
    return (
      end <= this.#length && this.entries.every(({ at, bytes }) => at + HEADER + bytes.length <= start || end <= at)
    );
  }
}
