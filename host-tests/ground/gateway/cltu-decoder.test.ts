/** CLTUs are decoded as the standard has it: public vectors, another encoder, every damage. */
import test from "ava";
import fc from "fast-check";
import { isCodeBlock, parityOctet } from "../../../ground/gateway/bch-code.js";
import { decodeCltus } from "../../../ground/gateway/cltu-decoder.js";
import { projectFile } from "../../project.js";
import { checkProperty } from "../../seeded-properties.js";
import { cltuOf, parity } from "./cltu-encoder.js";

interface Vectors {
  readonly codeBlocks: readonly string[];
  readonly cltus: readonly { readonly frame: string; readonly cltu: string }[];
}

const VECTORS = JSON.parse(projectFile("host-tests/ground/gateway/cltu-vectors.json")) as Vectors;
const octetsOf = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));
const anyOctets = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });

test("the parity of code blocks is the public vectors'", (t) => {
  for (const digits of VECTORS.codeBlocks) {
    const block = octetsOf(digits);
    t.is(parityOctet(block, 0), block[7]!, digits);
    t.is(parity([...block.subarray(0, 7)]), block[7]!, digits);
    t.true(isCodeBlock(block, 0));
  }
});

test("the frames of the public vectors come out of their CLTUs, with the fill behind them", (t) => {
  for (const { frame, cltu } of VECTORS.cltus) {
    const [only, ...more] = decodeCltus(octetsOf(cltu), false);
    t.deepEqual(more, []);
    t.is(only!.end, "tailSequence");
    t.is(Buffer.from(only!.data).toString("hex").slice(0, frame.length), frame);
    t.regex(Buffer.from(only!.data).toString("hex").slice(frame.length), /^(55){0,6}$/);
    t.deepEqual(cltuOf(octetsOf(frame)), octetsOf(cltu), "the tests' own encoder");
  }
});

test("the first octets of the random sequence are the standard's", (t) => {
  const [cltu] = decodeCltus(cltuOf(new Uint8Array(14), { isRandomized: false }), true);
  t.is(Buffer.from(cltu!.data.subarray(0, 10)).toString("hex"), "ff399e5a68e906f56c89");
});

test("parity is the one of a division bit by bit", (t) => {
  checkProperty(
    t,
    fc.property(anyOctets(7, 7), (information) => parityOctet(information, 0) === parity([...information])),
    2000,
  );
});

for (const isRandomized of [false, true]) {
  test(`what another encoder made comes out, ${isRandomized ? "randomized" : "as it is"}`, (t) => {
    checkProperty(
      t,
      fc.property(
        fc.array(anyOctets(1, 300), { minLength: 1, maxLength: 4 }),
        anyOctets(0, 12).map((noise) => noise.filter((octet) => octet !== 0xeb)),
        (parts, noise) => {
          const datagram = Buffer.concat(parts.flatMap((part) => [noise, cltuOf(part, { isRandomized })]));
          const cltus = decodeCltus(datagram, isRandomized);
          return (
            cltus.length === parts.length &&
            cltus.every(
              ({ data, end }, k) =>
                end === "tailSequence" &&
                data.length - parts[k]!.length < 7 &&
                Buffer.from(data.subarray(0, parts[k]!.length)).equals(Buffer.from(parts[k]!)),
            )
          );
        },
      ),
      500,
    );
  });
}

test("one, two or three changed bits are seen in every code block: the code's least distance is 4", (t) => {
  const block = octetsOf(VECTORS.codeBlocks[0]!);
  const flipped = (...bits: readonly number[]): Uint8Array => {
    const copy = block.slice();
    for (const bit of bits) {
      copy[bit >> 3]! ^= 0x80 >> (bit & 7);
    }
    return copy;
  };
  for (let a = 0; a < 63; a++) {
    t.false(isCodeBlock(flipped(a), 0));
    for (let b = a + 1; b < 63; b++) {
      if (isCodeBlock(flipped(a, b), 0)) {
        t.fail(`bits ${a}, ${b}`);
      }
      for (let c = b + 1; c < 63; c++) {
        if (isCodeBlock(flipped(a, b, c), 0)) {
          t.fail(`bits ${a}, ${b}, ${c}`);
        }
      }
    }
  }
  t.true(isCodeBlock(flipped(63), 0), "the filler bit is not looked at");
});

test("a CLTU is over at a code block with an error, and where the datagram ends", (t) => {
  const frame = octetsOf(VECTORS.cltus[1]!.frame);
  const cltu = cltuOf(frame);
  const damaged = cltu.slice();
  damaged[2 + 8 + 3]! ^= 1;
  t.deepEqual(
    decodeCltus(damaged, false).map(({ data, end }) => [data.length, end]),
    [[7, "codeBlockRejected"]],
  );
  for (let length = 0; length < cltu.length; length++) {
    const cltus = decodeCltus(cltu.subarray(0, length), false);
    t.is(cltus.length, length < 2 ? 0 : 1, `${length}`);
    if (length >= 2) {
      t.is(cltus[0]!.end, "cutOff");
      t.is(cltus[0]!.data.length, 7 * Math.min(6, Math.floor((length - 2) / 8)));
    }
  }
});

test("behind what was rejected, the next start sequence is found", (t) => {
  const first = cltuOf(Uint8Array.of(1, 2, 3));
  first[4]! ^= 0x10;
  const cltus = decodeCltus(Buffer.concat([first, cltuOf(Uint8Array.of(4, 5, 6))]), false);
  t.deepEqual(
    cltus.map(({ data, end }) => [Buffer.from(data).toString("hex"), end]),
    [
      ["", "codeBlockRejected"],
      ["04050655555555", "tailSequence"],
    ],
  );
});
