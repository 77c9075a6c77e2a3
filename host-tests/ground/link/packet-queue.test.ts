import test from "ava";
import { Fifo } from "../../../ground/link/fifo.js";
import { PacketQueue } from "../../../ground/link/packet-queue.js";

const KILOBYTE = new Uint8Array(1024);

function offer(queue: PacketQueue, bytes: Uint8Array): boolean {
  return queue.accept(bytes, 0, bytes.length, 1);
}

test("Fifo: in order, whatever is put in and taken out between", (t) => {
  const fifo = new Fifo<number>();
  const expected: number[] = [];
  let next = 0;
  for (let step = 1; step < 400; step++) {
    for (let k = 0; k < step % 7; k++) {
      fifo.push(next);
      expected.push(next++);
    }
    for (let k = 0; k < step % 5; k++) {
      t.is(fifo.shift(), expected.shift());
    }
    if (step % 50 === 0) {
      const gone = expected[3] as number;
      fifo.remove(gone);
      expected.splice(3, 1);
    }
    t.is(fifo.length, expected.length);
  }
  t.deepEqual(fifo.takeAll(), expected);
  t.deepEqual([fifo.length, fifo.shift()], [0, undefined]);
});

test("Fifo: hundreds of thousands are taken out at once as fast as a few", (t) => {
  const fifo = new Fifo<number>();
  for (let number = 0; number < 500_000; number++) {
    fifo.push(number);
  }
  const before = performance.now();
  for (let number = 0; number < 500_000; number++) {
    if (fifo.shift() !== number) {
      t.fail(`${number} is not in its place`);
    }
  }
  t.true(performance.now() - before < 5000);
});

test("pause: refused at the limit; of a lost connection taken beyond it, up to so many bytes", async (t) => {
  let isLost = false;
  let asked = 0;
  const queue = new PacketQueue(
    { receiveLimit: 2 },
    () => asked++,
    () => isLost,
  );
  t.deepEqual([offer(queue, KILOBYTE), offer(queue, KILOBYTE), offer(queue, KILOBYTE)], [true, true, false]);
  t.false(queue.isStuck, "the sender waits");
  isLost = true;
  let taken = 0;
  while (offer(queue, KILOBYTE)) {
    taken++;
  }
  t.true(queue.isStuck);
  t.true(taken > 10_000 && taken * 1024 < 16 * 1024 * 1024, `${taken} packets`);
  // Not before all of them were fetched: otherwise a little at a time would be without bound.
  while (queue.length > 2) {
    await queue.receive();
  }
  t.deepEqual([asked, queue.isStuck, offer(queue, KILOBYTE)], [0, true, false]);
  await queue.receive();
  t.deepEqual([asked, queue.isStuck, offer(queue, KILOBYTE), offer(queue, KILOBYTE)], [1, false, true, true]);
});

test("pause: many packets of one byte take memory, too", (t) => {
  const queue = new PacketQueue(
    { receiveLimit: 1 },
    () => {},
    () => true,
  );
  let taken = 0;
  while (offer(queue, Uint8Array.of(1))) {
    taken++;
  }
  t.true(taken > 150_000 && taken < 300_000, `${taken} packets`);
});
