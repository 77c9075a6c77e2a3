/** When the first bytes of a stream are looked at: by time, by what was accepted, and once. */
import test from "ava";
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { FramingCounters } from "../../modules/framing/contract/counters.js";
import type { FrameDecoder, Framing } from "../../modules/framing/contract/framing.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { lines } from "../../modules/framing/formats/lines.js";
import { slip } from "../../modules/framing/formats/slip.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { GUESS_LENGTH } from "../../modules/framing/guess/guess.js";
import { StreamHint } from "../../modules/link/connection/stream-hint.js";
import { join, packets } from "./packets.js";

const SPACE_PACKETS_ON_COBS = "looks like space packets; this port is COBS";
/** Where the bytes received last stand. */
const STAGING = 200;

/** Telecommands with their checksum, in a framing. */
function stream(framing: Framing): Uint8Array {
  const coded = packets(1, 8, 20, "tc").map((each) => {
    writeCrc16(each, 0, each.length);
    return encodeFrame(framing, each);
  });
  return join(coded);
}

class Bench {
  readonly memory = new Uint8Array(1000);
  readonly decoder = { counters: new FramingCounters(["torn"]), pendingBytes: 0 };
  readonly hint: StreamHint;

  constructor(port: Framing) {
    this.hint = new StreamHint(this.memory, 10, port);
    this.hint.clear();
  }

  keep(bytes: Uint8Array, now: number): this {
    this.memory.set(bytes, STAGING);
    this.hint.keep(STAGING, STAGING + bytes.length, now);
    return this;
  }

  lookAt(now: number): string | undefined {
    return this.hint.lookAt(this.decoder as FrameDecoder, now);
  }
}

test("Fewer bytes than are kept are looked at a second after the last of them came, and what was found is said once.", (t) => {
  const bench = new Bench(cobs()).keep(stream(spacePackets()).slice(0, 40), 5000);
  bench.decoder.counters.reject(0);
  t.is(bench.lookAt(5000), undefined);
  t.is(bench.lookAt(5999), undefined);
  t.is(bench.lookAt(6000), SPACE_PACKETS_ON_COBS);
  t.is(bench.hint.text, SPACE_PACKETS_ON_COBS);
  t.is(bench.lookAt(7000), undefined);
  bench.keep(new Uint8Array(5), 7000);
  t.is(bench.lookAt(9000), undefined);
});

test("While bytes come, those kept are looked at when something was rejected, or as many were taken in as are kept.", (t) => {
  for (const [rejections, dropped, pending, isSaid] of [
    [0, 0, 63, false],
    [0, 31, 32, false],
    [0, 32, 32, true],
    [0, 0, 64, true],
    [1, 0, 0, true],
    [2, 0, 0, true],
  ] as const) {
    const bench = new Bench(cobs()).keep(stream(spacePackets()).slice(0, 100), 5000);
    bench.decoder.counters.rejected[0] = rejections;
    bench.decoder.counters.droppedBytes = dropped;
    bench.decoder.pendingBytes = pending;
    t.is(bench.hint.kept, GUESS_LENGTH);
    t.is(bench.lookAt(5100) !== undefined, isSaid, `${rejections} ${dropped} ${pending}`);
    t.is(bench.lookAt(6000) !== undefined, !isSaid, "in silence");
  }
});

test("Bytes in which nothing was found are not looked at again before more have come.", (t) => {
  const bench = new Bench(cobs()).keep(Uint8Array.of(9, 9, 9, 9), 0);
  bench.decoder.counters.reject(0);
  t.is(bench.lookAt(1000), undefined);
  const right = stream(spacePackets());
  bench.memory.set(right.slice(0, 4), 10);
  t.is(bench.lookAt(2000), undefined);
  bench.keep(right.slice(4, 44), 2000);
  t.is(bench.lookAt(3000), SPACE_PACKETS_ON_COBS);
});

test("What was accepted is doubted on a port for bare packets that dropped something, on one for SLIP after a short frame.", (t) => {
  for (const [port, client, dropped, isSaid] of [
    [spacePackets(), cobs(), 0, false],
    [spacePackets(), cobs(), 1, true],
    [slip(), spacePackets(), 0, true],
    [slip(), slip(), 0, false],
    [lines(), cobs(), 1, false],
    [cobs(), spacePackets(), 1, false],
  ] as const) {
    const bench = new Bench(port).keep(stream(client).slice(0, 100), 0);
    bench.decoder.counters.frames = 1;
    bench.decoder.counters.droppedBytes = dropped;
    t.is(bench.lookAt(2000) !== undefined, isSaid, `${client.name} on ${port.name}, ${dropped} dropped`);
  }
});
