/** The firmware with a real Moddable SDK: builds, runs, answers, and allocates nothing per telecommand. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import test from "ava";
import { encodeFrame } from "../../modules/framing/convenience.js";
import { framingEntry } from "../../modules/framing/registry.js";
import { type Build, build, Simulator, whyNot } from "./simulator.js";

const skipped = whyNot();
if (skipped !== undefined) {
  console.log(`Firmware tests skipped: ${skipped}`);
}
const firmwareTest = skipped === undefined ? test.serial : test.serial.skip;

const PORTS = { "space-packets": 7411, cobs: 7412 } as const;
const PINGS = 1000;
const ping = Uint8Array.from(Buffer.from("1802c00000062f11010000a7d2", "hex"));

/** Warnings that speak of files of ours; the SDK has some about its own. */
function ourWarnings({ log }: Build): string[] {
  return log
    .split("\n")
    .filter((line) => line.includes("warning") && /modules\/|main/.test(line.replace(/^\S*\/modules\/io\/\S*/, "")));
}

/** Sends one frame and waits until as many bytes came back. */
async function exchange(socket: Socket, frame: Uint8Array): Promise<void> {
  let missing = frame.length;
  socket.write(frame);
  while (missing > 0) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    missing -= chunk.length;
  }
}

firmwareTest(
  "the firmware builds for the simulator without a warning, answers, and allocates nothing per telecommand",
  async (t) => {
    t.timeout(300_000);
    const listen = Object.entries(PORTS).map(([framing, port]) => `${framing}:${port}`);
    const made = build("lin", [`listen=${listen.join(" ")}`, "beacon_interval_ms=0"]);
    t.teardown(() => made.remove());
    t.is(made.status, 0, made.log);
    t.deepEqual(ourWarnings(made), []);

    const simulator = new Simulator(made.directory);
    t.teardown(() => simulator.stop());
    for (const [name, port] of Object.entries(PORTS)) {
      await simulator.until(`listening on ${port}`, () =>
        simulator.lines.find((line) => line.includes(`port ${port}`)),
      );
      const frame = encodeFrame(framingEntry(name).make({}, { maxPacketLength: 1024 }), ping);
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      await exchange(socket, frame);
      const before = await simulator.sample();
      for (let i = 0; i < PINGS; i++) {
        await exchange(socket, frame);
      }
      const after = await simulator.sample();
      t.log(
        `${name}: slots ${before.slots} and ${after.slots} bytes, chunks ${before.chunks} and ${after.chunks} bytes, before and after ${PINGS} pings`,
      );
      t.deepEqual(after, before);
      socket.destroy();
      await simulator.until("the report", () =>
        simulator.lines.find((line) => line.includes(`${name}: connection 1 ended`)),
      );
    }
    t.deepEqual(
      simulator.lines.filter((line) => line.includes("abort")),
      [],
    );
  },
);

const idfTest = process.env["IDF_PATH"] ? firmwareTest : test.serial.skip;

idfTest("the firmware compiles and links for the ESP32, as far as XS goes", (t) => {
  t.timeout(300_000);
  const made = build("esp32", ["wifi_ssid=lab", "wifi_password=secret-enough"]);
  t.teardown(() => made.remove());
  t.is(made.status, 0, made.log);
  t.deepEqual(ourWarnings(made), []);
});
