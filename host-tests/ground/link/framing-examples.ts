/** Every framing with options worth a test over real sockets, and packets that it carries. */
import { writeCrc16 } from "../../../modules/ccsds/crc16.js";
import { writeCrc32 } from "../../../modules/framing/layers/crc32.js";
import { Random } from "../../framing/random.js";
import type { EchoPort } from "./echo-application.js";

export interface FramingExample extends EchoPort {
  /** The nth of `PACKETS`. */
  packet(random: Random, n: number): Uint8Array;
  /** Nothing keeps two packets apart: send the next when the answer is there. */
  readonly oneByOne?: boolean;
}

/** Packets of each example. */
export const PACKETS = 60;

/** Bytes that mean something in one framing or another. */
const SPECIAL = [0x00, 0x01, 0x0a, 0x0d, 0x2c, 0x3a, 0xc0, 0xdb, 0xdc, 0xdd, 0xff];

/** Any bytes: random ones, special ones, and runs of one value. */
function bytes(random: Random, n: number, length: number): Uint8Array {
  const made = random.bytes(length);
  if (n % 3 === 1) {
    made.fill(SPECIAL[random.below(SPECIAL.length)]!);
  } else if (n % 3 === 2) {
    for (let i = 0; i < length; i++) {
      made[i] = SPECIAL[random.below(SPECIAL.length)]!;
    }
  }
  return made;
}

/** Of any length, the shortest and the longest among them. */
function any(least: number, most: number): FramingExample["packet"] {
  return (random, n) => bytes(random, n, n === 0 ? least : n === 1 ? most : least + random.below(most - least + 1));
}

function oneOf(...lengths: number[]): FramingExample["packet"] {
  return (random, n) =>
    bytes(random, n, n === PACKETS - 1 ? Math.max(...lengths) : lengths[random.below(lengths.length)]!);
}

/** @param least 7, or 9 where the last two bytes are a code */
function spacePacket(least = 7, most = 1024): FramingExample["packet"] {
  return (random, n) => {
    const made = any(least, most)(random, n);
    // Any APID but that of idle packets, which are not delivered.
    made.set([random.below(16) | 0x10, random.below(255), 0xc0, n, (made.length - 7) >> 8, made.length - 7]);
    return made;
  };
}

/** Ends with the packet's own code. */
function sealed(
  packet: FramingExample["packet"],
  seal: (bytes: Uint8Array, start: number, end: number) => void,
): FramingExample["packet"] {
  return (random, n) => {
    const made = packet(random, n);
    seal(made, 0, made.length);
    return made;
  };
}

/** Without any of these bytes; ended by `ending`. */
function text(without: readonly number[], ending: readonly number[]): FramingExample["packet"] {
  return (random, n) =>
    Uint8Array.from([...any(1, 1000)(random, n).map((byte) => (without.includes(byte) ? 0x2e : byte)), ...ending]);
}

/** Begins with one of these octets, and has the length that goes with them. */
function identified(...kinds: readonly (readonly [header: readonly number[], length: number])[]) {
  return (random: Random, n: number): Uint8Array => {
    const [header, length] = kinds[random.below(kinds.length)]!;
    const made = bytes(random, n, length);
    made.set(header);
    return made;
  };
}

function withConstants(length: number, ...constants: readonly (readonly [at: number, octets: readonly number[]])[]) {
  return (random: Random, n: number): Uint8Array => {
    const made = bytes(random, n, length);
    for (const [at, octets] of constants) {
      made.set(octets, at);
    }
    return made;
  };
}

const IDS = identified([[0x08, 0x01], 64], [[0x08, 0x02], 128]);
const MESSAGE = withConstants(
  544,
  [0, [0xfd, 0xaa]],
  [152, [0xcc, 0xdd, 0xfd, 0xcc]],
  [346, [0xcc, 0xdd, 0xfd, 0xcc]],
  [542, [0xcc, 0xdd]],
);

