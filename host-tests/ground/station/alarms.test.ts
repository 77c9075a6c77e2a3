/** Alarms: what raises them, who acknowledged them, what a restart keeps, and how often the archive is written for them. */
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import test, { type ExecutionContext } from "ava";
import { ALARM_STATES, type Happening, isWaiting, nextState } from "../../../ground/station/alarms/alarm-state.js";
import { Archive } from "../../../ground/station/archive/archive.js";
import type { Alarm, News } from "../../../ground/station/contracts.js";
import { SCHEMAS } from "../../../ground/station/http/schemas.js";
import { Station } from "../../../ground/station/station.js";
import { FLATSAT } from "../dictionary/boards.js";
import { FakeBoard } from "./fake-board.js";
import { batteryLow, parameterReport, uptimeReport, uptimeRow } from "./packets.js";
import { type Answer, folderOf, Rig, running, TOKEN, until } from "./rig.js";

const BASE = "/api/v1/boards/b1";
const validate = new Ajv2020({ strict: false })
  .addSchema({ $id: "all", components: { schemas: SCHEMAS } })
  .getSchema("all#/components/schemas/Alarm")!;
const BEARER = { headers: { authorization: `Bearer ${TOKEN}` } };

test("each state, and what leads from it", (t) => {
  const happenings: readonly Happening[] = ["out", "worse", "within", "acknowledge"];
  t.deepEqual(
    ALARM_STATES.map((state) => happenings.map((happening) => nextState(state, happening))),
    [
      ["active", "active", "returned", "acknowledged"],
      ["acknowledged", "active", "gone", "acknowledged"],
      ["active", "active", "returned", "gone"],
      ["gone", "gone", "gone", "gone"],
    ],
  );
  t.deepEqual(ALARM_STATES.filter(isWaiting), ["active", "returned"]);
});

async function boardOf(t: ExecutionContext): Promise<FakeBoard> {
  const board = await FakeBoard.make();
  await board.listen();
  t.teardown(() => board.vanish());
  return board;
}

/** A station with a board that says what it is told to, and is there. */
class Said {
  readonly board: FakeBoard;
  readonly rig: Rig;
  readonly news: News[] = [];
  #uptime = 0;

  constructor(board: FakeBoard, rig: Rig) {
    this.board = board;
    this.rig = rig;
    rig.station.bus.listen((one) => this.news.push(one));
  }

  static async open(t: ExecutionContext, file = ":memory:"): Promise<Said> {
    const board = await boardOf(t);
    const said = new Said(board, await running(t, { file, boards: [board.entry("b1")] }));
    await until("a client", () => board.clients === 1);
    return said;
  }

  /** To be closed. */
  static async begin(t: ExecutionContext, file: string): Promise<Said> {
    const board = await boardOf(t);
    const rig = new Rig({ file, boards: [board.entry("b1")] }, {});
    await rig.web.listen();
    rig.station.start();
    await until("a client", () => board.clients === 1);
    return new Said(board, rig);
  }

  /** All of it has been read when this is over. */
  async say(...packets: readonly Uint8Array[]): Promise<void> {
    const last = ++this.#uptime;
    for (const packet of [...packets, uptimeReport(last)]) {
      this.board.send(packet);
    }
    await until("it is read", () =>
      this.rig.station.boards[0]!.values.some(({ name, raw }) => name === "uptime" && raw === last),
    );
  }

  /** Each has the shape that the document says. */
  async alarms(query = ""): Promise<Alarm[]> {
    const { json } = await this.rig.ask(`${BASE}/alarms${query}`);
    for (const alarm of json) {
      if (!validate(alarm)) {
        throw new Error(JSON.stringify(validate.errors));
      }
    }
    return json;
  }

  /** States that were told, of one subject. */
  told(subject: string): string[] {
    return this.news.flatMap((one) => (one.kind === "alarm" && one.alarm.name === subject ? one.alarm.state : []));
  }
}

