import test from "ava";
import { APID_JUDGED, CRC16_JUDGED, HEADER_JUDGED, NOTHING_JUDGED } from "../../modules/ccsds/judgements.js";
import { CONNECTIONS_OF_A_PORT, TelecommandRouter } from "../../modules/tmtc/telecommand-router.js";

/** A telecommand of that APID. */
function packet(apid: number): Uint8Array {
  return Uint8Array.of(0x18 | (apid >> 8), apid, 0xc0, 0, 0, 1, 0x55, 0xaa);
}

class Sink {
  readonly taken: string[] = [];
  willing = true;

  accept(bytes: Uint8Array, start: number, end: number, from: number): boolean {
    if (this.willing) {
      this.taken.push(`${[...bytes.slice(start, end)]} from ${from}`);
    }
    return this.willing;
  }
}

function accept(router: TelecommandRouter, bytes: Uint8Array, from = 1): boolean {
  return router.accept(Uint8Array.of(9, 9, ...bytes, 9), 2, 2 + bytes.length, from);
}

test("Each packet goes to the sink of its APID, with the connection that it came from.", (t) => {
  const [first, second] = [new Sink(), new Sink()];
  const router = new TelecommandRouter().add(0, first).add(2046, second);
  t.true(accept(router, packet(2046), 3));
  t.true(accept(router, packet(0), 7));
  t.deepEqual(first.taken, [`${[...packet(0)]} from 7`]);
  t.deepEqual(second.taken, [`${[...packet(2046)]} from 3`]);
  t.is(router.routed, 2);
});

test("Every APID that has a sink is told from every other.", (t) => {
  const router = new TelecommandRouter();
  const taken: number[] = [];
  for (let apid = 0; apid < 2047; apid++) {
    router.add(apid, { accept: () => taken.push(apid) > 0 });
  }
  for (let apid = 0; apid < 2047; apid++) {
    router.accept(packet(apid), 0, 8, 1);
  }
  t.deepEqual(
    taken,
    Array.from({ length: 2047 }, (_, i) => i),
  );
});

test("What no APID's sink is there for goes to the default, space packet or not.", (t) => {
  const [own, fallback] = [new Sink(), new Sink()];
  const router = new TelecommandRouter(fallback).add(5, own);
  accept(router, packet(5));
  accept(router, packet(6));
  accept(router, Uint8Array.of(1, 2, 3));
  accept(router, new Uint8Array(0));
  t.is(own.taken.length, 1);
  t.deepEqual(fallback.taken, [`${[...packet(6)]} from 1`, "1,2,3 from 1", " from 1"]);
  t.deepEqual([router.routed, router.unrouted, router.malformed], [4, 0, 0]);
});

test("Without a default, packets without a sink are taken and counted, by cause.", (t) => {
  const router = new TelecommandRouter().add(5, new Sink());
  t.true(accept(router, packet(6)));
  t.true(accept(router, Uint8Array.of(1, 2, 3)));
  t.true(accept(router, packet(5).subarray(0, 7)), "shorter than its length field says");
  t.true(accept(router, packet(5).fill(0x38, 0, 1)), "of another version");
  t.deepEqual([router.routed, router.unrouted, router.malformed], [0, 1, 3]);
});

test("Idle packets are for nobody, not even for the default.", (t) => {
  const fallback = new Sink();
  const router = new TelecommandRouter(fallback);
  t.true(accept(router, Uint8Array.of(0x07, 0xff, 0xc0, 0, 0, 0, 0)));
  t.is(router.idle, 1);
  t.deepEqual(fallback.taken, []);
});

test("A sink's refusal is passed on, and the packet is not counted before it is taken.", (t) => {
  const [own, fallback] = [new Sink(), new Sink()];
  const router = new TelecommandRouter(fallback).add(5, own);
  for (const [sink, apid] of [
    [own, 5],
    [fallback, 6],
  ] as const) {
    const before = router.routed;
    sink.willing = false;
    t.false(accept(router, packet(apid)));
    t.is(router.routed, before);
    sink.willing = true;
    t.true(accept(router, packet(apid)));
    t.is(router.routed, before + 1);
    t.is(sink.taken.length, 1);
  }
});

test("An APID out of range, the idle one, and one that has a sink are refused.", (t) => {
  const router = new TelecommandRouter().add(5, new Sink());
  for (const apid of [-1, 2047, 2048, 1.5, Number.NaN]) {
    t.throws(() => router.add(apid, new Sink()), { instanceOf: RangeError, message: /0 to 2046/ }, String(apid));
  }
  t.throws(() => router.add(5, new Sink()), { instanceOf: RangeError, message: "APID 5 already has a sink" });
});

/** Notes what it is told of each packet. */
class Listener {
  readonly told: (number | undefined)[] = [];

  accept(_bytes: Uint8Array, _start: number, _end: number, _from: number, _kind?: number, judged?: number): boolean {
    this.told.push(judged);
    return true;
  }
}

test("A sink is told what is known of a packet: by the port's framing, and by the router.", (t) => {
  for (const known of [NOTHING_JUDGED, HEADER_JUDGED, CRC16_JUDGED, HEADER_JUDGED | CRC16_JUDGED]) {
    const [own, fallback] = [new Listener(), new Listener()];
    const router = new TelecommandRouter(fallback);
    const way = router.behind(known);
    router.add(5, own);
    t.true(way.accept(packet(5), 0, 8, 1));
    t.true(way.accept(packet(6), 0, 8, 1));
    t.deepEqual(own.told, [known | HEADER_JUDGED | APID_JUDGED]);
    t.deepEqual(fallback.told, [known | HEADER_JUDGED]);
    t.is(router.routed, 2);
  }
});

test("What is no space packet is handed on as that: nothing is known of its header.", (t) => {
  const fallback = new Listener();
  const router = new TelecommandRouter(fallback);
  t.true(router.behind(CRC16_JUDGED).accept(Uint8Array.of(1, 2, 3), 0, 3, 1));
  t.true(router.accept(Uint8Array.of(1, 2, 3), 0, 3, 1));
  t.deepEqual(fallback.told, [CRC16_JUDGED, NOTHING_JUDGED]);
});

test("A header that the framing has looked at is not looked at again; an idle packet is for nobody all the same.", (t) => {
  const fallback = new Listener();
  const router = new TelecommandRouter(fallback);
  const way = router.behind(HEADER_JUDGED);
  // Its length field says more than is there: the framing has said that it is right.
  t.true(way.accept(packet(6), 0, 7, 1));
  t.is(fallback.told.length, 1);
  t.true(way.accept(Uint8Array.of(0x07, 0xff, 0xc0, 0, 0, 0, 0), 0, 7, 1));
  t.deepEqual([router.idle, fallback.told.length], [1, 1]);
});

test("Behind several ports, connections of the same number are told apart.", (t) => {
  const froms: number[] = [];
  const router = new TelecommandRouter({
    accept(_bytes, _start, _end, from) {
      froms.push(from);
      return true;
    },
  });
  for (const judged of [NOTHING_JUDGED, HEADER_JUDGED]) {
    for (const port of [0, 1, 2]) {
      router.behind(judged, port).accept(packet(6), 0, 8, 7);
    }
  }
  const expected = [7, CONNECTIONS_OF_A_PORT + 7, 2 * CONNECTIONS_OF_A_PORT + 7];
  t.deepEqual(froms, [...expected, ...expected]);
  t.true(CONNECTIONS_OF_A_PORT > 1e9, "more than a port has in its life");
});
