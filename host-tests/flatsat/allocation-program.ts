/**
 * Imported inside XS: the whole application with its default configuration and a client on each port, for the test
 * that counts what it allocates. Nothing here may allocate while it runs.
 */

import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { Desk, telecommand } from "./desk.js";

const { ports } = parseConfiguration({});
const desk = new Desk();
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

const scenarios: Record<string, (times: number) => void> = {
  "ping over space packets": sends(0, telecommand(17, 1)),
  "ping over COBS": sends(1, telecommand(17, 1)),
  "housekeeping on request": sends(1, telecommand(3, 27, [1, 1])),
  "an unknown service": sends(0, telecommand(99, 1)),
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