const charge = (percent: number): Uint8Array => parameterReport("batteryCharge", percent);

test.serial("a value leaves its limits, gets worse, comes back; somebody acknowledges it", async (t) => {
  const said = await Said.open(t);
  const acknowledge = (id: number) => said.rig.send(`${BASE}/alarms/${id}/acknowledge`);
  await said.say(charge(80), charge(46));
  t.deepEqual(await said.alarms(), []);
  await said.say(charge(44), charge(40), charge(43));
  const [warning] = (await said.alarms()) as [Alarm];
  t.like(warning, {
    source: "parameter",
    name: "batteryCharge",
    state: "active",
    level: "warning",
    count: 1,
    unit: "%",
  });
  t.is(warning.worst.value, 40);
  t.is(warning.latest.value, 43);
  t.is(warning.latest.limit, "warningLow");
  t.is(warning.acknowledged, null);

  const { json: seen, status } = await acknowledge(warning.id);
  t.is(status, 200);
  t.like(seen, { id: warning.id, state: "acknowledged", acknowledged: { user: "operator" } });
  await said.say(charge(41));
  t.is((await said.alarms())[0]!.state, "acknowledged");
  // Who acknowledged the warning has not seen this.
  await said.say(charge(20), charge(30));
  const [critical] = (await said.alarms()) as [Alarm];
  t.like(critical, { id: warning.id, state: "active", level: "critical", acknowledged: null });
  t.like(critical.worst, { value: 20, limit: "criticalLow" });
  await said.say(charge(90));
  t.is((await said.alarms())[0]!.state, "returned");
  await said.say(charge(44));
  t.like((await said.alarms())[0]!, { state: "active", count: 2, level: "critical" });
  await said.say(charge(90));
  t.like((await acknowledge(warning.id)).json, { state: "gone", acknowledged: { user: "operator" } });
  t.deepEqual(await said.alarms(), []);
  t.like((await acknowledge(warning.id)).json, { state: "gone" }, "a second changes nothing");
  t.is((await acknowledge(999)).status, 404);
  t.is((await said.rig.send(`${BASE}/alarms/x/acknowledge`)).status, 404);

  await said.say(charge(44));
  t.not((await said.alarms())[0]!.id, warning.id, "the next time it is another");
  t.deepEqual(
    (await said.alarms("?state=gone")).map(({ id }) => id),
    [warning.id],
  );
  t.deepEqual(await said.alarms("?state=gone&level=warning"), []);
  t.deepEqual(
    (await said.alarms("?state=gone&state=active")).map(({ state }) => state),
    ["active", "gone"],
  );
  t.is((await said.rig.ask(`${BASE}/alarms?state=open`)).status, 400);
  t.deepEqual(said.told("batteryCharge"), [
    ...["active", "active", "acknowledged", "active", "returned", "active", "returned", "gone", "gone", "active"],
  ]);
  const versions = said.news.flatMap((one) =>
    one.kind === "alarm" && one.alarm.id === warning.id ? one.alarm.version : [],
  );
  t.true(versions.length > 8 && versions.every((version, k) => k === 0 || version >= versions[k - 1]!));
  t.is(new Set(versions).size, versions.length - 1, "all but that of the second acknowledgement are changes");
  const { json: audit } = await said.rig.ask("/api/v1/audit", BEARER);
  t.is(audit.filter(({ action }: { action: string }) => action.endsWith(`alarms/${warning.id}/acknowledge`)).length, 3);
  const { text: metrics } = await said.rig.ask("/metrics");
  t.regex(metrics, /^flatlink_alarms\{board="b1",state="active",level="warning"\} 1$/m);
  t.regex(metrics, /^flatlink_alarms\{board="b1",state="returned",level="critical"\} 0$/m);
});

