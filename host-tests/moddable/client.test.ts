/** A board's client with a real Moddable SDK: connects, comes back, and allocates nothing per packet. */
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { OneClientServer } from "../../ground/index.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { patiently, portToKeep } from "../project.js";
import { build, Simulator, whyNot } from "./simulator.js";

const skipped = whyNot();
if (skipped !== undefined) {
  console.log(`Firmware tests skipped: ${skipped}`);
}
const firmwareTest = skipped === undefined ? test.serial : test.serial.skip;

const FRAMINGS = ["cobs", "space-packets", "length-prefixed"];
const PACKETS = 1000;
/** The simulator looks at its sockets fifty times a second. */
const BURST = 10;
const HEARTBEAT_LENGTH = 9;

/** A space packet that no heartbeat is as long as. */
function numbered(number: number): Uint8Array {
  const length = 40;
  return Uint8Array.from({ length }, (_, at) => {
    const header = [0x18, 0x02, 0xc0 | ((number >> 8) & 0x3f), number & 255, 0, length - 7];
    return header[at] ?? (number * at) & 255;
  });
}

/** The ground's end. */
class Ground {
  readonly server: OneClientServer;

  constructor(name: string, port: number) {
    this.server = new OneClientServer({ framing: parseFraming(name, name, { maxPacketLength: 256 }), port });
  }

  /** The next packet that is no heartbeat. */
  async receive(): Promise<Uint8Array> {
    for (;;) {
      const packet = await this.server.receive({ timeoutMs: 10_000 });
      if (packet.length !== HEARTBEAT_LENGTH) {
        return packet;
      }
    }
  }

  /** Sends packets, and takes them back. @returns those that came back otherwise */
  async exchange(count: number): Promise<number[]> {
    const wrong: number[] = [];
    for (let first = 0; first < count; first += BURST) {
      for (let number = first; number < first + BURST; number++) {
        await this.server.send(numbered(number));
      }
      for (let number = first; number < first + BURST; number++) {
        if (Buffer.compare(await this.receive(), numbered(number)) !== 0) {
          wrong.push(number);
        }
      }
    }
    return wrong;
  }
}

firmwareTest("a board's client connects, sends back what it gets, comes back, and allocates nothing", async (t) => {
  t.timeout(300_000);
  const grounds: Ground[] = [];
  for (const name of FRAMINGS) {
    const ground = new Ground(name, await portToKeep());
    t.teardown(() => ground.server.close());
    await ground.server.listen();
    grounds.push(ground);
  }
  const servers = grounds.map(({ server }, index) => `${FRAMINGS[index]}:${server.port}`);
  const made = build("lin", [`servers=${servers.join(" ")}`], "client");
  t.teardown(() => made.remove());
  t.is(made.status, 0, made.log);
  const simulator = new Simulator(made);
  t.teardown(() => simulator.stop());
  for (const [index, ground] of grounds.entries()) {
    const name = FRAMINGS[index] as string;
    await ground.server.connected;
    t.deepEqual(await ground.exchange(BURST), []);
    const before = await simulator.sample();
    t.deepEqual(await ground.exchange(PACKETS), []);
    const after = await simulator.sample();
    t.log(
      `${name}: slots ${before.slots} and ${after.slots} bytes, chunks ${before.chunks} and ${after.chunks} bytes, before and after ${PACKETS} packets`,
    );
    t.deepEqual(after, before);
  }
  // All three at rest: heartbeats, and nothing else.
  const before = await simulator.sample();
  const beats = grounds.map(({ server }) => server.totals?.telecommands as number);
  await sleep(2000);
  t.true(grounds.every(({ server }, index) => (server.totals?.telecommands as number) > (beats[index] as number) + 4));
  t.deepEqual(await simulator.sample(), before);

  const [first] = grounds as [Ground];
  await first.server.close();
  const again = new Ground(FRAMINGS[0] as string, first.server.port);
  t.teardown(() => again.server.close());
  await patiently(() => again.server.listen());
  await again.server.connected;
  t.deepEqual(await again.exchange(PACKETS / 10), []);
  t.true(simulator.lines.includes(`${FRAMINGS[0]}: connection 2`));
  t.deepEqual(
    simulator.lines.filter((line) => /abort|error/.test(line)),
    [],
  );
});
