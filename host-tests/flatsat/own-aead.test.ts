/** A board whose platform has an AES of its own: it alone seals and opens. */
import test from "ava";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import type { FrameSecurity } from "../../modules/framing/contract/frame-security.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { ACTIVE } from "../../modules/security/association-states.js";
import { KeyRing } from "../../modules/security/key-ring.js";
import { ReceivingAssociation } from "../../modules/security/receiving-association.js";
import { SendingAssociation } from "../../modules/security/sending-association.js";
import { NodeGcm } from "../crypto/node-gcm.js";
import { Client } from "../link/rig.js";
import { MemoryStore } from "../security/memory-store.js";
import { Desk, messages, telecommand } from "./desk.js";

const PORT = 7303;
const SETTINGS = {
  beacon_interval_ms: "0",
  listen: `tc-frames:${PORT},scid=1,sdls=tmtc`,
  security: "1=commander 9=telemetry",
};
const UP = Uint8Array.from({ length: 32 }, (_, k) => k);
const DOWN = UP.slice().reverse();

test("with platform.makeAead, frames are opened and sealed by what it makes, and the ground's AES agrees", (t) => {
  const made: NodeGcm[] = [];
  const makeAead = (key: Uint8Array) => {
    const aead = new NodeGcm(key);
    made.push(aead);
    return aead;
  };
  const desk = new Desk(SETTINGS, { platform: { securityStore: new MemoryStore(), makeAead } });
  const security = desk.flatsat.security!;
  security.provision(1, UP);
  security.provision(9, DOWN);
  desk.flatsat.start();
  const count = (): { sealed: number; opened: number } => ({
    sealed: made.reduce((sum, { sealed }) => sum + sealed, 0),
    opened: made.reduce((sum, { opened }) => sum + opened, 0),
  });

  const store = new MemoryStore();
  store.save("counter", new Uint8Array(12));
  const ours = (key: Uint8Array) => new Aes256Gcm(key);
  const telemetry = new ReceivingAssociation(9, new MemoryStore(), ours);
  telemetry.provision(DOWN, ACTIVE);
  const ground: FrameSecurity = {
    end: "ground",
    opener: new KeyRing([telemetry]),
    sealer: new SendingAssociation({ spi: 1, aead: ours(UP), store, name: "counter" }),
  };
  const framing = tcFrames({ spacecraftId: 1, sdls: "tmtc", security: ground });
  const client = new Client(desk.network.connect(PORT), framing);
  desk.network.settle();
  const { opened } = count();
  const frame = encodeFrame(framing, telecommand(17, 1));
  const forged = encodeFrame(framing, telecommand(17, 1));
  // Within the MAC.
  forged[forged.length - 5]! ^= 1;
  client.sendBytes(forged);
  client.sendBytes(frame);
  desk.network.settle();
  t.deepEqual(messages(client).slice(-4), ["1,1", "1,3", "17,2", "1,7"]);
  const after = count();
  t.is(after.opened, opened + 1);
  t.true(after.sealed >= client.packets().length, `${after.sealed} sealed, ${client.packets().length} packets came`);
});
