import test, { type ExecutionContext } from "ava";
import { xs } from "../../host/xs-support.js";
import { Program, portToKeep } from "../../project.js";
import { answer, BOARD_TIME, type FakeBoard, fakeBoard, report, simulator } from "../link/board.js";

function ping(...args: string[]): Program {
  return new Program(process.execPath, ["dist/ground/ping/ping.js", ...args]);
}

/** Runs `ping` to its end. */
async function pinged(...args: string[]): Promise<{ code: number | null; output: string }> {
  const program = ping(...args);
  const code = await program.exitCode;
  return { code, output: program.output };
}

function pingFake(board: FakeBoard, ...args: string[]): Promise<{ code: number | null; output: string }> {
  return pinged("--port", String(board.port), "--timeout", "3000", "--interval", "10", ...args);
}

const ALL = /ping \d+, sequence count \d+: [\d.]+ ms\n {2}1,1 .*\n {2}1,3 .*\n {2}17,2 .*\n {2}1,7 .*\n/g;

function checkPings(t: ExecutionContext, output: string, count: number): void {
  t.is(output.match(ALL)?.length, count, output);
  t.regex(output, new RegExp(`\n${count} sent, ${count} answered, 0 lost; \\d+ other telemetry packets, 0 damaged\n`));
  t.regex(output, /\nround trip min\/avg\/max [\d.]+\/[\d.]+\/[\d.]+ ms\n$/);
}

for (const engine of ["node", "xs"]) {
  const on = engine === "node" || xs.available ? test.serial : test.serial.skip;

  on(`${engine}: pings are answered by four reports in order, with the board's time, on every framing`, async (t) => {
    const { program, ports } = await simulator(
      engine,
      ["space-packets:0", "cobs:0", "cobs:0,delimiter=both", "raw:0", "raw:0,crc=crc16"],
      "--beacon-interval-ms",
      "100",
    );
    t.teardown(() => program.stop());
    const [plain, trailing, both, bursts, checked] = ports.map(String) as [string, string, string, string, string];
    for (const args of [
      ["--port", plain],
      ["--port", plain, "--framing", "space-packets"],
      ["--port", plain, "--framing", "space-packets,crc=check16,packet-ids=0x0802"],
      ["--port", trailing, "--framing", "cobs"],
      ["--port", both, "--framing", "cobs,delimiter=both"],
      // Its four reports come in one read.
      ["--port", bursts, "--framing", "raw"],
      ["--port", checked, "--framing", "raw,crc=crc16"],
    ]) {
      const { code, output } = await pinged(...args, "--count", "3", "--interval", "60");
      t.is(code, 0, output);
      checkPings(t, output, 3);
      t.regex(output, /^TC\[17,1\] to APID 2 at 127\.0\.0\.1 port \d+, (space-packets|cobs)\n/);
      for (const name of ["acceptanceSuccess", "startSuccess", "areYouAliveReport", "completionSuccess"]) {
        t.is(output.split(name).length, 4, name);
      }
      const [, time] = output.match(/17,2 .*(20\d\d-\S+Z)/) as RegExpMatchArray;
      t.true(Math.abs(Date.parse(time as string) - Date.now()) < 30_000, time);
      // Housekeeping, and the event of the connection.
      t.true(Number(output.match(/(\d+) other telemetry/)?.[1]) >= 1, output);
    }
  });

  on(`${engine}: a board of another APID, time code and failure code width`, async (t) => {
    for (const code of ["cuc", "cuc-tai"]) {
      const { program, ports } = await simulator(
        engine,
        ["space-packets:0"],
        ...["--time-code", code, "--apid", "77", "--failure-code-bytes", "4"],
      );
      t.teardown(() => program.stop());
      const board = ["--port", String(ports[0]), "--time-code", code, "--interval", "0"];
      const { code: exit, output } = await pinged(...board, "--apid", "77", "--count", "2");
      t.is(exit, 0, output);
      checkPings(t, output, 2);
      const stamped = Date.parse(output.match(/20\d\d-\S+Z/)?.[0] as string);
      t.true(Math.abs(stamped - Date.now()) < 30_000, output);

      const refused = await pinged(...board, "--apid", "78", "--count", "1");
      t.is(refused.code, 1);
      t.regex(refused.output, /\n {2}1,10 {2}routingFailure: unknownApplicationProcess /);
      await program.stop();
    }
  });
}

