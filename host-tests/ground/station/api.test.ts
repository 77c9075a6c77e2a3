/** Every route, held against the OpenAPI document that the station itself gives. */
import { Ajv2020, type AnySchema } from "ajv/dist/2020.js";
import test, { type ExecutionContext } from "ava";
import { parquetReadObjects } from "hyparquet";
import { type Answer, type Rig, running, simulated, TOKEN, until } from "./rig.js";

const BASE = "/api/v1/boards/flatsat";

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema?: AnySchema }>> }>>;
}

/** Checks replies against the document, and knows what was asked. */
class Contract {
  readonly seen = new Set<string>();
  readonly #rig: Rig;
  readonly #t: ExecutionContext;
  readonly #paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly #ajv: Ajv2020;

  constructor(rig: Rig, t: ExecutionContext, document: Answer["json"]) {
    this.#rig = rig;
    this.#t = t;
    this.#paths = document.paths;
    this.#ajv = new Ajv2020({ strict: false, allErrors: true });
    this.#ajv.addSchema({ $id: "openapi", ...document });
  }

  get routes(): string[] {
    return Object.entries(this.#paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((each) => `${each} ${path}`),
    );
  }

  async ask(method: "get" | "post", path: string, filled: string, status: number, body?: unknown): Promise<Answer> {
    this.seen.add(`${method} ${path}`);
    const operation = this.#paths[path]?.[method];
    this.#t.truthy(operation, `${method} ${path} is in the document`);
    const query = new URL(`http://station${filled}`).searchParams;
    for (const name of query.keys()) {
      this.#t.true(
        operation!.parameters.some((each) => each.in === "query" && each.name === name),
        name,
      );
    }
    const answer = method === "get" ? await this.#rig.ask(filled, bearer) : await this.#rig.send(filled, body);
    this.#t.is(answer.status, status, `${method} ${filled}: ${answer.text}`);
    const content = operation!.responses[status]?.content;
    const type = String(answer.headers["content-type"] ?? "");
    this.#t.deepEqual(content === undefined ? [""] : Object.keys(content), [type], filled);
    const schema = content?.["application/json"]?.schema;
    if (schema !== undefined) {
      const pointer = `openapi#/paths/${path.replaceAll("/", "~1").replace(/[{}]/g, encodeURIComponent)}/${method}/responses/${status}/content/application~1json/schema`;
      const validate = this.#ajv.getSchema(pointer);
      this.#t.truthy(validate, pointer);
      this.#t.true(validate!(answer.json), `${filled}: ${this.#ajv.errorsText(validate!.errors)}\n${answer.text}`);
    }
    return answer;
  }
}

const bearer = { headers: { authorization: `Bearer ${TOKEN}` } };

