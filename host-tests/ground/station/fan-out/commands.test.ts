/** Commands over the broker: who may send them, what they are answered, and what is kept of them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NatsConnection } from "@nats-io/transport-node";
import test, { type ExecutionContext } from "ava";
import { MAX_KINDS_OF_ORIGIN } from "../../../../ground/station/archive/audit.js";
import { examplesOf } from "../../../examples.js";
import { start } from "../../commands/run.js";
import { type Answer, folderOf, type Rig, simulated, until } from "../rig.js";
import { broker, client, fed, publishing } from "./fan-out-rig.js";
import { type NatsServer, withBroker } from "./nats-server.js";

const brokerTest = withBroker(test);

/** What comes back to a request, up to the end of what was asked for. */
async function ask(connection: NatsConnection, subject: string, body: unknown, count = 2): Promise<Answer["json"][]> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answers: Answer["json"][] = [];
  for await (const message of await connection.requestMany(subject, text, {
    strategy: "count",
    maxMessages: count,
    maxWait: 60_000,
  })) {
    answers.push(message.json());
  }
  return answers;
}

/** Until the station takes commands. */
function listens(connection: NatsConnection): Promise<void> {
  return until("it listens", async () => {
    try {
      return (await connection.request("flatlink.flatsat.tc", "{")).data.length > 0;
    } catch {
      return false;
    }
  });
}

const history = async (rig: Rig): Promise<Answer["json"][]> =>
  (await rig.ask("/api/v1/boards/flatsat/history/commands")).json;

async function connected(rig: Rig): Promise<void> {
  await until("connected", async () => (await rig.ask("/api/v1/boards")).json[0]?.link.state === "connected");
}

/** The broker's file of the documents, with users. */
async function guarded(t: ExecutionContext): Promise<NatsServer> {
  const { code } = examplesOf("docs/fan-out.md").find(({ language }) => language === "conf")!;
  Object.assign(process.env, {
    STATION_PASSWORD: "s-secret",
    OPERATOR_PASSWORD: "o-secret",
    VIEWER_PASSWORD: "v-secret",
  });
  return broker(t, code.replace(/^listen: .*$/m, "").replace(/^jetstream .*$/m, ""));
}

const as = ({ url }: NatsServer, user: string, password: string): string =>
  url.replace("nats://", `nats://${user}:${password}@`);