test.serial("whoever only looks acknowledges nothing", async (t) => {
  const said = await Said.open(t);
  await said.say(charge(10));
  const [alarm] = (await said.alarms()) as [Alarm];
  const path = `${BASE}/alarms/${alarm.id}/acknowledge`;
  const headers = { "content-type": "application/json" };
  for (const more of [{}, { origin: "http://evil.example", ...BEARER.headers }]) {
    t.is((await said.rig.ask(path, { method: "POST", headers: { ...headers, ...more } })).status, 403);
  }
  t.is((await said.alarms())[0]!.state, "active");
});

test.serial("an event and its alarm are acknowledged together, from either side", async (t) => {
  const said = await Said.open(t);
  const events = async (): Promise<Answer["json"][]> =>
    (await said.rig.ask(`${BASE}/events`)).json.filter(({ name }: Answer["json"]) => name === "batteryLow");
  await said.say(batteryLow(9), batteryLow(8), batteryLow(7));
  const [first] = (await said.alarms()) as [Alarm];
  t.like(first, { source: "event", name: "batteryLow", state: "returned", level: "critical", count: 3 });
  t.regex(String(first.worst.value), /9 %/);
  t.regex(String(first.latest.value), /7 %/);
  const [, middle] = await events();
  t.is((await said.rig.send(`${BASE}/events/${middle.packet}/acknowledge`)).status, 204);
  t.deepEqual(await said.alarms(), []);
  t.deepEqual(
    (await events()).map(({ acknowledged }) => acknowledged),
    ["operator", "operator", "operator"],
  );
  await said.say(batteryLow(6));
  const [second] = (await said.alarms()) as [Alarm];
  t.is((await events())[0].acknowledged, null);
  await said.rig.send(`${BASE}/alarms/${second.id}/acknowledge`);
  t.is((await events())[0].acknowledged, "operator");
  t.deepEqual(said.told("batteryLow"), ["returned", "returned", "returned", "gone", "returned", "gone"]);
});

test.serial("only a change of state is written", async (t) => {
  const said = await Said.open(t);
  const { database } = said.rig.station.archive;
  database.exec(
    "CREATE TEMP TABLE written (id); CREATE TEMP TRIGGER w AFTER INSERT ON main.alarm BEGIN INSERT INTO written VALUES (new.id); END",
  );
  const written = (): number => (database.prepare("SELECT count(*) AS n FROM written").get() as { n: number }).n;
  const many = Array.from({ length: 200 }, (_, k) => charge(44 - (k % 15)));
  await said.say(...many.map(() => charge(80)));
  t.is(written(), 0);
  // One by one, so that each could be written by itself.
  await said.say(many[0]!);
  for (const packet of many.slice(1, 20)) {
    await said.say(packet);
  }
  await said.say(...many);
  await said.say(...many.map((_, k) => batteryLow(k % 9)));
  t.is(written(), 2, "raised, and the event's");
  await said.say(charge(90));
  t.is(written(), 3);
  t.is((await said.alarms()).find(({ source }) => source === "event")!.count, 200);
});

test.serial("a restart keeps what is open, how bad it was, and who acknowledged it", async (t) => {
  const file = join(folderOf(t), "a.sqlite");
  const first = await Said.begin(t, file);
  await first.say(charge(40), parameterReport("load", 6000), batteryLow(9));
  // Not written for themselves: found again among samples and events.
  await first.say(charge(30), charge(35), batteryLow(8));
  const load = (await first.alarms()).find(({ name }) => name === "load")!;
  await first.rig.send(`${BASE}/alarms/${load.id}/acknowledge`);
  const before = await first.alarms();
  await first.rig.web.close();
  await first.rig.station.close();
  const second = await Said.open(t, file);
  const after = await second.alarms();
  t.deepEqual(
    after.map((alarm) => ({ ...alarm, version: 0, lastPacket: 0 })),
    before.map((alarm) => ({ ...alarm, version: 0, lastPacket: 0 })),
  );
  t.is(after.find(({ name }) => name === "batteryCharge")!.worst.value, 30);
  t.is(after.find(({ name }) => name === "batteryLow")!.count, 2);
  await second.say(parameterReport("load", 5000), charge(90));
  t.deepEqual(
    (await second.alarms()).map(({ name, state }) => [name, state]),
    [
      ["batteryLow", "returned"],
      ["batteryCharge", "returned"],
    ],
  );
});

