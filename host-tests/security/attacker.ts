/**
 * Somebody without the key, on the network of a board: what he sends, and over how many connections. He has heard every frame that the
 * commander has sent so far.
 */
import { connect, type Socket } from "node:net";
import { writeTcHeader } from "../../modules/ccsds/tc-frame.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { concat, Random } from "../framing/random.js";
import { telemetryOf } from "./attacked-board.js";
import { mended, tcFrame, telecommand } from "./sealed-frames.js";
import { ground, iv } from "./secured-ends.js";

const SCID = 0xab;
const HEADER = 5;
const SPI_AT = HEADER;
const IV_AT = HEADER + 2;
/** Octets of the IV. */
const IV_LENGTH = 12;
const WRONG_KEY = new Uint8Array(32).fill(0x99);
/** Frames on one connection. */
const BATCH = 20;
/** How long he waits to be closed, or answered. */
const LINGER_MS = 15;

/** What a port with telemetry sends: in the clear. */
const DOWN = tcFrames({ over: cobs(), spacecraftId: SCID, sdls: "tc", security: ground() });

/** Where he connects to, and how frames stand on the stream there. */
export interface Target {
  readonly port: number;
  readonly carrier: "bare" | "cobs";
  /** It sends nothing; otherwise, telemetry in the clear, in frames of the same kind. */
  readonly isMute: boolean;
}

type Make = (random: Random, heard: readonly Uint8Array[]) => Uint8Array;

function one(random: Random, heard: readonly Uint8Array[]): Uint8Array {
  return heard[random.below(heard.length)]!.slice();
}

function withIv(frame: Uint8Array, octets: Uint8Array): Uint8Array {
  frame.set(octets, IV_AT);
  return mended(frame);
}

/** What he tries, by its name. */
export const TRICKS: Readonly<Record<string, Make>> = {
  "random octets": (random) => random.bytes(1 + random.below(120)),
  "a frame of random octets": (random) => {
    const frame = random.bytes(HEADER + 30 + 7 + random.below(60) + 2);
    writeTcHeader(frame, 0, SCID, 0, frame.length);
    return mended(frame);
  },
  "a frame that was heard": one,
  "one with a bit flipped": (random, heard) => {
    const frame = one(random, heard);
    const bit = random.below(8 * frame.length);
    frame[bit >> 3]! ^= 0x80 >> (bit & 7);
    return random.below(4) === 0 ? frame : mended(frame);
  },
  "one with a counter ahead": (random, heard) => withIv(one(random, heard), iv(2 ** 40 + random.below(2 ** 30))),
  "one with a counter far ahead": (random, heard) => withIv(one(random, heard), random.bytes(IV_LENGTH, 0x80)),
  "one with the highest counter": (random, heard) => withIv(one(random, heard), new Uint8Array(IV_LENGTH).fill(0xff)),
  "one under another SPI": (random, heard) => {
    const frame = one(random, heard);
    frame.set([random.below(256), 2 + random.below(254)], SPI_AT);
    return mended(frame);
  },
  "one under a key of his own": (random) =>
    tcFrame([telecommand(7 + random.below(40), random.below(1000))], {
      ivValue: 2 ** 40 + random.below(1000),
      key: WRONG_KEY,
    }),
  "a telecommand in clear": (random) => {
    const packet = telecommand(7 + random.below(40), random.below(1000));
    const frame = new Uint8Array(HEADER + packet.length + 2);
    writeTcHeader(frame, 0, SCID, 0, frame.length);
    frame.set(packet, HEADER);
    return mended(frame);
  },
  "one that was cut off": (random, heard) => {
    const frame = one(random, heard);
    const bytes = frame.slice(0, 1 + random.below(frame.length - 1));
    if (bytes.length > HEADER + 2 && random.below(2) === 0) {
      bytes[3] = bytes.length - 1;
      return mended(bytes);
    }
    return bytes;
  },
  "two in one": (random, heard) => {
    const [first, second] = [one(random, heard), one(random, heard)];
    const frame = concat(first.subarray(0, -2), second.subarray(HEADER));
    frame[2] = (frame.length - 1) >> 8;
    frame[3] = frame.length - 1;
    return mended(frame);
  },
};

export interface Spoils {
  frames: number;
  connections: number;
  /** Octets that came where nothing is sent: everything is too much. */
  answered: number;
  /** Packets that he heard where telemetry is sent. */
  packets: number;
  /** What they were: "service,subtype", and behind it the request ID that a report is about. */
  readonly told: Set<string>;
}

export class Attacker {
  readonly spoils: Spoils = { frames: 0, connections: 0, answered: 0, packets: 0, told: new Set() };
  readonly #random: Random;
  readonly #targets: readonly Target[];
  readonly #heard: readonly Uint8Array[];

  /** @param heard grows while he attacks */
  constructor(seed: number, targets: readonly Target[], heard: readonly Uint8Array[]) {
    this.#random = new Random(seed);
    this.#targets = targets;
    this.#heard = heard;
  }

  /** Sends so many frames, over several connections at a time; of the board's places some stay free. */
  async attack(frames: number, atOnce = 2): Promise<void> {
    const until = this.spoils.frames + frames;
    const worker = async (): Promise<void> => {
      while (this.spoils.frames < until) {
        await this.#connection();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }

  /** @returns when the connection is over */
  #connection(): Promise<void> {
    const random = this.#random;
    const target = this.#targets[random.below(this.#targets.length)]!;
    const tricks = Object.values(TRICKS);
    const batch = Array.from({ length: BATCH }, () => {
      const frame = tricks[random.below(tricks.length)]!(random, this.#heard);
      return target.carrier === "cobs" && random.below(20) > 0 ? encodeFrame(cobs(), frame) : frame;
    });
    this.spoils.frames += BATCH;
    this.spoils.connections++;
    const ends = random.below(3);
    return new Promise((resolve) => {
      // Each time from elsewhere, as a whole network of his would.
      const localAddress = `127.${1 + random.below(250)}.${random.below(250)}.${1 + random.below(250)}`;
      const socket: Socket = connect({ host: "127.0.0.1", port: target.port, localAddress, noDelay: true });
      socket.on("error", () => {});
      const heard: Buffer[] = [];
      socket.on("data", (octets) => {
        heard.push(octets);
      });
      socket.on("close", () => {
        this.#note(target, Buffer.concat(heard));
        resolve();
      });
      socket.on("connect", () => {
        socket.write(concat(...batch));
        setTimeout(() => {
          if (ends === 0) {
            socket.resetAndDestroy();
          } else if (ends === 1) {
            socket.end();
            setTimeout(() => socket.destroy(), LINGER_MS);
          } else {
            socket.destroy();
          }
        }, LINGER_MS);
      });
    });
  }

  /** What came on a connection that is over. */
  #note({ isMute }: Target, octets: Uint8Array): void {
    if (isMute) {
      this.spoils.answered += octets.length;
      return;
    }
    for (const packet of decodeFrames(DOWN, octets)) {
      const { type, data } = telemetryOf(packet);
      this.spoils.packets++;
      this.spoils.told.add(type.startsWith("1,") ? `${type} ${data.slice(0, 8)}` : type);
    }
  }
}
