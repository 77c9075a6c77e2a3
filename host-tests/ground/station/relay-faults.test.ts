/** Relay ports, whatever clients do: garbage, what is not for the board, clients that do not read, too many of them. */
import { connect } from "node:net";
import test from "ava";
import fc from "fast-check";
import { writeCrc16 } from "../../../modules/ccsds/crc16.js";
import { encodeFrame } from "../../../modules/framing/encode-decode.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";
import { auditOf, setting } from "./relay-setting.js";
import { Tool, telecommand } from "./relay-tool.js";
import { until } from "./rig.js";
import { OTHER_SERVICE, toldIn } from "./scripted-board.js";

/** The last octet is another. */
function damaged(packet: Uint8Array): Uint8Array {
  const octets = packet.slice();
  octets[octets.length - 1]! ^= 0xff;
  return octets;
}

const FRAMINGS = ["cobs", "slip", "space-packets", "space-packets,crc=check16", "length-prefixed,crc=crc32", "lines"];

test.serial("what is damaged, or not for this board, is not passed on: counted, and told in the audit", async (t) => {
  const { board, rig, ports } = await setting(t, "0,cobs,max-packet=300");
  const tool = await Tool.connect(rig.station);
  const bad = [
    damaged(telecommand()),
    damaged(telecommand()),
    telecommand({ apid: 77 }),
    board.next(OTHER_SERVICE, 1, new Uint8Array(2)),
    Uint8Array.of(1, 2, 3),
    telecommand().subarray(0, 12),
    Uint8Array.of(...telecommand(), 0, 0),
  ];
  for (const packet of bad) {
    tool.send(packet);
  }
  tool.socket.write(encodeFrame(cobs(), new Uint8Array(400)));
  // Of a version of PUS that the board does not know: it is for the board to answer.
  const odd = telecommand({ packetSequenceCount: 3 });
  odd[6] = 0x1f;
  writeCrc16(odd, 0, odd.length);
  tool.send(odd);
  await until("the odd one", () => board.telecommands.length === 1);
  t.is(ports[0]!.totals.refused, bad.length + 1);
  tool.socket.destroy();
  const refused = async (): Promise<Record<string, number>> => {
    const entries = (await auditOf(rig)).filter(({ action }) => action === "b1 telecommands");
    // One line where the machine is quick, one more for each second that it is not.
    const causes = entries.flatMap(({ outcome, attempts }) => {
      const told: string[] = outcome.replace("refused: ", "").split(", ");
      return Array.from({ length: attempts }, () => told).flat();
    });
    const counts = new Map<string, number>();
    for (const [cause = "", times] of causes.map((each) => each.split(" "))) {
      counts.set(cause, (counts.get(cause) ?? 0) + Number(times));
    }
    t.true(entries.every(({ user }) => user === `relay ${ports[0]!.port}`));
    return Object.fromEntries(counts);
  };
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, times) => all + times, 0);
  await until("it is told", async () => sum(await refused()) === bad.length + 1);
  t.deepEqual(await refused(), {
    crcMismatch: 2,
    otherApid: 1,
    wrongPacketType: 1,
    tooShort: 1,
    partialPacket: 1,
    surplusBytes: 1,
    frameTooLong: 1,
  });
  t.is(board.telecommands.length, 1);
  t.deepEqual(rig.reports, []);
});

test.serial(
  "garbage, cut anywhere, is survived in every framing, and what is sound behind it is passed on",
  async (t) => {
    const { board, rig } = await setting(t, ...FRAMINGS.map((framing) => `0,${framing},max-clients=32`));
    const junk = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 400, size: "max" }), { numRuns: 10, seed: 7 });
    const passes = async (k: number, n: number): Promise<void> => {
      const octets = junk[n]!;
      const tool = await Tool.connect(rig.station, k);
      const half = Math.floor(octets.length / 2);
      tool.socket.write(octets.subarray(0, half));
      tool.socket.write(octets.subarray(half));
      const isThere = () => board.telecommands.some((packet) => packet[9]! * 256 + packet[10]! === 100 * k + n);
      let sent = Number.NEGATIVE_INFINITY;
      await until(`${FRAMINGS[k]} ${n}`, () => {
        // What looked like a long frame's beginning is passed over, or given up when nothing has come for a second.
        if (!isThere() && performance.now() - sent > 3000) {
          tool.send(telecommand({ packetSequenceCount: n, sourceId: 100 * k + n }));
          sent = performance.now();
        }
        return isThere();
      });
      tool.socket.destroy();
    };
    await Promise.all(FRAMINGS.flatMap((_, k) => junk.map((_, n) => passes(k, n))));
    t.deepEqual(rig.reports, []);
    board.tell(1);
    const last = await Tool.connect(rig.station);
    await until("it still works", () => {
      board.tell(2);
      return last.packets.some((packet) => toldIn(packet) === 2);
    });
  },
);

