import test from "ava";
import { decodeFrames, encodeFrame, PacketFramer } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { type UslpOptions, uslp } from "../../modules/framing/formats/uslp.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { frame, packet, SCID } from "./uslp-support.js";

test("USLP options that are wrong are refused by name.", (t) => {
  const wrong: [options: UslpOptions, message: RegExp][] = [
    [{ spacecraftId: 65_536 }, /spacecraftId must be from 0 to 65535, not 65536/],
    [{ spacecraftId: 1, virtualChannelId: 63 }, /virtualChannelId.*0 to 62, not 63/],
    [{ spacecraftId: 1, mapId: 16 }, /mapId.*0 to 15, not 16/],
    [{ spacecraftId: 1, vcFrameCountLength: 7 }, /vcFrameCountLength.*0 to 6, not 7/],
    [{ spacecraftId: 1, insertZoneLength: 256 }, /insertZoneLength/],
    [{ spacecraftId: 1, maxPacketLength: 6 }, /maxPacketLength.*7 to 65524, not 6/],
    [{ spacecraftId: 1, maxPacketLength: 65_525 }, /maxPacketLength.*7 to 65524, not 65525/],
    [{ spacecraftId: 1, maxFrameLength: 65_537 }, /maxFrameLength.*16 to 65536, not 65537/],
    [{ spacecraftId: 1, maxFrameLength: 270, insertZoneLength: 255 }, /maxFrameLength.*271 to 65536, not 270/],
    [{ spacecraftId: 1, content: "octets" as "frames" }, /content must be packets or frames/],
  ];
  for (const [options, message] of wrong) {
    t.throws(() => uslp(options), { message });
  }
  t.throws(() => parseFraming("framing", "uslp", { maxPacketLength: 100 }), { message: /give the spacecraft ID/ });
  const { maxPacketLength, decoderMemory } = uslp({ spacecraftId: 1, maxPacketLength: 100 });
  t.deepEqual([maxPacketLength, decoderMemory], [100, 223]);
});

test("A carrier must take the frames of the longest packet.", (t) => {
  const over = cobs({ maxPacketLength: 100 });
  for (const content of ["packets", "frames"] as const) {
    t.throws(() => uslp({ spacecraftId: 1, content, over, maxPacketLength: 1000 }), {
      instanceOf: RangeError,
      message: "uslp: a packet of 1000 bytes makes a frame of 1012, but cobs takes 100 at most",
    });
    t.throws(() => uslp({ spacecraftId: 1, content, over, maxFrameLength: 101 }), {
      instanceOf: RangeError,
      message: "uslp: maxFrameLength (bytes, over cobs) must be from 16 to 100, not 101",
    });
  }
  t.throws(() => uslp({ spacecraftId: 1, over: cobs({ maxPacketLength: 18 }) }), {
    message: "uslp: a packet of 7 bytes makes a frame of 19, but cobs takes 18 at most",
  });
  t.is(uslp({ spacecraftId: 1, over, maxPacketLength: 88 }).maxPacketLength, 88);
  t.throws(() => uslp({ spacecraftId: 1, over, maxPacketLength: 89 }), { instanceOf: RangeError });
  // Nothing said: as much as goes in.
  t.is(uslp({ spacecraftId: 1, over }).maxPacketLength, 88);
  t.is(uslp({ spacecraftId: 1, over: cobs() }).maxPacketLength, 1024 - 12);
  t.is(uslp({ spacecraftId: 1, over: cobs({ maxPacketLength: 5000 }) }).maxPacketLength, 1024);
  // Longer packets span frames, of a length that is said.
  t.is(uslp({ spacecraftId: 1, over, maxPacketLength: 1000, maxFrameLength: 100 }).maxPacketLength, 1000);
});

