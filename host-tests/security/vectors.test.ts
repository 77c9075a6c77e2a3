/** Secured frames of others, opened and sealed. */
import test from "ava";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { openAll, sealAll } from "../crypto/gcm-cases.js";
import { NodeGcm } from "../crypto/node-gcm.js";
import { frame as frameOf } from "../framing/workbench.js";
import { XsModule, xsTest } from "../framing/xs-module.js";
import { KEY_130, madeFrames, PING, vectors } from "./cryptolib-vectors.js";
import { MemoryStore } from "./memory-store.js";
import { board, ground, receiver, sender } from "./secured-ends.js";
import { digitsOf, octetsOf, SecuredPort } from "./secured-port.js";

const xs = new XsModule(import.meta.url, "../crypto/gcm-cases.js");
test.after.always(() => xs.stop());

const good = vectors.filter(({ pt }) => pt !== null);
const opened = vectors.map(({ pt }) => pt ?? "refused").join("\n");
const sealed = good.map(({ ct, tag }) => ct + tag).join("\n");
const SPI = 4;

test("CryptoLib's unit tests: what its frames hold is opened and sealed, and the forged one refused", (t) => {
  t.is(good.length, 6);
  t.is(openAll(vectors), opened);
  t.is(sealAll(good), sealed);
});

test("CryptoLib's unit tests: Node's crypto makes the same of them", (t) => {
  const make = (key: Uint8Array) => new NodeGcm(key);
  t.is(openAll(vectors, make), opened);
  t.is(sealAll(good, make), sealed);
});

xsTest("on XS: CryptoLib's unit tests: what its frames hold is opened and sealed", async (t) => {
  t.is(await xs.call("openAll", vectors), opened);
  t.is(await xs.call("sealAll", good), sealed);
});

for (const { title, frame, authMask, mapId } of madeFrames) {
  const options = {
    spacecraftId: 3,
    sdls: "tc",
    ...(authMask === undefined ? {} : { authMask: [...octetsOf(authMask)] }),
    ...(mapId === undefined ? {} : { mapId }),
  } as const;

  test(`CryptoLib's frame, ${title}: it is opened, and sealed octet for octet`, (t) => {
    const port = new SecuredPort(
      tcFrames({ ...options, security: board(receiver(new MemoryStore(), octetsOf(KEY_130), SPI)) }),
    );
    port.give(octetsOf(frame));
    t.deepEqual([port.taken, port.spis, port.reasons()], [[PING], [SPI], {}]);
    const framing = tcFrames({ ...options, security: ground(sender(0, octetsOf(KEY_130), SPI)) });
    t.is(digitsOf(frameOf(framing, octetsOf(PING))), frame);
  });

  test(`CryptoLib's frame, ${title}: with another mask it is refused`, (t) => {
    const usual = new Array(19 + (mapId === undefined ? 0 : 1)).fill(authMask === undefined ? 0 : 0xff);
    const port = new SecuredPort(
      tcFrames({
        ...options,
        authMask: usual,
        security: board(receiver(new MemoryStore(), octetsOf(KEY_130), SPI)),
      }),
    );
    port.give(octetsOf(frame));
    t.deepEqual([port.taken, port.reasons()], [[], { badMac: 1 }]);
  });
}
