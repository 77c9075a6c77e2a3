/** Open MCT below the station's path: who gets it, what its boards are, and that history and live values are one. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test, { type ExecutionContext } from "ava";
import { findOpenMct } from "../../../ground/commands/find-open-mct.js";
import { PLUGIN } from "../../../ground/generate/openmct.js";
import { readUsers, Users, userLine } from "../../../ground/station/http/users.js";
import { datumOf } from "../../../ground/station/page/openmct/datum.js";
import { flatlink, start } from "../commands/run.js";
import { FLATSAT } from "../dictionary/boards.js";
import { folderOf, running, simulated, TOKEN, until } from "./rig.js";

/** A folder in which something named openmct is installed. */
function installed(t: ExecutionContext): string {
  const folder = folderOf(t);
  const dist = join(folder, "node_modules/openmct/dist");
  mkdirSync(join(dist, "fonts"), { recursive: true });
  writeFileSync(join(dist, "../package.json"), JSON.stringify({ name: "openmct", main: "dist/openmct.js" }));
  writeFileSync(join(dist, "openmct.js"), "/* openmct */");
  writeFileSync(join(dist, "fonts/symbols.woff"), "font");
  writeFileSync(join(dist, "openmct.js.map"), "map");
  writeFileSync(join(folder, "node_modules/openmct/secret.js"), "not for browsers");
  return folder;
}

const found = (folder: string): URL => findOpenMct([pathToFileURL(`${folder}/`)]);

test("its files, ours, and nothing outside of them; only where it is asked for", async (t) => {
  const openMct = found(installed(t));
  const rig = await running(t, { boards: [await simulated(t)] }, { openMct });
  for (const [path, status, type, pattern] of [
    ["/openmct/", 200, "text/html; charset=utf-8", /<div id="openmct">/],
    ["/openmct/start.js", 200, "text/javascript; charset=utf-8", /EventSource/],
    ["/openmct/plugin.js", 200, "text/javascript; charset=utf-8", /flatlinkObjects/],
    ["/openmct/objects.json", 200, "application/json", /"parameter.uptime"/],
    ["/openmct/dist/openmct.js", 200, "text/javascript; charset=utf-8", /openmct/],
    ["/openmct/dist/fonts/symbols.woff", 200, "font/woff", /font/],
    ["/openmct/dist/openmct.js.map", 404, "application/json", /there is no/],
    ["/openmct/dist/../secret.js", 404, "application/json", /there is no/],
    ["/openmct/dist/..%2fsecret.js", 404, "application/json", /there is no/],
    ["/openmct/dist//secret.js", 404, "application/json", /there is no/],
    ["/openmct/other.js", 404, "application/json", /there is no/],
    ["/openmct/constructor", 404, "application/json", /there is no/],
  ] as const) {
    const answer = await rig.ask(path);
    t.is(answer.status, status, path);
    t.is(answer.headers["content-type"], type, path);
    t.regex(answer.text, pattern, path);
    if (status === 200) {
      t.regex(String(answer.headers["content-security-policy"]), /default-src 'self'.*frame-ancestors 'none'/, path);
      t.is((await rig.ask(path, { headers: { host: "evil.example" } })).status, 403, path);
    }
  }
  t.notRegex(String((await rig.ask("/")).headers["content-security-policy"]), /unsafe-eval/);
  t.is((await rig.ask("/openmct/plugin.js")).text, PLUGIN);
  const redirect = await rig.ask(`/openmct/?token=${TOKEN}`);
  t.is(redirect.headers["location"], "/openmct/");
  t.regex(String(redirect.headers["set-cookie"]), /HttpOnly; SameSite=Strict/);
  t.is((await rig.ask("/openmct")).headers["location"], "/openmct/");
  t.is((await rig.ask("/openmct/", { method: "POST" })).status, 404);

  const without = await running(t, { boards: [await simulated(t)] });
  t.is((await without.ask("/openmct/")).status, 404);
  const file = join(folderOf(t), "users");
  writeFileSync(file, await userLine("ada", "viewer", "correct horse"));
  const closed = await running(t, { boards: [await simulated(t)] }, { openMct, users: new Users(readUsers(file)) });
  for (const path of ["/openmct/", "/openmct/objects.json", "/openmct/dist/openmct.js"]) {
    t.is((await closed.ask(path)).status, 401, path);
  }
});

