import test from "ava";
import { findZero } from "../../modules/framing/engines/find-zero.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";

test("The first zero is found from every offset, at every distance, whatever the bytes around it.", (t) => {
  // The bytes that could mislead a search by words: around the borrow, and around the high bit.
  for (const filling of [0x01, 0x7f, 0x80, 0x81, 0xff]) {
    for (let from = 0; from < 9; from++) {
      for (let zero = from; zero < from + 20; zero++) {
        const memory = new FixedMemory(40);
        memory.bytes.fill(filling);
        // A zero in front does not count, and neither does one behind.
        memory.bytes.fill(0, 0, from);
        memory.bytes.fill(0, zero);
        if (findZero(memory, from) !== zero) {
          t.fail(`from ${from}, filling ${filling}: found ${findZero(memory, from)}, not ${zero}`);
        }
      }
    }
  }
  t.pass();
});

test("The first zero is found among all neighbours within two words.", (t) => {
  const values = [0, 0x01, 0x80, 0xff];
  const memory = new FixedMemory(9);
  for (let code = 0; code < values.length ** 8; code++) {
    for (let i = 0, rest = code; i < 8; i++, rest = Math.floor(rest / values.length)) {
      memory.bytes[i] = values[rest % values.length]!;
    }
    if (findZero(memory, 0) !== memory.bytes.indexOf(0)) {
      t.fail(`[${memory.bytes}]: found ${findZero(memory, 0)}`);
      return;
    }
  }
  t.pass();
});
