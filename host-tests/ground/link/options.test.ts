/** What JavaScript lets through and no compiler has seen: options that are none, and framings that are none. */
import test from "ava";
import { Client, decodeStream, encodeStream, OneClientServer } from "../../../ground/index.js";
import type { Framing } from "../../../modules/framing/contract/framing.js";
import { decodeFrames, encodeFrame } from "../../../modules/framing/encode-decode.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";

const BYTES = Uint8Array.of(1, 2);

const TAKE_A_FRAMING: Record<string, (framing: Framing) => unknown> = {
  Client: (framing) => new Client({ host: "127.0.0.1", port: 7301, framing }),
  OneClientServer: (framing) => new OneClientServer({ framing }),
  decodeStream: (framing) => decodeStream(framing),
  encodeStream: (framing) => encodeStream(framing),
  encodeFrame: (framing) => encodeFrame(framing, BYTES),
  decodeFrames: (framing) => decodeFrames(framing, BYTES),
};

for (const [name, make] of Object.entries(TAKE_A_FRAMING)) {
  test(`${name}: what is no framing is refused, and said so`, (t) => {
    for (const [framing, what] of [
      [undefined, "undefined"],
      [null, "null"],
      [cobs, "a function"],
      ["cobs", '"cobs"'],
      [{}, "an object"],
      [{ ...cobs(), maxPacketLength: undefined }, "an object"],
    ] as [unknown, string][]) {
      const message = `framing must be a framing, as cobs() makes it, not ${what}`;
      t.throws(() => make(framing as Framing), { instanceOf: TypeError, message });
    }
    t.notThrows(() => make(cobs()));
  });
}

const TAKE_OPTIONS: Record<string, [(options: object) => unknown, string]> = {
  Client: [
    (options) => new Client({ host: "127.0.0.1", port: 7301, framing: cobs(), ...options }),
    "there are host, port, name, connectTimeoutMs, reconnect, random, heartbeat, heartbeatMs, idleTimeoutMs, partialFrameTimeoutMs, badFrames, framing, maxPacketLength, sendLimit, unsent, receiveLimit, overflow, clock",
  ],
  OneClientServer: [
    (options) => new OneClientServer({ framing: cobs(), ...options }),
    "there are port, address, name, excessClients, rejectHoldMs, idleTimeoutMs, partialFrameTimeoutMs, badFrames, framing, maxPacketLength, sendLimit, unsent, receiveLimit, overflow, clock",
  ],
  decodeStream: [(options) => decodeStream(cobs(), options), "there are kinds, partialFrameTimeoutMs, clock"],
  encodeStream: [(options) => encodeStream(cobs(), options as Record<string, never>), "there are none"],
};

for (const [name, [make, known]] of Object.entries(TAKE_OPTIONS)) {
  test(`${name}: an option of an unknown name is refused, with those there are`, (t) => {
    for (const wrong of ["recconnect", "toString"]) {
      const message = `"${wrong}" is no option of ${name}; ${known}`;
      t.throws(() => make({ [wrong]: {} }), { instanceOf: TypeError, message });
    }
    t.notThrows(() => make({}));
  });
}

for (const options of [undefined, null, "cobs", 7301]) {
  test(`options that are no object: ${String(options)}`, (t) => {
    const message = /^options of (Client|OneClientServer) must be an object, not /;
    t.throws(() => new Client(options as never), { instanceOf: TypeError, message });
    t.throws(() => new OneClientServer(options as never), { instanceOf: TypeError, message });
  });
}
