/**
 * Imported inside XS: the whole application with its default configuration and a client on each port, for the test
 * that counts what it allocates. Nothing here may allocate while it runs.
 */

import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { LinkWatch } from "../../modules/flatsat/link-watch.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { SecurityStore } from "../../modules/security/security-store.js";
import { SendingAssociation } from "../../modules/security/sending-association.js";
import { Desk, telecommand } from "./desk.js";

/** Raw number of a sensor that a board's own module reads. */
let celsius = 0;
const { ports } = parseConfiguration({});
const desk = new Desk(
  {},
  {
    board: {
      dictionary: defineDictionary({
        name: "monitored",
        parameters: {
          celsius: {
            id: 256,
            type: "int16",
            limits: { warning: { low: -10, high: 40 }, critical: { high: 50 } },
            monitoring: { intervalMs: 100, events: { low: "outside", high: "outside" } },
          },
          volts: { id: 257, type: "float32", limits: { warning: { low: 5 } }, monitoring: { repetitions: 3 } },
        },
        events: { outside: { id: 256, severity: "low", values: { celsius: { type: "int16" } } } },
      }),
      bind: () => ({ parameters: { celsius: () => celsius, volts: () => celsius / 7 } }),
    },
  },
);
desk.flatsat.start();
const clients = [desk.connect(0), desk.connect(1)];

/** Everything happens that is under way; each client must have got something, and forgets it. */
function settle(): void {
  desk.network.settle();
  for (let k = 0; k < clients.length; k++) {
    const peer = clients[k]!.peer;
    if (peer.available === 0) {
      throw new Error(`client ${k} got nothing`);
    }
    peer.discard();
  }
}

function sends(n: number, packet: Uint8Array): (times: number) => void {
  const frame = encodeFrame(ports[n]!.framing, packet);
  return (times) => {
    for (let k = 0; k < times; k++) {
      clients[n]!.peer.send(frame);
      settle();
    }
  };
}

/** Keeps what is kept in the same array, as flash does: none of it takes a slot. */
class FlatStore implements SecurityStore {
  readonly #kept = new Map<string, Uint8Array>();

  load(name: string): Uint8Array | undefined {
    return this.#kept.get(name)?.slice();
  }

  save(name: string, octets: Uint8Array): void {
    const kept = this.#kept.get(name);
    if (kept === undefined) {
      this.#kept.set(name, octets.slice());
    } else {
      kept.set(octets);
    }
  }

  erase(name: string): void {
    this.#kept.delete(name);
  }
}

const secured = new Desk(
  {
    listen: "tc-frames:7303,scid=1,sdls=tmtc",
    security: "1=commander 2=operator:20+f2 3=none 9=telemetry",
    max_clients: "2",
    beacon_interval_ms: "0",
  },
  { platform: { securityStore: new FlatStore() } },
);
for (const spi of [1, 2, 3, 9]) {
  secured.flatsat.security?.provision(spi, new Uint8Array(32).fill(spi));
}
secured.flatsat.start();
/** Beside the board's own, which no timer runs here. */
const watch = new LinkWatch(secured.flatsat.process);
const securedPeer = secured.network.connect(7303);
secured.network.settle();

/** A telecommand under an SPI, each time in a frame with the next IV. */
function seals(spi: number, packet: Uint8Array): (times: number) => void {
  const store = new FlatStore();
  store.save("counter", new Uint8Array(12));
  const aead = new Aes256Gcm(new Uint8Array(32).fill(spi));
  const sealer = new SendingAssociation({ spi, aead, store, name: "counter" });
  const framing = tcFrames({ spacecraftId: 1, sdls: "tmtc", security: { end: "ground", opener: undefined, sealer } });
  const memory = new FixedMemory(2048);
  const encoder = framing.encoder(memory);
  memory.bytes.set(packet);
  const frame = memory.bytes.subarray(1024, encoder.encode(0, packet.length, 1024, 2048));
  return (times) => {
    for (let k = 0; k < times; k++) {
      encoder.encode(0, packet.length, 1024, 2048);
      encoder.taken?.();
      securedPeer.send(frame);
      secured.network.settle();
      if (securedPeer.available === 0) {
        throw new Error("the client got nothing");
      }
      securedPeer.discard();
    }
  };
}

/** In the clear: its first octets are taken for an SPI. */
const unknown = encodeFrame(tcFrames({ spacecraftId: 1 }), telecommand(17, 1, new Array<number>(40).fill(0)));

const lookAtMonitoring = sends(0, telecommand(12, 8, [2, 1, 0, 1, 1]));
const enableMonitoring = sends(1, telecommand(12, 1, [1, 1, 0]));

const scenarios: Record<string, (times: number) => void> = {
  "ping over space packets": sends(0, telecommand(17, 1)),
  "ping over COBS": sends(1, telecommand(17, 1)),
  "housekeeping on request": sends(1, telecommand(3, 27, [1, 1])),
  "an unknown service": sends(0, telecommand(99, 1)),
  "time reports at a new rate": sends(1, telecommand(9, 1, [0])),
  "a ping in an authenticated frame, answered in such": seals(1, telecommand(17, 1)),
  "what a role does not allow": seals(3, telecommand(8, 1, [2, 0, 0, 0, 1])),
  "counters of associations, which are read by an operator": seals(2, telecommand(20, 1, [1, 0, 64])),
  "frames under an SPI that there is not, and their events"(times) {
    for (let k = 0; k < times; k++) {
      securedPeer.send(unknown);
      secured.network.settle();
      secured.time.now += 1000;
      watch.tick();
      secured.network.settle();
      if (securedPeer.available === 0) {
        throw new Error("no event came");
      }
      securedPeer.discard();
    }
  },
  "monitoring, looked at and switched"(times) {
    for (let k = 0; k < times; k++) {
      lookAtMonitoring(1);
      enableMonitoring(1);
    }
  },
  "values that leave their limits and come back"(times) {
    for (let k = 0; k < times; k++) {
      celsius = k % 4 === 0 ? 45.5 : k % 4 === 1 ? 60 : k % 4 === 2 ? -20 : 7;
      desk.time.now += 1000;
      desk.flatsat.process.tick();
      settle();
    }
  },
  "housekeeping, once a second"(times) {
    for (let k = 0; k < times; k++) {
      desk.time.now += 1000;
      desk.flatsat.process.tick();
      settle();
    }
  },
};

const list = Object.values(scenarios);

Object.assign(globalThis, {
  scenarioTitles: () => JSON.stringify(Object.keys(scenarios)),
  handleCommand(bytes: ArrayBuffer): ArrayBuffer {
    const view = new DataView(bytes);
    list[view.getUint32(0)]!(view.getUint32(4));
    return bytes;
  },
});
