/** The telemetry log against a simple model, through any sequence of what can be done with it. */
import assert from "node:assert/strict";
import test from "ava";
import fc from "fast-check";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { LogPolicy } from "../../modules/tmtc/log-contracts.js";
import { LogCursor } from "../../modules/tmtc/log-cursor.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import { checkProperty } from "../seeded-properties.js";
import { LogModel } from "./log-model.js";

const CURSORS = 3;
const CANARIES = 8;

const cursorAction = fc.record({
  kind: fc.constantFrom("open", "close", "peek", "advance", "confirm", "readAll"),
  cursor: fc.integer({ min: 0, max: CURSORS - 1 }),
});
const logAction = fc.record({
  kind: fc.constantFrom("append", "appendForeign", "build", "reserve", "commit", "hasRoom"),
  /** Against the longest packet, so that the extremes are met: one over and nothing at all. */
  fraction: fc.double({ min: 0, max: 1.1, noNaN: true }),
  shrunk: fc.integer({ min: 0, max: 3 }),
});
type Action =
  | (typeof cursorAction extends fc.Arbitrary<infer Value> ? Value : never)
  | (typeof logAction extends fc.Arbitrary<infer Value> ? Value : never);

class Rig {
  readonly #memory: FixedMemory;
  readonly #log: PacketLog;
  readonly #cursors: LogCursor[];
  readonly #model: LogModel;
  readonly #maxPacketLength: number;
  readonly #scratch: number;
  #stamp = 0;
  #reservation: { at: number; packet: Uint8Array } | undefined;

  constructor(length: number, maxPacketLength: number, policy: LogPolicy) {
    this.#memory = new FixedMemory(length + 2 * CANARIES + maxPacketLength + 10);
    this.#memory.reserve("canaries", CANARIES);
    this.#log = new PacketLog({ memory: this.#memory, length, maxPacketLength, policy });
    this.#memory.reserve("canaries", CANARIES);
    this.#scratch = this.#memory.reserve("scratch", maxPacketLength + 10);
    this.#memory.bytes.fill(0xa5);
    this.#maxPacketLength = maxPacketLength;
    this.#cursors = Array.from({ length: CURSORS }, () => new LogCursor(this.#log));
    this.#model = new LogModel(length, maxPacketLength, policy, CURSORS);
  }

