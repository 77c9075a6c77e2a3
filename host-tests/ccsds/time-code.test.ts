import test from "ava";
import fc from "fast-check";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { CucAgency, CucTai } from "../../modules/ccsds/cuc.js";
import { NO_TIME_REFERENCE, SYNCHRONIZED, type TimeCode, TimeStamper } from "../../modules/ccsds/time-code.js";
import { checkProperty } from "../seeded-properties.js";

function stamp(code: TimeCode, instant: number): string {
  const bytes = new Uint8Array(code.length + 2).fill(0xa5);
  code.write(bytes, 1, instant);
  return Buffer.from(bytes).toString("hex").slice(2, -2);
}

function read(code: TimeCode, hex: string): number {
  return code.read(Uint8Array.from(Buffer.from(hex, "hex")), 0);
}

test("known instants, both ways", (t) => {
  const cds = new CdsShort();
  const cuc = new CucAgency();
  const tai = new CucTai();
  const vectors: [TimeCode, string, string][] = [
    [cds, "1958-01-01T00:00:00.000Z", "40000000000000"],
    [cds, "1970-01-01T00:00:00.000Z", "40111f00000000"],
    [cds, "2025-04-15T04:41:49.060Z", "40600001020304"],
    [cds, "2020-02-29T23:59:59.999Z", "4058b005265bff"],
    [cds, "2137-06-06T23:59:59.999Z", "40ffff05265bff"],
    [cuc, "1970-01-01T00:00:00.000Z", "2f00000000000000"],
    [cuc, "2020-01-01T00:00:00.500Z", "2f5e0be100800000"],
    [cuc, "2106-02-07T06:28:15.000Z", "2fffffffff000000"],
    // TAI was 37 s ahead of UTC: 1,577,836,800 + 4383 * 86,400 + 37 = 0x749E3FA5 seconds.
    [tai, "2020-01-01T00:00:00.250Z", "1f749e3fa5400000"],
  ];
  for (const [code, text, hex] of vectors) {
    t.is(stamp(code, Date.parse(text)), hex, text);
    t.is(read(code, hex), Date.parse(text), text);
  }
});

test("an epoch and the leap seconds can be chosen", (t) => {
  const epoch = Date.parse("2000-01-01T00:00:00Z");
  t.is(stamp(new CucAgency(epoch), epoch + 1000), "2f00000001000000");
  t.is(stamp(new CucTai(0), Date.parse("1958-01-01T00:00:01Z")), "1f00000001000000");
  t.throws(() => new CucAgency(Number.NaN), { instanceOf: RangeError });
});

test("every millisecond is read back as it was written", (t) => {
  for (const code of [new CdsShort(), new CucAgency(), new CucTai()]) {
    checkProperty(
      t,
      fc.property(fc.nat(3_900_000_000_000), (instant) => read(code, stamp(code, instant)) === instant),
      500,
    );
  }
  for (let millisecond = 0; millisecond < 1000; millisecond++) {
    t.is(read(new CucAgency(), stamp(new CucAgency(), 1e12 + millisecond)), 1e12 + millisecond);
  }
});

test("what a code cannot express becomes the nearest that it can", (t) => {
  t.is(stamp(new CdsShort(), -1e15), "40000000000000");
  t.is(stamp(new CdsShort(), 1e16), "40ffff05265bff");
  t.is(stamp(new CdsShort(), 1.9), "40111f00000001");
  t.is(stamp(new CucAgency(), -5), "2f00000000000000");
  t.is(stamp(new CucAgency(), 1e16).slice(0, 10), "2fffffffff");
});

test("octets that are no stamp of the code are read as NaN", (t) => {
  t.is(read(new CdsShort(), "41600001020304"), Number.NaN, "another P-field");
  t.is(read(new CdsShort(), "406000010203"), Number.NaN, "too short");
  t.is(read(new CdsShort(), "40600005265fe8"), Number.NaN, "more milliseconds than the longest day has");
  t.is(read(new CdsShort(), "40600005265c00"), read(new CdsShort(), "40600100000000"), "a leap second");
  t.is(read(new CucAgency(), "1f00000000000000"), Number.NaN);
  t.is(read(new CucTai(), "2f00000000000000"), Number.NaN);
  t.is(read(new CucTai(), "1f000000000000"), Number.NaN);
});

test("a board without time stamps its uptime from the epoch, and says so", (t) => {
  const clock = { up: 90_061_001, unix: Number.NaN, uptime: () => clock.up, now: () => clock.unix };
  const bytes = new Uint8Array(8);
  const hex = () => Buffer.from(bytes).toString("hex");
  const cds = new TimeStamper(new CdsShort(), clock);
  t.is(cds.length, 7);
  t.is(cds.write(bytes, 0), NO_TIME_REFERENCE);
  t.is(hex(), "4000010037dcc900", "one day, 1 h 1 min 1.001 s");
  t.is(new TimeStamper(new CucAgency(), clock).write(bytes, 0), NO_TIME_REFERENCE);
  t.is(hex(), "2f00015fcd004189");
  t.is(new TimeStamper(new CucTai(), clock).write(bytes, 0), NO_TIME_REFERENCE);
  t.is(hex(), "1f00015fcd004189");

  clock.unix = Date.parse("2025-04-15T04:41:49.060Z");
  t.is(cds.write(bytes, 0), SYNCHRONIZED);
  t.is(hex().slice(0, 14), "40600001020304");
  t.is(new TimeStamper(new CdsShort(), clock, 7).write(bytes, 0), 7);
  t.throws(() => new TimeStamper(new CdsShort(), clock, 16), { instanceOf: RangeError, message: /0 to 15, not 16/ });
});
