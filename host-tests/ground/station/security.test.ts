/** Who may do what: each refusal is told, and is in the audit. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { MAX_KINDS_OF_ORIGIN } from "../../../ground/station/archive/audit.js";
import { readUsers, Users, userLine } from "../../../ground/station/http/users.js";
import { folderOf, Rig, running, simulated, TOKEN } from "./rig.js";

const COMMANDS = "/api/v1/boards/flatsat/commands";
const JSON_TYPE = { "content-type": "application/json" };
const BEARER = { authorization: `Bearer ${TOKEN}` };

interface Entry {
  readonly user: string;
  readonly origin: string;
  readonly action: string;
  readonly outcome: string;
  readonly attempts: number;
}

function attemptsIn(entries: readonly Entry[]): number {
  return entries.reduce((sum, { attempts }) => sum + attempts, 0);
}

function basic(name: string, password: string): Readonly<Record<string, string>> {
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}` };
}

test("a telecommand needs the token, this host and this page; what is refused is in the audit", async (t) => {
  const rig = await running(t, { boards: [await simulated(t)] });
  const own = `127.0.0.1:${rig.web.port}`;
  const cases: readonly (readonly [status: number, headers: Readonly<Record<string, string>>, outcome: RegExp])[] = [
    [403, {}, /^403 this needs the token/],
    [403, { authorization: "Bearer wrong" }, /^403 the token is wrong/],
    [403, { authorization: `Bearer ${TOKEN}x` }, /^403 the token is wrong/],
    [403, { authorization: `Bearer ${TOKEN.slice(0, -1)}` }, /^403 the token is wrong/],
    [403, { cookie: `flatlink-${rig.web.port}=wrong` }, /^403 the token is wrong/],
    [403, { cookie: `flatlink-1=${TOKEN}` }, /^403 this needs the token/],
    [403, { ...BEARER, origin: "http://evil.example" }, /^403 a page of "http:\/\/evil\.example"/],
    [403, { ...BEARER, origin: "null" }, /^403 a page of "null"/],
    [403, { ...BEARER, origin: "http://127.0.0.1:1" }, /^403 a page of/],
    [403, { ...BEARER, "sec-fetch-site": "cross-site" }, /^403 another site's page/],
    [403, { ...BEARER, host: "evil.example" }, /^403 the Host "evil\.example"/],
    [403, { ...BEARER, host: "127.0.0.1.evil.example" }, /^403 the Host/],
    [202, BEARER, /^done/],
    [202, { ...BEARER, host: `localhost:${rig.web.port}` }, /^done/],
    [202, { ...BEARER, origin: `http://${own}`, host: own }, /^done/],
    [202, { cookie: `other=1; flatlink-${rig.web.port}=${TOKEN}` }, /^done/],
  ];
  let asked = 0;
  for (const [status, headers, outcome] of cases) {
    const answer = await rig.ask(COMMANDS, {
      method: "POST",
      headers: { ...JSON_TYPE, ...headers },
      body: { name: "areYouAlive" },
    });
    t.is(answer.status, status, JSON.stringify(headers));
    const entries: Entry[] = (await rig.ask("/api/v1/audit", { headers: BEARER })).json;
    t.is(attemptsIn(entries), ++asked, "alike ones are counted together");
    const entry = entries.find((one) => outcome.test(one.outcome))!;
    t.truthy(entry, JSON.stringify(headers));
    t.is(entry.origin, "127.0.0.1");
    t.regex(entry.action, /^POST .*commands/);
  }
  const { json: sent } = await rig.ask("/api/v1/boards/flatsat/history/commands");
  t.is(sent.length, 4, "what was refused was not sent");
  const audit = await rig.ask("/api/v1/audit", { headers: BEARER });
  t.is(attemptsIn(audit.json), cases.length);
  t.false(audit.text.includes(TOKEN), "no secret in the archive");
  t.is((await rig.ask("/api/v1/audit")).status, 403);
});

test("whoever tries wrong tokens for long gets one row a minute for each kind of attempt", async (t) => {
  const rig = await running(t, { boards: [await simulated(t)] });
  const post = (headers: Readonly<Record<string, string>>) =>
    rig.ask(COMMANDS, { method: "POST", headers: { ...JSON_TYPE, ...headers }, body: { name: "areYouAlive" } });
  for (let k = 0; k < 200; k++) {
    t.is((await post({ authorization: `Bearer wrong${k}` })).status, 403);
  }
  for (let k = 0; k < 30; k++) {
    t.is((await post({ ...BEARER, origin: `http://evil${k}.example` })).status, 403);
  }
  t.is((await post(BEARER)).status, 202);
  const { json: entries } = await rig.ask("/api/v1/audit?limit=1000", { headers: BEARER });
  const of = (pattern: RegExp): Entry[] => entries.filter(({ outcome }: Entry) => pattern.test(outcome));
  t.is(attemptsIn(of(/^403 the token is wrong/)), 200);
  t.true(of(/^403 the token is wrong/).length <= 2, "of two minutes at most");
  t.is(attemptsIn(of(/^403 a page of|^refused/)), 30);
  t.is(attemptsIn(of(/^done/)), 1);
  t.true(entries.length <= 2 * (MAX_KINDS_OF_ORIGIN + 2), `${entries.length} rows`);
});

test("data need no token on this computer, and no other host's name", async (t) => {
  const rig = await running(t, { boards: [await simulated(t)] });
  for (const path of ["/api/v1/boards", "/healthz", "/metrics", "/api/v1/openapi.json"]) {
    t.is((await rig.ask(path)).status, 200, path);
    t.is((await rig.ask(path, { headers: { host: "evil.example" } })).status, 403, path);
  }
  t.is((await rig.ask("/", { headers: { host: "evil.example" } })).status, 403);
});

test("the link gives the browser a cookie, and leaves the token out of its address", async (t) => {
  const rig = await running(t, { boards: [await simulated(t)] });
  const answer = await rig.ask(`/?token=${TOKEN}&view=plot`);
  t.is(answer.status, 302);
  t.is(answer.headers["location"], "/?view=plot");
  const [cookie] = answer.headers["set-cookie"] as string[];
  t.is(cookie, `flatlink-${rig.web.port}=${TOKEN}; HttpOnly; SameSite=Strict; Path=/`);
  t.is((await rig.ask("/?token=wrong")).status, 403);
  const sent = await rig.ask(COMMANDS, {
    method: "POST",
    headers: { ...JSON_TYPE, cookie: cookie!.split(";")[0]! },
    body: { name: "areYouAlive" },
  });
  t.is(sent.status, 202);
});

test("with users, everything needs a name and a password; who views sends nothing", async (t) => {
  const file = join(folderOf(t), "users");
  const lines = [await userLine("ada", "operator", "correct horse"), await userLine("bob", "viewer", "battery staple")];
  writeFileSync(file, `# who may\n\n${lines.join("\n")}\n`);
  const rig = await running(t, { boards: [await simulated(t)] }, { users: new Users(readUsers(file)) });
  t.false(rig.web.url.includes("token"));
  const nobody = await rig.ask("/api/v1/boards");
  t.is(nobody.status, 401);
  t.regex(String(nobody.headers["www-authenticate"]), /^Basic realm=/);
  t.is((await rig.ask("/healthz")).status, 200);
  for (const headers of [BEARER, basic("ada", "wrong"), basic("eve", "correct horse"), basic("ada", "")]) {
    t.is((await rig.ask("/api/v1/boards", { headers })).status, 401, JSON.stringify(headers));
  }
  const post = (headers: Readonly<Record<string, string>>) =>
    rig.ask(COMMANDS, { method: "POST", headers: { ...JSON_TYPE, ...headers }, body: { name: "areYouAlive" } });
  for (let k = 0; k < 2; k++) {
    t.is((await rig.ask("/api/v1/boards", { headers: basic("bob", "battery staple") })).status, 200);
    t.is((await post(basic("bob", "battery staple"))).status, 403);
    t.is((await post(basic("ada", "correct horse"))).json.user, "ada");
  }
  t.is((await post(basic("eve", "x"))).status, 401);
  const { json: audit, text } = await rig.ask("/api/v1/audit", { headers: basic("ada", "correct horse") });
  const told = new Map<string, number>();
  for (const { user, outcome, attempts } of audit as Entry[]) {
    const key = `${user} ${outcome.slice(0, 4)}`;
    told.set(key, (told.get(key) ?? 0) + attempts);
  }
  t.deepEqual(Object.fromEntries(told), { "unknown (eve) 401 ": 1, "ada done": 2, "bob 403 ": 2 });
  t.notRegex(text, /correct horse|battery staple/);
});

test("beyond this computer there must be users", (t) => {
  for (const host of ["0.0.0.0", "::", "192.168.4.2", "station.example"]) {
    t.throws(() => new Rig({ boards: [] }, { host }), { message: /beyond this computer.*--users FILE/ }, host);
  }
});

test("a users file that is damaged is told with its line", async (t) => {
  const file = join(folderOf(t), "users");
  const good = await userLine("ada", "operator", "correct horse");
  const [name, role, kind, cost, salt, hash] = good.split(":") as [string, string, string, string, string, string];
  for (const [bad, pattern] of [
    ["", /nobody is in it/],
    ["ada", /line 1: it must be/],
    [`ada:admin:${kind}:${cost}:${salt}:${hash}`, /line 1: it must be/],
    [`${name}:${role}:plain:${cost}:${salt}:${hash}`, /line 1: it must be/],
    [`${good}\n${name}:${role}:${kind}:3:${salt}:${hash}`, /line 2: .*damaged/],
    [`${name}:${role}:${kind}:${cost}:${salt}:AAAA`, /line 1: .*damaged/],
    [`${name}:${role}:${kind}:1073741824:${salt}:${hash}`, /line 1: .*damaged/],
  ] as const) {
    writeFileSync(file, bad);
    t.throws(() => readUsers(file), { message: pattern }, bad);
  }
  await t.throwsAsync(userLine("a b", "viewer", "x"), { instanceOf: RangeError });
});
