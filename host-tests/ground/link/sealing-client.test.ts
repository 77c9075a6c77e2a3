/** Telecommands in sealed frames, over connections that are cut: each is carried out once, in order. */
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import {
  ClosedError,
  LinkTimeoutError,
  NotSentError,
  OutstandingError,
  OvertakenError,
  SealError,
  SealingClient,
  type SealingClientOptions,
  UnsendableError,
} from "../../../ground/index.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";
import { until } from "../../host/node-rig.js";
import { checkAsyncProperty } from "../../seeded-properties.js";
import { RECONNECT, type Teardown } from "./linked.js";
import {
  type Cut,
  CuttingProxy,
  FRAME_LENGTH,
  type Ground,
  numberIn,
  SealedBoard,
  sender,
  telecommand,
} from "./sealed-board.js";

const PATIENCE_MS = 60_000;

async function board(t: Teardown): Promise<SealedBoard> {
  const started = new SealedBoard();
  await started.start();
  t.teardown(() => started.stop());
  return started;
}

function client(
  t: Teardown,
  { port }: { readonly port: number },
  options: Partial<SealingClientOptions> = {},
  { framing, sealer }: Ground = sender(),
): SealingClient {
  const made = new SealingClient({ host: "127.0.0.1", port, framing, sealer, reconnect: RECONNECT, ...options });
  made.on("notSent", () => {});
  t.teardown(() => void made.close());
  return made;
}

/** Believes what the board says. */
function follow(made: SealingClient): void {
  void (async () => {
    for await (const packet of made) {
      made.settle(numberIn(packet));
    }
  })().catch(() => {});
}

function settledAll(made: SealingClient): Promise<void> {
  return until("all to be settled", () => made.outstanding.length === 0, PATIENCE_MS);
}

/** Sends so many telecommands over connections that are cut, and asks the board which it carried out. */
async function carried(t: Teardown, cuts: readonly Cut[], count: number): Promise<readonly number[]> {
  const far = await board(t);
  const proxy = await CuttingProxy.before(t, far, cuts);
  const made = client(t, proxy);
  follow(made);
  await made.connect({ timeoutMs: PATIENCE_MS });
  for (let number = 0; number < count; number++) {
    // Whether a socket took it is not the matter here.
    made.send(telecommand(number)).catch(() => {});
  }
  await settledAll(made);
  await made.close();
  proxy.close();
  far.stop();
  return far.carriedOut;
}

test("a connection is cut behind every octet of two frames: each telecommand is carried out once", async (t) => {
  for (let up = 0; up <= 2 * FRAME_LENGTH; up++) {
    t.deepEqual(await carried(t, [{ up }], 2), [0, 1], `cut behind ${up} octets`);
  }
});

test("it is cut behind every octet twice, and the board's word is lost, too", async (t) => {
  for (let octets = 1; octets <= FRAME_LENGTH; octets++) {
    t.deepEqual(
      await carried(t, [{ up: octets }, { down: octets }, { up: octets }], 2),
      [0, 1],
      `cut behind ${octets}`,
    );
  }
});

test("200 random runs of five telecommands, with cuts, a board that restarts from its store, and one that is busy", async (t) => {
  const cut = fc.oneof(
    fc.record({ up: fc.integer({ min: 0, max: 5 * FRAME_LENGTH }) }),
    fc.record({ down: fc.integer({ min: 0, max: 120 }) }),
  );
  const run = fc.record({
    cuts: fc.array(cut, { maxLength: 6 }),
    /** Behind which telecommands the board restarts. */
    restarts: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }),
    refusals: fc.integer({ min: 0, max: 2 }),
    connectsFirst: fc.boolean(),
  });
  await checkAsyncProperty(
    t,
    fc.asyncProperty(run, async ({ cuts, restarts, refusals, connectsFirst }) => {
      const ends: (() => void)[] = [];
      const teardown: Teardown = { teardown: (end) => ends.push(end) };
      try {
        const far = await board(teardown);
        far.refusals = refusals;
        const proxy = await CuttingProxy.before(teardown, far, cuts);
        const made = client(teardown, proxy);
        follow(made);
        const connected = made.connect();
        if (connectsFirst) {
          await connected;
        }
        for (let number = 0; number < 5; number++) {
          const sent = made.send(telecommand(number));
          if (restarts.includes(number)) {
            await sent;
            far.stop();
            await far.start();
          }
        }
        await settledAll(made);
        t.deepEqual(far.carriedOut, [0, 1, 2, 3, 4]);
      } finally {
        for (const end of ends) {
          end();
        }
      }
    }),
    200,
  );
});

async function unsent(t: ExecutionContext, promise: Promise<unknown>, cause: unknown): Promise<void> {
  const error = await t.throwsAsync(promise, { instanceOf: NotSentError });
  t.is(error.outcome, "unsent");
  t.true(error.cause instanceof (cause as ErrorConstructor), String(error.cause));
}

