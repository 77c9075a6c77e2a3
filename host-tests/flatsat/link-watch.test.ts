import test from "ava";
import { LINK_EVENTS } from "../../modules/flatsat/link-dictionary.js";
import { LinkWatch } from "../../modules/flatsat/link-watch.js";
import { SECURITY_DICTIONARY } from "../../modules/flatsat/security-dictionary.js";
import { SECURITY_REASONS } from "../../modules/framing/contract/frame-security.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { Client } from "../link/rig.js";
import { Desk, lastData, messages, telecommand } from "./desk.js";

type Board = ConstructorParameters<typeof LinkWatch>[0];

const REASONS = ["frameTooLong", "skipped", "undelivered", "invalidPacket", "otherChannel", "otherKissType"];

test("what somebody else was sent, or nobody took, is no damage", (t) => {
  const rejected = REASONS.map(() => 0);
  const raised: number[][] = [];
  let now = 0;
  const totals = { reasons: REASONS, clients: 0, rejected: (cause: number) => rejected[cause] };
  const board = {
    servers: [{ port: 7301, totals }],
    log: { dropped: 0 },
    uptimeMs: () => now,
    raise: (...event: number[]) => raised.push(event),
  };
  const watch = new LinkWatch(board as unknown as Board);
  for (let cause = 0; cause < REASONS.length; cause++) {
    rejected[cause] = 3 + cause;
    now += 1000;
    watch.tick();
  }
  t.deepEqual(raised, [
    [LINK_EVENTS.framingDamage.id, 7301, 3],
    [LINK_EVENTS.framingDamage.id, 7301, 6],
  ]);
});

test("frames that are refused for want of a key are told by cause, once each", (t) => {
  const rejected = SECURITY_REASONS.map((_, cause) => cause + 1);
  const raised: number[][] = [];
  let now = 0;
  // Behind two of the framing's own.
  const totals = {
    reasons: ["otherChannel", "skipped", ...SECURITY_REASONS],
    clients: 0,
    rejected: (cause: number) => rejected[cause - 2] ?? 0,
  };
  const board = {
    servers: [{ port: 7303, totals }],
    log: { dropped: 0 },
    uptimeMs: () => now,
    raise: (...event: number[]) => raised.push(event),
  };
  const watch = new LinkWatch(board as unknown as Board);
  for (let tick = 0; tick < 3; tick++) {
    now += 1000;
    watch.tick();
  }
  const { framesRefused, counterNotKept } = SECURITY_DICTIONARY.events;
  t.deepEqual(SECURITY_REASONS, [
    "noSecurityHeader",
    "unknownSpi",
    "replayed",
    "badMac",
    "counterNotKept",
    "afterForgeries",
  ]);
  t.deepEqual(raised, [
    [framesRefused.id, 7303, 1 + 2, 4 + 6, 3],
    [counterNotKept.id, 7303, 5],
  ]);
});

test("USLP's idle packets, and frames of another channel, raise no event; a damaged frame does", (t) => {
  const desk = new Desk({ beacon_interval_ms: "0", listen: "uslp:7305,scid=1", max_clients: "2" });
  desk.flatsat.start();
  const client = new Client(desk.network.connect(7305), uslp({ spacecraftId: 1 }));
  desk.network.settle();
  const idle = Uint8Array.of(0x07, 0xff, 0xc0, 0, 0, 3, 0x55, 0x55, 0x55, 0x55);
  const uncounted = { spacecraftId: 1, vcFrameCountLength: 0 };
  client.sendBytes(encodeFrame(uslp(uncounted), idle));
  client.sendBytes(encodeFrame(uslp({ ...uncounted, virtualChannelId: 5 }), telecommand(17, 1)));
  desk.advance(3000);
  t.false(messages(client).includes("5,2"));
  const damaged = encodeFrame(uslp(uncounted), telecommand(17, 1));
  damaged[12] = damaged[12]! ^ 1;
  client.sendBytes(damaged);
  desk.advance(3000);
  t.is(lastData(client, "5,2").at(-1), 1);
});
