/** The options of framings with secured frames: what they are told, and what they refuse. */
import test from "ava";
import { NOT_A_PACKET } from "../../modules/framing/contract/framing.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { frame as frameOf } from "../framing/workbench.js";
import { telecommand, uslpFrame } from "./sealed-frames.js";
import { board, ground, receiver, sender } from "./secured-ends.js";
import { digitsOf, SecuredPort } from "./secured-port.js";

const PACKET = telecommand(13, 5);

function parse(text: string, security = ground()) {
  return parseFraming("--listen", text, { maxPacketLength: 65_000, security });
}

test("what is wrong is said in the words of the text, or of the code", (t) => {
  const wrong = [
    ["uslp,scid=1,sdls=on", '--listen: uslp: sdls must be off or tc or tmtc, not "on"'],
    ["uslp,scid=1,auth-mask=00", "--listen: uslp: auth-mask needs sdls"],
    [
      "uslp,scid=1,count=4,insert=2,sdls=tc,auth-mask=00",
      "--listen: uslp: auth-mask must have 27 octets, one for each of the frame's headers, not 1",
    ],
    ["uslp,scid=1,content=frames,sdls=tc", "--listen: uslp: sdls is for packets; frames go in and out as they are"],
    ["uslp,scid=1,sdls=tc,max-frame=45", "--listen: uslp: max-frame (bytes) must be from 46 to 65536, not 45"],
    ["tc-frames,scid=1,sdls=tc,max-frame=43", "--listen: tc-frames: max-frame (bytes) must be from 44 to 1024, not 43"],
  ] as const;
  for (const [text, message] of wrong) {
    t.throws(() => parse(text), { message }, text);
  }
  t.throws(() => uslp({ spacecraftId: 1, sdls: "tmtc", content: "frames" }), {
    instanceOf: TypeError,
    message: "uslp: sdls is for packets; frames go in and out as they are",
  });
  t.is(parse("uslp,scid=1,sdls=off").sdls, undefined);
  t.is(
    parse("uslp,scid=1,content=frames,sdls=off").maxPacketLength,
    parse("uslp,scid=1,content=frames").maxPacketLength,
  );
});

test("the longest packet leaves room for SPI, IV and MAC", (t) => {
  for (const [text, longest] of [
    ["uslp,scid=1,max-packet=65524", 65_524],
    ["uslp,scid=1,sdls=tc,max-packet=65494", 65_494],
    ["uslp,scid=1,sdls=tmtc,insert=9,max-packet=65485", 65_485],
    ["tc-frames,scid=1,sdls=tc", 987],
  ] as const) {
    t.is(parse(text).maxPacketLength, longest, text);
  }
  t.throws(() => parse("uslp,scid=1,sdls=tc,max-packet=65495"));
});

for (const name of ["uslp", "tc-frames"] as const) {
  test(`${name}: which end opens and which seals is said by sdls`, (t) => {
    const packet = telecommand(9, 1);
    const isSealed = (text: string, security: ReturnType<typeof board>) =>
      frameOf(parse(text, security), packet).length > packet.length + 30;
    t.true(isSealed(`${name},scid=1,sdls=tc`, ground()));
    t.false(isSealed(`${name},scid=1,sdls=tc`, board(receiver())));
    t.true(isSealed(`${name},scid=1,sdls=tmtc`, { end: "board", opener: undefined, sealer: sender() }));
  });

  test(`${name}: without a key nothing is sent, and nothing is opened`, (t) => {
    const memory = new FixedMemory(512);
    memory.bytes.set(PACKET, 400);
    const silent = parse(`${name},scid=1,sdls=tc`, { end: "ground", opener: undefined, sealer: undefined }).encoder(
      memory,
    );
    t.is(silent.encode(400, 413, 0, 300), NOT_A_PACKET);
    const port = new SecuredPort(
      parse(`${name},scid=1,sdls=tc`, { end: "board", opener: undefined, sealer: undefined }),
    );
    port.give(frameOf(parse(`${name},scid=1,sdls=tc`), PACKET));
    t.deepEqual([port.offered, port.reasons()], [0, { unknownSpi: 1 }]);
  });

  for (const over of ["", ",over=cobs"]) {
    test(`${name}${over}: frames that are sealed already go out as they are`, (t) => {
      const text = `${name},scid=171,sdls=tc`;
      const bare = frameOf(parse(text), PACKET);
      const framing = parse(text + over);
      const memory = new FixedMemory(512);
      memory.bytes.set(bare, 300);
      const encoder = framing.sealedEncoder!(memory);
      const end = encoder.encode(300, 300 + bare.length, 0, 300);
      t.true(end <= encoder.maxFrameLength(bare.length));
      const port = new SecuredPort(parse(text + over, board(receiver())));
      port.give(memory.bytes.slice(0, end));
      t.deepEqual(port.taken, [digitsOf(PACKET)]);
      t.true(encoder.encode(300, 300 + bare.length, 0, bare.length - 1) < 0);
    });
  }
}

test("the frame of the docs: header, SPI, IV, data field, MAC, FECF", (t) => {
  const ours = frameOf(parse("uslp,scid=171,sdls=tc"), PACKET);
  t.is(digitsOf(ours), digitsOf(uslpFrame(PACKET, { ivValue: 1 })));
  t.is(ours.length, 7 + 2 + 2 + 12 + 1 + PACKET.length + 16 + 2);
});