test.serial("a wrong time code is suspected, and exit code 1", async (t) => {
  const { program, ports } = await simulator("node", ["space-packets:0"]);
  t.teardown(() => program.stop());
  const { code, output } = await pinged(
    ...["--port", String(ports[0]), "--time-code", "cuc", "--count", "1", "--timeout", "3000"],
  );
  t.is(code, 1);
  t.regex(output, /1 of 1 pings not answered completely; the time stamps are not cuc: see --time-code\n/);
});

test("a board that answers with three reports only: the missing one is named, and exit code 1", async (t) => {
  for (const [index, missing] of [
    "1,1 acceptanceSuccess",
    "1,3 startSuccess",
    "17,2 areYouAliveReport",
    "1,7 completionSuccess",
  ].entries()) {
    const board = await fakeBoard((telecommand, socket) => {
      for (const packet of answer(telecommand).filter((_, i) => i !== index)) {
        socket.write(packet);
      }
    });
    t.teardown(() => board.stop());
    const { code, output } = await pingFake(board, "--count", "1");
    t.is(code, 1);
    t.true(output.includes(`: not answered: ${missing} missing\n`), output);
    t.regex(output, /\n1 sent, 0 answered, 1 lost; 0 other telemetry packets, 0 damaged\n/);
    t.regex(output, /flatlink-ping: 1 of 1 pings not answered completely\n/);
    t.false(output.includes("round trip"));
  }
});

test("one ping lost of three is exit code 1, and the others count", async (t) => {
  const board = await fakeBoard((telecommand, socket, n) => {
    if (n !== 1) {
      socket.write(Buffer.concat(answer(telecommand)));
    }
  });
  t.teardown(() => board.stop());
  const { code, output } = await pingFake(board, "--count", "3");
  t.is(code, 1);
  t.is(output.match(ALL)?.length, 2);
  t.regex(output, /\n3 sent, 2 answered, 1 lost; /);
  t.true(output.includes(BOARD_TIME));
});

test("an answer that comes too late is not taken for the next ping's", async (t) => {
  let late: Uint8Array[] = [];
  const board = await fakeBoard((telecommand, socket, n) => {
    if (n === 0) {
      late = answer(telecommand);
    } else {
      socket.write(Buffer.concat([...late, ...answer(telecommand).slice(0, 2)]));
    }
  });
  t.teardown(() => board.stop());
  const { code, output } = await pingFake(board, "--count", "2");
  t.is(code, 1);
  t.regex(output, /ping 2, .*: not answered: 17,2 areYouAliveReport, 1,7 completionSuccess missing\n/);
  t.regex(output, /\n2 sent, 0 answered, 2 lost; 4 other telemetry packets/);
});

test("telemetry in pieces, damaged telemetry and bytes that are none: the sound reports around them count", async (t) => {
  const board = await fakeBoard((telecommand, socket) => {
    const damaged = report(3, 25, new Uint8Array(40)).fill(0x55, 20, 24);
    const [first, ...others] = answer(telecommand) as [Uint8Array, ...Uint8Array[]];
    socket.write(Buffer.concat([damaged, Uint8Array.of(0xff, 0xee), report(5, 1), first, damaged]));
    const rest = Buffer.concat(others);
    for (const at of rest.keys()) {
      socket.write(rest.subarray(at, at + 1));
    }
  });
  t.teardown(() => board.stop());
  const { code, output } = await pingFake(board, "--count", "2", "--timeout", "2000");
  t.is(code, 0, output);
  t.is(output.match(ALL)?.length, 2);
  t.regex(output, /\n2 sent, 2 answered, 0 lost; 2 other telemetry packets, [1-9]\d* damaged\n/);
});

test("a damaged packet that the framing lets through is counted, too", async (t) => {
  const board = await fakeBoard((telecommand, socket) => {
    const damaged = report(17, 2);
    damaged[20] = (damaged[20] as number) ^ 1;
    socket.write(Buffer.concat([damaged, ...answer(telecommand)]));
  });
  t.teardown(() => board.stop());
  const { code, output } = await pingFake(board, "--count", "1", "--framing", "space-packets");
  t.is(code, 0, output);
  t.regex(output, /0 other telemetry packets, 1 damaged\n/);
});

