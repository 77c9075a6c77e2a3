/** `flatlink ground`, `export` and `plot`, as people run them. */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { boardEntries, simulatedBoard } from "../../../ground/commands/ground-boards.js";
import { type GroundOptions, parseGroundOptions } from "../../../ground/commands/ground-options.js";
import { Archive } from "../../../ground/station/archive/archive.js";
import { flatlink, type Running, start } from "../commands/run.js";
import { FakeBoard } from "./fake-board.js";
import { uptimeReport } from "./packets.js";
import { folderOf, until } from "./rig.js";

/** What `flatlink ground` printed: where its page is, and the token in the link. */
async function linkIn(
  ground: Running,
): Promise<{ readonly base: string; readonly token: string | null; readonly url: string }> {
  const [url] = await ground.prints(/http:\/\/\S+/);
  return { base: new URL(url).origin, token: new URL(url).searchParams.get("token"), url };
}

/** Until a station is killed. */
const MAX_WAIT_MS = 400;

async function json(url: string, token?: string): Promise<ReturnType<typeof JSON.parse>> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await fetch(url, { headers })).json();
}

function station(t: ExecutionContext, ...args: string[]): Running {
  return start(t, ["ground", "--port", "0", ...args]);
}

test.serial(
  "without arguments there is a flatsat, one link, values within 3 s, three things to try, and an end",
  async (t) => {
    const data = folderOf(t);
    const ground = start(t, ["ground", "--port", "0"], { env: { XDG_DATA_HOME: data } });
    const { base, token } = await linkIn(ground);
    const before = performance.now();
    await until("values", async () => (await json(`${base}/api/v1/boards/flatsat/values`)).length > 0);
    t.true(performance.now() - before < 3000);
    t.regex(ground.stdout, /Three things to try there:\n {2}\S.*\n {2}\S.*\n {2}\S/);
    t.is(ground.stdout.match(/http:\/\//g)?.length, 1);
    const sent = await fetch(`${base}/api/v1/boards/flatsat/commands`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "areYouAlive" }),
    });
    t.is(sent.status, 202);
    const { code, stderr } = await ground.stop("SIGINT");
    t.is(code, 0);
    t.is(stderr, "");
    const archive = new Archive(join(data, "flatlink", "ground.sqlite"));
    t.true(archive.derivedUpTo > 0);
    archive.close();
  },
);

