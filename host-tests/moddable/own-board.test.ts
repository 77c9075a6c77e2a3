/** A board of one's own, by a manifest of its own, runs in the SDK's simulator; `targets.test.ts` links it for the ESP32. */
import test from "ava";
import { Client } from "../../ground/link/client.js";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { portToKeep } from "../project.js";
import { build, Simulator, whyNot } from "./simulator.js";

const skipped = whyNot();
const firmwareTest = skipped === undefined ? test.serial : test.serial.skip;

firmwareTest("the thermometer reports what it measures, and its heater is switched by telecommand", async (t) => {
  t.timeout(900_000);
  const port = await portToKeep();
  const made = build("lin", [`listen=space-packets:${port}`, "beacon_interval_ms=0"], "thermometer/main");
  t.teardown(() => made.remove());
  t.is(made.status, 0, made.log);
  const simulator = new Simulator(made);
  t.teardown(() => simulator.stop());
  await simulator.until("listening", () => simulator.lines.find((line) => line.includes(`port ${port}`)));
  const client = new Client({ host: "127.0.0.1", port, framing: spacePackets() });
  t.teardown(() => client.close());
  await client.connect();
  await client.send(
    buildTelecommand({ apid: 2, serviceType: 8, messageSubtype: 1, applicationData: Uint8Array.of(16, 1) }),
  );
  const heard: string[] = [];
  for (;;) {
    const packet = await client.receive({ timeoutMs: 30_000 });
    const report = parseTelemetry(packet, new CdsShort());
    heard.push(`${report.serviceType},${report.messageSubtype}`);
    const data = packet.subarray(report.sourceDataStart, report.sourceDataEnd);
    // Structure 16: two sensors of two octets, then the mode, heating, and the set-point.
    if (heard.at(-1) === "3,25" && heard.includes("1,7")) {
      t.is(data[0], 16);
      t.deepEqual(Array.from(data.subarray(5)), [1, 20]);
      break;
    }
  }
  t.true(heard.join(" ").includes("1,1 1,3 1,7"), heard.join(" "));
  t.deepEqual(
    simulator.lines.filter((line) => /abort|error/.test(line)),
    [],
  );
});
