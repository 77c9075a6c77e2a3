/** Stations with brokers, for tests of both. */
import { jetstream } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { ExecutionContext } from "ava";
import { FanOut } from "../../../../ground/station/fan-out/fan-out.js";
import { Feed, type FeedOptions } from "../../../../ground/station/fan-out/feed.js";
import { loadNats } from "../../../../ground/station/fan-out/load-nats.js";
import { natsAddress } from "../../../../ground/station/fan-out/nats-address.js";
import { STREAM } from "../../../../ground/station/fan-out/subjects.js";
import type { StationOptions } from "../../../../ground/station/station.js";
import { FakeBoard } from "../fake-board.js";
import { Rig, running } from "../rig.js";
import { NatsServer } from "./nats-server.js";

const nats = await loadNats();

/** Runs until the test ends. */
export async function broker(t: ExecutionContext, configuration?: string): Promise<NatsServer> {
  const server = await NatsServer.make(configuration);
  t.teardown(() => server.close());
  await server.start();
  return server;
}

/** A station that publishes. */
export async function publishing(
  t: ExecutionContext,
  url: string,
  station: Partial<StationOptions> & Pick<StationOptions, "boards">,
  takesCommands = false,
): Promise<{ readonly rig: Rig; readonly fanOut: FanOut; readonly lines: string[] }> {
  const rig = await running(t, station);
  const lines: string[] = [];
  const address = natsAddress("--nats", url, {});
  const fanOut = new FanOut({
    station: rig.station,
    nats,
    address,
    takesCommands,
    report: (line) => void lines.push(line),
  });
  fanOut.start();
  t.teardown(() => fanOut.close());
  return { rig, fanOut, lines };
}

/** A station that is served from a broker, until it is ended, or the test. */
export async function fed(
  t: ExecutionContext,
  url: string,
  station: Partial<StationOptions> = {},
  feedOptions: Partial<FeedOptions> = {},
): Promise<{ readonly rig: Rig; readonly lines: string[]; end(): Promise<void> }> {
  const rig = new Rig({ boards: [], ...station }, {});
  await rig.web.listen();
  const lines: string[] = [];
  const feed = new Feed({
    station: rig.station,
    nats,
    address: natsAddress("--from", url, {}),
    report: (line) => void lines.push(line),
    ...feedOptions,
  });
  feed.start();
  let ended: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await feed.close();
    await rig.web.close();
    await rig.station.close();
  };
  const once = (): Promise<void> => {
    ended ??= end();
    return ended;
  };
  t.teardown(once);
  return { rig, lines, end: once };
}

/** A board that does as the test says. */
export async function boardOf(t: ExecutionContext): Promise<FakeBoard> {
  const board = await FakeBoard.make();
  t.teardown(() => board.vanish());
  await board.listen();
  return board;
}

/** As `uptimeReport` made it. */
export function uptimeOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 6);
}

/** The uptimes that an archive has of each board, in the order of their packets. */
export function uptimesIn({ station: { archive } }: Pick<Rig, "station">): Record<string, number[]> {
  const rows = archive
    .statement("SELECT name, bytes FROM packet JOIN board ON board.id = board ORDER BY packet.id")
    .all();
  return byName(
    (rows as { name: string; bytes: Uint8Array }[]).map(({ name, bytes }) => [name, uptimeOf(new Uint8Array(bytes))]),
  );
}

/** What there is of each name, in its order. */
export function byName<What>(all: readonly (readonly [name: string, what: What])[]): Record<string, What[]> {
  const some: Record<string, What[]> = {};
  for (const [name, what] of all) {
    some[name] ??= [];
    some[name].push(what);
  }
  return some;
}

export async function client(t: ExecutionContext, url: string, options: object = {}): Promise<NatsConnection> {
  const connection = await connect({ servers: url.replace("nats://", ""), ...options });
  t.teardown(() => connection.close());
  return connection;
}

export interface Streamed {
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** All that the broker keeps of packets and events, in its order. */
export async function streamed(t: ExecutionContext, url: string): Promise<Streamed[]> {
  const connection = await client(t, url);
  const consumer = await jetstream(connection).consumers.get(STREAM);
  const all: Streamed[] = [];
  const info = await consumer.info();
  let left = info.num_pending;
  while (left > 0) {
    for await (const message of await consumer.fetch({ max_messages: Math.min(left, 1000), expires: 30_000 })) {
      left--;
      all.push({
        subject: message.subject,
        headers: Object.fromEntries((message.headers?.keys() ?? []).map((key) => [key, message.headers!.get(key)])),
        bytes: Uint8Array.from(message.data),
      });
    }
  }
  await connection.close();
  return all;
}