test.serial(
  "killed at any moment while a board sends, it starts again on the same file, and has each packet once",
  async (t) => {
    const file = join(folderOf(t), "a.sqlite");
    const board = await FakeBoard.make();
    await board.listen();
    t.teardown(() => board.vanish());
    let uptime = 0;
    const sending = setInterval(() => {
      for (let k = 0; board.clients > 0 && k < 20; k++) {
        board.send(uptimeReport(uptime++));
      }
    }, 2);
    t.teardown(() => clearInterval(sending));
    const args = ["--board", `b1=127.0.0.1:${board.port}`, "--archive", file];
    let known = 0;
    const waits = Array.from({ length: 3 }, () => Math.floor(Math.random() * MAX_WAIT_MS));
    t.log(`killed after ${waits.join(", ")} ms`);
    for (const afterMs of waits) {
      const ground = station(t, ...args);
      const { base } = await linkIn(ground);
      await until("packets", async () => (await json(`${base}/api/v1/boards`))[0].received > 0);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      // What it says that it has, it has.
      const [latest] = await json(`${base}/api/v1/boards/b1/packets?limit=1`);
      known = latest.id;
      await ground.stop("SIGKILL");
    }
    clearInterval(sending);
    const last = station(t, ...args);
    await linkIn(last);
    t.is((await last.stop("SIGINT")).code, 0, last.stderr);
    const archive = new Archive(file, { readOnly: true });
    const uptimes = archive
      .packetsBehind(0, Number.MAX_SAFE_INTEGER)
      .map(({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 6));
    t.true(uptimes.length >= known && known > 0);
    t.true(
      uptimes.every((value, k) => k === 0 || value > uptimes[k - 1]!),
      "in their order, none twice",
    );
    const { n } = archive.statement("SELECT count(*) AS n FROM sample").get() as { n: number };
    t.is(n, uptimes.length, "what was not read was read again");
    archive.close();
  },
);

test.serial("what is wrong is one line, and exit code 2", async (t) => {
  const folder = folderOf(t);
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const used = join(folder, "used.sqlite");
  const first = station(t, "--archive", used);
  await linkIn(first);
  writeFileSync(join(folder, "x.json"), "{}");
  const cases: readonly (readonly [args: readonly string[], pattern: RegExp])[] = [
    [["--port", String(port), "--archive", ":memory:"], new RegExp(`port ${port} of 127.0.0.1 is in use; .*--port 0`)],
    [["--port", "0", "--archive", used], /used\.sqlite: another station writes it/],
    [["--port", "0", "--archive", join(folder, "x.json")], /x\.json: .*not a database/],
    [["--host", "0.0.0.0"], /beyond this computer.*--users/],
    [["--users", join(folder, "none")], /no such file/],
    [["--nats", "nats://127.0.0.1:99999"], /--nats must be nats:\/\/HOST:PORT .* up to 65535/],
    [["--from", "http://x"], /--from must be nats:\/\/HOST:PORT/],
    [["--board", "x=h:1", "--relay-from", "10.0.0.0/8"], /--relay-from .*--relay/],
    [["--from", "nats://x", "--relay", "x=7401"], /--from and --relay/],
    [["--board", "x=h:1,nonsense"], /--board x: .*nonsense/],
    [["--board", "x=h:1", "--dictionary", "x=none.json"], /none\.json/],
    [["user", "a b"], /a user's name/],
  ];
  for (const [args, pattern] of cases) {
    const ended = await flatlink(["ground", ...args], { input: "long enough\n", env: { XDG_DATA_HOME: folder } });
    t.is(ended.code, 2, `${args.join(" ")}\n${ended.stdout}${ended.stderr}`);
    t.regex(ended.stderr, pattern);
    t.regex(ended.stderr, /^flatlink ground: [^\n]+\n$/, args.join(" "));
    t.is(ended.stdout, "");
  }
});

test.serial("boards of one's own, by their settings and by what generate json wrote", async (t) => {
  const folder = folderOf(t);
  const settings = ["time_code=cuc", "apid=5"];
  const simulator = start(t, [
    "simulate",
    "--engine",
    "node",
    "--listen",
    "cobs:0",
    "--time-code",
    "cuc",
    "--apid",
    "5",
  ]);
  const [, port] = await simulator.prints(/listening on 127\.0\.0\.1 port (\d+): cobs/);
  t.is((await flatlink(["generate", "json", "listen=cobs:0", ...settings, "-o", folder])).code, 0);
  const ground = station(
    t,
    ...["--archive", ":memory:", "--board", `one=127.0.0.1:${port},cobs`, "--board", `two=localhost:${port},cobs`],
    ...["--dictionary", `two=${join(folder, "dictionary.json")}`, "listen=cobs:0", "apid=5", "one.time_code=cuc"],
  );
  const { base } = await linkIn(ground);
  await until("both are the right ones", async () =>
    (await json(`${base}/api/v1/boards`)).every(
      (board: ReturnType<typeof JSON.parse>) => board.link.dictionary === "same",
    ),
  );
  t.is((await ground.stop("SIGINT")).code, 0);
});

test.serial("a user is a line of a file, with which the station is reached from elsewhere", async (t) => {
  const file = join(folderOf(t), "users");
  const printed = await flatlink(["ground", "user", "bob", "--role", "viewer"], { input: "battery staple\n" });
  t.regex(printed.stdout, /^bob:viewer:scrypt:16384:[^:\n]+:[^:\n]+\n$/);
  t.is((await flatlink(["ground", "user", "ada", "--users", file], { input: "correct horse\n" })).code, 0);
  t.regex(readFileSync(file, "utf8"), /^ada:operator:/);
  t.is((await flatlink(["ground", "user", "eve"], { input: "short\n" })).code, 2);
  const ground = station(t, "--archive", ":memory:", "--host", "0.0.0.0", "--users", file);
  const { base, token } = await linkIn(ground);
  t.is(token, null);
  t.is((await fetch(`${base}/api/v1/boards`)).status, 401);
  const authorization = `Basic ${Buffer.from("ada:correct horse").toString("base64")}`;
  t.is((await fetch(`${base}/api/v1/boards`, { headers: { authorization } })).status, 200);
});

test.serial("export and plot read an archive while a station writes it", async (t) => {
  const folder = folderOf(t);
  const file = join(folder, "a.sqlite");
  const ground = station(t, "--archive", file, "beacon_interval_ms=100");
  const { base } = await linkIn(ground);
  await until(
    "values",
    async () => (await json(`${base}/api/v1/boards/flatsat/history?parameter=uptime`)).uptime.length > 9,
  );
  await until(
    "the slower ones",
    async () =>
      (await json(`${base}/api/v1/boards/flatsat/history?parameter=batteryVoltage`)).batteryVoltage.length > 0,
  );
  const table = await flatlink(["export", file, "--parameter", "uptime"]);
  t.is(table.code, 0, table.stderr);
  const lines = table.stdout.trim().split("\r\n");
  t.is(lines[0], "time,uptime [ms]");
  t.true(lines.length > 9);
  for (const name of ["x.csv", "x.parquet"]) {
    const written = await flatlink(["export", file, "--board", "flatsat", "-o", join(folder, name)]);
    t.regex(written.stdout, new RegExp(`^\\d+ octets in .*${name}\n$`), written.stderr);
  }
  t.regex(readFileSync(join(folder, "x.csv"), "utf8"), /^time,.*batteryVoltage \[V\]/);
  t.is(readFileSync(join(folder, "x.parquet")).subarray(0, 4).toString(), "PAR1");
  const drawn = await flatlink([
    "plot",
    file,
    "--parameter",
    "uptime",
    "--width",
    "60",
    "--height",
    "4",
    "--from",
    "1h",
  ]);
  t.is(drawn.code, 0, drawn.stderr);
  t.regex(drawn.stdout, /^uptime: \d+ ms\n +\d+ ┤[⠀-⣿]+\n +┤[⠀-⣿]+\n +┤[⠀-⣿]+\n +\d+ ┤[⠀-⣿]+\n +└\d{4}-/);
  for (const [args, code, pattern] of [
    [["export", join(folder, "none")], 2, /there is no such file/],
    [["export", file, "-o", "x.doc"], 2, /must end with \.csv or \.parquet/],
    [["export", file, "-o", join(folder, "no", "x.csv")], 1, /no such file or directory/],
    [["export", file, "--board", "other"], 2, /there is no "other" in the archive; there is flatsat/],
    [["export", file, "--parameter", "uptim"], 2, /did you mean uptime/],
    [["plot", file, "--from", "yesterday"], 2, /--from/],
    [["plot", file, "--from", "2026-01-01", "--to", "2025-01-01"], 2, /--from is behind --to/],
    [["plot", file, "--to", "2000-01-01"], 1, /there are no numbers of this time/],
  ] as const) {
    const ended = await flatlink([...args]);
    t.is(ended.code, code, `${args.join(" ")}\n${ended.stderr}`);
    t.regex(ended.stderr, pattern);
    t.regex(ended.stderr, /^flatlink \w+: [^\n]+\n$/);
  }
});

test.serial("options that are wrong are told, each by its name", (t) => {
  const cases: readonly (readonly [args: readonly string[], pattern: RegExp])[] = [
    [["--board", "x"], /--board must be NAME=HOST:PORT/],
    [["--board", "a b=h:1"], /--board must be NAME=HOST:PORT/],
    [["--board", "x=h"], /--board x: "h" must be HOST:PORT/],
    [["--board", "x=h:0"], /--board x: "h:0" must be HOST:PORT/],
    [["--board", "x=h:1", "--board", "x=h:2"], /--board x is there twice/],
    [["--dictionary", "x=y.json"], /there is no --board x/],
    [["--keep", "x"], /--keep/],
    [["--max-size", "10"], /--max-size/],
    [["--nonsense"], /unknown option/],
    [["user"], /write user NAME/],
  ];
  for (const [args, pattern] of cases) {
    t.throws(() => parseGroundOptions(args, () => {}), { message: pattern }, args.join(" "));
  }
});

test.serial("boards whose dictionary or settings are wrong are told", async (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, "x.json"), "{}");
  const cases: readonly (readonly [args: readonly string[], pattern: RegExp])[] = [
    [["--board", "x=h:1", "--dictionary", `x=${join(folder, "x.json")}`], /no dictionary as flatlink generate json/],
    [["--board", "x=h:1", "y.apid=3"], /there is no board y/],
    [["--board", "x=h:1", "apid=9999"], /apid/],
    [["nonsense"], /"nonsense" is no setting/],
    [["listen=cobs:1"], /the station's own matter/],
  ];
  for (const [args, pattern] of cases) {
    const options = parseGroundOptions(args, () => {}) as GroundOptions;
    const made = async () =>
      options.boards.length === 0 ? simulatedBoard(options.settings, () => {}) : boardEntries(options);
    await t.throwsAsync(made as () => Promise<unknown>, { message: pattern }, args.join(" "));
  }
});
