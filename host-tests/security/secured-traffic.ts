/** Telecommands sealed at one end and taken once at the other, without allocating. Knows no platform: runs inside XS. */
import { type FrameDecoder, type FrameEncoder, MORE, PACKET } from "../../modules/framing/contract/framing.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { ACTIVE } from "../../modules/security/association-states.js";
import { ReceivingAssociation } from "../../modules/security/receiving-association.js";
import type { SecurityStore } from "../../modules/security/security-store.js";
import { SendingAssociation } from "../../modules/security/sending-association.js";
import { board, ground, iv, KEY, makeAead, SPI } from "./secured-ends.js";

/** Keeps nothing: what a platform's store costs is not counted. */
const STORE: SecurityStore = {
  load: (name) => (name === "counter" ? iv(0) : undefined),
  save() {},
  erase() {},
};

export class SecuredTraffic {
  readonly #memory = new FixedMemory(4096);
  readonly #decoder: FrameDecoder;
  readonly #encoder: FrameEncoder;
  readonly #packet: number;
  readonly #packetEnd: number;
  readonly #transmit: number;
  readonly #received: number;
  #taken = 0;

  constructor(format: "tc-frames" | "uslp", packet: Uint8Array) {
    const memory = this.#memory;
    const association = new ReceivingAssociation(SPI, STORE, makeAead);
    association.provision(KEY, ACTIVE);
    const sealer = new SendingAssociation({ spi: SPI, aead: makeAead(KEY), store: STORE, name: "counter", block: 3 });
    const text = `${format},scid=1,sdls=tc`;
    const received = parseFraming("framing", text, { maxPacketLength: 128, security: board(association) });
    const sent = parseFraming("framing", text, { maxPacketLength: 128, security: ground(sealer) });
    this.#decoder = received.decoder(memory, memory.reserve("decoder", received.decoderMemory));
    this.#encoder = sent.encoder(memory);
    this.#packet = memory.reserve("packet", packet.length);
    this.#packetEnd = this.#packet + packet.length;
    this.#transmit = memory.reserve("transmit", 512);
    this.#received = memory.reserve("received", 513);
    memory.bytes.set(packet, this.#packet);
  }

  run(rounds: number): void {
    const { bytes } = this.#memory;
    const transmit = this.#transmit;
    this.#taken = 0;
    for (let round = 0; round < rounds; round++) {
      const end = this.#encoder.encode(this.#packet, this.#packetEnd, transmit, transmit + 512);
      this.#encoder.taken?.();
      // Twice: the second time it is a replay.
      this.#give(bytes, transmit, end);
      this.#give(bytes, transmit, end);
    }
    if (this.#taken !== rounds) {
      throw new Error(`${this.#taken} packets of ${rounds} rounds`);
    }
  }

  #give(bytes: Uint8Array, start: number, end: number): void {
    const decoder = this.#decoder;
    bytes.copyWithin(this.#received, start, end);
    decoder.give(this.#received, this.#received + end - start);
    for (let answer = decoder.next(); answer !== MORE; answer = decoder.next()) {
      if (answer === PACKET && decoder.receipt?.commit() === true) {
        this.#taken++;
      }
    }
  }
}
