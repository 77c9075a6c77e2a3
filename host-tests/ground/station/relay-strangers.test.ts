/** Relay ports, and those who are no tools: pages in a browser, by HTTP and TLS; who may not connect; who comes again and again. */
import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import test from "ava";
import { relayArgument, withRelays } from "../../../ground/commands/relay-argument.js";
import type { AllowedClients } from "../../../ground/ports/allowed-clients.js";
import { beginningOf } from "../../../ground/ports/browser-request.js";
import { PacedReport } from "../../../ground/ports/paced-report.js";
import { Archive } from "../../../ground/station/archive/archive.js";
import { Auditor } from "../../../ground/station/auditor.js";
import { RelayPort } from "../../../ground/station/relay/relay-port.js";
import { encodeFrame } from "../../../modules/framing/encode-decode.js";
import { FRAMINGS } from "../../../modules/framing/registry.js";
import { Random } from "../../framing/random.js";
import { FLATSAT } from "../dictionary/boards.js";
import { ManualClock } from "../link/manual-clock.js";
import { auditOf, setting } from "./relay-setting.js";
import { framingOf, Tool, telecommand } from "./relay-tool.js";
import { until } from "./rig.js";
import { ScriptedBoard } from "./scripted-board.js";

test("what begins as HTTP does", (t) => {
  const of = (text: string) => beginningOf(Buffer.from(text, "latin1"));
  for (const text of ["GET / HTTP/1.1", "POST /x", "OPTIONS *", "DELETE "]) {
    t.is(of(text), "http", text);
  }
  for (const text of ["", "G", "PO", "OPTIONS"]) {
    t.is(of(text), "unknown", text);
  }
  for (const text of ["\x18\x02", "GEX", "get ", "\x00", "POSTS"]) {
    t.is(of(text), "other", text);
  }
});

test("what begins as TLS does: nine octets decide", (t) => {
  const hello = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc];
  const of = (octets: readonly number[]) => beginningOf(Uint8Array.from(octets));
  t.is(of(hello), "tls");
  t.is(of([...hello, 3, 3]), "tls");
  for (let k = 0; k < hello.length; k++) {
    t.is(of(hello.slice(0, k)), "unknown", String(k));
  }
  // A ticket of 2^16 octets goes on in the next record.
  t.is(of([0x16, 3, 3, 0x40, 0, 1, 1, 0, 0x80]), "tls");
  const others: readonly (readonly [index: number, octet: number])[] = [
    [0, 0x17],
    [1, 2],
    [2, 0],
    [2, 5],
    [3, 0x41],
    [5, 2],
    [6, 2],
    // It does not fit its record.
    [8, 0xfd],
  ];
  for (const [index, octet] of others) {
    t.is(of(hello.with(index, octet)), "other", `${index}: ${octet}`);
  }
  t.is(of([0x16, 3, 3, 0x40, 1, 1, 0, 1, 0]), "other", "a record beyond 2^14");
});

test("the frames of no framing are taken for a browser's", (t) => {
  const seed = Number(process.env["FLATLINK_SEED"] ?? Date.now() & 0x7fffffff);
  t.log(`FLATLINK_SEED=${seed}`);
  const random = new Random(seed);
  const examples = [
    ...FRAMINGS.map(({ name, example = "" }) =>
      `${name},${example}`.replace(/,$/, "").replace("length=7", "length=60"),
    ),
    "cobs,delimiter=both",
    "length-prefixed,size=4,endian=little",
    "length-prefixed,endian=little",
    "sync,marker=1603,length=60",
    "marker,kinds=1603+u16",
  ];
  for (const text of examples) {
    const framing = framingOf(text);
    for (let k = 0; k < 500; k++) {
      const packet = telecommand({
        // With the packet ID 0x1e03, and others.
        apid: k % 2 === 0 ? 0x603 : random.below(0x7ff),
        packetSequenceCount: random.below(0x4000),
        serviceType: random.below(256),
        // 60 octets of packet: those of a COBS block of 0x16 are among them.
        applicationData: random.bytes(47).map((octet) => (k % 3 === 0 ? octet : octet & 1)),
      });
      const frame = encodeFrame(framing, packet);
      t.is(beginningOf(frame), "other", `${text}: ${Buffer.from(frame).toString("hex")}`);
    }
  }
  // Prefixes that begin as TLS does: 0x1603 octets, and a COBS block of 0x16.
  const long = encodeFrame(
    framingOf("length-prefixed,max-packet=6000"),
    telecommand({ applicationData: new Uint8Array(0x1603 - 13) }),
  );
  t.deepEqual([...long.subarray(0, 2)], [0x16, 3]);
  t.is(beginningOf(long), "other");
  const block = encodeFrame(
    framingOf("cobs"),
    Uint8Array.from({ length: 40 }, (_, k) => (k === 21 ? 0 : k === 0 ? 3 : 1)),
  );
  t.deepEqual([...block.subarray(0, 3)], [0x16, 3, 1]);
  t.is(beginningOf(block), "other");
});

