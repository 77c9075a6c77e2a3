/** Packets on their whole way: telecommands from the socket to the sink, telemetry from the log to the socket, and both. */
import type { Framing } from "../../modules/framing/contract/framing.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { TmtcServer } from "../../modules/link/server/tmtc-server.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import type { BenchCase } from "./bench-case.js";
import {
  ByteWiseCobsDecoder,
  ByteWiseCobsEncoder,
  type ByteWiseDecoder,
  type ByteWiseEncoder,
  ByteWiseSpacePacketDecoder,
  ByteWiseSpacePacketEncoder,
} from "./byte-wise.js";
import { BenchClient, BenchIo } from "./link-io.js";
import { PACKET_IDS, PING, telemetryPackets } from "./packets.js";
import { PlainBoard, pusDispatcher } from "./ping-cases.js";

const COUNT = 64;
const MAX_PACKET_LENGTH = 1024;
const LOG_LENGTH = 8192;
const LONG = 256;

/** A framing, and how one would write it down at first. */
interface Spoken {
  readonly framing: Framing;
  decoder(memory: FixedMemory): ByteWiseDecoder;
  encoder(memory: FixedMemory): ByteWiseEncoder;
}

const SPOKEN: readonly Spoken[] = [
  {
    framing: cobs({ maxPacketLength: MAX_PACKET_LENGTH }),
    decoder: (memory) => new ByteWiseCobsDecoder(memory, MAX_PACKET_LENGTH),
    encoder: (memory) => new ByteWiseCobsEncoder(memory),
  },
  {
    framing: spacePackets({ maxPacketLength: MAX_PACKET_LENGTH, packetIds: PACKET_IDS }),
    decoder: (memory) => new ByteWiseSpacePacketDecoder(memory, MAX_PACKET_LENGTH, PACKET_IDS),
    encoder: (memory) => new ByteWiseSpacePacketEncoder(memory),
  },
];

/** A server with one client, which sends a packet again and again. */
class Linked {
  readonly log: PacketLog;
  readonly client: BenchClient;

  constructor(framing: Framing, packet: readonly number[], sink: (log: PacketLog) => PacketSink) {
    const memory = new FixedMemory(64 * 1024);
    this.log = new PacketLog({ memory, length: LOG_LENGTH });
    const io = new BenchIo();
    const server = new TmtcServer({
      io,
      ticker: { start: () => ({ stop() {} }) },
      clock: () => 1000,
      memory,
      framing,
      port: 0,
      maxClients: 1,
      telecommands: sink(this.log),
      telemetry: this.log,
    });
    server.start();
    this.client = new BenchClient(encodeFrame(framing, Uint8Array.from(packet)));
    io.connect(this.client);
  }
}

/** The same by hand: from the bytes that came to a decoder, from an encoder to the bytes that go. */
class ByHand {
  sent = 0;
  readonly bytes: Uint8Array;
  readonly #decoder: ByteWiseDecoder;
  readonly #encoder: ByteWiseEncoder;
  readonly #frame: Uint8Array;
  readonly #staging: number;
  readonly #transmit: number;

  constructor({ framing, decoder, encoder }: Spoken, packet: readonly number[]) {
    const memory = new FixedMemory(64 * 1024);
    this.bytes = memory.bytes;
    this.#frame = encodeFrame(framing, Uint8Array.from(packet));
    this.#staging = memory.reserve("staging", MAX_PACKET_LENGTH);
    this.#transmit = memory.reserve("transmit", 2 * MAX_PACKET_LENGTH);
    this.#decoder = decoder(memory);
    this.#encoder = encoder(memory);
  }

  receive(sink: PacketSink): void {
    this.bytes.set(this.#frame, this.#staging);
    this.#decoder.push(this.#staging, this.#staging + this.#frame.length, sink);
  }

  send(start: number, end: number): void {
    const at = this.#transmit;
    this.sent += this.#encoder.encode(start, end, at, at + 2 * MAX_PACKET_LENGTH) - at;
  }
}

class Counting implements PacketSink {
  packets = 0;

  accept(): boolean {
    this.packets++;
    return true;
  }
}

function times(once: () => void): (passes: number) => void {
  return (passes) => {
    for (let i = 0; i < passes * COUNT; i++) {
      once();
    }
  };
}

function check(name: string, what: string, ours: number, theirs: number): void {
  if (ours !== theirs || ours === 0) {
    throw new Error(`${name}: ${ours} ${what}, and ${theirs} of the baseline`);
  }
}

function pingCase(spoken: Spoken): BenchCase {
  const name = `ping through the link, ${spoken.framing.name}`;
  const linked = new Linked(spoken.framing, PING, (log) => pusDispatcher(log));
  const hand = new ByHand(spoken, PING);
  const board = new PlainBoard();
  const area = LOG_LENGTH;
  const sink: PacketSink = {
    accept(bytes, start, end) {
      board.answer(bytes.slice(start, end));
      for (const report of board.latest()) {
        bytes.set(report, area);
        hand.send(area, area + report.length);
      }
      return true;
    },
  };
  const ours = times(() => {
    linked.client.send();
    linked.client.acknowledge();
  });
  const baseline = times(() => hand.receive(sink));
  return {
    name,
    packetLength: PING.length,
    packets: COUNT,
    baselineName: "byte-wise, fresh packets",
    ours,
    baseline,
    check() {
      const [before, sent] = [linked.client.received, hand.sent];
      ours(1);
      baseline(1);
      check(name, "bytes were sent", linked.client.received - before, hand.sent - sent);
    },
  };
}

function telecommandCase(spoken: Spoken): BenchCase {
  const name = `telecommand through the link, ${spoken.framing.name}`;
  const packet = telemetryPackets(1, LONG)[0]!;
  packet[0] = 0x18;
  const [mine, theirs] = [new Counting(), new Counting()];
  const linked = new Linked(spoken.framing, packet, () => mine);
  const hand = new ByHand(spoken, packet);
  const ours = times(() => linked.client.send());
  const baseline = times(() => hand.receive(theirs));
  return {
    name,
    packetLength: LONG,
    packets: COUNT,
    baselineName: "byte-wise",
    ours,
    baseline,
    check() {
      const [before, other] = [mine.packets, theirs.packets];
      ours(1);
      baseline(1);
      check(name, "packets came", mine.packets - before, theirs.packets - other);
    },
  };
}

function telemetryCase(spoken: Spoken): BenchCase {
  const name = `telemetry through the link, ${spoken.framing.name}`;
  const packet = telemetryPackets(1, LONG)[0]!;
  const linked = new Linked(spoken.framing, PING, () => new Counting());
  const hand = new ByHand(spoken, PING);
  const bytes = Uint8Array.from(packet);
  const area = LOG_LENGTH;
  const ours = times(() => {
    linked.log.append(bytes, 0, LONG);
    linked.client.acknowledge();
  });
  const baseline = times(() => {
    for (let i = 0; i < LONG; i++) {
      hand.bytes[area + i] = bytes[i]!;
    }
    hand.send(area, area + LONG);
  });
  return {
    name,
    packetLength: LONG,
    packets: COUNT,
    baselineName: "byte-wise",
    ours,
    baseline,
    check() {
      const [before, sent] = [linked.client.received, hand.sent];
      ours(1);
      baseline(1);
      check(name, "bytes were sent", linked.client.received - before, hand.sent - sent);
    },
  };
}

export function linkCases(): BenchCase[] {
  return SPOKEN.flatMap((spoken) => [pingCase(spoken), telecommandCase(spoken), telemetryCase(spoken)]);
}
