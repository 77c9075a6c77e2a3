/** What `ping` says when it is asked the wrong way: people take it for the first thing that a board says. */
import { once } from "node:events";
import { connect } from "node:net";
import test, { type ExecutionContext } from "ava";
import { type PingResult, pingHint } from "../../../ground/ping/ping-hints.js";
import { PingSummary } from "../../../ground/ping/ping-lines.js";
import { parsePingOptions } from "../../../ground/ping/ping-options.js";
import type { Ping } from "../../../ground/ping/pinger.js";
import { Program } from "../../project.js";
import { fakeBoard, report, simulator } from "../link/board.js";
import { plainServer } from "../link/linked.js";

/** @returns the line of complaint, without the program's name */
async function complaint(t: ExecutionContext, port: number, ...args: string[]): Promise<string> {
  const common = ["--port", String(port), "--count", "1", "--timeout", "500"];
  const program = new Program(process.execPath, ["dist/ground/ping/ping.js", ...common, ...args]);
  t.is(await program.exitCode, 1, program.output);
  return program.output.match(/^flatlink-ping: (.*)$/m)?.[1] ?? program.output;
}

const LOST = "1 of 1 pings not answered completely; ";

test.serial("another framing than the port's, on a board that sends telemetry", async (t) => {
  const { program, ports } = await simulator("node", ["cobs:0", "space-packets:0"], "--beacon-interval-ms", "100");
  t.teardown(() => program.stop());
  const [cobs, plain] = ports as [number, number];
  t.is(await complaint(t, cobs), `${LOST}what came looks like COBS, not like space packets: see --framing`);
  t.is(
    await complaint(t, plain, "--framing", "cobs"),
    `${LOST}what came looks like space packets, not like COBS: see --framing`,
  );
  t.is(
    await complaint(t, cobs, "--framing", "cobs,crc=crc32"),
    `${LOST}what came is not cobs,crc=crc32: see --framing`,
  );
  // Telemetry ends with the same CRC.
  t.is(
    await complaint(t, cobs, "--framing", "cobs,crc=crc16"),
    `${LOST}what came in cobs,crc=crc16 is no sound PUS telemetry: see --framing, and its crc`,
  );
});

test.serial("a board that is full", async (t) => {
  const options = ["--max-clients", "1", "--beacon-interval-ms", "0"];
  const { program, ports } = await simulator("node", ["space-packets:0"], ...options);
  t.teardown(() => program.stop());
  const first = connect(ports[0] as number, "127.0.0.1");
  t.teardown(() => first.destroy());
  await once(first, "connect");
  await program.prints(/connected/);
  t.is(
    await complaint(t, ports[0] as number, "--timeout", "10000"),
    "the board closed the connection; nothing came before: it may have as many clients as it takes",
  );
});

test.serial("another APID than the board's, where the board says so, and where the port takes no other", async (t) => {
  const { program, ports } = await simulator(
    "node",
    ["space-packets:0", "space-packets:0,packet-ids=0x1802"],
    "--beacon-interval-ms",
    "100",
  );
  t.teardown(() => program.stop());
  const [open, strict] = ports as [number, number];
  t.is(await complaint(t, open, "--apid", "5"), `${LOST}the board has no APID 5: see --apid`);
  t.is(
    await complaint(t, strict, "--apid", "5"),
    `${LOST}the board sends telemetry, and none about the ping: is its APID 5? See --apid`,
  );
});

test("a port that says nothing", async (t) => {
  const { port } = await plainServer(t, (socket) => socket.resume());
  t.is(
    await complaint(t, port),
    `${LOST}nothing came at all: are --framing and --port right, and has the board a place for one client more?`,
  );
});

test("a server that sends something else", async (t) => {
  const text = await plainServer(t, (socket) => socket.resume().write("220 mail.example ESMTP ready\r\n250 HELP\r\n"));
  t.is(
    await complaint(t, text.port),
    `${LOST}what came looks like lines of text, not like space packets: see --framing`,
  );
  const noise = await plainServer(t, (socket) => socket.resume().write(Uint8Array.of(0xff, 0xee, 0xdd, 0xcc)));
  t.is(await complaint(t, noise.port), `${LOST}what came is not space-packets,crc=check16: see --framing`);
});

test("packets that are no PUS telemetry", async (t) => {
  const board = await fakeBoard((_, socket) => {
    const damaged = report(3, 25);
    damaged[10] = 0x55;
    socket.write(damaged);
  });
  t.teardown(() => board.stop());
  t.is(
    await complaint(t, board.port, "--framing", "space-packets"),
    `${LOST}what came in space-packets is no sound PUS telemetry: see --framing, and its crc`,
  );
});

test("the port that usually is COBS, asked without --framing", (t) => {
  const summary = new PingSummary();
  summary.add({ number: 1, packetSequenceCount: 1, reports: [], missing: ["1,1"], roundTripMs: undefined });
  const result = (...args: string[]) =>
    ({
      options: parsePingOptions(args, () => {}),
      link: { firstBytes: new Uint8Array(0), hasFrames: false },
      pinger: { otherTimeCode: 0, otherTelemetry: 0 },
      summary,
      closed: false,
    }) as unknown as PingResult;
  t.is(
    pingHint(result("--port", "7302")),
    "nothing came at all: are --framing and --port right (port 7302 usually is cobs), and has the board a place for one client more?",
  );
  t.is(
    pingHint(result("--port", "7301", "--framing", "cobs")),
    "nothing came at all: are --framing and --port right (port 7301 usually is space-packets), and has the board a place for one client more?",
  );
  t.is(
    pingHint(result("--framing", "cobs")),
    "nothing came at all: are --framing and --port right, and has the board a place for one client more?",
  );
});

test("half a million pings are summed up", (t) => {
  const summary = new PingSummary();
  for (let number = 1; number <= 500_000; number++) {
    summary.add({ reports: [], roundTripMs: number % 5 } as unknown as Ping);
  }
  t.is(
    summary.lines(3, 1),
    "500000 sent, 500000 answered, 0 lost; 3 other telemetry packets, 1 damaged\nround trip min/avg/max 0.00/2.00/4.00 ms\n",
  );
});
