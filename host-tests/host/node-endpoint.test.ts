import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import test from "ava";
import { NodeEndpoint } from "../../host/node-endpoint.js";
import type { Watched } from "../../host/send-watch.js";

/** Notes how many bytes each call of the system would have. */
class Calls extends Duplex {
  readonly lengths: number[] = [];

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.lengths.push(chunk.length);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.lengths.push(chunks.reduce((sum, { chunk }) => sum + chunk.length, 0));
    done();
  }

  setNoDelay(): void {}

  unref(): void {}

  get total(): number {
    return this.lengths.reduce((sum, length) => sum + length, 0);
  }
}

interface Sending {
  readonly calls: Calls;
  readonly endpoint: NodeEndpoint;
  /** Counts, as the sockets above are told. */
  readonly acknowledged: number[];
  /** Who wants a look. */
  readonly watched: Watched[];
  /** Sends so much, in pieces of at most the send buffer, as long as there is room. @returns how much was */
  send(count: number): Promise<number>;
}

function sending(sendBuffer: number): Sending {
  const calls = new Calls();
  const acknowledged: number[] = [];
  const watched: Watched[] = [];
  let room = sendBuffer;
  const events = {
    acknowledged(_number: number, count: number) {
      acknowledged.push(count);
      room += count;
    },
  };
  const network = {
    events: events as never,
    enter() {},
    leave() {},
    over() {},
    watch: (who: Watched) => void watched.push(who),
  };
  const endpoint = new NodeEndpoint(network, 1, sendBuffer);
  endpoint.attach(calls as unknown as Socket);
  return {
    calls,
    endpoint,
    acknowledged,
    watched,
    async send(count) {
      let sent = 0;
      while (sent < count && room > 0) {
        const part = Math.min(room, count - sent);
        room -= part;
        sent += part;
        endpoint.queue(new Uint8Array(part));
        endpoint.flush();
        await new Promise(setImmediate);
      }
      return sent;
    },
  };
}

/** A look at the system, which holds so much. */
function look(who: Watched | undefined, held: number | undefined): boolean {
  who?.lookBegins();
  return who?.looked(held) === true;
}

test("What stands around the end of the send buffer goes out in one piece, as everything else.", async (t) => {
  const { calls, acknowledged, send } = sending(16);
  for (const length of [10, 10, 5, 16, 1]) {
    await send(length);
  }
  t.deepEqual(calls.lengths, [10, 10, 5, 16, 1]);
  t.is(
    acknowledged.reduce((sum, count) => sum + count),
    42,
  );
});

/** What the system is given for a peer of which nothing is known. */
const FIRST_WINDOW = 65_536;

test("A peer that takes nothing gets the system no more than a first window, and the send buffer stays full.", async (t) => {
  const { calls, acknowledged, watched, send } = sending(1024);
  t.is(await send(1_000_000), FIRST_WINDOW + 1024);
  t.is(calls.total, FIRST_WINDOW);
  t.false(look(watched.at(-1), FIRST_WINDOW));
  await new Promise(setImmediate);
  t.is(calls.total, FIRST_WINDOW);
  t.false(acknowledged.includes(0));
});

test("What a slow peer takes is told at each look, also when the system holds too much to be given more.", async (t) => {
  const { calls, acknowledged, watched, send } = sending(1000);
  await send(1_000_000);
  look(watched.at(-1), 0);
  await new Promise(setImmediate);
  await send(1_000_000);
  const { total } = calls;
  // As much as it took from look to look until now; and then it stands still, and moves again.
  look(watched.at(-1), 131_072);
  await new Promise(setImmediate);
  t.is(calls.total, total);
  for (const [held, moved] of [
    [131_072, false],
    [120_000, true],
    [100_000, true],
    [9000, true],
  ] as const) {
    const before = acknowledged.length;
    t.is(look(watched.at(-1), held), moved);
    t.deepEqual(acknowledged.slice(before), moved ? [0] : []);
    await new Promise(setImmediate);
  }
});

test("A peer that stands still, then takes all, is given no more than a board would hold.", async (t) => {
  for (const held of [0, 192]) {
    const { calls, watched, send } = sending(8192);
    await send(1_000_000);
    look(watched.at(-1), FIRST_WINDOW);
    look(watched.at(-1), FIRST_WINDOW);
    look(watched.at(-1), held);
    await new Promise(setImmediate);
    await send(1_000_000);
    // One piece: pieces are not cut.
    t.is(calls.total, FIRST_WINDOW + 8192);
  }
});

test("A peer that takes all is given more and more between two looks.", async (t) => {
  const { calls, watched, send } = sending(8192);
  let before = 0;
  for (const window of [65_536, 131_072, 262_144, 524_288, 1_048_576, 1_048_576]) {
    await send(2_000_000);
    t.is(calls.total - before, window);
    before = calls.total;
    look(watched.at(-1), 0);
    await new Promise(setImmediate);
  }
});

test("A peer far away, for which something is always under way, is given twice what it takes.", async (t) => {
  const { calls, watched, send } = sending(16);
  let taken = 0;
  for (const held of [1000, 2000, 3000]) {
    await send(1_000_000);
    const took = calls.total - held - taken;
    taken += took;
    look(watched.at(-1), held);
    await new Promise(setImmediate);
    await send(1_000_000);
    const most = taken + 2 * took;
    t.true(calls.total >= most && calls.total < most + 16, `${calls.total} bytes, not ${most}`);
  }
});

test("A look is asked for before the window is used up, and not by who sends little.", async (t) => {
  const { watched, send } = sending(8192);
  await send(FIRST_WINDOW / 2);
  t.is(watched.length, 0);
  await send(1);
  t.is(watched.length, 1);
});

test("Where the system does not tell, it is given all that it takes.", async (t) => {
  const { calls, watched, send } = sending(1024);
  await send(1_000_000);
  look(watched.at(-1), undefined);
  await new Promise(setImmediate);
  t.is(await send(100_000), 100_000);
  t.is(calls.total, 100_000 + FIRST_WINDOW + 1024);
});

test("What was queued at once is not cut.", async (t) => {
  const { calls, watched, endpoint } = sending(200_000);
  for (let piece = 0; piece < 5; piece++) {
    endpoint.queue(new Uint8Array(33_000));
    endpoint.flush();
  }
  await new Promise(setImmediate);
  t.deepEqual(calls.lengths, [33_000, 33_000]);
  look(watched.at(-1), 0);
  await new Promise(setImmediate);
  t.is(calls.total, 5 * 33_000);
});

test("Who closes gives the system all that is left.", async (t) => {
  const { calls, endpoint, send } = sending(1024);
  await send(1_000_000);
  endpoint.close(1000);
  await new Promise(setImmediate);
  t.is(calls.total, FIRST_WINDOW + 1024);
  t.true(calls.writableEnded);
});
