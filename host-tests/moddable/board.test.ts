/** The firmware with a real Moddable SDK: builds, runs, answers, allocates nothing per telecommand, loses no connection. */
import test from "ava";
import { portToKeep } from "../project.js";
import { Commander } from "./commander.js";
import { type Build, build, forgetBuilds, Simulator, whyNot } from "./simulator.js";

const skipped = whyNot();
if (skipped !== undefined) {
  console.log(`Firmware tests skipped: ${skipped}`);
}
const firmwareTest = skipped === undefined ? test.serial : test.serial.skip;

const FRAMINGS = ["space-packets", "cobs"] as const;
const PLACES = 6;
const PINGS = 1000;
const CONNECTIONS = 2000;
/** What a connection takes of the heap for good, at most; two thousand of them would fill it with less than a slot each. */
const SLOT_BYTES = 32;

/** Warnings that speak of files of ours; the SDK has some about its own. */
function ourWarnings({ log }: Build): string[] {
  return log
    .split("\n")
    .filter((line) => line.includes("warning") && /modules\/|main/.test(line.replace(/^\S*\/modules\/io\/\S*/, "")));
}

let made: Build;
let simulator: Simulator;
const ports: number[] = [];

function commander(number: number): Commander {
  const which = number % FRAMINGS.length;
  return new Commander(FRAMINGS[which] as string, ports[which] as number);
}

/** The fewest bytes of slots in use that the next samples say: what is left when XS has collected its garbage. */
function floor(from: number, to: number): number {
  return Math.min(...simulator.samples.slice(from, to).map(({ slots }) => slots));
}

if (skipped === undefined) {
  test.before("the firmware builds for the simulator without a warning, and listens", async (t) => {
    t.timeout(900_000);
    for (const _ of FRAMINGS) {
      ports.push(await portToKeep());
    }
    const listen = FRAMINGS.map((framing, i) => `${framing}:${ports[i]}`).join(" ");
    made = build("lin", [`listen=${listen}`, `max_clients=${PLACES}`, "memory=28672", "beacon_interval_ms=0"]);
    const warnings = ourWarnings(made);
    if (warnings.length > 0) {
      // The tools warn when they compile, and only then.
      forgetBuilds();
    }
    t.is(made.status, 0, made.log);
    t.deepEqual(warnings, []);
    simulator = new Simulator(made);
    for (const port of ports) {
      await simulator.until(`listening on ${port}`, () =>
        simulator.lines.find((line) => line.includes(`port ${port}`)),
      );
    }
  });

  test.after.always(async () => {
    await simulator?.stop();
    made?.remove();
  });

  test.afterEach.always("nothing aborted", (t) => {
    t.deepEqual(
      simulator.lines.filter((line) => /abort|error/.test(line)),
      [],
    );
  });
}

firmwareTest("a telecommand is answered, and allocates nothing", async (t) => {
  t.timeout(300_000);
  for (const [which, framing] of FRAMINGS.entries()) {
    const ground = commander(which);
    t.teardown(() => ground.reset());
    t.deepEqual(await ground.ping(), ["1,1", "1,3", "17,2", "1,7"]);
    const before = await simulator.sample();
    for (let i = 0; i < PINGS; i++) {
      await ground.ping();
    }
    const after = await simulator.sample();
    t.log(
      `${framing}: slots ${before.slots} and ${after.slots} bytes, chunks ${before.chunks} and ${after.chunks} bytes, before and after ${PINGS} pings`,
    );
    t.deepEqual(after, before);
    await ground.close();
    await simulator.until("the report", () =>
      simulator.lines.find((line) => line.includes(`${framing}: connection 1 ended`)),
    );
  }
});

firmwareTest("six clients on two ports are all answered, and a seventh is turned away until one leaves", async (t) => {
  t.timeout(300_000);
  const clients = Array.from({ length: PLACES }, (_, i) => commander(i));
  for (let round = 0; round < 50; round++) {
    await Promise.all(clients.map((client) => client.ping()));
  }
  const seventh = commander(0);
  await t.throwsAsync(seventh.ping(), { message: /got \[\], and then the connection's end/ });
  await clients[0]?.close();
  const successor = commander(1);
  await successor.ping();
  for (const client of [...clients.slice(1), successor]) {
    await client.close();
  }
  t.pass();
});

firmwareTest("two thousand connections, six at a time: each is answered, and none takes a slot for good", async (t) => {
  t.timeout(900_000);
  const first = simulator.samples.length;
  let begun = 0;
  async function lane(): Promise<void> {
    while (begun < CONNECTIONS) {
      const client = commander(begun++);
      await client.ping();
      await client.close();
    }
  }
  await Promise.all(Array.from({ length: PLACES }, lane));
  const last = simulator.samples.length;
  const half = first + Math.floor((last - first) / 2);
  const [early, late] = [floor(first, half), floor(half, last)];
  t.log(`${CONNECTIONS} connections in ${last - first} s: at least ${early} bytes of slots in use, then ${late}`);
  // Samples come by the second, so the fewest of them is not quite what a collection left.
  t.true((late - early) / SLOT_BYTES < CONNECTIONS / 8, `${early} ${late}`);
});

const idfTest = process.env["IDF_PATH"] ? firmwareTest : test.serial.skip;

idfTest("the firmware compiles and links for the ESP32, as far as XS goes", (t) => {
  t.timeout(300_000);
  const made = build("esp32", ["wifi_ssid=lab", "wifi_password=secret-enough"]);
  t.teardown(() => made.remove());
  t.is(made.status, 0, made.log);
  t.deepEqual(ourWarnings(made), []);
});
