/** Sockets are closed once each, and nothing is done with them afterwards, whatever happens in whatever order. */
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { equal } from "./expect.js";
import { type FakeConnection, FakeIo } from "./fake-io.js";
import { packet } from "./packets.js";
import { type Cases, inEachFraming, Rig } from "./rig.js";

const SEEDS = 60;
const STEPS = 60;

function random(seed: number): (below: number) => number {
  let state = seed * 7919 + 1;
  return (below) => {
    state = (state * 75 + 74) % 65537;
    return state % below;
  };
}

export const closingCases: Cases = {
  ...inEachFraming("whatever happens, each socket is closed once, and not used afterwards", (framing) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const next = random(seed);
      const io = new FakeIo();
      const rig: Rig = new Rig({
        io,
        framing,
        log: { policy: seed % 2 === 0 ? "refuseNew" : "dropOldest", length: 1024 },
        server: {
          maxClients: 1 + (seed % 3),
          excessClients: seed % 5 === 0 ? "replace" : "reject",
          idleTimeoutMs: seed % 4 === 0 ? 3000 : 0,
          yieldAfterMs: 5000,
          reserve: 1,
        },
      });
      rig.inbox.onPacket = (bytes) => {
        switch (next(20)) {
          case 0:
            rig.server.stop();
            rig.server.start();
            break;
          case 1:
            rig.server.resume();
            break;
          case 2:
            throw new Error("sink fault");
          case 3:
            rig.server.disconnectAll();
            break;
          default:
            rig.log.append(bytes, 0, bytes.length);
        }
      };
      const connections: FakeConnection[] = [];
      const frame = encodeFrame(framing, packet(seed, 30, "tc"));
      for (let step = 0; step < STEPS; step++) {
        // Late events of sockets that were closed are among them.
        const connection = connections[next(connections.length || 1)];
        switch (next(12)) {
          case 0:
          case 1:
            connections.push(...io.connect(1 + next(2)));
            break;
          case 2:
            connection?.receive(frame.subarray(0, 1 + next(frame.length)));
            break;
          case 3:
          case 4:
            connection?.receive(frame);
            break;
          case 5:
          case 6:
            connection?.writable(next(200));
            break;
          case 7:
            connection?.end();
            break;
          case 8:
            connection?.fail();
            break;
          case 9:
            rig.inbox.refuse = next(4);
            break;
          case 10:
            rig.emit(step, 1 + next(4), 100);
            break;
          default:
            if (connection !== undefined && next(8) === 0) {
              connection.isDead = true;
            }
            rig.advance(100 * (1 + next(30)));
        }
      }
      rig.inbox.onPacket = undefined;
      rig.server.stop();
      rig.advance(5000);
      equal(
        connections.map(({ closed, usedWhenClosed }) => [closed, usedWhenClosed]),
        connections.map(() => [1, 0]),
        `times closed, and used afterwards, seed ${seed}`,
      );
      equal(rig.server.totals.clients, 0, `clients, seed ${seed}`);
      equal(rig.reports.length, rig.server.totals.connections, `reports, seed ${seed}`);
    }
  }),
};