test.serial("a page in a browser cannot send telecommands: fifty attempts are one row, and one line", async (t) => {
  const { board, rig, ports } = await setting(t, "0,space-packets,crc=check16");
  const { port } = ports[0]!;
  for (let k = 0; k < 49; k++) {
    await t.throwsAsync(
      fetch(`http://127.0.0.1:${port}/`, {
        method: "POST",
        body: telecommand(),
        headers: { "content-type": "text/plain" },
      }),
    );
  }
  const slowly = connect(port, "127.0.0.1");
  const ended = once(slowly, "close");
  slowly.on("error", () => {});
  for (const octet of "OPTIONS / HTTP/1.1\r\n\r\n") {
    slowly.write(octet);
    await new Promise((resolve) => setImmediate(resolve));
  }
  slowly.write(telecommand());
  await ended;
  const tool = await Tool.connect(rig.station);
  tool.send(telecommand({ packetSequenceCount: 1 }));
  await until("a tool can", () => board.telecommands.length === 1);
  const rows = (await auditOf(rig)).filter(({ action }) => action === "b1 an HTTP request");
  // A minute may begin meanwhile.
  t.true(rows.length <= 2, String(rows.length));
  t.is(
    rows.reduce((sum, { attempts }) => sum + attempts, 0),
    50,
  );
  t.true(rows.every(({ origin, user }) => origin === "127.0.0.1" && user === `relay ${port}`));
  const done = (await auditOf(rig)).filter(({ outcome }) => outcome === "done");
  t.deepEqual(
    done.map(({ origin }) => origin),
    [`127.0.0.1:${tool.socket.localPort}`],
  );
  t.true(rig.reports.filter((line) => /it speaks HTTP/.test(line)).length <= 2);
});

test.serial("nor by TLS, whatever is in its ClientHello", async (t) => {
  const texts = ["space-packets,crc=check16", "cobs"];
  const { board, rig, ports } = await setting(t, ...texts.map((text) => `0,${text}`));
  for (const [k, text] of texts.entries()) {
    const frame = encodeFrame(framingOf(text), telecommand({ sourceId: 99 }));
    const chosen = Buffer.of(0, ...frame, 0);
    // In place of a ticket: it is sent as it is, too.
    const ALPNProtocols = Buffer.of(chosen.length, ...chosen);
    const secure = connectTls({ port: ports[k]!.port, host: "127.0.0.1", ALPNProtocols, rejectUnauthorized: false });
    secure.on("error", () => {});
    await until("it is disconnected", () => secure.destroyed);
    const tool = await Tool.connect(rig.station, k);
    tool.send(telecommand({ sourceId: k }));
    await until("a tool can", () => board.telecommands.some((packet) => packet[10] === k));
  }
  t.deepEqual(
    board.telecommands.map((packet) => packet[10]),
    [0, 1],
  );
  t.is((await auditOf(rig)).filter(({ action }) => action === "b1 a TLS handshake").length, 2);
  t.is(rig.reports.filter((line) => /it speaks TLS/.test(line)).length, 2, "of each port");
});

test("each cause is told at once, then once a minute, with a count", (t) => {
  const clock = new ManualClock();
  const lines: string[] = [];
  const paced = new PacedReport<"a" | "b">((line) => lines.push(line), clock);
  paced.add("a", "first");
  paced.add("b", "other");
  t.deepEqual(lines.splice(0), ["first", "other"]);
  for (let k = 0; k < 100; k++) {
    paced.add("a", `${k}`);
  }
  clock.advance(59_999);
  t.deepEqual(lines, []);
  clock.advance(1);
  t.deepEqual(lines.splice(0), ["99; 100 times since the last line of this kind"]);
  paced.add("a", "again");
  t.deepEqual(lines, []);
  clock.advance(60_000);
  t.deepEqual(lines.splice(0), ["again"]);
  clock.advance(60_000);
  t.is(clock.timers, 0, "nothing is kept of what is over");
  paced.add("a", "anew");
  paced.add("a", "and left");
  paced.end();
  t.deepEqual(lines, ["anew", "and left"]);
  t.is(clock.timers, 0);
});

test("whoever may not connect is told in one line, from however many addresses", async (t) => {
  const board = await ScriptedBoard.start();
  t.teardown(() => board.fake.vanish());
  const entry = withRelays([board.entry()], [relayArgument("b1", "0,cobs")])[0]!;
  const archive = new Archive(":memory:");
  const lines: string[] = [];
  const report = (line: string): void => void lines.push(line);
  const port = new RelayPort({
    choice: entry.relays![0]!,
    board: "b1",
    allowed: { has: () => false } as unknown as AllowedClients,
    apid: FLATSAT.conventions.apid,
    maxTelemetryLength: 1024,
    queue: { sent: () => undefined, relay: () => t.fail() as never },
    maxWaiting: 1000,
    read: () => t.fail() as never,
    audit: new Auditor({ archive, report, now: Date.now }),
    onClients: () => {},
    report,
    now: Date.now,
  });
  await port.listen();
  const COUNT = 20;
  const sockets = Array.from({ length: COUNT }, (_, k) =>
    connect({ port: port.port, host: "127.0.0.1", localAddress: `127.0.0.${k + 1}` }).on("error", () => {}),
  );
  await Promise.all(sockets.map((socket) => once(socket.resume(), "close")));
  // More only if this took a minute.
  const minutes = lines.length;
  t.regex(lines[0]!, /127\.0\.0\.\d+ may not connect: see --relay-from$/);
  await port.close();
  archive.close();
  t.true(minutes <= 2, lines.join("\n"));
  const told = lines.map((line) => Number(/; (\d+) times/.exec(line)?.[1] ?? 1));
  t.is(
    told.reduce((sum, times) => sum + times, 0),
    COUNT,
  );
});
