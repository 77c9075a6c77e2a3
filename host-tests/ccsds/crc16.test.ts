import test from "ava";
import fc from "fast-check";
import { crc16, hasValidCrc16, writeCrc16 } from "../../modules/ccsds/crc16.js";
import { checkProperty } from "../seeded-properties.js";

/** Bit by bit, straight from the polynomial. */
function reference(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
    }
  }
  return crc;
}

test("the check value and the examples of ECSS-E-ST-70-41C annex B", (t) => {
  const of = (hex: string) => {
    const bytes = Uint8Array.from(Buffer.from(hex, "hex"));
    return crc16(bytes, 0, bytes.length);
  };
  t.is(of(Buffer.from("123456789").toString("hex")), 0x29b1);
  t.is(of("0000"), 0x1d0f);
  t.is(of("000000"), 0xcc9c);
  t.is(of("abcdef01"), 0x04a2);
  t.is(of("1456f89a0001"), 0x7fd5);
  t.is(of(""), 0xffff);
});

test("it agrees with the definition on any bytes, in one piece or in two", (t) => {
  checkProperty(
    t,
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, split) => {
      const at = Math.min(split, bytes.length);
      const expected = reference(bytes);
      return (
        crc16(bytes, 0, bytes.length) === expected && crc16(bytes, at, bytes.length, crc16(bytes, 0, at)) === expected
      );
    }),
    500,
  );
  t.pass();
});

test("a code that was written is found right, and wrong after any single bit", (t) => {
  const bytes = Uint8Array.from({ length: 24 }, (_, i) => i * 37);
  writeCrc16(bytes, 2, 22);
  t.true(hasValidCrc16(bytes, 2, 22));
  t.is(crc16(bytes, 2, 22), 0);
  for (let bit = 16; bit < 22 * 8; bit++) {
    bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
    t.false(hasValidCrc16(bytes, 2, 22));
    bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
  }
  t.false(hasValidCrc16(bytes, 0, 1), "shorter than the code itself");
});
