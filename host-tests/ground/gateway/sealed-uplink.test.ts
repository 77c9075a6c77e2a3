/** What the gateway sends again: until the board says that it has it, or later telecommands push it out. */
import test from "ava";
import { SealedUplink } from "../../../ground/gateway/sealed-uplink.js";
import type { GroundClock } from "../../../ground/link/ground-clock.js";
import { buildTelemetry } from "../../../modules/pus/build-parse.js";
import { requestId } from "../../../modules/pus/telecommand.js";
import { telecommand } from "./tool.js";

const KEPT = 4096;

/** Takes everything at once, as a socket with room does. */
class Taker {
  connected = true;
  counter = 0;
  readonly settled: number[] = [];
  fault: Error | undefined;

  send(): Promise<number> {
    return this.fault === undefined ? Promise.resolve(++this.counter) : Promise.reject(this.fault);
  }

  settle(counter: number): number {
    this.settled.push(counter);
    return 1;
  }
}

/** Time that only passes when it is told to. */
class Time implements Pick<GroundClock, "now" | "after"> {
  #now = 0;
  #calls: { at: number; call: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, call: () => void): () => void {
    const due = { at: this.#now + delayMs, call };
    this.#calls.push(due);
    return () => {
      this.#calls = this.#calls.filter((other) => other !== due);
    };
  }

  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = this.#calls.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) {
        break;
      }
      this.#calls = this.#calls.filter((other) => other !== due);
      this.#now = due.at;
      due.call();
    }
    this.#now = end;
  }

  get calls(): number {
    return this.#calls.length;
  }
}

function setting() {
  const client = new Taker();
  const told: string[] = [];
  const clock = new Time();
  const onNotSent = (why: string): void => void told.push(why);
  const onOverdue = (): void => void told.push("overdue");
  return { client, told, clock, uplink: new SealedUplink({ client, onNotSent, onOverdue, clock }) };
}

interface ReportOptions {
  readonly subtype?: number;
  readonly service?: number;
  /** 7: CDS, 8: CUC. */
  readonly stampLength?: number;
}

function report(of: Uint8Array, { subtype = 1, service = 1, stampLength = 7 }: ReportOptions = {}): Uint8Array {
  const sourceData = new Uint8Array(4);
  new DataView(sourceData.buffer).setUint32(0, requestId(of, 0));
  const timeStamp = new Uint8Array(stampLength).fill(0x1f);
  return buildTelemetry({ apid: 2, serviceType: service, messageSubtype: subtype, timeStamp, sourceData });
}

for (const stampLength of [7, 8]) {
  test(`an acceptance report settles its telecommand and all before it: stamp of ${stampLength} octets`, async (t) => {
    const { client, uplink } = setting();
    const sent = [0, 1, 2, 3].map((number) => telecommand(0, number));
    await Promise.all(sent.map((each) => uplink.send(each)));
    t.is(uplink.unsettled, 4);
    uplink.look(report(sent[2]!, { stampLength }));
    t.deepEqual(client.settled, [3]);
    t.is(uplink.unsettled, 1);
    // Late, or of the time before: nothing is settled twice.
    uplink.look(report(sent[2]!, { stampLength }));
    uplink.look(report(sent[0]!, { stampLength }));
    t.deepEqual(client.settled, [3]);
  });
}

test("of two telecommands with one request ID, the report is the older one's", async (t) => {
  const { client, uplink } = setting();
  await uplink.send(telecommand(1, 5));
  await uplink.send(telecommand(2, 5));
  uplink.look(report(telecommand(1, 5)));
  t.deepEqual(client.settled, [1]);
  uplink.look(report(telecommand(2, 5)));
  t.deepEqual(client.settled, [1, 2]);
});

test("nothing else settles anything: other reports, other services, telecommands, damage, octets of any kind", async (t) => {
  const { client, uplink } = setting();
  const sent = telecommand(0, 1);
  await uplink.send(sent);
  const damaged = report(sent);
  damaged[8]! ^= 1;
  const packets = [
    report(sent, { subtype: 2 }),
    report(sent, { subtype: 7 }),
    report(sent, { service: 17 }),
    report(telecommand(0, 2)),
    damaged,
    sent,
    new Uint8Array(0),
    new Uint8Array(19),
  ];
  for (const packet of packets) {
    uplink.look(packet);
  }
  t.deepEqual(client.settled, []);
  t.is(uplink.unsettled, 1);
});

test(`of telecommands without reports, the last ${KEPT} are kept`, async (t) => {
  const { client, uplink } = setting();
  for (let number = 0; number < KEPT + 10; number++) {
    await uplink.send(telecommand(0, number, 0));
  }
  t.is(uplink.unsettled, KEPT);
  t.deepEqual(
    client.settled,
    Array.from({ length: 10 }, (_, k) => k + 1),
  );
});

test("what is given up is told and counted, and whoever waits goes on", async (t) => {
  const { client, told, uplink } = setting();
  client.fault = new Error("not sent: the packet cannot be sealed");
  await uplink.send(telecommand(0, 1));
  t.deepEqual(told, ["not sent: the packet cannot be sealed"]);
  t.is(uplink.notSent, 1);
  t.is(uplink.unsettled, 0);
});

test("a report that does not come is told, while there is a connection and somebody asked for it", async (t) => {
  const { client, told, clock, uplink } = setting();
  await uplink.send(telecommand(0, 1, 0));
  clock.pass(60_000);
  t.deepEqual(told, [], "nobody asked");
  await uplink.send(telecommand(0, 2));
  uplink.look(report(telecommand(0, 2)));
  clock.pass(60_000);
  t.deepEqual(told, [], "it came");
  t.is(clock.calls, 0, "and nothing is watched any more");
  await uplink.send(telecommand(0, 3));
  client.connected = false;
  clock.pass(15_000);
  t.deepEqual(told, [], "there is no connection");
  client.connected = true;
  clock.pass(10_000);
  t.deepEqual(told, ["overdue"]);
  uplink.end();
  clock.pass(60_000);
  t.deepEqual(told, ["overdue"]);
});
