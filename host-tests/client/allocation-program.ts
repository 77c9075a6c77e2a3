/**
 * Imported inside XS: a client and a server on in-engine sockets, for the test that counts what traffic allocates.
 * `handleCommand` runs the scenario that its first four bytes number, as often as the next four say. Nothing here may
 * allocate while it runs.
 */
import { createIo } from "../../host/engine/io.js";
import { LoopbackNetwork } from "../../host/engine/loopback.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { lengthPrefixed } from "../../modules/framing/formats/length-prefixed.js";
import { slip } from "../../modules/framing/formats/slip.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { TmtcClient } from "../../modules/link/client/tmtc-client.js";
import { TmtcServer } from "../../modules/link/server/tmtc-server.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import { packet } from "../link/packets.js";

const PACKET = packet(2, 60, "tc");
const HEARTBEAT = packet(3, 12, "tc");

interface Parts {
  sendBuffer?: number;
  /** Makes one object, or one string, per packet: the controls. */
  allocates?: "object" | "string";
  /** The client's sink refuses every other offer. */
  refuses?: boolean;
  unsent?: "keep" | "drop";
}

/** A server that echoes, and a client. */
class Traffic {
  readonly network = new LoopbackNetwork();
  readonly server: TmtcServer;
  readonly client: TmtcClient;
  received = 0;
  last: object | string | undefined;
  now = 0;
  #refuse = false;
  #ticks: (() => void)[] = [];

  constructor(framing: Framing, parts: Parts = {}) {
    const makesObject = parts.allocates === "object";
    const makesString = parts.allocates === "string";
    const io = createIo(this.network, { sendBuffer: parts.sendBuffer ?? 8192 });
    const memory = new FixedMemory(65536);
    const log = new PacketLog({ memory });
    const clock = () => this.now;
    const ticker = {
      start: (_: number, callback: () => void) => {
        this.#ticks.push(callback);
        return { stop() {} };
      },
    };
    this.server = new TmtcServer({
      io,
      ticker,
      clock,
      memory,
      framing,
      port: 1,
      telecommands: { accept: (bytes, start, end) => log.append(bytes, start, end) },
      telemetry: log,
    });
    this.server.start();
    this.client = new TmtcClient({
      io,
      ticker,
      clock,
      memory,
      framing,
      address: "127.0.0.1",
      port: 1,
      unsent: parts.unsent ?? "keep",
      reconnect: { firstMs: 10, jitter: 0 },
      heartbeat: HEARTBEAT,
      heartbeatMs: 100,
      sink: {
        accept: () => {
          if (parts.refuses) {
            this.#refuse = !this.#refuse;
            if (this.#refuse) {
              return false;
            }
          }
          if (makesObject) {
            this.last = {};
          } else if (makesString) {
            this.last = `${this.received % 10}`;
          }
          this.received++;
          return true;
        },
      },
    });
    this.client.connect();
    this.network.settle();
  }

  send(): void {
    const number = this.client.send(PACKET, 0, PACKET.length);
    if (number < 0) {
      throw new Error("not queued");
    }
    this.client.acknowledge(number);
  }

  tick(ms: number): void {
    this.now += ms;
    for (let i = 0; i < this.#ticks.length; i++) {
      this.#ticks[i]!();
    }
    this.network.settle();
  }
}

type Scenario = (packets: number) => void;

function check(traffic: Traffic, before: number, packets: number): void {
  if (traffic.received - before !== packets) {
    throw new Error("packets were lost");
  }
}

function oneByOne(traffic: Traffic): Scenario {
  return (packets) => {
    const before = traffic.received;
    for (let k = 0; k < packets; k++) {
      traffic.send();
      traffic.network.settle();
    }
    check(traffic, before, packets);
  };
}

function inBursts(traffic: Traffic): Scenario {
  return (packets) => {
    const before = traffic.received;
    for (let k = 0; k < packets; k += 10) {
      for (let n = 0; n < 10; n++) {
        traffic.send();
      }
      traffic.network.settle();
    }
    check(traffic, before, packets);
  };
}

function resumed(traffic: Traffic): Scenario {
  return (packets) => {
    const before = traffic.received;
    for (let k = 0; k < packets; k++) {
      traffic.send();
      traffic.network.settle();
      if (k % 2 === 0) {
        traffic.client.resume();
      } else {
        traffic.tick(50);
      }
    }
    check(traffic, before, packets);
  };
}

function heartbeats(traffic: Traffic): Scenario {
  return (packets) => {
    const before = traffic.received;
    for (let k = 0; k < packets; k++) {
      traffic.tick(100);
    }
    check(traffic, before, packets);
  };
}

/** The server restarts, the client comes back, and sends. */
function comeAndGo(traffic: Traffic): Scenario {
  return (connections) => {
    const before = traffic.received;
    for (let k = 0; k < connections; k++) {
      traffic.send();
      traffic.network.settle();
      traffic.server.disconnectAll();
      traffic.network.settle();
      traffic.tick(20);
      if (!traffic.client.connected) {
        throw new Error("not connected again");
      }
    }
    check(traffic, before, connections);
  };
}

const scenarios = new Map<string, Scenario>();
for (const framing of [spacePackets(), cobs(), slip(), lengthPrefixed()]) {
  const add = (title: string, scenario: Scenario) => scenarios.set(`${framing.name}: ${title}`, scenario);
  add("one by one", oneByOne(new Traffic(framing)));
  add("in bursts", inBursts(new Traffic(framing)));
  add("through a narrow socket", oneByOne(new Traffic(framing, { sendBuffer: 23 })));
  add("under drop", oneByOne(new Traffic(framing, { unsent: "drop" })));
  add("refused, then taken", resumed(new Traffic(framing, { refuses: true })));
  add("heartbeats", heartbeats(new Traffic(framing)));
  add("connections come and go", comeAndGo(new Traffic(framing)));
  add("one object per packet", oneByOne(new Traffic(framing, { allocates: "object" })));
  add("one string per packet", oneByOne(new Traffic(framing, { allocates: "string" })));
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
