/** Clients of MQTT, through the broker's own listener as the documents have it. */

import test from "ava";
import { connectAsync } from "mqtt";
import { examplesOf } from "../../../examples.js";
import { portToKeep } from "../../../project.js";
import { uptimeReport } from "../packets.js";
import { until } from "../rig.js";
import { boardOf, broker, publishing } from "./fan-out-rig.js";
import { withBroker } from "./nats-server.js";

withBroker(test)("a client of MQTT gets values, links and packets", async (t) => {
  const { code } = examplesOf("docs/fan-out.md").find(({ code: each }) => /^mqtt /m.test(each))!;
  const port = await portToKeep();
  const server = await broker(t, code.replace("1883", String(port)).replace(/^server_name.*$/m, ""));
  const mqtt = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 4, clientId: "test" });
  t.teardown(() => mqtt.endAsync(true));
  const heard = new Map<string, Buffer>();
  mqtt.on("message", (topic, octets) => heard.set(topic, octets));
  await mqtt.subscribeAsync(["flatlink/+/value/#", "flatlink/+/link", "flatlink/b1/tm/#"], { qos: 1 });
  const board = await boardOf(t);
  await publishing(t, server.url, { boards: [board.entry("b1")] });
  await until("it is connected to both", () => /"connected"/.test(String(heard.get("flatlink/b1/link"))));
  board.send(uptimeReport(5));
  await until("a value and a packet", () => heard.has("flatlink/b1/value/uptime") && heard.has("flatlink/b1/tm/20/2"));
  t.like(JSON.parse(String(heard.get("flatlink/b1/value/uptime"))), { board: "b1", value: 5, unit: "ms" });
  t.deepEqual(new Uint8Array(heard.get("flatlink/b1/tm/20/2")!), uptimeReport(5));
});
