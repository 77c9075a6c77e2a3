/**
 * Imported inside XS: the whole application with its default configuration and a client on each port, for the test
 * that counts what it allocates. Nothing here may allocate while it runs.
 */

import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
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

const lookAtMonitoring = sends(0, telecommand(12, 8, [2, 1, 0, 1, 1]));
const enableMonitoring = sends(1, telecommand(12, 1, [1, 1, 0]));

const scenarios: Record<string, (times: number) => void> = {
  "ping over space packets": sends(0, telecommand(17, 1)),
  "ping over COBS": sends(1, telecommand(17, 1)),
  "housekeeping on request": sends(1, telecommand(3, 27, [1, 1])),
  "an unknown service": sends(0, telecommand(99, 1)),
  "time reports at a new rate": sends(1, telecommand(9, 1, [0])),
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
