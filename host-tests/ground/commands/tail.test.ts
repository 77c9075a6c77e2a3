import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import test from "ava";
import { xs } from "../../host/xs-support.js";
import { Program, portToKeep } from "../../project.js";
import { report, simulator } from "../link/board.js";
import { FLATLINK, flatlink, flatsat, objectsIn, start } from "./run.js";

for (const engine of ["node", "xs"]) {
  const on = engine === "node" || xs.available ? test.serial : test.serial.skip;

  on(`${engine}: packets, values and events, a line each`, async (t) => {
    const { program, ports } = await flatsat(engine, "--beacon-interval-ms", "200");
    t.teardown(() => program.stop());
    const board = ["--port", String(ports[0]), "--beacon-interval-ms", "200"];

    const packets = start(t, ["tail", ...board]);
    await packets.prints(/^20\S+Z {2}TM\[3,25\] housekeepingReport board: uptime \d+ ms, telecommandsAccepted \d+, /m);
    await packets.prints(
      /^20\S+Z {2}TM\[3,25\] housekeepingReport attitude: spinRate -?[\d.]+ deg\/s, magneticField \[-?\d+, -?\d+, -?\d+\] nT$/m,
    );
    const stopped = await packets.stop();
    t.is(stopped.code, 0);
    t.is(stopped.stderr, "");
    t.false(stopped.stdout.includes("not decoded") || stopped.stdout.includes("\u001b"));

    const values = await flatlink(["tail", "values", "--count", "5", ...board]);
    t.is(values.code, 0, values.stderr);
    t.is(values.stdout.match(/^20\S+Z {2}\w+ +\S.*$/gm)?.length, 5, values.stdout);

    const events = start(t, ["tail", "events", "--json", ...board, "--framing", "cobs", "--port", String(ports[1])]);
    await events.prints(/"kind":"link","state":"connected"/);
    t.is((await flatlink(["send", "raiseTestEvent", "value=77", ...board])).code, 0);
    await events.prints(/raised by function 2 with 77/);
    const objects = objectsIn((await events.stop()).stdout);
    t.like(
      objects.find(({ name }) => name === "test"),
      {
        kind: "event",
        severity: "informative",
        text: "raised by function 2 with 77",
        values: [{ name: "value", value: 77, raw: 77 }],
      },
    );
    t.true(objects.every(({ kind }) => kind === "event" || kind === "link" || kind === "dictionary"));
  });
}

test("a board that is absent, comes, restarts: each is said once, and it goes on", async (t) => {
  const port = await portToKeep();
  const running = start(t, [
    "tail",
    "values",
    "--board",
    "none",
    "--port",
    String(port),
    "--listen",
    `space-packets:${port}`,
  ]);
  await running.prints(
    /cannot connect to 127\.0\.0\.1 port \d+: nothing listens there \(ECONNREFUSED\); trying again\n/,
    "stderr",
  );
  const first = (await simulator("node", [`space-packets:${port}`])).program;
  await running.prints(/uptime/);
  t.regex(running.stderr, /connected to 127\.0\.0\.1 port \d+, space-packets\n$/);
  await first.stop("SIGKILL");
  await running.prints(
    /(the board closed the connection|the connection was lost).*; dialling 127\.0\.0\.1 port \d+, space-packets again\n/,
    "stderr",
  );
  const before = running.stdout.length;
  const second = (await simulator("node", [`space-packets:${port}`])).program;
  t.teardown(() => second.stop());
  await running.prints(/connected again to/, "stderr");
  await running.prints(new RegExp(`^[\\s\\S]{${before}}[\\s\\S]*uptime`));
  const { code, stderr } = await running.stop();
  t.is(code, 0);
  const said = stderr.split("\n");
  t.true(
    said.every((line, k) => line !== said[k - 1]),
    "no attempt that fails as the one before is said",
  );
  t.notRegex(stderr, /WRONG/);
});

test("with --no-reconnect, a board that is absent or goes is exit code 1", async (t) => {
  const port = await portToKeep();
  const absent = await flatlink(["tail", "--no-reconnect", "--port", String(port)]);
  t.is(absent.code, 1);
  t.regex(absent.stderr, /cannot connect to 127\.0\.0\.1 port/);
  const { program, ports } = await simulator("node", ["space-packets:0"]);
  const running = start(t, [
    "tail",
    "--no-reconnect",
    "--board",
    "none",
    "--port",
    String(ports[0]),
    "--listen",
    "space-packets:1",
  ]);
  await running.prints(/TM\[/);
  await program.stop();
  const { code, stderr } = await running.ended;
  t.is(code, 1);
  t.regex(stderr, /flatlink tail: the connection is over\n$/);
});

test("a wrong dictionary is told once, and in JSON", async (t) => {
  const { program, ports } = await flatsat("node", "--beacon-interval-ms", "100");
  t.teardown(() => program.stop());
  const running = start(t, ["tail", "--port", String(ports[0]), "--board", "none"]);
  await running.prints(/(?:housekeepingReport board[\s\S]*){3}/);
  const { stderr } = await running.stop();
  t.is(stderr.match(/WRONG DICTIONARY/g)?.length, 1, stderr);
  const json = await flatlink(["tail", "--port", String(ports[0]), "--board", "none", "--json", "--count", "30"]);
  const told = objectsIn(json.stdout).filter(({ kind }) => kind === "dictionary");
  t.is(told.length, 1);
  t.like(told[0], { state: "wrong" });
  t.regex(told[0]!["found"] as string, /^0x[0-9a-f]{8}$/);
});

test("another framing than the board's is named", async (t) => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write(Buffer.concat(Array.from({ length: 8 }, () => report(17, 2))));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const running = start(t, ["tail", "events", "--port", String(port), "--framing", "cobs"]);
  t.teardown(() => server.close());
  await running.prints(/what came looks like space packets, not like COBS: see --framing/, "stderr");
  t.is((await running.stop()).code, 0);
});

test("a reader that has had enough ends it, quietly, with exit code 0", async (t) => {
  const { program, ports } = await flatsat("node", "--beacon-interval-ms", "100");
  t.teardown(() => program.stop());
  const pipe = new Program("bash", [
    "-o",
    "pipefail",
    "-c",
    `${process.execPath} ${FLATLINK} tail --beacon-interval-ms 100 --port ${ports[0]} | head -2; echo "codes \${PIPESTATUS[0]}"`,
  ]);
  await pipe.exitCode;
  t.regex(pipe.output, /^20.*\n20.*\ncodes 0\n$/);
});

test("wrong options are exit code 2", async (t) => {
  for (const [args, message] of [
    [["tail", "everything"], /"everything" cannot be printed: give one of packets, values, events/],
    [["tail", "--port", "0"], /It must be 1 to 65535/],
    [["tail", "--framing", "smoke"], /--framing/],
    [["watch"], /standard output is no terminal: see --json, and flatlink tail values/],
    [["watch", "pwer", "--json"], /no parameter, structure or group is called "pwer"; did you mean power\?/],
  ] as const) {
    const { code, stderr, stdout } = await flatlink(args);
    t.is(code, 2, stderr);
    t.is(stdout, "");
    t.regex(stderr, message);
  }
});
