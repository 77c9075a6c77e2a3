/** Our secured frames against those that Node's crypto makes. */
import { createCipheriv } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import test from "ava";
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { XsModule, xsTest } from "../framing/xs-module.js";
import { FRAMES_OF_A_SERIES, type Series, sealSeries, series } from "./random-frames.js";

const given = process.env["FLATLINK_SEED"];
const seed = given === undefined ? Date.now() & 0x3fffffff : Number(given);
const asked = process.env["FLATLINK_SDLS_FRAMES"];
/** 100,000 when asked for. */
const FRAMES = Number(asked ?? 10_000);
const FRAMES_ON_XS = Number(asked ?? 2000);
/** Far more than they take, however busy the machine is. */
const PATIENCE_MS = 120_000 + 50 * FRAMES;
/** Series at once: XS takes the answer as one text. */
const BATCH = 10;

const xs = new XsModule(import.meta.url, "random-frames.js");
test.after.always(() => xs.stop());

/** The header by other means than those that are tested: bit by bit, as a number. */
function header({ isUslp, ...each }: Series, length: number, count: number): Buffer {
  const bytes = Buffer.alloc(each.headerLength);
  if (isUslp) {
    const first =
      (12n << 28n) |
      (BigInt(each.spacecraftId) << 12n) |
      BigInt((each.virtualChannelId << 5) | ((each.mapId ?? 0) << 1));
    bytes.writeUInt32BE(Number(first), 0);
    bytes.writeUInt16BE(length - 1, 4);
    bytes[6] = each.countLength;
    if (each.countLength > 0) {
      bytes.writeUIntBE(count % 256 ** each.countLength, 7, each.countLength);
    }
    return bytes;
  }
  bytes.writeUInt16BE(0x2000 | each.spacecraftId, 0);
  bytes.writeUInt16BE((each.virtualChannelId << 10) | (length - 1), 2);
  if (each.mapId !== undefined) {
    bytes[5] = 0xc0 | each.mapId;
  }
  return bytes;
}

function reference(from: number, count: number): string {
  const lines: string[] = [];
  for (let n = from; n < from + count; n++) {
    const each = series(seed, n);
    each.packets.forEach((packet, i) => {
      const text = each.isUslp ? Buffer.concat([Uint8Array.of(0xe0), packet]) : packet;
      const length = each.headerLength + 30 + text.length + (each.frameErrorControl ? 2 : 0);
      const spiAndIv = Buffer.alloc(14);
      spiAndIv.writeUInt16BE(each.spi, 0);
      spiAndIv.writeBigUInt64BE(BigInt(each.last) + BigInt(i) + 1n, 6);
      const headers = Buffer.concat([header(each, length, i), spiAndIv]);
      const aad = headers.map((octet, at) => octet & each.authMask[at]!);
      const cipher = createCipheriv("aes-256-gcm", each.key, spiAndIv.subarray(2)).setAAD(aad);
      const parts = [headers, cipher.update(text), cipher.final(), cipher.getAuthTag()];
      const frame = Buffer.concat(each.frameErrorControl ? [...parts, Buffer.alloc(2)] : parts);
      if (each.frameErrorControl) {
        writeCrc16(frame, 0, frame.length);
      }
      lines.push(frame.toString("hex"));
    });
  }
  return lines.join("\n");
}

test("random frames are sealed as Node's crypto seals them, under any mask, and come back", async (t) => {
  t.timeout(PATIENCE_MS);
  t.log(`FLATLINK_SEED=${seed}, FLATLINK_SDLS_FRAMES=${FRAMES}`);
  for (let from = 0; from * FRAMES_OF_A_SERIES < FRAMES; from += BATCH) {
    await setImmediate();
    t.is(sealSeries(seed, from, BATCH), reference(from, BATCH), `a series from ${from} on`);
  }
});

xsTest("on XS, random frames are sealed as Node's crypto seals them, under any mask, and come back", async (t) => {
  t.timeout(PATIENCE_MS);
  t.log(`FLATLINK_SEED=${seed}, FLATLINK_SDLS_FRAMES=${FRAMES_ON_XS}`);
  for (let from = 0; from * FRAMES_OF_A_SERIES < FRAMES_ON_XS; from += BATCH) {
    t.is(await xs.call("sealSeries", seed, from, BATCH), reference(from, BATCH), `a series from ${from} on`);
  }
});