  /** No two packets are alike, as far as their length allows, and zeros are in them. */
  #packet(length: number): Uint8Array {
    const stamp = ++this.#stamp;
    return Uint8Array.from({ length }, (_, i) => (i % 3 === 2 ? 0 : stamp + i));
  }

  run(action: Action): void {
    if ("cursor" in action) {
      this.#runCursor(action.kind, action.cursor);
    } else {
      this.#runLog(action.kind, Math.round(action.fraction * this.#maxPacketLength), action.shrunk);
    }
    this.#compare();
  }

  #runLog(kind: string, length: number, shrunk: number): void {
    const log = this.#log;
    const model = this.#model;
    const { bytes } = this.#memory;
    const packet = this.#packet(length);
    if (kind === "hasRoom") {
      const expected = length >= 1 && length <= this.#maxPacketLength && model.place(length) >= 0;
      assert.equal(log.hasRoom(length), expected, `hasRoom(${length})`);
      return;
    }
    if (kind === "commit") {
      this.#commit(shrunk);
      return;
    }
    const at = model.reserve(length);
    if (kind === "append" || kind === "appendForeign") {
      bytes.set(packet, this.#scratch);
      const appended =
        kind === "append"
          ? log.append(bytes, this.#scratch, this.#scratch + length)
          : log.append(Uint8Array.of(1, 2, ...packet, 3), 2, 2 + length);
      assert.equal(appended, at >= 0, "append");
      if (appended) {
        model.commit(at, packet);
        this.#reservation = undefined;
      }
      return;
    }
    const reserved = log.reserve(length);
    assert.equal(reserved, at < 0 ? -1 : log.start + at, `reserve(${length})`);
    if (reserved >= 0) {
      this.#reservation = { at, packet };
      if (kind === "build") {
        this.#commit(shrunk);
      }
    }
  }

  /** Puts what was reserved last into the log, up to `shrunk` bytes less. */
  #commit(shrunk: number): void {
    if (this.#reservation === undefined) {
      assert.throws(() => this.#log.commit(1), RangeError);
      return;
    }
    const { at, packet } = this.#reservation;
    this.#reservation = undefined;
    // All that was reserved is the writer's until the commit, even what is then not used.
    this.#memory.bytes.set(packet, this.#log.start + at);
    const length = Math.max(1, packet.length - shrunk);
    this.#log.commit(length);
    this.#model.commit(at, packet.slice(0, length));
  }

  #runCursor(kind: string, index: number): void {
    const cursor = this.#cursors[index]!;
    const twin = this.#model.cursors[index]!;
    if (kind === "open" && !twin.open) {
      cursor.open();
      this.#model.open(twin);
    }
    if (!twin.open) {
      return;
    }
    switch (kind) {
      case "close":
        cursor.close();
        twin.open = false;
        break;
      case "peek":
        this.#peek(cursor, index);
        break;
      case "advance":
        // The packet seen last may be gone by now: it was read in time.
        if (twin.peeked !== undefined) {
          cursor.advance();
          this.#model.advance(twin);
        }
        break;
      case "confirm":
        cursor.confirm();
        this.#model.confirm(twin);
        break;
      case "readAll":
        while (this.#peek(cursor, index)) {
          cursor.advance();
          this.#model.advance(twin);
        }
        break;
    }
  }

  #peek(cursor: LogCursor, index: number): boolean {
    const twin = this.#model.cursors[index]!;
    const expected = this.#model.peek(twin);
    const found = cursor.peek() ? this.#memory.bytes.slice(cursor.start, cursor.end) : undefined;
    assert.deepEqual(found, expected?.bytes, `the packet at cursor ${index}`);
    return found !== undefined;
  }

  #compare(): void {
    const log = this.#log;
    const model = this.#model;
    assert.deepEqual(
      {
        next: log.next,
        oldest: log.oldest,
        count: log.count,
        given: log.given,
        dropped: log.dropped,
        refused: log.refused,
        waiting: log.waiting,
        skipped: this.#cursors.map((cursor) => cursor.skipped),
      },
      {
        next: model.next,
        oldest: model.oldest,
        count: model.entries.length,
        given: model.given,
        dropped: model.dropped,
        refused: model.refused,
        waiting: model.waiting,
        skipped: model.cursors.map((cursor) => cursor.skipped),
      },
    );
    // Every packet kept stands whole where it was put, whoever reads it or nobody.
    let at = log.oldestAt;
    for (const [i, entry] of model.entries.entries()) {
      assert.equal(at - log.start, entry.at, `offset of packet ${entry.number}`);
      assert.equal(log.lengthAt(at), entry.bytes.length);
      assert.deepEqual(this.#memory.bytes.slice(at + 2, at + 2 + entry.bytes.length), entry.bytes);
      if (i < model.entries.length - 1) {
        at = log.following(at);
      }
    }
    const kept = model.entries.reduce((sum, { bytes }) => sum + bytes.length + 2, 0);
    assert.ok(log.used >= kept && log.used <= log.length, `${log.used} bytes used for ${kept} in ${log.length}`);
    const around = [log.start - CANARIES, log.start + log.length];
    for (const from of around) {
      const canaries = this.#memory.bytes.slice(from, from + CANARIES);
      assert.ok(
        canaries.every((byte) => byte === 0xa5),
        "a byte outside the ring was overwritten",
      );
    }
  }
}

for (const policy of ["dropOldest", "refuseNew"] as const) {
  for (const { title, size } of [
    { title: "a ring for many packets", size: { packet: { min: 1, max: 40 }, spare: { min: 100, max: 300 } } },
    {
      title: "a ring that is hardly longer than one packet",
      size: { packet: { min: 1, max: 12 }, spare: { min: 0, max: 20 } },
    },
  ]) {
    test(`${policy}, ${title}: whatever is done, the log agrees with its model.`, (t) => {
      const actions = fc.array(fc.oneof(logAction, logAction, cursorAction), { maxLength: 120, size: "max" });
      const property = fc.property(
        fc.integer(size.packet),
        fc.integer(size.spare),
        actions,
        (maxPacketLength, spare, actions) => {
          const rig = new Rig(maxPacketLength + 2 + spare, maxPacketLength, policy);
          for (const action of actions) {
            rig.run(action);
          }
        },
      );
      checkProperty(t, property, 1000);
    });
  }
}
