import test from "ava";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { type FrameSecurity, SECURITY_REASONS } from "../../modules/framing/contract/frame-security.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { KeyRing } from "../../modules/security/key-ring.js";
import { ACTIVE, PROVISIONED, ReceivingAssociation } from "../../modules/security/receiving-association.js";
import { SendingAssociation } from "../../modules/security/sending-association.js";
import type { Receipt } from "../../modules/tmtc/contracts.js";
import { Driver } from "../framing/driver.js";
import { MemoryStore } from "./memory-store.js";

/** Key 00 to 1f, SPI 1, IV 1, spacecraft ID 0xAB, the README's ping: made with Node's crypto, opened by another implementation. */
const FRAME = "20ab00310000010000000000000000000000010dd47ffc44f21f0f0f2e519e3e52c196863a32aaa3f5ed5f41dc44f6ee1f59";
const PING = "1802c00000062f11010000a7d2";
const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
const SPACECRAFT = 0xab;

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function board(store = new MemoryStore(), options: { maxPacketLength?: number } = {}) {
  const association = new ReceivingAssociation(1, store, (key) => new Aes256Gcm(key));
  const answer = association.state === ACTIVE ? PROVISIONED : association.provision(KEY, ACTIVE);
  const security: FrameSecurity = { end: "board", opener: new KeyRing([association]), sealer: undefined };
  const framing = tcFrames({ spacecraftId: SPACECRAFT, sdls: "tc", security, ...options });
  const memory = new FixedMemory(8192);
  const area = memory.reserve("frame", framing.decoderMemory);
  const staging = memory.reserve("staging", 2048);
  const taken: string[] = [];
  const receipts: (Receipt | undefined)[] = [];
  const sink = {
    refuses: false,
    accept(bytes: Uint8Array, start: number, end: number, ...[, , , receipt]: unknown[]): boolean {
      receipts.push(receipt as Receipt | undefined);
      if (this.refuses) {
        return false;
      }
      taken.push(hex(bytes.subarray(start, end)));
      return true;
    },
  };
  const driver = new Driver(framing.decoder(memory, area, undefined, "passOver"), memory, sink);
  return {
    store,
    association,
    answer,
    taken,
    receipts,
    sink,
    driver,
    give(octets: Uint8Array) {
      memory.bytes.set(octets, staging);
      return driver.give(staging, staging + octets.length);
    },
    rejected: () => driver.decoder.counters.byReason(),
  };
}

test("the frame of the standard's layout is opened, and taken once", (t) => {
  const { answer, association, taken, give, rejected, receipts } = board();
  t.is(answer, PROVISIONED);
  give(Buffer.from(FRAME, "hex"));
  t.deepEqual(taken, [PING]);
  t.is(receipts[0]?.spi, 1);
  t.is(association.last, 1);
  give(Buffer.from(FRAME, "hex"));
  t.deepEqual(taken, [PING]);
  t.deepEqual(rejected(), { replayed: 1 });
});

test("the ground seals the same frame", (t) => {
  const store = new MemoryStore();
  store.save("counter", new Uint8Array(12));
  const sealer = new SendingAssociation({ spi: 1, aead: new Aes256Gcm(KEY), store, name: "counter" });
  const framing = tcFrames({
    spacecraftId: SPACECRAFT,
    sdls: "tc",
    security: { end: "ground", opener: undefined, sealer },
  });
  const memory = new FixedMemory(8192);
  const encoder = framing.encoder(memory);
  const ping = Buffer.from(PING, "hex");
  memory.bytes.set(ping, 4000);
  const end = encoder.encode(4000, 4000 + ping.length, 0, 2000);
  t.is(hex(memory.bytes.subarray(0, end)), FRAME);
  // Thrown away: the same packet gives the same frame.
  memory.bytes.set(ping, 4000);
  t.is(hex(memory.bytes.subarray(0, encoder.encode(4000, 4000 + ping.length, 0, 2000))), FRAME);
  encoder.taken?.();
  memory.bytes.set(ping, 4000);
  t.not(hex(memory.bytes.subarray(0, encoder.encode(4000, 4000 + ping.length, 0, 2000))), FRAME);
});

test("after a restart, a frame that was taken is refused, and one that was not comes through", (t) => {
  const first = board();
  first.sink.refuses = true;
  first.give(Buffer.from(FRAME, "hex"));
  t.is(first.association.last, 0);
  const second = board(first.store);
  second.give(Buffer.from(FRAME, "hex"));
  t.deepEqual(second.taken, [PING]);
  const third = board(first.store);
  third.give(Buffer.from(FRAME, "hex"));
  t.deepEqual(third.taken, []);
  t.deepEqual(third.rejected(), { replayed: 1 });
});

test("an authentic frame of which nothing can be offered is taken, so that none behind it speaks for it", (t) => {
  const { association, taken, give, rejected } = board(new MemoryStore(), { maxPacketLength: 12 });
  give(Buffer.from(FRAME, "hex"));
  t.is(association.last, 1);
  give(Buffer.from(FRAME, "hex"));
  t.deepEqual(taken, []);
  t.deepEqual(rejected(), { packetTooLong: 1, replayed: 1 });
});

test("no frame is opened without a key", (t) => {
  const framing = tcFrames({ spacecraftId: SPACECRAFT, sdls: "tc" });
  const memory = new FixedMemory(4096);
  const area = memory.reserve("frame", framing.decoderMemory);
  const staging = memory.reserve("staging", 1024);
  const decoder = framing.decoder(memory, area);
  t.true(SECURITY_REASONS.every((reason) => decoder.counters.reasons.includes(reason)));
  const octets = Buffer.from(FRAME, "hex");
  memory.bytes.set(octets, staging);
  const driver = new Driver(decoder, memory, { accept: () => t.fail() as unknown as boolean });
  driver.give(staging, staging + octets.length);
  t.deepEqual(decoder.counters.byReason(), { unknownSpi: 1 });
});
