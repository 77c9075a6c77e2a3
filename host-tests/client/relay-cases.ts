/** Two boards: one is client of the other. Runs inside XS too. */
import { createIo } from "../../host/engine/io.js";
import { LoopbackNetwork } from "../../host/engine/loopback.js";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { Flatsat } from "../../modules/flatsat/application.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { equal } from "../link/expect.js";
import { type Cases, Client, ManualTime } from "../link/rig.js";
import { relay } from "./relay.js";

const NEAR = 2;
const FAR = 3;
const PING_REPORTS = ["1,1", "1,3", "17,2", "1,7"];

function twoBoards() {
  const network = new LoopbackNetwork();
  const time = new ManualTime();
  const io = createIo(network);
  const platform = { io, ticker: time.ticker, clock: time.clock };
  const board = (apid: number, port: number) =>
    new Flatsat({
      ...parseConfiguration({ apid: String(apid), listen: `cobs:${port}`, beacon_interval_ms: "0" }),
      ...platform,
    });
  const far = board(FAR, 7303);
  const near = board(NEAR, 7302);
  far.start();
  near.start();
  const client = relay(near, { ...platform, apid: FAR, address: "192.0.2.3", port: 7303 });
  network.settle();
  const ground = new Client(network.connect(7302), cobs());
  network.settle();
  return { network, time, far, near, client, ground };
}

function ping(apid: number): Uint8Array {
  return buildTelecommand({ apid, serviceType: 17, messageSubtype: 1, applicationData: new Uint8Array(0) });
}

/** What the ground got of a board, as "service,subtype", events left out. */
function reportsOf(apid: number, ground: Client): string[] {
  return ground
    .packets()
    .filter((bytes) => (((bytes[0] as number) & 7) << 8) + (bytes[1] as number) === apid)
    .map((bytes) => parseTelemetry(bytes, new CdsShort()))
    .filter((view) => view.serviceType !== 5)
    .map((view) => `${view.serviceType},${view.messageSubtype}`);
}

export const relayCases: Cases = {
  "a board as client: the ground pings another board through it, and both boards answer"() {
    const { network, client, ground, far } = twoBoards();
    equal([client.connected, far.servers[0]!.totals.clients], [true, 1], "connected");
    ground.send(ping(FAR), ping(NEAR));
    network.settle();
    equal(reportsOf(FAR, ground), PING_REPORTS, "reports of the far board");
    equal(reportsOf(NEAR, ground), PING_REPORTS, "reports of the near board");
  },

  "a board as client: the other board is away for a while: what is for it waits, and goes to it when it is back"() {
    const { network, time, client, ground, far } = twoBoards();
    far.suspend();
    network.settle();
    ground.send(ping(FAR), ping(FAR));
    network.settle();
    equal([client.connected, reportsOf(FAR, ground)], [false, []], "away");
    far.start();
    for (let k = 0; k < 30; k++) {
      time.advance(100);
      network.settle();
    }
    equal(client.connected, true, "back");
    equal(reportsOf(FAR, ground), [...PING_REPORTS, ...PING_REPORTS], "reports");
  },
};
