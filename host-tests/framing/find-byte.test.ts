import test from "ava";
import { findByte } from "../../modules/framing/engines/find-byte.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";

const VALUES = [0x00, 0x01, 0x0a, 0x7f, 0x80, 0x81, 0xc0, 0xdb, 0xfe, 0xff];

test("The first byte of any value is found from every offset, at every distance, whatever the bytes around it.", (t) => {
  for (const value of VALUES) {
    // Those that could mislead a search by words: one bit away, and around the borrow.
    for (const filling of [value ^ 0x01, value ^ 0x80, value ^ 0xff, (value + 1) & 0xff, (value - 1) & 0xff]) {
      for (let from = 0; from < 9; from++) {
        for (let at = from; at < from + 12; at++) {
          const memory = new FixedMemory(40);
          memory.bytes.fill(filling);
          // One in front does not count, and neither does one behind.
          memory.bytes.fill(value, 0, from);
          memory.bytes.fill(value, at);
          if (findByte(memory, from, value) !== at) {
            t.fail(`${value} from ${from}, filling ${filling}: found ${findByte(memory, from, value)}, not ${at}`);
          }
        }
      }
    }
  }
  t.pass();
});

test("The first byte is found among all neighbours within two words.", (t) => {
  for (const value of [0x0a, 0xc0]) {
    const values = [value, value ^ 0x01, value ^ 0x80, value ^ 0xff];
    const memory = new FixedMemory(9);
    memory.bytes[8] = value;
    for (let code = 0; code < values.length ** 8; code++) {
      for (let i = 0, rest = code; i < 8; i++, rest = Math.floor(rest / values.length)) {
        memory.bytes[i] = values[rest % values.length]!;
      }
      if (findByte(memory, 0, value) !== memory.bytes.indexOf(value)) {
        t.fail(`[${memory.bytes}]: found ${findByte(memory, 0, value)}`);
        return;
      }
    }
  }
  t.pass();
});
