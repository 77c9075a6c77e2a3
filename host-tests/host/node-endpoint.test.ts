import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import test from "ava";
import { NodeEndpoint } from "../../host/node-endpoint.js";

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
}

test("What stands around the end of the send buffer goes out in one piece, as everything else.", async (t) => {
  const calls = new Calls();
  const acknowledged: number[] = [];
  const events = { acknowledged: (_number: number, count: number) => acknowledged.push(count) };
  const endpoint = new NodeEndpoint(
    { events: events as never, enter() {}, leave() {}, over() {} },
    1,
    calls as unknown as Socket,
    16,
  );
  for (const length of [10, 10, 5, 16, 1]) {
    endpoint.queue(new Uint8Array(length));
    endpoint.flush();
    await new Promise(setImmediate);
  }
  t.deepEqual(calls.lengths, [10, 10, 5, 16, 1]);
  t.is(
    acknowledged.reduce((sum, count) => sum + count),
    42,
  );
});
