/** When nothing moves on a connection: to the millisecond. */
import test from "ava";
import type { FramePump } from "../../modules/link/connection/frame-pump.js";
import type { Inbound } from "../../modules/link/connection/inbound.js";
import { isIdle, isStalled } from "../../modules/link/connection/liveness.js";

function living(isHeld: boolean, lastReceived: number, holdsUp: boolean | undefined) {
  return {
    lastHeard: 1000,
    lastTook: 2000,
    inbound: { isHeld, lastReceived } as Inbound,
    pump: holdsUp === undefined ? undefined : ({ cursor: { holdsUp } } as FramePump),
  };
}

test("A connection is stalled when it took nothing for five seconds, and the log or the sink waits for it.", (t) => {
  for (const [each, now, stalled] of [
    [living(false, 0, true), 6999, false],
    [living(false, 0, true), 7000, true],
    [living(false, 0, false), 9000, false],
    [living(false, 0, undefined), 9000, false],
    [living(true, 0, undefined), 6999, false],
    [living(true, 0, undefined), 7000, true],
    [living(true, 4000, false), 8999, false],
    [living(true, 4000, false), 9000, true],
  ] as const) {
    t.is(isStalled(each, now), stalled, `${now}`);
  }
});

test("A connection is idle when nothing was heard for as long as is allowed; none is where there is no limit.", (t) => {
  const each = living(false, 0, undefined);
  t.false(isIdle(each, 500, 1499));
  t.true(isIdle(each, 500, 1500));
  t.false(isIdle(each, 0, 1e9));
  t.true(isIdle(each, 1, 1001));
});
