/** A large board of one's own fits the heap of the default manifest, with six clients connected. */
import test from "ava";
import { portToKeep, projectFile } from "../project.js";
import { Commander } from "./commander.js";
import { build, Simulator, whyNot } from "./simulator.js";

const skipped = whyNot();
const firmwareTest = skipped === undefined ? test.serial : test.serial.skip;

const PLACES = 6;
/** What the SDK's simulator takes for a slot; an ESP32 has 16. */
const SLOT_BYTES = 32;
const FREE_AT_LEAST = 300;
/** Of housekeeping in eight structures: enough for some collections. */
const SECONDS = 10;

firmwareTest(
  "100 parameters, 8 structures, 32 events, 16 functions and six clients leave 300 slots free",
  async (t) => {
    t.timeout(900_000);
    const port = await portToKeep();
    const listen = `listen=space-packets:${port} cobs:${await portToKeep()}`;
    const made = build("lin", [listen, `max_clients=${PLACES}`, "memory=30000"], "large");
    t.teardown(() => made.remove());
    t.is(made.status, 0, made.log);
    const simulator = new Simulator(made);
    t.teardown(() => simulator.stop());
    await simulator.until("listening", () => simulator.lines.find((line) => line.includes(`port ${port}`)));
    const clients = Array.from({ length: PLACES }, () => new Commander("space-packets", port));
    for (let round = 0; round < 20; round++) {
      await Promise.all(clients.map((client) => client.ping()));
    }
    const first = simulator.samples.length;
    // Garbage is collected when the heap is full: the fewest bytes in use are those after a collection.
    await simulator.until("samples", () => (simulator.samples.length > first + SECONDS ? true : undefined));
    const { creation } = JSON.parse(projectFile("manifest.json")) as { creation: { heap: { initial: number } } };
    const used = Math.min(...simulator.samples.slice(first + 1).map(({ slots }) => slots)) / SLOT_BYTES;
    const free = creation.heap.initial - used;
    t.log(`${used} slots in use, ${free} of ${creation.heap.initial} free`);
    t.true(free >= FREE_AT_LEAST, `${free}`);
    await Promise.all(clients.map((client) => client.close()));
    t.deepEqual(
      simulator.lines.filter((line) => /abort|error/.test(line)),
      [],
    );
  },
);
