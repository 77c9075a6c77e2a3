/** The firmware with a real Moddable SDK: builds, runs, answers, and allocates nothing per telecommand. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import test from "ava";
import { encodeFrame } from "../../modules/framing/convenience.js";
import type { FrameDecoder, Framing } from "../../modules/framing/framing.js";
import { framingEntry } from "../../modules/framing/registry.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
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

/** A client that sends telecommands and takes their reports apart. */
class Ground {
  readonly #socket: Socket;
  readonly #framing: Framing;
  readonly #memory: FixedMemory;
  readonly #decoder: FrameDecoder;
  /** Service and subtype of what came since the last telecommand, housekeeping and events left out. */
  #reports: string[] = [];

  constructor(framing: Framing, port: number) {
    this.#framing = framing;
    this.#memory = new FixedMemory(65536 + 1 + framing.decoderMemory);
    this.#decoder = framing.decoder(this.#memory, 65536 + 1);
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.on("data", (chunk: Buffer) => {
      this.#memory.bytes.set(chunk);
      this.#decoder.push(0, chunk.length, {
        accept: (bytes, start) => {
          const [service, subtype] = [bytes[start + 7], bytes[start + 8]];
          if (service !== 3 && service !== 5) {
            this.#reports.push(`${service},${subtype}`);
          }
          return true;
        },
      });
    });
  }

  /** @returns the four reports that a telecommand leads to */
  async exchange(telecommand: Uint8Array): Promise<string[]> {
    this.#reports = [];
    this.#socket.write(encodeFrame(this.#framing, telecommand));
    while (this.#reports.length < 4) {
      await once(this.#socket, "data");
    }
    return this.#reports;
  }

  close(): void {
    this.#socket.destroy();
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

    const simulator = new Simulator(made);
    t.teardown(() => simulator.stop());
    for (const [name, port] of Object.entries(PORTS)) {
      await simulator.until(`listening on ${port}`, () =>
        simulator.lines.find((line) => line.includes(`port ${port}`)),
      );
      const ground = new Ground(framingEntry(name).make({}, { maxPacketLength: 1024 }), port);
      t.teardown(() => ground.close());
      t.deepEqual(await ground.exchange(ping), ["1,1", "1,3", "17,2", "1,7"]);
      const before = await simulator.sample();
      for (let i = 0; i < PINGS; i++) {
        await ground.exchange(ping);
      }
      const after = await simulator.sample();
      t.log(
        `${name}: slots ${before.slots} and ${after.slots} bytes, chunks ${before.chunks} and ${after.chunks} bytes, before and after ${PINGS} pings`,
      );
      t.deepEqual(after, before);
      ground.close();
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