test("every route gives what the document says", async (t) => {
  const rig = await running(t, { boards: [await simulated(t)] });
  const contract = new Contract(rig, t, (await rig.ask("/api/v1/openapi.json")).json);
  const get = (path: string, filled = path.replace("{board}", "flatsat"), status = 200) =>
    contract.ask("get", path, filled, status);
  const post = (path: string, status: number, body?: unknown, filled = path.replace("{board}", "flatsat")) =>
    contract.ask("post", path, filled, status, body);
  await get("/api/v1/openapi.json");
  await get("/healthz");
  await until("values", async () => (await rig.ask(`${BASE}/values`)).json.length > 20);

  const { json: boards } = await get("/api/v1/boards");
  t.is(boards[0].name, "flatsat");
  t.is(boards[0].link.state, "connected");
  t.true(boards[0].received > 0);
  await get("/api/v1/boards/{board}/dictionary", "/api/v1/boards/none/dictionary", 404);
  const { json: dictionary } = await get("/api/v1/boards/{board}/dictionary");
  t.truthy(dictionary.services.test, "the standard's services, too");

  const commands = (await get("/api/v1/boards/{board}/commands")).json as Answer["json"][];
  const restart = commands.find(({ name }) => name === "restart");
  t.is(typeof restart.dangerous, "string");
  const { json: preview } = await post("/api/v1/boards/{board}/preview", 200, { name: "areYouAlive" });
  t.regex(preview.hex, /^1802c000/);
  const wrong = await post("/api/v1/boards/{board}/preview", 400, { name: "setMode", arguments: { mode: "sleepy" } });
  t.is(wrong.json.argument, "mode");

  const { json: sent } = await post("/api/v1/boards/{board}/commands", 202, { name: "areYouAlive" });
  t.is(sent.hex, preview.hex);
  const refused = await post("/api/v1/boards/{board}/commands", 409, { name: "restart" });
  t.is(refused.json.dangerous, restart.dangerous);
  await post("/api/v1/boards/{board}/commands", 400, { name: "raiseTestEvent" });
  await post("/api/v1/boards/{board}/commands", 400, { name: "areYouAlife" });
  await post("/api/v1/boards/{board}/commands", 400, {});
  await post("/api/v1/boards/{board}/commands", 202, { name: "raiseTestEvent", arguments: { value: 77 } });
  await until("it is over", async () =>
    (await rig.ask(`${BASE}/history/commands`)).json.every(({ state }: Answer["json"]) => state === "completed"),
  );
  const { json: history } = await get("/api/v1/boards/{board}/history/commands");
  t.deepEqual(
    history.map(({ name, user, state }: Answer["json"]) => [name, user, state]),
    [
      ["raiseTestEvent", "operator", "completed"],
      ["areYouAlive", "operator", "completed"],
    ],
    "what was refused is not among them",
  );
  t.deepEqual(history[1].stages.map(({ stage }: Answer["json"]) => stage).sort(), [
    "accepted",
    "completed",
    "sent",
    "started",
  ]);
  const older = await get(
    "/api/v1/boards/{board}/history/commands",
    `${BASE}/history/commands?before=${history[0].id}&limit=5`,
  );
  t.deepEqual(older.json, [history[1]]);

  await get("/api/v1/boards/{board}/values");
  const { json: values } = await get(
    "/api/v1/boards/{board}/history",
    `${BASE}/history?parameter=uptime&parameter=mode&points=50`,
  );
  t.true(values.uptime.length > 0);
  await get("/api/v1/boards/{board}/history", `${BASE}/history?parameter=uptim`, 400);
  await get("/api/v1/boards/{board}/history", `${BASE}/history?parameter=uptime&from=2&to=1`, 400);
  await get("/api/v1/boards/{board}/history", `${BASE}/history?parameter=uptime&points=many`, 400);

  const events = "/api/v1/boards/{board}/events";
  await until("the event", async () => (await rig.ask(`${BASE}/events`)).json.length > 0);
  const { json: found } = await get(events);
  const event = found.find(({ text }: Answer["json"]) => /77/.test(text));
  t.truthy(event, JSON.stringify(found));
  await post(`${events}/{packet}/acknowledge`, 204, undefined, `${BASE}/events/${event.packet}/acknowledge`);
  await post(`${events}/{packet}/acknowledge`, 404, undefined, `${BASE}/events/999999/acknowledge`);
  t.is((await get(events)).json.find(({ packet }: Answer["json"]) => packet === event.packet).acknowledged, "operator");

  // `alarms.test.ts` raises some.
  const alarms = "/api/v1/boards/{board}/alarms";
  await get(alarms, `${BASE}/alarms?state=active&state=gone&level=critical&limit=5`);
  await get(alarms, `${BASE}/alarms?state=open`, 400);
  await post(`${alarms}/{alarm}/acknowledge`, 404, undefined, `${BASE}/alarms/999999/acknowledge`);

  const { json: packets } = await get("/api/v1/boards/{board}/packets", `${BASE}/packets?limit=3`);
  t.is(packets.length, 3);
  const next = await get("/api/v1/boards/{board}/packets", `${BASE}/packets?limit=1&before=${packets[2].id}`);
  t.is(next.json[0].id, packets[2].id - 1);
  await get("/api/v1/boards/{board}/rejected");
  const packet = "/api/v1/boards/{board}/packets/{packet}";
  const { json: explained } = await get(packet, `${BASE}/packets/${event.packet}`);
  t.true(explained.fields.some(({ name }: Answer["json"]) => name === "APID"));
  await get(packet, `${BASE}/packets/999999`, 404);

  const period = "from=0";
  const csv = await get("/api/v1/boards/{board}/export.csv", `${BASE}/export.csv?parameter=uptime&${period}`);
  t.regex(csv.text, /^time,uptime \[ms\]\r\n\d{4}-.*Z,\d+\r\n/);
  await get("/api/v1/boards/{board}/export.parquet", `${BASE}/export.parquet?parameter=uptime&${period}`);
  const { json: audit } = await get("/api/v1/audit");
  t.true(audit.some(({ outcome }: Answer["json"]) => /^409 restart is dangerous/.test(outcome)));
  const { text: metrics } = await get("/metrics");
  t.regex(metrics, /^flatlink_parameter\{board="flatsat",name="uptime",unit="ms"\} \d+$/m);
  // `live.test.ts` listens to it.
  contract.seen.add("get /api/v1/live");
  t.deepEqual(
    contract.routes.filter((route) => !contract.seen.has(route)),
    [],
    "each was asked",
  );
  t.deepEqual(rig.reports, []);
});