brokerTest(
  "a command is answered with its number, and with what became of it; it is in the history and the audit",
  async (t) => {
    const server = await broker(t);
    const { rig } = await publishing(t, server.url, { boards: [await simulated(t)] }, true);
    await connected(rig);
    const connection = await client(t, server.url);
    await listens(connection);
    const [first, second] = await ask(connection, "flatlink.flatsat.tc", { name: "areYouAlive", user: "ada" });
    const [command] = await history(rig);
    t.is(first.id, command.id);
    t.is(first.state, "queued");
    t.like(second, { id: command.id, state: "completed" });
    t.deepEqual(second.stages, command.stages);
    t.like(command, { name: "areYouAlive", user: "nats: ada", origin: server.url, state: "completed" });
    const entries = rig.station.archive.statement("SELECT * FROM audit ORDER BY id DESC").all() as Answer["json"][];
    t.like(entries[0], { user: "nats: ada", origin: server.url, outcome: "done" });
    t.regex(entries[0].action, /^NATS flatlink\.flatsat\.tc \{.*areYouAlive/);
  },
);

brokerTest("what is wrong with a command is one answer, and nothing is sent", async (t) => {
  const server = await broker(t);
  const { rig } = await publishing(t, server.url, { boards: [await simulated(t)] }, true);
  await connected(rig);
  const connection = await client(t, server.url);
  await listens(connection);
  const cases: readonly (readonly [body: unknown, pattern: RegExp])[] = [
    ["{", /must be JSON/],
    [{}, /"name"/],
    [{ name: "areYouAliv" }, /areYouAlive/],
    [{ name: "setHeater", arguments: { control: "hot" } }, /control/],
    [{ name: "switchPayload", arguments: { on: true } }, /is dangerous: .*confirm it/],
    [{ name: "switchPayload", confirm: "yes" }, /"confirm" must be/],
    ["x".repeat(70_000), /65536 bytes at most/],
  ];
  for (const [body, pattern] of cases) {
    const [answer, ...more] = await ask(connection, "flatlink.flatsat.tc", body, 1);
    t.deepEqual(more, []);
    t.regex(answer.error, pattern, JSON.stringify(body).slice(0, 100));
  }
  t.deepEqual(await history(rig), []);
  // Whoever does not wait for an answer may be a queue that sends it again.
  connection.publish("flatlink.flatsat.tc", JSON.stringify({ name: "areYouAlive" }));
  await connection.flush();
  const outcomes = () =>
    (rig.station.archive.statement("SELECT outcome FROM audit").all() as { outcome: string }[]).map(
      ({ outcome }) => outcome,
    );
  await until("it is refused", () => outcomes().some((outcome) => /as a request only/.test(outcome)));
  t.deepEqual(await history(rig), []);
  const [, done] = await ask(connection, "flatlink.flatsat.tc", {
    name: "switchPayload",
    arguments: { on: true },
    confirm: true,
  });
  // It is not in payload mode.
  t.is(done.state, "failed");
  t.regex(done.failure, /payload/);
});

brokerTest("refused commands are counted in the audit, and push nothing out of it", async (t) => {
  const server = await broker(t);
  // One minute, however long it takes.
  const { rig } = await publishing(t, server.url, { boards: [await simulated(t)], now: () => 60_000 }, true);
  const connection = await client(t, server.url);
  await listens(connection);
  const COUNT = 50;
  for (let k = 0; k < COUNT; k++) {
    await ask(connection, "flatlink.flatsat.tc", { user: "eve" }, 1);
    await ask(connection, "flatlink.flatsat.tc", { name: `no-${k}`, user: "mallory" }, 1);
  }
  const rows = rig.station.archive.statement("SELECT * FROM audit").all() as Answer["json"][];
  t.deepEqual(
    rows.filter(({ user }) => user === "nats: eve").map(({ attempts }) => attempts),
    [COUNT],
  );
  t.true(rows.every(({ attempts }) => attempts !== null));
  // As many kinds as an address has, and one of the others.
  t.is(rows.length, MAX_KINDS_OF_ORIGIN + 1);
});

brokerTest("a station that was not asked to takes no commands", async (t) => {
  const server = await broker(t);
  const { rig } = await publishing(t, server.url, { boards: [await simulated(t)] });
  await connected(rig);
  const connection = await client(t, server.url);
  await t.throwsAsync(connection.request("flatlink.flatsat.tc", JSON.stringify({ name: "areYouAlive" })), {
    message: /no responders/i,
  });
  const { rig: second } = await fed(t, server.url);
  await until("it knows the board", () => second.station.boards.length === 1);
  const { status } = await second.send("/api/v1/boards/flatsat/commands", { name: "areYouAlive" });
  t.is(status, 202);
  await until("it is refused", async () => (await history(second))[0]?.state === "failed");
  t.regex(
    (await history(second))[0].stages[0].failure,
    /nobody takes commands on flatlink\.flatsat\.tc: .*--nats-commands/,
  );
  t.deepEqual(await history(rig), []);
});

brokerTest(
  "with the users of the documents: an operator commands, through a station or not; a viewer looks",
  async (t) => {
    const server = await guarded(t);
    const { rig, lines } = await publishing(
      t,
      as(server, "station", "s-secret"),
      { boards: [await simulated(t)] },
      true,
    );
    await connected(rig);
    const { rig: operators } = await fed(t, as(server, "operator", "o-secret"));
    const { rig: viewers, lines: told } = await fed(t, as(server, "viewer", "v-secret"));
    for (const { station } of [operators, viewers]) {
      await until("values", () => station.boards[0]?.values.some(({ name }) => name === "uptime") === true);
    }
    t.regex((await operators.ask("/api/v1/boards")).json[0].link.address, /, through nats:\/\/127\.0\.0\.1:\d+$/);
    const send = async (to: Rig): Promise<Answer["json"]> => {
      t.is((await to.send("/api/v1/boards/flatsat/commands", { name: "areYouAlive" })).status, 202);
      await until("it is over", async () => ["completed", "failed"].includes((await history(to))[0]?.state));
      return (await history(to))[0];
    };
    const sent = await send(operators);
    t.is(sent.state, "completed", JSON.stringify(sent));
    const [at] = await history(rig);
    t.is(at.user, "nats: operator");
    const refused = await send(viewers);
    t.is(refused.state, "failed");
    t.regex(refused.stages[0].failure, /does not let this user publish on flatlink\.flatsat\.tc/);
    t.is((await history(rig)).length, 1);
    const viewer = await client(t, server.url, { user: "viewer", pass: "v-secret" });
    for (const subject of ["flatlink.flatsat.tc", "flatlink.flatsat.tm.20.2", "$JS.API.STREAM.DELETE.FLATLINK"]) {
      await t.throwsAsync(viewer.request(subject, "{}"), { message: /Permissions Violation/i }, subject);
    }
    const operator = await client(t, server.url, { user: "operator", pass: "o-secret" });
    const [, outcome] = await ask(operator, "flatlink.flatsat.tc", { name: "areYouAlive" });
    t.is(outcome.state, "completed");
    await t.throwsAsync(operator.request("flatlink.flatsat.tm.20.2", "{}"), { message: /Permissions Violation/i });
    for (const line of [...lines, ...told]) {
      t.notRegex(line, /secret/);
    }
  },
);

brokerTest(
  "as programs: a station of a simulated board, another one from the broker, and no password anywhere",
  async (t) => {
    const server = await guarded(t);
    const folder = folderOf(t);
    const [first, second] = [join(folder, "a.sqlite"), join(folder, "b.sqlite")];
    const env = { FLATLINK_NATS_USER: "station", FLATLINK_NATS_PASSWORD: "s-secret" };
    const origin = start(
      t,
      ["ground", "--port", "0", "--archive", first, "--nats", server.url, "--nats-commands", "beacon_interval_ms=100"],
      { env },
    );
    await origin.prints(/a simulated flatsat[\s\S]*http:/);
    const from = ["ground", "--port", "0", "--archive", second, "--from", as(server, "operator", "o-secret")];
    const served = start(t, from);
    const [, url] = await served.prints(
      /a station of what nats:\/\/127\.0\.0\.1:\d+ has; archive .*\n\n {2}(http:\S+)/,
    );
    const { origin: base, searchParams } = new URL(url!);
    const ask = async (path: string): Promise<Answer["json"]> => (await fetch(`${base}/api/v1/boards${path}`)).json();
    await until("values", async () => (await ask(""))[0]?.received > 0 && (await ask("/flatsat/values")).length > 0);
    const headers = { authorization: `Bearer ${searchParams.get("token")}`, "content-type": "application/json" };
    const body = JSON.stringify({ name: "areYouAlive" });
    t.is((await fetch(`${base}/api/v1/boards/flatsat/commands`, { method: "POST", headers, body })).status, 202);
    await until("it is over", async () => (await ask("/flatsat/history/commands"))[0]?.state === "completed");
    for (const program of [served, origin]) {
      const { code, stdout, stderr } = await program.stop("SIGINT");
      t.is(code, 0, stderr);
      t.notRegex(stdout + stderr, /secret/);
    }
    for (const file of [first, second]) {
      t.false(readFileSync(file).includes("secret"), file);
    }
  },
);
