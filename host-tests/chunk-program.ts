/**
 * Imported inside XS: the whole application over in-engine sockets, for the test that looks for strings and other
 * chunks made per packet. `ping(framing, count)` sends telecommands and takes their reports.
 */
import { createIo } from "../host/engine/io.js";
import { LoopbackNetwork } from "../host/engine/loopback.js";
import type { LoopbackPeer } from "../host/engine/loopback-peer.js";
import { Flatsat } from "../modules/flatsat/application.js";
import { parseConfiguration } from "../modules/flatsat/configuration.js";
import { encodeFrame } from "../modules/framing/encode-decode.js";
import { buildTelecommand } from "../modules/pus/build-parse.js";

const network = new LoopbackNetwork();
const configuration = parseConfiguration({
  listen: "space-packets:1 cobs:2 slip:3,crc=crc16 lines:4,crc=crc32 tc-frames:5,scid=1,over=cobs",
  log_policy: "refuseNew",
  max_clients: "5",
  memory: "48000",
});
let now = 0;
const ticks: (() => void)[] = [];
new Flatsat({
  ...configuration,
  io: createIo(network),
  ticker: {
    start(_intervalMs, callback) {
      ticks.push(callback);
      return { stop() {} };
    },
  },
  clock: () => now,
  now: () => 1.7e12 + now,
}).start();

const areYouAlive = buildTelecommand({ apid: 2, serviceType: 17, messageSubtype: 1 });
const frames = configuration.ports.map((port) => encodeFrame(port.framing, areYouAlive));
const peers: LoopbackPeer[] = configuration.ports.map((port) => network.connect(port.port));

let last = "";

/** Sends one telecommand after the other, and housekeeping in between. @returns bytes of telemetry taken */
function pings(port: number, count: number): number {
  let taken = 0;
  for (let i = 0; i < count; i++) {
    now += 10;
    if (i % 10 === 0) {
      for (let k = 0; k < ticks.length; k++) {
        (ticks[k] as () => void)();
      }
    }
    (peers[port] as LoopbackPeer).send(frames[port] as Uint8Array);
    network.settle();
    for (let k = 0; k < peers.length; k++) {
      const peer = peers[k] as LoopbackPeer;
      taken += peer.available;
      peer.discard();
    }
  }
  return taken;
}

/** The control: a short string per round. */
function strings(count: number): number {
  for (let i = 0; i < count; i++) {
    last = `${i % 10}`;
  }
  return last.length;
}

Object.assign(globalThis, { pings, strings });