test("Parquet holds the same as CSV", async (t) => {
  const rig = await running(t, { boards: [await simulated(t)] });
  await until("values", async () => (await rig.ask(`${BASE}/history?parameter=uptime`)).json.uptime.length > 5);
  const to = Date.now();
  const query = `parameter=uptime&parameter=dictionaryHash&from=0&to=${to}`;
  const response = await fetch(`http://127.0.0.1:${rig.web.port}${BASE}/export.parquet?${query}`);
  const rows = await parquetReadObjects({ file: await response.arrayBuffer() });
  const { text } = await rig.ask(`${BASE}/export.csv?${query}`);
  const lines = text.trim().split("\r\n").slice(1);
  t.true(lines.length > 5);
  t.deepEqual(
    rows.map(
      ({ time, uptime, dictionaryHash }) => `${(time as Date).toISOString()},${uptime ?? ""},${dictionaryHash ?? ""}`,
    ),
    lines,
  );
});

test("what there is not, and what is asked for the wrong way, is told in one line", async (t) => {
  const rig = await running(t, { boards: [await simulated(t)] });
  const cases: readonly (readonly [status: number, path: string, ask: Parameters<Rig["ask"]>[1]])[] = [
    [404, "/nothing", {}],
    [404, "/../../package.json", {}],
    [404, "/%2e%2e/package.json", {}],
    [404, "/api/v1/boards/other/values", {}],
    [405, "/api/v1/boards", { method: "DELETE" }],
    [400, "/api/v1/boards/%zz/values", {}],
    [400, `${BASE}/packets?limit=0`, {}],
    [400, `${BASE}/packets?limits=5`, {}],
    [400, "/api/v1/live?boards=flatsat", {}],
    [400, `${BASE}/packets?limit=1.5`, {}],
    [415, `${BASE}/preview`, { method: "POST", body: "{}", headers: { "content-type": "text/plain" } }],
    [400, `${BASE}/preview`, { method: "POST", body: "{", headers: { "content-type": "application/json" } }],
    [400, `${BASE}/preview`, { method: "POST", body: "null", headers: { "content-type": "application/json" } }],
    [
      413,
      `${BASE}/preview`,
      { method: "POST", body: `"${"x".repeat(1 << 20)}"`, headers: { "content-type": "application/json" } },
    ],
    [400, "/api/v1/live?board=other", {}],
    [400, "/api/v1/live?after=x", {}],
  ];
  for (const [status, path, ask] of cases) {
    const answer = await rig.ask(path, ask);
    t.is(answer.status, status, `${path}: ${answer.text}`);
    t.regex(answer.json.error, /^[^\n]+$/, path);
  }
  t.deepEqual(rig.reports, []);
});
