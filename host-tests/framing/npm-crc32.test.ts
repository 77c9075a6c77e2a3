/** CRC-32 against an implementation by others: the npm package `crc-32`. */
import assert from "node:assert/strict";
import test from "ava";
import CRC32 from "crc-32";
import fc from "fast-check";
import { crc32, hasValidCrc32, writeCrc32 } from "../../modules/framing/layers/crc32.js";
import { checkProperty } from "../seeded-properties.js";

test("The code is that of npm crc-32, over any bytes, wherever they stand.", (t) => {
  const property = fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(10), fc.nat(10), (bytes, before, behind) => {
    const memory = new Uint8Array(before + bytes.length + 4 + behind).fill(0xa5);
    memory.set(bytes, before);
    const end = before + bytes.length;
    assert.equal(crc32(memory, before, end), CRC32.buf(bytes));
    writeCrc32(memory, before, end + 4);
    assert.equal(new DataView(memory.buffer).getInt32(end), CRC32.buf(bytes));
    assert.equal(hasValidCrc32(memory, before, end + 4), true);
    assert.deepEqual(memory.slice(end + 4), new Uint8Array(behind).fill(0xa5));
  });
  checkProperty(t, property, 500);
});