test.serial("a parameter that the next dictionary has no limits for is over: nothing else would end it", async (t) => {
  const file = join(folderOf(t), "a.sqlite");
  const first = await Said.begin(t, file);
  await first.say(charge(40), parameterReport("load", 6000));
  const load = (await first.alarms()).find(({ name }) => name === "load")!;
  await first.rig.send(`${BASE}/alarms/${load.id}/acknowledge`);
  await first.rig.web.close();
  await first.rig.station.close();
  const parameters = Object.fromEntries(
    Object.entries(FLATSAT.parameters!).map(([name, { limits: _, ...unlimited }]) => [name, unlimited]),
  );
  const dictionary = { ...FLATSAT, parameters };
  const board = await boardOf(t);
  const boards = [board.entry("b1", dictionary)];
  const station = new Station({ file, boards, report: () => {} });
  t.deepEqual(
    station.boards[0]!.alarms.open.map(({ name, state }) => [name, state]),
    [["batteryCharge", "returned"]],
  );
  await station.close();
  const archive = new Archive(file);
  const { state } = archive.statement("SELECT state FROM alarm WHERE id = ?").get(load.id) as { state: string };
  t.is(state, "gone", "it was acknowledged");
  archive.close();
});

test.serial("what a killed station had stored and not read raises its alarms when the next one reads it", async (t) => {
  const file = join(folderOf(t), "a.sqlite");
  const archive = new Archive(file);
  const board = archive.board("b1");
  const row = uptimeRow(board, archive.keepDictionary(FLATSAT), 1, 1000);
  archive.addPackets(
    [charge(50), charge(20), charge(30), charge(90), batteryLow(4)].map((bytes) => ({ ...row, bytes })),
  );
  archive.close();
  for (let k = 0; k < 2; k++) {
    const station = new Station({ file, boards: [(await FakeBoard.make()).entry("b1")], report: () => {} });
    t.deepEqual(
      station.boards[0]!.alarms.open.map(({ name, state, count, worst }) => [name, state, count, worst.value]),
      [
        ["batteryLow", "returned", 1, "the battery is down to 4 %"],
        ["batteryCharge", "returned", 1, 20],
      ],
    );
    await station.close();
    // As where something before them could not be read when they came: they are read twice, and counted once.
    const again = new Archive(file);
    again.database.exec("UPDATE derived SET packet = 0");
    again.close();
  }
});

test.serial("a full disk: alarms are raised all the same, and stored when there is room", async (t) => {
  const file = join(folderOf(t), "a.sqlite");
  const said = await Said.open(t, file);
  const { archive } = said.rig.station;
  const { page_count: pages } = archive.database.prepare("PRAGMA page_count").get() as { page_count: number };
  archive.database.exec(`PRAGMA max_page_count = ${pages}`);
  await until("it is full", async () => {
    await said.say(...Array.from({ length: 20 }, () => charge(80)));
    return said.rig.station.archiveFailure !== undefined;
  });
  await said.say(charge(30));
  const [alarm] = (await said.alarms()) as [Alarm];
  t.is(alarm.state, "active");
  archive.database.exec("PRAGMA max_page_count = 1000000");
  await said.say(charge(29));
  await until("it is stored", () => {
    const row = archive.statement("SELECT state FROM alarm WHERE id = ?").get(alarm.id) as
      | { state: string }
      | undefined;
    return row?.state === "active";
  });
  t.is((await said.rig.send(`${BASE}/alarms/${alarm.id}/acknowledge`)).status, 200);
});