test("boards with one dictionary are two, each with its own objects", async (t) => {
  const one = await simulated(t);
  const rig = await running(t, { boards: [one, { ...one, name: "spare" }] }, { openMct: found(installed(t)) });
  const { json } = await rig.ask("/openmct/objects.json");
  t.deepEqual(
    json.map(({ board, file }: { board: string; file: { namespace: string; objects: object } }) => [
      board,
      file.namespace,
      (file.objects as Record<string, { name: string }>)["root"]!.name,
    ]),
    [
      ["flatsat", "flatlink.flatsat", "flatsat"],
      ["spare", "flatlink.spare", "spare"],
    ],
  );
});

test("a datum of the archive is that which came live", async (t) => {
  const rig = await running(t, { boards: [await simulated(t)] });
  const names = Object.keys(FLATSAT.parameters!);
  await until("values", () => rig.station.boards[0]!.values.length > 20);
  const { parameters = {} } = rig.station.boards[0]!.dictionary;
  const { json: values } = await rig.ask("/api/v1/boards/flatsat/values");
  let compared = 0;
  for (const { name, time, raw } of values) {
    const history = await rig.ask(
      `/api/v1/boards/flatsat/history?parameter=${name}&form=raw&from=${time}&to=${time}&points=100`,
    );
    const pairs = (history.json[name] as [number, unknown][]).map(([at, stored]) =>
      datumOf(parameters[name]!, at, stored),
    );
    t.deepEqual(pairs.at(-1), datumOf(parameters[name]!, time, raw), name);
    compared++;
  }
  t.true(compared > 20 && compared <= names.length + 50);
  t.is((await rig.ask("/api/v1/boards/flatsat/history?parameter=uptime&form=hex")).status, 400);
});

test("a datum has what the metadata name: bits, elements, raw", (t) => {
  const of = (type: "uint8" | "uint16") => ({ id: 1, type, description: "" });
  t.deepEqual(datumOf({ ...of("uint16"), calibration: { polynomial: [1, 0.5] } }, 7, 4), {
    timestamp: 7,
    value: 3,
    raw: 4,
  });
  t.deepEqual(datumOf({ ...of("uint8"), bits: { mode: { width: 3 }, rest: { width: 5 } } }, 7, 0b101_00010), {
    timestamp: 7,
    value: 0b101_00010,
    value_mode: 5,
    value_rest: 2,
  });
  t.deepEqual(datumOf({ ...of("uint8"), count: 2 }, 7, [3, 4]), {
    timestamp: 7,
    value: [3, 4],
    value_0: 3,
    value_1: 4,
  });
  t.deepEqual(datumOf({ id: 1, type: "boolean" }, 7, true), { timestamp: 7, value: 1 });
  t.deepEqual(datumOf({ id: 1, type: "ascii", length: 3 }, 7, "abc"), { timestamp: 7, value: "abc" });
  t.deepEqual(datumOf({ id: 1, type: "float32" }, 7, null), { timestamp: 7, value: Number.NaN });
});

test.serial("where it is not installed, one line says what to install", async (t) => {
  const folder = folderOf(t);
  t.throws(() => found(folder), {
    message: "--openmct needs Open MCT, which is not installed: npm install --save-dev openmct@4.2.0",
  });
  // Whoever has it beside flatlink is served it.
  const isBeside = (() => {
    try {
      return findOpenMct([import.meta.url]) !== undefined;
    } catch {
      return false;
    }
  })();
  if (!isBeside) {
    const ended = await flatlink(["ground", "--port", "0", "--archive", ":memory:", "--openmct"], { cwd: folder });
    t.is(ended.code, 2);
    t.regex(ended.stderr, /^flatlink ground: --openmct needs [^\n]+ npm install --save-dev openmct@4\.2\.0\n$/);
  }
});

test.serial(
  "flatlink ground --openmct takes it from the folder that it is run in, and prints a second link",
  async (t) => {
    const ground = start(t, ["ground", "--port", "0", "--archive", ":memory:", "--openmct"], { cwd: installed(t) });
    const [, url] = await ground.prints(/^ {2}(http:\S+\/openmct\/\?token=\S+) \(Open MCT\)$/m);
    t.is((await fetch(new URL("/openmct/dist/openmct.js", url))).status, 200);
    t.is((await ground.stop("SIGINT")).code, 0);
  },
);
