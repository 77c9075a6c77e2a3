import { createCipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import test, { type ExecutionContext } from "ava";
import { hasValidCrc16 } from "../../modules/ccsds/crc16.js";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { XsModule, xsTest } from "../framing/xs-module.js";
import { openAll, ours, randomFrame, refusedFlips, sealAll, sealRandom, type Vector } from "./gcm-cases.js";
import { NodeGcm } from "./node-gcm.js";

const file = new URL("../../../host-tests/crypto/gcm-vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as {
  "cryptography-vectors": string;
  seal: Vector[];
  open: Vector[];
};
const given = process.env["FLATLINK_SEED"];
const seed = given === undefined ? Date.now() & 0x3fffffff : Number(given);
/** Frames of the comparison with Node's crypto: 100,000 when asked for. */
const FRAMES = Number(process.env["FLATLINK_GCM_FRAMES"] ?? 2000);
/** Far more than they take, however busy the machine is. */
const PATIENCE_MS = 120_000 + 50 * FRAMES;
/** At once: XS takes the answer as one text. */
const BATCH = 200;

const xs = new XsModule(import.meta.url, "gcm-cases.js");
test.after.always(() => xs.stop());

/** What holds for ours holds for any that a platform hands in: Node's shows that the cases ask for nothing of our own. */
const IMPLEMENTATIONS = [
  ["ours", ours],
  ["Node's", (key: Uint8Array) => new NodeGcm(key)],
] as const;

function expectVectors(t: ExecutionContext, sealed: string, opened: string): void {
  t.is(vectors.seal.length, 125);
  t.is(vectors.open.filter(({ pt }) => pt === null).length, 63);
  t.is(sealed, vectors.seal.map(({ ct, tag }) => ct + tag).join("\n"));
  t.is(opened, vectors.open.map(({ pt }) => pt ?? "refused").join("\n"));
}

for (const [name, make] of IMPLEMENTATIONS) {
  test(`${name}: NIST's vectors (cryptography-vectors ${vectors["cryptography-vectors"]}) are sealed and opened, and the wrong ones refused`, (t) => {
    expectVectors(t, sealAll(vectors.seal, make), openAll(vectors.open, make));
  });
}

xsTest("NIST's vectors are sealed and opened on XS, and the wrong ones refused", async (t) => {
  expectVectors(t, await xs.call("sealAll", vectors.seal), await xs.call("openAll", vectors.open));
});

/** What Node's crypto makes of the same frames. */
function reference(from: number, count: number): string {
  return Array.from({ length: count }, (_, k) => {
    const { key, iv, aad, text } = randomFrame(seed, from + k);
    const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(aad);
    return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString("hex");
  }).join("\n");
}

test("random frames are sealed as Node's crypto seals them, and opened", async (t) => {
  t.timeout(PATIENCE_MS);
  t.log(`FLATLINK_SEED=${seed}, FLATLINK_GCM_FRAMES=${FRAMES}`);
  for (let from = 0; from < FRAMES; from += BATCH) {
    await setImmediate();
    t.true(sealRandom(seed, from, BATCH) === reference(from, BATCH), `a frame from ${from} on`);
  }
});

xsTest("random frames are sealed on XS as Node's crypto seals them, and opened", async (t) => {
  t.timeout(PATIENCE_MS);
  t.log(`FLATLINK_SEED=${seed}, FLATLINK_GCM_FRAMES=${FRAMES}`);
  for (let from = 0; from < FRAMES; from += BATCH) {
    t.true((await xs.call("sealRandom", seed, from, BATCH)) === reference(from, BATCH), `a frame from ${from} on`);
  }
});

for (const length of [0, 1, 13, 16, 40]) {
  const bits = 8 * (12 + 19 + length + 16);
  const expected = `${bits} of ${bits}, and opened as it was sealed`;
  for (const [name, make] of IMPLEMENTATIONS) {
    test(`${name}: every single bit that flips with ${length} octets of text is refused, and nothing is changed`, (t) => {
      t.is(refusedFlips(length, make), expected);
    });
  }
  xsTest(
    `every single bit that flips with ${length} octets of text is refused on XS, and nothing is changed`,
    async (t) => {
      t.is(await xs.call("refusedFlips", length), expected);
    },
  );
}

for (const [name, make] of IMPLEMENTATIONS) {
  test(`${name}: a telecommand is sealed as SDLS asks for it in a TC transfer frame, with all but the virtual channel and the SPI masked`, (t) => {
    const frame = Buffer.from(
      "20ab00310000010000000000000000000000010dd47ffc44f21f0f0f2e519e3e52c196863a32aaa3f5ed5f41dc44f6ee1f59",
      "hex",
    );
    t.true(hasValidCrc16(frame, 0, frame.length));
    const ping = Buffer.from("1802c00000062f11010000a7d2", "hex");
    const masked = Buffer.concat([
      Uint8Array.of(0, 0, frame[2]! & 0xfc, 0, 0),
      frame.subarray(5, 7),
      new Uint8Array(12),
    ]);
    const bytes = Uint8Array.from(Buffer.concat([frame.subarray(7, 19), masked, ping, new Uint8Array(16)]));
    const aead = make(Uint8Array.from({ length: 32 }, (_, i) => i));
    const start = 12 + masked.length;
    const end = start + ping.length;
    aead.seal(bytes, start, end, 0, 12, start);
    t.deepEqual(Buffer.from(bytes.slice(start)), frame.subarray(19, -2));
    t.true(aead.open(bytes, start, end, 0, 12, start));
    t.deepEqual(Buffer.from(bytes.slice(start, end)), ping);
  });
}

for (const [name, make] of IMPLEMENTATIONS) {
  test(`${name}: long texts and long associated data are sealed as Node's crypto seals them`, (t) => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => 7 * i);
    for (const [aadLength, length] of [
      [1000, 5000],
      [200, 0],
      [0, 4113],
    ] as const) {
      const bytes = Uint8Array.from({ length: 12 + aadLength + length + 16 }, (_, i) => i * i);
      const start = 12 + aadLength;
      const cipher = createCipheriv("aes-256-gcm", key, bytes.slice(0, 12)).setAAD(bytes.slice(12, start));
      const expected = Buffer.concat([cipher.update(bytes.slice(start, start + length)), cipher.final()]);
      make(key).seal(bytes, start, start + length, 0, 12, start);
      t.deepEqual(Buffer.from(bytes.slice(start)), Buffer.concat([expected, cipher.getAuthTag()]));
    }
  });
}

