/** A stream on its way to the sink, step by step: what the decoder, the source and the sink are asked, and when. */
import test from "ava";
import { FramingCounters } from "../../modules/framing/contract/counters.js";
import { type Answer, BUSY, type FrameDecoder, MORE, PACKET } from "../../modules/framing/contract/framing.js";
import {
  type ByteSource,
  Inbound,
  type InboundOwner,
  NOTHING_NOW,
  STREAM_OVER,
} from "../../modules/link/connection/inbound.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";

/** What is done to the stream, and what it does, in order: decoder, source and sink in one. */
class Stage implements FrameDecoder, ByteSource, PacketSink, InboundOwner {
  readonly counters = new FramingCounters(["torn"]);
  pendingBytes = 0;
  packetStart = 3;
  packetEnd = 8;
  kind = 6;
  start = 100;
  now = 0;
  partialFrameTimeoutMs = 1000;
  calls: string[] = [];
  /** What `next` and `receive` answer, one after the other; then `MORE` and `NOTHING_NOW`. */
  answers: Answer[] = [];
  counts: number[] = [];
  /** What `accept` does. */
  onPacket: () => boolean = () => true;
  readonly clock = () => this.now;
  readonly inbound: Inbound;
  readonly sink: PacketSink | undefined;

  constructor(hasSink = true) {
    this.sink = hasSink ? this : undefined;
    this.inbound = new Inbound(this, this, new Uint8Array(200), this);
    this.inbound.open(7, 0);
    this.calls = [];
  }

  give(start: number, end: number): void {
    this.calls.push(`give ${start}-${end}`);
  }

  next(): Answer {
    this.calls.push(this.inbound.isServing ? "next" : "next, not serving");
    return this.answers.shift() ?? MORE;
  }

  late(closing = false, recent = 0): void {
    this.calls.push(`late ${closing} ${recent}`);
  }

  reset(): void {
    this.calls.push("reset");
  }

  receive(): number {
    return this.counts.shift() ?? NOTHING_NOW;
  }

  accept(_bytes: Uint8Array, start: number, end: number, from?: number, kind?: number): boolean {
    this.calls.push(`accept ${start}-${end} ${from} ${kind}${this.inbound.isServing ? "" : ", not serving"}`);
    return this.onPacket();
  }

  /** @returns the calls that it led to */
  serve(answers: Answer[] = [], counts: number[] = []): string[] {
    this.answers = answers;
    this.counts = counts;
    this.calls = [];
    this.inbound.serve(this.now);
    return this.calls;
  }

  /** The owner's tick at that time. @returns whether it is to be served, and the calls */
  wake(now: number): [boolean, string[]] {
    this.now = now;
    this.calls = [];
    return [this.inbound.wakes(now), this.calls];
  }
}

test("What comes is given, asked for and offered, until there is no more.", (t) => {
  const stage = new Stage();
  const calls = stage.serve([PACKET, MORE], [10, 4]);
  t.deepEqual(calls, ["give 100-110", "next", "accept 3-8 7 6", "next", "give 100-104", "next"]);
  t.deepEqual([stage.inbound.packets, stage.inbound.bytes, stage.inbound.isReading], [1, 14, true]);
  t.deepEqual(stage.serve(), [], "what it said last still holds: it needs more");
});

test("Without a sink packets are passed over, and not counted as taken.", (t) => {
  const stage = new Stage(false);
  t.deepEqual(stage.serve([PACKET, PACKET, MORE], [10]), ["give 100-110", "next", "next", "next"]);
  t.deepEqual([stage.inbound.packets, stage.inbound.isReading], [0, true]);
});

test("A packet that was refused is offered again before anything else is asked.", (t) => {
  const stage = new Stage();
  stage.onPacket = () => false;
  t.deepEqual(stage.serve([PACKET], [10]), ["give 100-110", "next", "accept 3-8 7 6"]);
  t.true(stage.inbound.isHeld);
  t.deepEqual(stage.serve([PACKET]), ["accept 3-8 7 6"]);
  t.deepEqual(stage.wake(5000), [false, []], "it waits for its turn");
  stage.onPacket = () => true;
  t.deepEqual(stage.serve([MORE]), ["accept 3-8 7 6", "next"]);
  t.deepEqual([stage.inbound.packets, stage.inbound.isReading], [1, true]);
});

test("A stream that is stopped from within the sink offers nothing more, whether the packet was taken or not.", (t) => {
  for (const isTaken of [true, false]) {
    const stage = new Stage();
    stage.onPacket = () => {
      stage.inbound.stop();
      return isTaken;
    };
    stage.serve([PACKET, PACKET], [10]);
    t.deepEqual([stage.inbound.isHeld, stage.inbound.isReading, stage.inbound.isServing], [false, false, false]);
    t.is(stage.calls.filter((call) => call.startsWith("accept")).length, 1);
  }
});