export const EXAMPLES: readonly FramingExample[] = [
  { framing: "cobs", answer: "reverse", packet: any(1, 1024) },
  { framing: "cobs,delimiter=both", answer: "reverse", packet: any(1, 1024) },
  { framing: "cobs,crc=crc16", answer: "reverse", packet: any(1, 1024) },
  { framing: "cobs,crc=check32", answer: "same", packet: sealed(any(5, 1024), writeCrc32) },
  { framing: "space-packets", answer: "same", packet: spacePacket() },
  { framing: "space-packets,crc=crc16", answer: "same", packet: spacePacket() },
  { framing: "space-packets,crc=check16", answer: "same", packet: sealed(spacePacket(9), writeCrc16) },
  { framing: "slip", answer: "reverse", packet: any(1, 1024) },
  { framing: "slip,delimiter=both,kiss-type=0xc0", answer: "reverse", packet: any(1, 1024) },
  { framing: "slip,crc=crc32", answer: "reverse", packet: any(1, 1024) },
  { framing: "lines", answer: "reverse", packet: text([0x0d], []) },
  { framing: "lines,terminator=lf,keep=on", answer: "same", packet: text([0x0a], [0x0a]) },
  { framing: "lines,terminator=2d3d2d0a,crc=crc16", answer: "reverse", packet: text([0x3d], []) },
  { framing: "raw", answer: "reverse", packet: any(1, 900), oneByOne: true },
  { framing: "length-prefixed", answer: "reverse", packet: any(1, 1024) },
  { framing: "length-prefixed,size=1,max-packet=255", answer: "reverse", packet: any(1, 255) },
  { framing: "length-prefixed,size=4,endian=little,crc=crc16", answer: "reverse", packet: any(1, 1024) },
  { framing: "length-prefixed,offset=4,size=3,sync=1acffc1d", answer: "reverse", packet: any(1, 1024) },
  { framing: "length-prefixed,offset=4,size=2,adjust=7,strip=0", answer: "same", packet: spacePacket() },
  { framing: "netstring", answer: "reverse", packet: any(1, 1024) },
  { framing: "netstring,crc=crc16", answer: "reverse", packet: any(1, 1024) },
  {
    framing: "marker,kinds=fdaa+150+ccdd/fdcc+190+ccdd/fdcc+192+ccdd",
    answer: "reverse",
    packet: oneOf(150, 190, 192),
  },
  { framing: "marker,kinds=aa55+u16le+0d0a", answer: "reverse", packet: any(1, 1024) },
  { framing: "marker,kinds=aa55+u16+0d0a,crc=crc16", answer: "reverse", packet: any(1, 1024) },
  { framing: "fixed,length=64", answer: "reverse", packet: oneOf(64) },
  { framing: "fixed,length=64,crc=crc16", answer: "reverse", packet: oneOf(62) },
  { framing: "fixed,ids=0x0801:64/0x0802:128", answer: "same", packet: IDS },
  {
    framing: "fixed,length=544,pattern=0:fdaa/152:ccddfdcc/346:ccddfdcc/542:ccdd",
    answer: "same",
    packet: MESSAGE,
  },
  { framing: "sync,length=1000", answer: "reverse", packet: oneOf(1000) },
  { framing: "sync,length=100,crc=crc16", answer: "reverse", packet: oneOf(98) },
  { framing: "uslp,scid=0x1234", answer: "same", packet: spacePacket() },
  { framing: "uslp,scid=0x1234,over=cobs", answer: "same", packet: spacePacket() },
  { framing: "uslp,scid=0x1234,fecf=off,crc=crc16", answer: "same", packet: spacePacket() },
  { framing: "tc-frames,scid=0x2ab", answer: "same", packet: spacePacket(7, 1017) },
  { framing: "tc-frames,scid=0x2ab,map=3,over=cobs", answer: "same", packet: spacePacket(7, 1016) },
  { framing: "tc-frames,scid=0x2ab,fecf=off,crc=crc16", answer: "same", packet: spacePacket(7, 1017) },
];

export function examplePackets({ packet }: FramingExample, seed: number): Uint8Array[] {
  const random = new Random(seed);
  return Array.from({ length: PACKETS }, (_, n) => packet(random, n));
}
