/**
 * Imported inside XS: traffic over in-engine sockets, for the test that counts what it allocates. `handleCommand` runs
 * the scenario that its first four bytes number, for as many packets as the next four say. Nothing here may allocate
 * while it runs.
 */
import { createIo } from "../../host/engine/io.js";
import { LoopbackNetwork, type LoopbackOptions } from "../../host/engine/loopback.js";
import type { LoopbackPeer } from "../../host/engine/loopback-peer.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { lines } from "../../modules/framing/formats/lines.js";
import { slip } from "../../modules/framing/formats/slip.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { TmtcServer } from "../../modules/link/server/tmtc-server.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink, PacketSource } from "../../modules/tmtc/contracts.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import { TelecommandRouter } from "../../modules/tmtc/telecommand-router.js";
import { packet } from "./packets.js";

const PACKET = packet(2, 60, "tc");

interface Parts {
  network?: LoopbackOptions;
  sendBuffer?: number;
  clients?: number;
  /** In front of the router. */
  sink?: (router: PacketSink) => PacketSink;
  source?: PacketSource;
}

/** A server with its clients, and the bytes that they send and read. */
class Traffic {
  readonly network: LoopbackNetwork;
  readonly server: TmtcServer;
  readonly peers: LoopbackPeer[] = [];
  readonly frame: Uint8Array;
  tick: () => void = () => {};
  now = 0;

  constructor(framing: Framing, parts: Parts = {}) {
    const memory = new FixedMemory(65536);
    const log = new PacketLog({ memory });
    const router = new TelecommandRouter();
    router.add(0x42, { accept: (bytes, start, end) => log.append(bytes, start, end) });
    this.network = new LoopbackNetwork(parts.network);
    this.server = new TmtcServer({
      io: createIo(this.network, { sendBuffer: parts.sendBuffer ?? 8192 }),
      ticker: {
        start: (_, callback) => {
          this.tick = callback;
          return { stop() {} };
        },
      },
      clock: () => this.now,
      memory,
      framing,
      port: 1,
      telecommands: parts.sink?.(router) ?? router,
      telemetry: parts.source ?? log,
    });
    this.server.start();
    this.frame = encodeFrame(framing, PACKET);
    for (let k = 0; k < (parts.clients ?? 1); k++) {
      this.peers.push(this.network.connect(1));
    }
    this.network.settle();
  }

  send(bytes: Uint8Array): void {
    if (!this.peers[0]!.send(bytes)) {
      throw new Error("no room to send");
    }
  }

  /** Everything happens that is under way; then each client must have got so many bytes, which it forgets. */
  expect(length: number): void {
    this.network.settle();
    for (let k = 0; k < this.peers.length; k++) {
      const peer = this.peers[k]!;
      if (peer.available !== length) {
        throw new Error(`client ${k} has ${peer.available} bytes, not ${length}`);
      }
      peer.discard();
    }
  }
}

type Scenario = (packets: number) => void;

function oneByOne(traffic: Traffic): Scenario {
  return (packets) => {
    for (let k = 0; k < packets; k++) {
      traffic.send(traffic.frame);
      traffic.expect(traffic.frame.length);
    }
  };
}

function inBursts(traffic: Traffic): Scenario {
  return (packets) => {
    for (let k = 0; k < packets; k += 10) {
      for (let n = 0; n < 10; n++) {
        traffic.send(traffic.frame);
      }
      traffic.expect(10 * traffic.frame.length);
    }
  };
}

function inPieces(traffic: Traffic): Scenario {
  const pieces = [traffic.frame.slice(0, 5), traffic.frame.slice(5, 6), traffic.frame.slice(6)];
  return (packets) => {
    for (let k = 0; k < packets; k++) {
      for (let piece = 0; piece < pieces.length; piece++) {
        traffic.send(pieces[piece]!);
        traffic.network.settle();
      }
      traffic.expect(traffic.frame.length);
    }
  };
}

/** The socket's budget is smaller than a frame. */
function throughANarrowSocket(framing: Framing): Scenario {
  const traffic = new Traffic(framing, { sendBuffer: 23 });
  return oneByOne(traffic);
}

function damaged(traffic: Traffic): Scenario {
  const damage = traffic.frame.slice();
  damage[0] = 0xe7;
  const rejections = () => {
    const { totals } = traffic.server;
    let sum = 0;
    for (let k = 0; k < totals.reasons.length; k++) {
      sum += totals.rejected(k);
    }
    return sum;
  };
  return (packets) => {
    const before = rejections();
    for (let k = 0; k < packets; k++) {
      traffic.send(damage);
      traffic.send(traffic.frame);
      traffic.expect(traffic.frame.length);
    }
    if (rejections() - before < packets) {
      throw new Error("the damage was not seen");
    }
  };
}

