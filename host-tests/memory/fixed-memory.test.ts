import test from "ava";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";

test("Regions follow each other from the memory's beginning, and the report names them.", (t) => {
  const memory = new FixedMemory(100);
  t.is(memory.reserve("staging", 64), 0);
  t.is(memory.reserve("log", 30), 64);
  t.is(memory.reserve("nothing", 0), 94);
  t.deepEqual(memory.regions, [
    { name: "staging", start: 0, length: 64 },
    { name: "log", start: 64, length: 30 },
    { name: "nothing", start: 94, length: 0 },
  ]);
  t.is(memory.used, 94);
  t.is(memory.capacity, 100);
  t.is(memory.describe(), "staging 64, log 30, nothing 0");
});

test("A region that fits exactly is reserved; after it, one byte is too much.", (t) => {
  const memory = new FixedMemory(8);
  t.is(memory.reserve("all", 8), 0);
  t.throws(() => memory.reserve("more", 1), { instanceOf: RangeError });
  t.is(memory.used, 8);
});

test("A region that does not fit is refused with what it needs, what is free and what is there.", (t) => {
  const memory = new FixedMemory(100);
  memory.reserve("staging", 64);
  t.throws(() => memory.reserve("log", 37), {
    instanceOf: RangeError,
    message: 'region "log" needs 37 bytes, but only 36 of 100 are free (staging 64)',
  });
  t.is(memory.regions.length, 1);
  t.throws(() => new FixedMemory(1).reserve("log", 2), { message: /nothing reserved yet/ });
});

test("A length that is no whole number of bytes is refused.", (t) => {
  const memory = new FixedMemory(100);
  for (const length of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5" as never]) {
    t.throws(() => memory.reserve("log", length), { instanceOf: RangeError, message: /"log"/ }, String(length));
  }
  t.is(memory.used, 0);
});

test("A capacity that is no positive whole number of bytes is refused.", (t) => {
  for (const capacity of [0, -1, 1.5, Number.NaN, "100" as never]) {
    t.throws(() => new FixedMemory(capacity), { instanceOf: RangeError, message: /capacity/ }, String(capacity));
  }
});

test("The bytes and the words are one memory, of exactly the bytes asked for.", (t) => {
  for (let capacity = 1; capacity < 20; capacity++) {
    const memory = new FixedMemory(capacity);
    t.is(memory.bytes.length, capacity);
    t.is(memory.capacity, capacity);
    t.is(memory.words.length, Math.ceil(capacity / 4));
    memory.bytes.fill(0xff);
    memory.reserve("all", capacity);
    // The last word may have bytes that are nobody's; they stay zero.
    const last = new Uint8Array(memory.words.buffer).slice(capacity);
    t.true(last.every((byte) => byte === 0));
  }
});
