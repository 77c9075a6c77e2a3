/** What Open MCT shows goes on behind an answer that is no stream. */
import test from "ava";
import { Feed } from "../../../../ground/station/page/openmct/feed.js";

const CLOSED = 2;

/** As a browser's, which does not try again by itself where it is closed. */
class FakeSource {
  static readonly CLOSED = CLOSED;
  static readonly all: FakeSource[] = [];
  readyState = 1;
  onerror: (() => void) | undefined;

  constructor() {
    FakeSource.all.push(this);
  }

  addEventListener(): void {}
}

test("a stream that is closed is opened again; one that the browser opens is not", async (t) => {
  Object.assign(globalThis, { EventSource: FakeSource });
  t.teardown(() => Reflect.deleteProperty(globalThis, "EventSource"));
  t.timeout(60_000);
  new Feed().open();
  const [first] = FakeSource.all;
  first!.readyState = 0;
  first!.onerror?.();
  first!.readyState = CLOSED;
  first!.onerror?.();
  while (FakeSource.all.length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  t.is(FakeSource.all.length, 2);
});
