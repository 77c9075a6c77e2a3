/** Parts of relay ports by themselves, and what the command line says of them. */
import test from "ava";
import { type GroundOptions, parseGroundOptions } from "../../../ground/commands/ground-options.js";
import { relayArgument, withRelays } from "../../../ground/commands/relay-argument.js";
import { linkChoice } from "../../../ground/link/link-options.js";
import { allowedClients } from "../../../ground/ports/allowed-clients.js";
import { Refusals } from "../../../ground/ports/refusals.js";
import { Archive } from "../../../ground/station/archive/archive.js";
import { Bus } from "../../../ground/station/bus.js";
import { CommandQueue } from "../../../ground/station/command-queue.js";
import { lookAt } from "../../../ground/station/relay/board-packet.js";
import { ClientView } from "../../../ground/station/relay/client-view.js";
import { Station } from "../../../ground/station/station.js";
import { CDS_SHORT_LENGTH } from "../../../modules/ccsds/cds-short.js";
import { packetSequenceCount } from "../../../modules/ccsds/primary-header.js";
import { flatlink, start } from "../commands/run.js";
import { boardWith, FLATSAT } from "../dictionary/boards.js";
import { ManualClock } from "../link/manual-clock.js";
import { FakeBoard } from "./fake-board.js";
import { uptimeReport } from "./packets.js";
import { relayed, telecommand } from "./relay-tool.js";
import { until } from "./rig.js";

const { apid } = FLATSAT.conventions;
const CONVENTIONS = { apid, stampLength: CDS_SHORT_LENGTH };
const ENTRY = {
  name: "lab",
  dictionary: FLATSAT,
  link: linkChoice({ host: "127.0.0.1", port: 7302, framing: "cobs,delimiter=both" }),
};

test("what is damaged, or of another application process, is passed on as it came, whatever was left out before", (t) => {
  const view = new ClientView({ sent: () => undefined }, { over: () => {} });
  const report = uptimeReport(1, 5);
  const about = report.slice();
  about[7] = 1;
  about[8] = 1;
  const damaged = report.slice();
  damaged[damaged.length - 1]! ^= 1;
  const other = report.slice();
  other[1] = 99;
  // No report on anything: its CRC is wrong.
  t.is(view.of(lookAt(about, CONVENTIONS)), about);
  t.is(packetSequenceCount(view.of(lookAt(report, CONVENTIONS))!, 0), 5);
  const leftOut = { bytes: report, isCounted: true, report: { subtype: 1, requestId: 7, offset: 20 } };
  t.is(view.of(leftOut), undefined);
  t.is(packetSequenceCount(view.of(lookAt(report, CONVENTIONS))!, 0), 4);
  t.is(view.of(lookAt(damaged, CONVENTIONS)), damaged);
  t.is(view.of(lookAt(other, CONVENTIONS)), other);
  t.is(packetSequenceCount(report, 0), 5, "others have it, too");
});

test("refusals are told a second after the first, then once a minute, and what is left at the end", (t) => {
  const clock = new ManualClock();
  const lines: string[] = [];
  const refusals = new Refusals((text) => lines.push(text), clock);
  refusals.add("crcMismatch");
  refusals.add("otherApid", 2);
  refusals.add("crcMismatch");
  clock.advance(999);
  t.deepEqual(lines, []);
  clock.advance(1);
  t.deepEqual(lines, ["crcMismatch 2, otherApid 2"]);
  clock.advance(3_600_000);
  t.is(lines.length, 1);
  for (let k = 0; k < 600; k++) {
    refusals.add("tooShort");
    clock.advance(100);
  }
  t.deepEqual(lines.slice(1), ["tooShort 600"]);
  refusals.add("otherApid");
  refusals.end();
  refusals.end();
  clock.advance(3_600_000);
  t.deepEqual(lines.slice(2), ["otherApid 1"]);
  t.is(refusals.count, 605);
  t.is(clock.timers, 0);
});

test("who may connect: this computer always, others where they are named; beyond it, somebody must be", (t) => {
  const allowed = allowedClients(["0.0.0.0"], ["192.168.4.0/24", "10.1.2.3", "fd00::/8"]);
  for (const address of [
    "127.0.0.1",
    "127.9.9.9",
    "::1",
    "192.168.4.77",
    "::ffff:192.168.4.1",
    "10.1.2.3",
    "fd12::1",
  ]) {
    t.true(allowed.has(address), address);
  }
  for (const address of ["192.168.5.1", "10.1.2.4", "::ffff:8.8.8.8", "fe80::1", "unknown", ""]) {
    t.false(allowed.has(address), address);
  }
  t.true(allowedClients(["localhost", "127.0.0.1", "::1"], []).has("127.0.0.1"));
  for (const host of ["0.0.0.0", "::", "192.168.4.2", "station.example"]) {
    t.throws(() => allowedClients([host], []), { message: /is beyond this computer.*--relay-from/ }, host);
  }
  for (const range of ["x", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "fd00::/129", "10.0.0.0/-1"]) {
    t.throws(() => allowedClients([], [range]), { message: /must be an address, or ADDRESS\/BITS/ }, range);
  }
});

