import test from "ava";
import { WorkerClock } from "../../host/engine/worker-clock.js";

test("The worker's clock is Node's, and goes on inside a batch.", (t) => {
  let timeOfDay = 1_000_000;
  const clock = new WorkerClock(() => timeOfDay);
  clock.set(500.25);
  t.is(clock.read(), 500.25);
  timeOfDay += 20;
  t.is(clock.read(), 520.25);
  clock.set(530.5);
  t.is(clock.read(), 530.5);
});

test("The worker's clock never goes back, whatever the time of day does.", (t) => {
  let timeOfDay = 1_000_000;
  const clock = new WorkerClock(() => timeOfDay);
  clock.set(500);
  timeOfDay += 10;
  t.is(clock.read(), 510);
  timeOfDay -= 3_600_000;
  t.is(clock.read(), 510);
  // A millisecond of the one may begin within one of the other.
  clock.set(509.5);
  t.is(clock.read(), 510);
  timeOfDay += 2;
  t.is(clock.read(), 511.5);
});