test("Of whole frames, none is promised that is not taken.", (t) => {
  t.is(uslp({ spacecraftId: 1, content: "frames", maxFrameLength: 60 }).maxPacketLength, 60);
  t.is(uslp({ spacecraftId: 1, content: "frames", maxFrameLength: 60, over: cobs() }).maxPacketLength, 60);
  t.is(uslp({ spacecraftId: 1, content: "frames", over: cobs({ maxPacketLength: 90 }) }).maxPacketLength, 90);
});

test("A limit of the frames is kept by those sent, too; without one, they are as long as their packet takes.", (t) => {
  for (const over of ["", ",over=cobs"]) {
    for (const [crc, code] of [
      ["", 0],
      [",crc=crc16", 2],
    ] as const) {
      const text = `uslp,scid=${SCID},max-frame=40${over}${crc}`;
      const framing = parseFraming("framing", text, { maxPacketLength: 1024 });
      const longest = packet(40 - 12 - code);
      t.deepEqual(decodeFrames(framing, encodeFrame(framing, longest)), [longest], text);
      t.throws(() => encodeFrame(framing, packet(longest.length + 1)), { message: /no packet/ }, text);
      t.is(new PacketFramer(framing, 71).frame(packet(71)), undefined, text);
    }
    const short = parseFraming("framing", `uslp,scid=${SCID},max-packet=20${over}`, { maxPacketLength: 1024 });
    t.is(
      new PacketFramer(short, 71).frame(packet(71))?.length,
      over === "" ? 83 : 85,
      "max-packet is about packets received",
    );
  }
});

const TEXTS = [
  "uslp,scid=4660",
  "uslp,scid=4660,count=6,insert=3",
  "uslp,scid=4660,count=0,fecf=off,over=cobs",
  "uslp,scid=4660,over=cobs,crc=crc32",
  "uslp,scid=4660,max-packet=300,crc=crc16",
  "uslp,scid=4660,max-packet=65524",
];

test("A packet as long as is promised goes in and out, and the common limit is cut to what a frame carries.", (t) => {
  for (const text of TEXTS) {
    for (const common of [10, 1024, 65_542]) {
      const framing = parseFraming("framing", text, { maxPacketLength: common });
      const longest = packet(framing.maxPacketLength);
      t.deepEqual(decodeFrames(framing, encodeFrame(framing, longest)), [longest], `${text}, ${common}`);
    }
  }
  t.throws(() => parseFraming("framing", "uslp,scid=1,max-packet=65535", { maxPacketLength: 100 }), {
    instanceOf: RangeError,
    message: /must be from 7 to 65524, not 65535/,
  });
});

test("Whole transfer frames may have a checksum behind them: their limit does not count it.", (t) => {
  const frames = [frame({ zone: packet(20), vcid: 7 }), frame({ zone: packet(40), count: 1 })];
  const longest = frame({ zone: packet(87) });
  t.is(longest.length, 100);
  const tooLong = frame({ zone: packet(88) });
  for (const over of ["", ",over=cobs"]) {
    for (const crc of ["", ",crc=crc16", ",crc=crc32", ",crc=check16"]) {
      const text = `uslp,scid=${SCID},content=frames,max-frame=100${over}${crc}`;
      const framing = parseFraming("framing", text, { maxPacketLength: 1024 });
      t.is(framing.maxPacketLength, 100, text);
      for (const each of [...frames, longest]) {
        const encoded = encodeFrame(framing, each);
        t.deepEqual(decodeFrames(framing, encoded), [each], text);
        if (crc !== "") {
          const spoilt = encoded.slice();
          spoilt[30] = spoilt[30]! ^ 0x40;
          t.deepEqual(decodeFrames(framing, spoilt), [], text);
        }
      }
      t.is(new PacketFramer(framing, tooLong.length).frame(tooLong), undefined, text);
      const unlimited = parseFraming("framing", text.replace("max-frame=100", "max-frame=1000"), {
        maxPacketLength: 1024,
      });
      t.deepEqual(decodeFrames(framing, encodeFrame(unlimited, tooLong)), [], text);
      t.throws(() => encodeFrame(framing, packet(20)), { message: /no packet/ });
    }
  }
});