test("--relay: the words of a framing, or the board's; what is wrong is told", (t) => {
  const choice = (text: string) => withRelays([ENTRY], [relayArgument("lab", text)])[0]!.relays![0]!;
  t.like(choice("7401"), { host: "127.0.0.1", port: 7401, framingText: "cobs,delimiter=both", role: "tmtc" });
  t.like(choice("7401,role=tm"), { framingText: "cobs,delimiter=both", role: "tm", maxClients: 8 });
  t.like(choice("0.0.0.0:7401,slip,max-clients=3"), { host: "0.0.0.0", framingText: "slip", maxClients: 3 });
  t.like(choice("[::1]:0,space-packets"), {
    host: "::1",
    port: 0,
    framingText: "space-packets",
    badFrames: "passOver",
  });
  t.is(choice("7401,raw").framing.name, "space-packets");
  const options = parseGroundOptions(
    ["--relay", "flatsat=7401", "--relay", "flatsat=0", "--relay", "flatsat=0"],
    () => {},
  );
  t.is((options as GroundOptions).relays.length, 3);
  const cases: readonly (readonly [args: readonly string[], pattern: RegExp])[] = [
    [["--relay", "7401"], /^--relay must be NAME=\[HOST:\]PORT\[,framing/],
    [["--relay", "lab=x"], /^--relay lab: "x" must be PORT or HOST:PORT/],
    [["--relay", "lab=99999"], /must be PORT or HOST:PORT/],
    [["--relay", "lab=7401", "--relay", "desk=7401"], /^--relay on port 7401 is there twice/],
    [["--relay", "lab=7401", "--relay-from", "somewhere"], /^--relay-from: "somewhere" must be an address/],
  ];
  for (const [args, pattern] of cases) {
    t.throws(() => parseGroundOptions(args, () => {}), { message: pattern }, args.join(" "));
  }
  for (const [text, pattern] of [
    ["7401,cobz", /^--relay lab=7401: .*cobz/],
    ["7401,cobs,colour=red", /colour/],
    ["7401,cobs,reserve=1", /reserve is for a board's ports/],
    ["7401,cobs,max-clients=33", /max-clients/],
  ] as const) {
    t.throws(() => choice(text), { message: pattern }, text);
  }
  t.throws(() => withRelays([ENTRY], [relayArgument("lba", "1")]), { message: /there is no such board; there is lab/ });
});

test("a telecommand that asks for no report, or for some, is over with the last that it asks for", async (t) => {
  const dictionary = boardWith({ name: "b1" }, { acknowledge: "asRequested" });
  const archive = new Archive(":memory:");
  const queue = new CommandQueue({
    name: "b1",
    board: archive.board("b1"),
    dictionary,
    archive,
    bus: new Bus((error) => t.fail(String(error))),
    send: () => Promise.resolve(undefined),
    onArchiveError: (error) => t.fail(error.message),
    now: Date.now,
  });
  t.teardown(() => {
    queue.close();
    archive.close();
  });
  const over: number[] = [];
  for (const acknowledgementFlags of [0b0000, 0b1000, 0b0001]) {
    const packet = telecommand({ acknowledgementFlags });
    queue.relay(
      packet,
      { name: "x", arguments: {} },
      { user: "u", origin: "o" },
      { over: () => over.push(acknowledgementFlags) },
    );
  }
  await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual(over, [0b0000]);
  archive.closeOpenEnds(1);
  const states = archive.statement("SELECT state FROM command ORDER BY id").all() as { state: string }[];
  t.deepEqual(
    states.map(({ state }) => state),
    ["sent", "sent", "unanswered"],
  );
});

test("a relay port that cannot be had, or must not be, is told in one line; the archive is free again", async (t) => {
  const board = await FakeBoard.make();
  await board.listen();
  t.teardown(() => board.vanish());
  const where = `b1=127.0.0.1:${board.port}`;
  for (const [args, pattern] of [
    [["--relay", `b1=${board.port}`], /cannot listen on 127\.0\.0\.1 port \d+: the port is in use/],
    [["--relay", "b1=0.0.0.0:0"], /beyond this computer, and whoever reaches it commands the board.*--relay-from/],
    [["--relay", "b2=0"], /there is no such board; there is b1/],
  ] as const) {
    const ended = await flatlink(["ground", "--port", "0", "--archive", ":memory:", "--board", where, ...args]);
    t.is(ended.code, 2, args.join(" "));
    t.regex(ended.stderr, pattern);
    t.regex(ended.stderr, /^flatlink ground: [^\n]+\n$/);
  }
  const entry = relayed(board.entry("b1"), "0.0.0.0:0");
  t.throws(() => new Station({ file: ":memory:", boards: [entry], report: () => {} }));
  const open = new Station({ file: ":memory:", boards: [entry], relayFrom: ["10.0.0.0/8"], report: () => {} });
  await open.listen();
  await open.close();
});

test("the program prints its relay ports", async (t) => {
  const ground = start(t, [
    "ground",
    "--port",
    "0",
    "--archive",
    ":memory:",
    "--relay",
    "flatsat=0,slip",
    "--relay",
    "flatsat=0",
  ]);
  const [, first, second] = await ground.prints(
    /in place of the board:\n {2}127\.0\.0\.1 port (\d+): flatsat, slip\n {2}127\.0\.0\.1 port (\d+): flatsat, cobs\n/,
  );
  t.not(first, second);
  await until("the end", async () => (await ground.stop("SIGINT")).code === 0);
});
