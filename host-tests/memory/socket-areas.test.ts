import test from "ava";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { GONE, ReceiveArea, TransmitArea } from "../../modules/memory/socket-areas.js";

const CANARIES = 16;
const CANARY = 0xa5;

/** An area between canaries. */
function between<Area>(length: number, make: (memory: FixedMemory) => Area) {
  const memory = new FixedMemory(2 * CANARIES + length);
  const start = memory.reserve("canaries", CANARIES) + CANARIES;
  const area = make(memory);
  memory.bytes.fill(CANARY);
  return {
    memory,
    area,
    start,
    intact: () =>
      memory.bytes.slice(0, start).every((byte) => byte === CANARY) &&
      memory.bytes.slice(start + length).every((byte) => byte === CANARY),
  };
}

function pattern(length: number, first: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (first + i * 7) & 0xff);
}

/** A socket with the board's manners: it fills the whole view, and throws when it has less. */
class Source {
  read: (view: Uint8Array) => number;
  calls = 0;

  constructor(bytes: Uint8Array) {
    let at = 0;
    this.read = (view) => {
      this.calls++;
      if (view.length === 0 || view.length > bytes.length - at) {
        throw new Error(`cannot read ${view.length} bytes`);
      }
      view.set(bytes.subarray(at, at + view.length));
      at += view.length;
      return view.length;
    };
  }
}

/** One bit of the count is one read or write. */
function bitsIn(count: number): number {
  return count.toString(2).replaceAll("0", "").length;
}

test("Every count that an area can take is received in one piece, byte for byte, and nothing around it is touched.", (t) => {
  for (const length of [8, 16, 64, 256, 1024]) {
    const { memory, area, start, intact } = between(length, (memory) => new ReceiveArea(memory, "staging", length));
    t.is(area.capacity, length - 1);
    for (let count = 1; count <= area.capacity; count++) {
      const bytes = pattern(count, count);
      const socket = new Source(bytes);
      area.receive(socket, count);
      t.is(area.end - area.start, count);
      t.deepEqual(memory.bytes.slice(area.start, area.end), bytes, `${count} of ${length}`);
      t.is(socket.calls, bitsIn(count));
      // The byte behind is the area's too: a decoder's sentinel goes there.
      t.true(area.start >= start && area.end < start + length);
    }
    t.true(intact());
  }
});

test("A second receive does not depend on what the first one left.", (t) => {
  const { memory, area } = between(32, (memory) => new ReceiveArea(memory, "staging", 32));
  for (let first = 1; first <= 31; first++) {
    for (let second = 1; second <= 31; second++) {
      const bytes = pattern(first + second, first);
      const socket = new Source(bytes);
      area.receive(socket, first);
      area.receive(socket, second);
      t.deepEqual(memory.bytes.slice(area.start, area.end), bytes.slice(first), `${first}, then ${second}`);
    }
  }
});

test("What a socket throws while receiving passes through, and the area can be used again.", (t) => {
  const { memory, area, intact } = between(16, (memory) => new ReceiveArea(memory, "staging", 16));
  t.throws(() => area.receive(new Source(pattern(6, 1)), 7), { message: "cannot read 4 bytes" });
  area.receive(new Source(pattern(9, 2)), 9);
  t.deepEqual(memory.bytes.slice(area.start, area.end), pattern(9, 2));
  t.true(intact());
});

test("A socket that reads less than it said is found out, so that old bytes do not pass for received ones.", (t) => {
  const { area } = between(16, (memory) => new ReceiveArea(memory, "staging", 16));
  for (const answer of [undefined, 0, 3]) {
    t.throws(() => area.receive({ read: () => answer }, 4), { message: /fewer bytes/ }, String(answer));
  }
});

test("A staging length that is no power of two from 8 on, or does not fit, is refused.", (t) => {
  for (const length of [0, 1, 2, 4, 7, 9, 1000, -8, 8.5, Number.NaN, 2 ** 33]) {
    t.throws(
      () => new ReceiveArea(new FixedMemory(2048), "staging", length),
      { instanceOf: RangeError },
      String(length),
    );
  }
  t.throws(() => new ReceiveArea(new FixedMemory(15), "staging", 16), { message: /"staging" needs 16 bytes/ });
});

/** A socket that takes any view, and throws at the call of that number. */
class Drain {
  readonly taken: number[] = [];
  write: (view: Uint8Array) => number;
  calls = 0;

  constructor(failing = -1) {
    this.write = (view) => {
      if (this.calls++ === failing) {
        throw new Error("would block");
      }
      this.taken.push(...view);
      return 1000 - this.taken.length;
    };
  }
}

test("Any count of any number of bytes waiting is sent in order, and the rest moves to the front.", (t) => {
  for (const length of [1, 2, 7, 8, 23, 64]) {
    const { memory, area, start, intact } = between(length, (memory) => new TransmitArea(memory, "transmit", length));
    t.is(area.start, start);
    t.is(area.limit, start + length);
    for (let pending = 1; pending <= length; pending++) {
      const bytes = pattern(pending, pending);
      for (let count = 1; count <= pending; count++) {
        memory.bytes.set(bytes, start);
        area.pending = pending;
        const socket = new Drain();
        const budget = area.send(socket, count);
        t.deepEqual(socket.taken, [...bytes.slice(0, count)], `${count} of ${pending}`);
        t.is(area.pending, pending - count);
        t.deepEqual(memory.bytes.slice(start, start + area.pending), bytes.slice(count));
        t.is(budget, 1000 - count);
        t.is(socket.calls, bitsIn(count));
      }
    }
    t.true(intact());
  }
});

test("A socket that throws after any number of writes leaves exactly what it did not take.", (t) => {
  const length = 40;
  const { memory, area, start, intact } = between(length, (memory) => new TransmitArea(memory, "transmit", length));
  for (let pending = 1; pending <= length; pending++) {
    const bytes = pattern(pending, pending);
    for (let count = 1; count <= pending; count++) {
      for (let failing = 0; failing < bitsIn(count); failing++) {
        memory.bytes.set(bytes, start);
        area.pending = pending;
        const socket = new Drain(failing);
        t.throws(() => area.send(socket, count), { message: "would block" });
        t.is(area.pending, pending - socket.taken.length, `${count} of ${pending}, write ${failing} fails`);
        const left = [...memory.bytes.slice(start, start + area.pending)];
        t.deepEqual([...socket.taken, ...left], [...bytes]);
      }
    }
  }
  t.true(intact());
});

test("A socket that reports no budget has no connection any more, and has not taken the bytes.", (t) => {
  const { memory, area, start } = between(8, (memory) => new TransmitArea(memory, "transmit", 8));
  memory.bytes.set([1, 2, 3, 4, 5], start);
  area.pending = 5;
  let writes = 0;
  t.is(area.send({ write: () => (++writes === 1 ? 1 : undefined) }, 5), GONE);
  t.is(area.pending, 1);
  t.is(memory.bytes[start], 5);
});

test("A transmit area that does not fit the memory is refused by its name.", (t) => {
  t.throws(() => new TransmitArea(new FixedMemory(10), "transmit 1", 11), { message: /"transmit 1" needs 11 bytes/ });
});