/** Nothing is ever accepted: what the client speaks is guessed once, and not again. */
function nothingButDamage(traffic: Traffic): Scenario {
  const damage = traffic.frame.slice();
  damage[0] = 0xe7;
  return (packets) => {
    for (let k = 0; k < packets; k++) {
      traffic.send(damage);
      traffic.network.settle();
      traffic.now += 500;
      traffic.tick();
    }
  };
}

/** Each packet is refused by the sink, then taken: when the application resumes, or at a tick. */
function refused(framing: Framing): Scenario {
  let refuse = false;
  const traffic = new Traffic(framing, {
    sink: (router) => ({
      accept(bytes, start, end, from) {
        refuse = !refuse;
        return !refuse && router.accept(bytes, start, end, from);
      },
    }),
  });
  return (packets) => {
    for (let k = 0; k < packets; k++) {
      traffic.send(traffic.frame);
      traffic.network.settle();
      if (k % 2 === 0) {
        traffic.server.resume();
      } else {
        traffic.now += 100;
        traffic.tick();
      }
      traffic.expect(traffic.frame.length);
    }
  };
}

function fromASource(framing: Framing): Scenario {
  let wanted = 0;
  const traffic = new Traffic(framing, {
    clients: 2,
    source: {
      next(bytes, start) {
        if (wanted === 0) {
          return 0;
        }
        wanted--;
        for (let i = 0; i < PACKET.length; i++) {
          bytes[start + i] = PACKET[i]!;
        }
        return PACKET.length;
      },
    },
  });
  return (packets) => {
    for (let k = 0; k < packets; k++) {
      wanted = 1;
      traffic.now += 100;
      traffic.tick();
      traffic.expect(traffic.frame.length);
    }
  };
}

/** The control: a sink that makes one object per packet. */
function allocating(framing: Framing): Scenario {
  let last: object | undefined;
  const traffic = new Traffic(framing, {
    sink: (router) => ({
      accept(bytes, start, end, from) {
        last = {};
        return last !== undefined && router.accept(bytes, start, end, from);
      },
    }),
  });
  return oneByOne(traffic);
}

/** Clients that come, send one packet, read its answer, and go, each in its own way. */
function comeAndGo(framing: Framing): Scenario {
  const traffic = new Traffic(framing, { clients: 0 });
  return (connections) => {
    for (let k = 0; k < connections; k++) {
      const peer = traffic.network.connect(1);
      traffic.peers[0] = peer;
      traffic.network.settle();
      traffic.send(traffic.frame);
      traffic.expect(traffic.frame.length);
      if (k % 2 === 0) {
        peer.end();
      } else {
        peer.reset();
      }
      traffic.network.settle();
      if (traffic.server.totals.clients !== 0) {
        throw new Error("the client is still there");
      }
    }
  };
}

const scenarios = new Map<string, Scenario>();
for (const framing of [
  spacePackets(),
  cobs(),
  withCrc(spacePackets(), "crc32"),
  withCrc(slip({ delimiter: "both", kissType: 0 }), "crc16"),
  withCrc(lines(), "crc32"),
]) {
  const name = framing.crc === undefined ? framing.name : `${framing.name} with ${framing.crc}`;
  const add = (title: string, scenario: Scenario) => scenarios.set(`${name}: ${title}`, scenario);
  add("one by one", oneByOne(new Traffic(framing)));
  add("in bursts", inBursts(new Traffic(framing)));
  add("in pieces", inPieces(new Traffic(framing)));
  add("to four clients", oneByOne(new Traffic(framing, { clients: 4 })));
  add("through a narrow socket", throughANarrowSocket(framing));
  add("with damage between", damaged(new Traffic(framing)));
  add("with nothing but damage", nothingButDamage(new Traffic(framing)));
  add("refused, then taken", refused(framing));
  add("from a source", fromASource(framing));
  add("clients come and go", comeAndGo(framing));
  add("one object per packet", allocating(framing));
}

const list = [...scenarios.values()];

Object.assign(globalThis, {
  scenarioTitles: () => JSON.stringify([...scenarios.keys()]),
  handleCommand(bytes: ArrayBuffer): ArrayBuffer {
    const view = new DataView(bytes);
    (list[view.getUint32(0)] as Scenario)(view.getUint32(4));
    return bytes;
  },
});
