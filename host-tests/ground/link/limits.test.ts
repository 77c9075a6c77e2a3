import { getEventListeners } from "node:events";
import test from "ava";
import { NotSentError } from "../../../ground/index.js";
import { Waiter } from "../../../ground/link/limits.js";
import { linked } from "./linked.js";
import { ManualClock, turns } from "./manual-clock.js";

const WRONG: [unknown, RegExp][] = [
  [2 ** 31, /^timeoutMs \(ms; Infinity: for ever\) must be from 0 to 2147483647, not 2147483648$/],
  [-5, /must be from 0 to 2147483647, not -5$/],
  [1.5, /must be a whole number from 0 to 2147483647, not 1.5$/],
  ["1s", /must be a whole number from 0 to 2147483647, not "1s"$/],
  [Number.NaN, /must be a whole number .*, not NaN$/],
  [null, /must be a whole number .*, not null$/],
];

for (const [timeoutMs, message] of WRONG) {
  test(`timeoutMs ${String(timeoutMs)} is refused by each call, whatever state the link is in`, async (t) => {
    const { client, server } = await linked(t);
    const limits = { timeoutMs: timeoutMs as number };
    await t.throwsAsync(client.connect(limits), { message });
    for (const end of [client, server]) {
      await t.throwsAsync(end.receive(limits), { message });
      await t.throwsAsync(end.receiveWithKind(limits), { message });
      const error = await t.throwsAsync(end.send(Uint8Array.of(1), limits), { instanceOf: NotSentError });
      t.regex((error?.cause as Error).message, message);
    }
  });
}

test("timeoutMs Infinity and the longest one wait; 0 does not", async (t) => {
  const clock = new ManualClock();
  const { client, server } = await linked(t, { clock });
  const waiting = [
    client.receive({ timeoutMs: Number.POSITIVE_INFINITY }),
    client.receive({ timeoutMs: 2 ** 31 - 1 }),
    client.receive({}),
  ];
  const atOnce = t.throwsAsync(client.receive({ timeoutMs: 0 }), { message: "nothing came within 0 ms" });
  clock.advance(0);
  await atOnce;
  clock.advance(20_000);
  for (const number of [1, 2, 3]) {
    await server.send(Uint8Array.of(number));
  }
  t.deepEqual(
    (await Promise.all(waiting)).map(([byte]) => byte),
    [1, 2, 3],
  );
});

for (const how of ["resolve", "reject"] as const) {
  test(`${how}: neither the timer nor the signal is heard after that`, async (t) => {
    const abort = new AbortController();
    const heard: unknown[] = [];
    const limits = { timeoutMs: 20, signal: abort.signal };
    const clock = new ManualClock();
    const waiter = new Waiter<number>("nothing", limits, (why) => heard.push(why), clock);
    t.is(clock.timers, 1);
    t.is(getEventListeners(abort.signal, "abort").length, 1);
    if (how === "resolve") {
      waiter.resolve(1);
      t.is(await waiter.promise, 1);
    } else {
      waiter.reject(new Error("over"));
      await t.throwsAsync(waiter.promise, { message: "over" });
    }
    t.is(getEventListeners(abort.signal, "abort").length, 0);
    abort.abort();
    t.is(clock.timers, 0);
    clock.advance(60);
    t.deepEqual(heard, []);
  });
}

test.serial("a promise that is settled keeps no program running", async (t) => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  const waiter = new Waiter<void>("nothing", { timeoutMs: 600_000 }, () => {});
  t.is(timers(), before + 1);
  waiter.resolve();
  t.is(timers(), before);
  await waiter.promise;
});

test.serial("many waits on one signal: no warning, one listener, and each is told in its turn", async (t) => {
  const { client, server } = await linked(t);
  const warnings: Error[] = [];
  const warned = (warning: Error) => warnings.push(warning);
  process.on("warning", warned);
  t.teardown(() => process.off("warning", warned));
  const abort = new AbortController();
  const { signal } = abort;
  const told: number[] = [];
  const waiting = Array.from({ length: 30 }, (_, index) =>
    (index % 2 === 0 ? client : server).receive({ signal }).catch(() => told.push(index)),
  );
  t.is(getEventListeners(signal, "abort").length, 1);
  await server.send(Uint8Array.of(1), { signal });
  await waiting[0];
  // Whoever else were told would be by then.
  await turns(20);
  abort.abort();
  await Promise.all(waiting);
  t.deepEqual(
    told,
    Array.from({ length: 29 }, (_, index) => index + 1),
  );
  t.is(getEventListeners(signal, "abort").length, 0);
  t.deepEqual(warnings, []);
});