test("a telecommand waits for the first connection, and is settled when the board says so", async (t) => {
  const far = await board(t);
  const made = client(t, far);
  const sent = made.send(telecommand(7));
  t.deepEqual(made.outstanding, [{ counter: 1, outcome: "unsent" }]);
  const settled = made.settled(1);
  const told: number[] = [];
  made.on("settled", (counters) => told.push(...counters));
  await made.connect();
  t.is(await sent, 1);
  t.deepEqual(made.outstanding, [{ counter: 1, outcome: "uncertain" }]);
  await t.throwsAsync(made.settled(1, { timeoutMs: 1 }), { instanceOf: LinkTimeoutError });
  while (numberIn(await made.receive({ timeoutMs: PATIENCE_MS })) !== 1) {
    // The board tells its counter when somebody comes.
  }
  t.is(made.settle(0), 0);
  t.is(made.settle(Number.NaN), 0);
  t.is(made.settle(1), 1);
  t.is(made.settle(1), 0);
  await settled;
  await made.settled(1);
  t.deepEqual(told, [1]);
  t.deepEqual(made.outstanding, []);
  t.deepEqual(far.carriedOut, [7]);
  await t.throwsAsync(made.settled(2), { instanceOf: RangeError });
});

test("so many may be outstanding and no more; a limit takes back what no socket was given", async (t) => {
  const far = await board(t);
  const made = client(t, far, { outstandingLimit: 2 });
  const first = made.send(telecommand(0), { timeoutMs: 1 });
  const second = made.send(telecommand(1));
  await unsent(t, made.send(telecommand(2)), OutstandingError);
  await unsent(t, first, LinkTimeoutError);
  t.deepEqual(made.outstanding, [{ counter: 2, outcome: "unsent" }]);
  const third = made.send(telecommand(3));
  await made.connect();
  t.deepEqual(await Promise.all([second, third]), [2, 3]);
  await until("both", () => far.carriedOut.length === 2, PATIENCE_MS);
  t.deepEqual(far.carriedOut, [1, 3]);
  // The gap was in order.
  t.is(far.counter, 3);
});

test("close says what is uncertain, and who connects again sends it again", async (t) => {
  const far = await board(t);
  // Nothing of it arrives.
  const proxy = await CuttingProxy.before(t, far, [{ up: 1 }]);
  const made = client(t, proxy, { reconnect: false });
  const lost = new Promise((resolve) => made.once("disconnect", resolve));
  await made.connect();
  made.send(telecommand(0)).catch(() => {});
  await lost;
  const waits = made.settled(1);
  const refused = made.send(telecommand(1));
  await unsent(t, refused, Error);
  const closing = made.close();
  await t.throwsAsync(waits, { instanceOf: ClosedError });
  t.deepEqual(await closing, [{ counter: 1, outcome: "uncertain" }]);
  await unsent(t, made.send(telecommand(2)), ClosedError);
  t.deepEqual(far.carriedOut, []);
  await made.connect();
  follow(made);
  await settledAll(made);
  t.deepEqual(far.carriedOut, [0]);
});

test("what waits for a connection that never comes is given up with the attempt", async (t) => {
  const made = client(t, { port: 1 }, { reconnect: false });
  const waits = made.send(telecommand(0));
  await t.throwsAsync(made.connect());
  await unsent(t, waits, Error);
  t.deepEqual(made.outstanding, []);
  const closed = client(t, { port: 1 });
  const kept = closed.send(telecommand(0));
  t.deepEqual(await closed.close(), []);
  await unsent(t, kept, ClosedError);
});

test("a counter that this end never used is somebody else's: nothing is claimed of what is outstanding", async (t) => {
  const far = await board(t);
  const made = client(t, far);
  await made.connect();
  await made.send(telecommand(0));
  const waits = made.settled(1);
  t.is(made.settle(2), 1);
  await t.throwsAsync(waits, { instanceOf: OvertakenError, message: /counter 2.*above 1/ });
  await unsent(t, made.send(telecommand(1)), OvertakenError);
  await made.close();
  await made.connect();
  await unsent(t, made.send(telecommand(1)), OvertakenError);
});

test("a sender that begins anew goes on above all that it may have sent", async (t) => {
  const far = await board(t);
  const keys = sender();
  const made = client(t, far, {}, keys);
  await made.connect();
  const first = await made.send(telecommand(0));
  await until("the first", () => far.carriedOut.length === 1, PATIENCE_MS);
  await made.close();
  const again = client(t, far, {}, sender(keys.store));
  await again.connect();
  t.true((await again.send(telecommand(1))) > first);
  await until("the second", () => far.carriedOut.length === 2, PATIENCE_MS);
  t.deepEqual(far.carriedOut, [0, 1]);
});

test("what is no packet is refused, and what cannot be sealed", async (t) => {
  const keys = sender(undefined, 1);
  const made = client(t, { port: 1 }, {}, keys);
  await unsent(t, made.send(new Uint8Array(5)), UnsendableError);
  await unsent(t, made.send(new Uint8Array(0)), UnsendableError);
  await unsent(t, made.send("ping" as never), TypeError);
  await unsent(t, made.send(telecommand(0), { timeoutMs: -1 }), RangeError);
  t.deepEqual(made.outstanding, []);
  keys.store.fault = new Error("the disk is full");
  void made.send(telecommand(0)).catch(() => {});
  await unsent(t, made.send(telecommand(1)), SealError);
});

test("a framing that seals nothing, no sealer, and another's sealer are refused", async (t) => {
  const { framing, sealer } = sender();
  const options = { host: "127.0.0.1", port: 1 };
  t.throws(() => new SealingClient({ ...options, framing: cobs(), sealer }), { message: /cobs.*sdls/ });
  t.throws(() => new SealingClient({ ...options, framing, sealer: undefined as never }), { instanceOf: TypeError });
  t.throws(() => new SealingClient({ ...options, framing, sealer, outstandingLimit: 0 }), { instanceOf: RangeError });
  const other = new SealingClient({ ...options, framing, sealer: sender().sealer });
  await unsent(t, other.send(telecommand(0)), TypeError);
});
