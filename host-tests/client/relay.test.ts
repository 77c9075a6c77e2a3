/** Boards on real TCP: a ground client, a board that is a client itself, and the board that this one is client of. */
import avaTest from "ava";
import { Client, LinkTimeoutError } from "../../ground/index.js";
import type { Running } from "../../host/run.js";
import { runOnNode } from "../../host/run-node.js";
import { runOnXs } from "../../host/run-xs.js";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { modulePath, xs } from "../host/xs-support.js";
import { patiently, portToKeep } from "../project.js";

const FLATSAT = modulePath("../../host/engine/flatsat.js", import.meta.url);
const RELAY = modulePath("./relay-application.js", import.meta.url);

async function board(run: typeof runOnNode, application: string, settings: object, port: number): Promise<Running> {
  return patiently(() =>
    run({
      application,
      settings,
      listen: [{ port, address: "127.0.0.1" }],
      onReport: () => {},
      onFailure: (error) => {
        throw error;
      },
    }),
  );
}

function boardSettings(apid: number, port: number): Record<string, string> {
  return { apid: `${apid}`, listen: `cobs:${port}`, address: "127.0.0.1", beacon_interval_ms: "0" };
}

const PING = buildTelecommand({ apid: 3, serviceType: 17, messageSubtype: 1, applicationData: new Uint8Array(0) });

/**
 * Pings the far board until it answers: a ping that is on its way while a board restarts is lost, which nobody but the
 * one who waits for the answer can notice.
 */
async function ping(client: Client, attempts = 20): Promise<void> {
  await client.send(PING);
  for (;;) {
    let bytes: Uint8Array;
    try {
      bytes = await client.receive({ timeoutMs: 500 });
    } catch (error) {
      if (attempts > 1 && error instanceof LinkTimeoutError) {
        return ping(client, attempts - 1);
      }
      throw error;
    }
    const view = parseTelemetry(bytes, new CdsShort());
    if (bytes[1] === 3 && view.serviceType === 17 && view.messageSubtype === 2) {
      return;
    }
  }
}

for (const [engine, run, available] of [
  ["Node", runOnNode, true],
  ["XS", runOnXs, xs.available],
] as const) {
  const test = available ? avaTest.serial : avaTest.serial.skip;

  test(`${engine}: a ground client pings a board through a board, also after either restarted`, async (t) => {
    const [nearPort, farPort] = [await portToKeep(), await portToKeep()];
    const startFar = () => board(runOnNode, FLATSAT, boardSettings(3, farPort), farPort);
    const startNear = () => board(run, RELAY, { board: boardSettings(2, nearPort), apid: 3, port: farPort }, nearPort);
    let far = await startFar();
    let near = await startNear();
    const client = new Client({
      host: "localhost",
      port: nearPort,
      framing: cobs(),
      reconnect: { firstMs: 20, maxMs: 100 },
    });
    try {
      await client.connect({ timeoutMs: 10_000 });
      await ping(client);
      await far.stop();
      far = await startFar();
      await ping(client);
      await near.stop();
      near = await startNear();
      await client.connect({ timeoutMs: 10_000 });
      await ping(client);
      t.true(client.connected);
    } finally {
      await client.close();
      await near.stop();
      await far.stop();
    }
  });
}