test("a board that hangs up: what came is shown, one line says so, and exit code 1", async (t) => {
  const board = await fakeBoard((telecommand, socket, n) => {
    if (n === 0) {
      socket.write(Buffer.concat(answer(telecommand)));
    } else {
      socket.end((answer(telecommand) as [Uint8Array])[0]);
    }
  });
  t.teardown(() => board.stop());
  const { code, output } = await pingFake(board, "--count", "5", "--timeout", "60000");
  t.is(code, 1);
  t.is(output.match(ALL)?.length, 1);
  t.regex(output, /\n2 sent, 1 answered, 1 lost; /);
  t.regex(output, /^flatlink-ping: the board closed the connection$/m);
});

test("Ctrl-C ends it with the summary: exit code 0 when every ping was answered", async (t) => {
  const board = await fakeBoard((telecommand, socket) => socket.write(Buffer.concat(answer(telecommand))));
  t.teardown(() => board.stop());
  const program = ping("--port", String(board.port), "--count", "0", "--interval", "50");
  await program.prints(/^ping 3,.*\n.*\n.*\n.*\n {2}1,7/m);
  t.is(await program.stop("SIGINT"), 0);
  const [, sent] = program.output.match(/\n(\d+) sent, \1 answered, 0 lost; /) as RegExpMatchArray;
  t.true(Number(sent) >= 3);
  t.regex(program.output, /\nround trip min\/avg\/max .*\n$/);
});

test("Ctrl-C before any ping was answered is exit code 1", async (t) => {
  const board = await fakeBoard(() => {});
  t.teardown(() => board.stop());
  const program = ping("--port", String(board.port), "--timeout", "60000");
  await program.prints(/^TC\[17,1\] to APID 2/m);
  t.is(await program.stop("SIGINT"), 1);
  t.regex(program.output, /\n0 sent, 0 answered, 0 lost; 0 other telemetry packets, 0 damaged\n/);
  t.regex(program.output, /^flatlink-ping: no ping was answered$/m);
});

test("no listener is one line and exit code 2", async (t) => {
  const port = await portToKeep();
  const { code, output } = await pinged("--port", String(port));
  t.is(code, 2);
  t.is(output, `flatlink-ping: cannot connect to 127.0.0.1 port ${port}: nothing listens there (ECONNREFUSED)\n`);
});

const wrong: [string[], RegExp][] = [
  [["--nonsense"], /unknown option '--nonsense'/],
  [["extra"], /too many arguments/],
  [["--port", "0"], /must be 1 to 65535/],
  [["--port", "http"], /must be 1 to 65535/],
  [["--apid", "2047"], /must be 0 to 2046/],
  [["--count", "-1"], /must be 0 to/],
  [["--interval", "1.5"], /must be 0 to 3600000 milliseconds/],
  [["--timeout", "0"], /must be 1 to 600000 milliseconds/],
  [["--time-code", "utc"], /Allowed choices are cds, cuc, cuc-tai/],
  [["--framing", "slip7"], /no framing is called "slip7"; there are space-packets, cobs/],
  [["--framing", "cobs,delimiter=none"], /delimiter.*none/],
  [["--framing", "cobs,crc=on"], /crc must be off or crc16 or .*, not "on"/],
  [
    ["--framing", "cobs,max-packet=5"],
    /--framing cobs,max-packet=5: a packet has up to 5 bytes, and a report on a ping up to 26\n/,
  ],
  [["--framing", "cobs,max-packet=25"], /has up to 25 bytes, and a report on a ping up to 26\n/],
  [["--framing", "fixed,length=64"], /--framing fixed,length=64: a ping of 13 bytes is no packet for fixed\n/],
  [["--host"], /argument missing/],
];

for (const [args, message] of wrong) {
  test.serial(`${args.join(" ")} is one line and exit code 2`, async (t) => {
    const { code, output } = await pinged(...args);
    t.is(code, 2);
    t.regex(output, /^flatlink-ping: .+\n$/);
    t.regex(output, message);
  });
}

test("--help names every option and ends with 0", async (t) => {
  const { code, output } = await pinged("--help");
  t.is(code, 0);
  for (const option of ["host", "port", "framing", "apid", "count", "interval", "timeout", "time-code"]) {
    t.true(output.includes(`--${option}`), option);
  }
});