test.serial("a client that does not read is disconnected, and holds up nobody", async (t) => {
  const { board, rig, ports } = await setting(t, "0,cobs");
  const quick = await Tool.connect(rig.station);
  const slow = connect({ port: ports[0]!.port, host: "127.0.0.1" }).pause();
  slow.on("error", () => {});
  await until("both", () => ports[0]!.clients.length === 2);
  let sent = 0;
  const filler = new Uint8Array(900).fill(7);
  while (ports[0]!.totals.slowClients === 0) {
    for (let k = 0; k < 100; k++) {
      board.send(board.next(OTHER_SERVICE, 2, filler));
      sent++;
    }
    await until("the other one has all", () => quick.packets.length === sent);
    for (const { waiting } of ports[0]!.clients) {
      t.true(waiting <= 8 << 20);
    }
  }
  t.is(ports[0]!.clients.length, 1);
  t.deepEqual(quick.gaps, []);
  t.regex(
    rig.reports.join("\n"),
    /^relay \d+ of b1: 127\.0\.0\.1:\d+ was disconnected: it takes too little: \d+ octets wait for it$/,
  );
  slow.destroy();
});

test.serial(
  "a client that sends without end has some under way at a time, and another one is served between them",
  async (t) => {
    const { board, rig, ports } = await setting(t, "0,cobs", "0,cobs");
    const flood = await Tool.connect(rig.station);
    const other = await Tool.connect(rig.station, 1);
    const total = 1000;
    for (let k = 0; k < total; k++) {
      flood.send(telecommand({ packetSequenceCount: k, sourceId: 1 }));
    }
    await until("as many as may be", () => board.telecommands.length === 64);
    other.send(telecommand({ packetSequenceCount: 7, sourceId: 2 }));
    await until("the other one's", () => board.telecommands.length === 65);
    t.is(ports[0]!.totals.telecommands, 64);
    for (let done = 0; done < total + 1; ) {
      for (const packet of board.telecommands.slice(done)) {
        board.complete(packet);
        done++;
      }
      await until("more", () => board.telecommands.length > done || done === total + 1);
    }
    await until("all reports", () => flood.verification.length === 3 * total && other.verification.length === 3);
    t.deepEqual(
      flood.verification.filter((report) => report.startsWith("1,7")),
      Array.from({ length: total }, (_, k) => `1,7 ${k}`),
    );
  },
);

test.serial("roles: a port for telemetry takes nothing, a port for telecommands gives nothing", async (t) => {
  const { board, rig, ports } = await setting(t, "0,cobs,role=tm", "0,cobs,role=tc");
  const reads = await Tool.connect(rig.station, 0);
  const sends = await Tool.connect(rig.station, 1);
  reads.send(telecommand());
  sends.send(telecommand());
  await until("it came", () => board.telecommands.length === 1);
  board.complete(board.telecommands[0]!);
  board.tell(4);
  await until("it is told", () => reads.packets.some((packet) => toldIn(packet) === 4));
  await until("it is counted", () => ports[0]!.totals.refused === 1);
  t.deepEqual(reads.verification, []);
  t.is(sends.packets.length, 0);
  t.is(board.telecommands.length, 1);
});

test.serial("one client too many is held for a moment, then closed, and told once", async (t) => {
  const { rig, ports } = await setting(t, "0,cobs,max-clients=1");
  const first = await Tool.connect(rig.station);
  await until("it is there", () => ports[0]!.clients.length === 1);
  const before = performance.now();
  const others = [await Tool.connect(rig.station), await Tool.connect(rig.station)];
  await until("they are closed", () => others.every(({ isClosed }) => isClosed));
  t.true(performance.now() - before > 1900);
  t.false(first.isClosed);
  t.is(rig.reports.length, 1);
  t.regex(rig.reports[0]!, /one client too many: there are 1, see max-clients$/);
  first.socket.destroy();
  await until("it left", () => ports[0]!.clients.length === 0);
  const next = await Tool.connect(rig.station);
  await until("there is room", () => ports[0]!.clients.length === 1);
  t.false(next.isClosed);
});