test("What the sink throws stops the stream.", (t) => {
  const stage = new Stage();
  stage.onPacket = () => {
    throw new Error("full");
  };
  t.throws(() => stage.serve([PACKET], [10]), { message: "full" });
  t.deepEqual([stage.inbound.isServing, stage.inbound.isReading, stage.wake(1)[0]], [false, false, false]);
});

test("A decoder that is busy is asked again for twenty milliseconds, then at the next tick.", (t) => {
  const stage = new Stage();
  const times = [19, 20];
  Object.defineProperty(stage, "clock", { value: () => times.shift() ?? 20 });
  t.deepEqual(stage.serve([BUSY, BUSY, BUSY], [10]), ["give 100-110", "next", "next"]);
  t.true(stage.inbound.isBusy);
  t.deepEqual(stage.wake(21), [true, []]);
  t.deepEqual(stage.serve([MORE]), ["next"]);
  t.true(stage.inbound.isReading);
  t.deepEqual(stage.wake(40), [false, []]);
});

test("While the decoder was busy, or a packet held, nothing could come: time counts from there.", (t) => {
  const busy = new Stage();
  busy.now = 15;
  busy.answers = [BUSY, MORE];
  busy.counts = [10];
  busy.inbound.serve(0);
  t.is(busy.inbound.lastReceived, 15);
  const idle = new Stage();
  idle.now = 15;
  idle.serve();
  t.is(idle.inbound.lastReceived, 0);

  const held = new Stage();
  held.onPacket = () => false;
  held.pendingBytes = 4;
  held.serve([PACKET], [10]);
  held.onPacket = () => true;
  held.now = 2000;
  held.serve();
  t.is(held.inbound.lastReceived, 2000);
  t.deepEqual(held.wake(2999), [false, []]);
  t.deepEqual(held.wake(3000), [true, ["late false 0"]]);
});

test("A frame is late when its first byte came a timeout ago; what was completed since is another one.", (t) => {
  const stage = new Stage();
  stage.pendingBytes = 10;
  t.false(new Stage().inbound.isAwaiting);
  stage.serve([], [10]);
  t.true(stage.inbound.isAwaiting);
  stage.now = 900;
  stage.inbound.announced(900);
  t.is(stage.inbound.lastReceived, 900);
  stage.answers = [MORE, MORE];
  stage.counts = [5];
  // The first frame is over; three bytes of the next one came.
  stage.pendingBytes = 3;
  stage.inbound.serve(900);
  t.deepEqual(stage.wake(1899), [false, []]);
  t.deepEqual(stage.wake(1900), [true, ["late false 0"]]);
  t.false(stage.inbound.isAwaiting);
});

test("What is announced while a packet is held has not come.", (t) => {
  const stage = new Stage();
  stage.onPacket = () => false;
  stage.serve([PACKET], [10]);
  stage.inbound.announced(500);
  t.is(stage.inbound.lastReceived, 0);
});

test("The stream is over: the decoder is told once that what is pending is cut off.", (t) => {
  const stage = new Stage();
  stage.pendingBytes = 4;
  t.deepEqual(stage.serve([], [10, STREAM_OVER, STREAM_OVER]), ["give 100-110", "next", "late true 0", "next"]);
  t.true(stage.inbound.isReading);
  const empty = new Stage();
  t.deepEqual(empty.serve([], [STREAM_OVER]), []);
});

test("Another stream begins anew: counts, decoder, times.", (t) => {
  const stage = new Stage();
  stage.pendingBytes = 4;
  stage.counters.reject(0);
  stage.serve([MORE, PACKET], [10]);
  stage.wake(1000);
  t.false(stage.inbound.isAwaiting);
  stage.inbound.stop();
  stage.calls = [];
  stage.inbound.open(8, 5000);
  t.deepEqual(stage.calls, ["reset"]);
  const { packets, bytes, lastReceived, isReading, isAwaiting } = stage.inbound;
  t.deepEqual([packets, bytes, lastReceived, isReading, isAwaiting], [0, 0, 5000, true, true]);
  t.is(stage.counters.rejections, 0);
  t.deepEqual(stage.wake(5999), [false, []]);
  t.deepEqual(stage.wake(6000), [true, ["late false 0"]]);
  t.deepEqual(stage.serve([PACKET]), ["next", "accept 3-8 8 6", "next"]);
});
