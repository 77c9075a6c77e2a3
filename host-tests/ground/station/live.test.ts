/** Live news: nothing is left out and nothing comes twice, whenever a client comes again. */
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { Ajv2020 } from "ajv/dist/2020.js";
import test, { type ExecutionContext } from "ava";
import { SCHEMAS } from "../../../ground/station/http/schemas.js";
import { type Answer, type Rig, running, simulated, until } from "./rig.js";

interface Message {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Answer["json"];
}

/** A page that listens. */
class Listener {
  readonly messages: Message[] = [];
  readonly #request: ClientRequest;
  #response: IncomingMessage | undefined;
  #rest = "";

  constructor(rig: Rig, query: string, headers: Readonly<Record<string, string>> = {}) {
    this.#request = request({ port: rig.web.port, path: `/api/v1/live${query}`, headers, agent: false });
    this.#request.on("error", () => {});
    this.#request.end();
  }

  async open(): Promise<this> {
    const [response] = (await once(this.#request, "response")) as [IncomingMessage];
    this.#response = response;
    response.on("error", () => {});
    response.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    return this;
  }

  get lastId(): string | undefined {
    return this.messages.findLast(({ id }) => id !== undefined)?.id;
  }

  close(): void {
    this.#request.destroy();
  }

  /** Takes nothing more. */
  stall(): void {
    this.#response?.removeAllListeners("data").pause();
  }

  #read(text: string): void {
    const parts = (this.#rest + text).split("\n\n");
    this.#rest = parts.pop()!;
    for (const part of parts) {
      const lines = new Map(part.split("\n").map((line) => [line.split(": ")[0]!, line.slice(line.indexOf(": ") + 2)]));
      const event = lines.get("event");
      if (event !== undefined) {
        this.messages.push({ id: lines.get("id"), event, data: JSON.parse(lines.get("data")!) });
      }
    }
  }
}

async function listen(t: ExecutionContext, rig: Rig, query = "", headers: Readonly<Record<string, string>> = {}) {
  const listener = await new Listener(rig, query, headers).open();
  t.teardown(() => listener.close());
  return listener;
}

const idsOf = (messages: readonly Message[]): string[] => messages.flatMap(({ id }) => id ?? []);

/** All that the archive has to tell, in its order. */
function told(rig: Rig): string[] {
  return rig.station.archive.packetsBehind(0, Number.MAX_SAFE_INTEGER).flatMap((packet) =>
    rig.station
      .deriverOf(packet)!
      .derive(packet)
      .news.map((_, k) => `${packet.id}.${k + 1}`),
  );
}

test("a client that comes again and again misses nothing and has nothing twice", async (t) => {
  const rig = await running(t, { boards: [await simulated(t)] });
  await until("packets", () => rig.station.boards[0]!.received > 20);
  const ids: string[] = [];
  let last = "0";
  for (let round = 0; round < 8; round++) {
    // By turns as a browser does it, and as a script may.
    const listener =
      round % 2 === 0 ? await listen(t, rig, "", { "last-event-id": last }) : await listen(t, rig, `?after=${last}`);
    await until("more", () => idsOf(listener.messages).length >= 3 + round);
    listener.close();
    // Cut anywhere: the client has what it has read, and no more.
    const seen = idsOf(listener.messages).slice(0, round < 7 ? 3 + round : undefined);
    ids.push(...seen);
    last = seen.at(-1)!;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  t.deepEqual(ids, told(rig).slice(0, ids.length));
  t.true(
    ids.some((id) => id.endsWith(".2")),
    "values behind their packet",
  );
});

test("what is replayed, and what comes as it happens, have no seam", async (t) => {
  const rig = await running(t, { boards: [await simulated(t, "beacon_interval_ms=100")] });
  await until("packets", () => rig.station.boards[0]!.received > 20);
  const replayed = await listen(t, rig, "?after=0");
  const live = await listen(t, rig);
  const received = rig.station.boards[0]!.received;
  await until("more", () => rig.station.boards[0]!.received > received + 30);
  await until("all", () => replayed.lastId === live.lastId && replayed.lastId !== undefined);
  t.deepEqual(idsOf(replayed.messages), told(rig).slice(0, idsOf(replayed.messages).length));
  const first = idsOf(live.messages)[0]!;
  const from = idsOf(replayed.messages).indexOf(first);
  t.deepEqual(
    live.messages.filter(({ id }) => id !== undefined),
    replayed.messages.filter(({ id }) => id !== undefined).slice(from),
    "the same to the octet",
  );
});

test("each kind has the shape that the document says; links come first", async (t) => {
  const rig = await running(t, { boards: [await simulated(t)] });
  const listener = await listen(t, rig);
  const { status } = await rig.send("/api/v1/boards/flatsat/commands", {
    name: "raiseTestEvent",
    arguments: { value: 5 },
  });
  t.is(status, 202);
  const kinds = ["link", "packet", "values", "event", "command"];
  await until("each kind", () => kinds.every((kind) => listener.messages.some(({ event }) => event === kind)));
  await until("the end", () => listener.messages.some(({ data }) => data.command?.state === "completed"));
  t.is(listener.messages[0]!.event, "link");
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ $id: "all", components: { schemas: SCHEMAS } });
  for (const { event, data } of listener.messages) {
    const name = `${event.charAt(0).toUpperCase()}${event.slice(1)}News`;
    const validate = ajv.getSchema(`all#/components/schemas/${name}`)!;
    t.true(validate(data), `${name}: ${ajv.errorsText(validate.errors)} ${JSON.stringify(data)}`);
  }
  const states = listener.messages.flatMap(({ data }) => data.command?.state ?? []);
  t.deepEqual([...new Set(states)].slice(-3), ["accepted", "started", "completed"]);
});

test("a client is told what it asked for, of boards and kinds", async (t) => {
  const [one, two] = [await simulated(t), await simulated(t)];
  const rig = await running(t, {
    boards: [
      { ...one, name: "one" },
      { ...two, name: "two" },
    ],
  });
  const listener = await listen(t, rig, "?board=two&kind=values");
  await until("some", () => listener.messages.length > 20);
  t.deepEqual([...new Set(listener.messages.map(({ data, event }) => `${data.board} ${event}`))], ["two values"]);
});

test("a client that takes nothing is ended, and not kept in memory", async (t) => {
  const rig = await running(t, { boards: [await simulated(t)] });
  const slow = await listen(t, rig);
  const quick = await listen(t, rig);
  slow.stall();
  const link = { ...rig.station.boards[0]!.link, text: "x".repeat(10_000) };
  let told = 0;
  await until("it is ended", async () => {
    for (let k = 0; k < 20; k++) {
      rig.station.bus.tell({ kind: "link", board: "flatsat", link: { ...link, since: told++ } });
    }
    await new Promise((resolve) => setImmediate(resolve));
    return /^flatlink_slow_clients_total 1$/m.test((await rig.ask("/metrics")).text);
  });
  await until("the other has it all", () => quick.messages.some(({ data }) => data.link?.since === told - 1));
  t.regex((await rig.ask("/metrics")).text, /^flatlink_live_clients 1$/m);
});