for (const [name, make] of IMPLEMENTATIONS) {
  test(`${name}: ranges that are not within the array are refused both ways, and nothing is changed`, (t) => {
    const aead = make(new Uint8Array(32));
    const fresh = new Uint8Array(60).fill(7);
    for (const [start, end, nonceAt, aadStart, aadEnd] of [
      [12, 45, 0, 12, 12],
      [32, 12, 0, 12, 12],
      [-1, 12, 0, 12, 12],
      [12, 32, 49, 12, 12],
      [12, 32, -1, 12, 12],
      [12, 32, 0, 12, 61],
      [12, 32, 0, 13, 12],
      [12.5, 32, 0, 12, 12],
    ] as const) {
      const bytes = fresh.slice();
      t.throws(() => aead.seal(bytes, start, end, nonceAt, aadStart, aadEnd), { instanceOf: RangeError });
      t.false(aead.open(bytes, start, end, nonceAt, aadStart, aadEnd));
      t.deepEqual(bytes, fresh);
    }
  });
}

for (const [name, make] of IMPLEMENTATIONS) {
  test(`${name}: a key that is erased seals and opens nothing`, (t) => {
    const aead = make(new Uint8Array(32).fill(9));
    const bytes = new Uint8Array(60);
    aead.seal(bytes, 12, 32, 0, 12, 12);
    aead.erase();
    const sealed = bytes.slice();
    t.false(aead.open(bytes, 12, 32, 0, 12, 12));
    t.throws(() => aead.seal(bytes, 12, 32, 0, 12, 12), { instanceOf: RangeError });
    t.deepEqual(bytes, sealed);
  });
}

for (const [name, make] of IMPLEMENTATIONS) {
  test(`${name}: a text whose tag does not fit into the array is refused`, (t) => {
    const aead = make(new Uint8Array(32));
    const bytes = new Uint8Array(12 + 20 + 16);
    aead.seal(bytes, 12, 32, 0, 12, 12);
    t.false(aead.open(bytes.subarray(0, 47), 12, 32, 0, 12, 12));
    t.true(aead.open(bytes, 12, 32, 0, 12, 12));
  });
}

test("a key of another length, or none, is refused without saying what it is", (t) => {
  t.throws(() => new Aes256Gcm(new Uint8Array(16).fill(0x5a)), {
    instanceOf: RangeError,
    message: "key must have 32 bytes, not 16",
  });
  t.throws(() => new Aes256Gcm("5a5a" as never), { instanceOf: TypeError, message: "key must be a Uint8Array" });
});

for (const [name, make] of IMPLEMENTATIONS) {
  for (const [other, makeOther] of IMPLEMENTATIONS) {
    test(`what ${name} sealed, ${other} opens; a key that changes later does not matter`, (t) => {
      const key = new Uint8Array(32).fill(0x5a);
      const [one, two] = [make(key), makeOther(key)];
      key.fill(0);
      const bytes = new Uint8Array(12 + 20 + 16);
      one.seal(bytes, 12, 32, 0, 12, 12);
      t.true(two.open(bytes, 12, 32, 0, 12, 12));
    });
  }
}

test("no text of the object says anything of the key", (t) => {
  const aead = new Aes256Gcm(Uint8Array.from({ length: 32 }, (_, i) => i + 100));
  const texts = [
    String(aead),
    JSON.stringify(aead),
    inspect(aead, { showHidden: true, depth: null }),
    JSON.stringify(Object.getOwnPropertyNames(aead)),
    JSON.stringify(Reflect.ownKeys(structuredClone(aead))),
  ];
  t.deepEqual(texts, ["[object Object]", "{}", "Aes256Gcm {}", "[]", "[]"]);
});
