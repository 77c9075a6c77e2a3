/** What a key costs: packets in sealed TC frames against the same ones in plain ones, both by this package. */
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { type FrameOpener, type FrameSecurity, OPENED } from "../../modules/framing/contract/frame-security.js";
import { type FrameDecoder, type FrameEncoder, PACKET } from "../../modules/framing/contract/framing.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { ACTIVE } from "../../modules/security/association-states.js";
import { KeyRing } from "../../modules/security/key-ring.js";
import { ReceivingAssociation } from "../../modules/security/receiving-association.js";
import type { SecurityStore } from "../../modules/security/security-store.js";
import { SendingAssociation } from "../../modules/security/sending-association.js";
import type { BenchCase } from "./bench-case.js";
import { Workload } from "./framing-cases.js";
import { pings, telemetryPackets } from "./packets.js";

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
const SPACECRAFT_ID = 0x2ab;
const BASELINE = "without a key";
/** Of one memory: every name has its octets. */
class NoStore implements SecurityStore {
  load(name: string): Uint8Array | undefined {
    return name === "counter" ? new Uint8Array(12) : undefined;
  }

  save(): void {
    // What a store costs is the platform's matter.
  }

  erase(): void {
    // Nothing is kept.
  }
}

/** Opens frames again and again: the very same ones are opened in each pass. */
class LenientOpener implements FrameOpener {
  readonly #ring: KeyRing;

  constructor(ring: KeyRing) {
    this.#ring = ring;
  }

  open(bytes: Uint8Array, frame: number, at: number, end: number, mask: readonly number[], scratch: number) {
    return this.#ring.open(bytes, frame, at, end, mask, scratch);
  }

  commit(): typeof OPENED {
    return OPENED;
  }

  keyNumber(): number {
    return 1;
  }
}

/** One board's port and its ground, of which only one direction is used. */
function security(end: FrameSecurity["end"]): FrameSecurity {
  const store = new NoStore();
  const association = new ReceivingAssociation(1, store, (key) => new Aes256Gcm(key));
  association.provision(KEY, ACTIVE);
  const sealer = new SendingAssociation({ spi: 1, aead: new Aes256Gcm(KEY), store, name: "counter" });
  return { end, opener: new LenientOpener(new KeyRing([association])), sealer };
}

class Stream {
  readonly load: Workload;
  readonly decoder: FrameDecoder;
  readonly encoder: FrameEncoder;
  readonly #staging: number;
  readonly #transmit: number;
  readonly #room: number;
  packets = 0;

  /** @param sealed undefined: in plain frames */
  constructor(packets: readonly number[][], sealed: "sealed" | undefined) {
    const own = (end: FrameSecurity["end"]) =>
      tcFrames({
        spacecraftId: SPACECRAFT_ID,
        ...(sealed === undefined ? {} : { sdls: "tc", security: security(end) }),
      });
    this.load = new Workload(own("ground"), packets);
    const { memory, encoder, streamStart, streamEnd } = this.load;
    this.encoder = encoder;
    const board = own("board");
    this.decoder = board.decoder(memory, memory.reserve("decoder", board.decoderMemory));
    this.#staging = memory.reserve("staging", streamEnd - streamStart + 1);
    this.#room = encoder.maxFrameLength(1000);
    this.#transmit = memory.reserve("transmit", this.#room);
  }

  decode(passes: number): void {
    const { memory, streamStart, streamEnd } = this.load;
    const { decoder } = this;
    for (let pass = 0; pass < passes; pass++) {
      memory.bytes.copyWithin(this.#staging, streamStart, streamEnd);
      decoder.give(this.#staging, this.#staging + streamEnd - streamStart);
      while (decoder.next() === PACKET) {
        this.packets++;
      }
    }
  }

  encode(passes: number): void {
    const { offsets, packets } = this.load;
    for (let pass = 0; pass < passes; pass++) {
      for (let k = 0; k < packets.length; k++) {
        this.packets +=
          this.encoder.encode(offsets[k]!, offsets[k + 1]!, this.#transmit, this.#transmit + this.#room) > 0 ? 1 : 0;
      }
    }
  }

  /** @throws when not every packet comes out of one pass */
  check(name: string, pass: (passes: number) => void): void {
    const before = this.packets;
    pass(1);
    if (this.packets - before !== this.load.packets.length) {
      throw new Error(`${name}: ${this.packets - before} packets of ${this.load.packets.length}`);
    }
  }
}

function sealedCase(what: "decode" | "encode", packets: readonly number[][]): BenchCase {
  const ours = new Stream(packets, "sealed");
  const plain = new Stream(packets, undefined);
  const name = `tc-frames sdls ${what}, ${packets[0]!.length}`;
  const pass = (stream: Stream) => (passes: number) => stream[what](passes);
  return {
    name,
    packetLength: packets[0]!.length,
    packets: packets.length,
    baselineName: BASELINE,
    ours: pass(ours),
    baseline: pass(plain),
    check() {
      for (const stream of [ours, plain]) {
        stream.check(name, pass(stream));
      }
    },
  };
}

export function sdlsCases(): BenchCase[] {
  const short = pings(16);
  const telemetry = telemetryPackets(16, 256);
  return [sealedCase("decode", short), sealedCase("encode", short), sealedCase("decode", telemetry)];
}
