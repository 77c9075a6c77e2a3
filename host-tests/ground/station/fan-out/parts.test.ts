/** Parts of the fan-out that need no broker. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NatsConnection } from "@nats-io/transport-node";
import test from "ava";
import fc from "fast-check";
import { parseGroundOptions } from "../../../../ground/commands/ground-options.js";
import { Archive } from "../../../../ground/station/archive/archive.js";
import { describeBrokerError } from "../../../../ground/station/fan-out/broker-error.js";
import { PublishCursor } from "../../../../ground/station/fan-out/cursor.js";
import { FeedStore } from "../../../../ground/station/fan-out/feed-store.js";
import { LiveOutlet } from "../../../../ground/station/fan-out/live-outlet.js";
import { loadNats } from "../../../../ground/station/fan-out/load-nats.js";
import { natsAddress } from "../../../../ground/station/fan-out/nats-address.js";
import { DUPLICATES_MINUTES, STREAM_DAYS, STREAM_MEBIBYTES } from "../../../../ground/station/fan-out/streams.js";
import {
  boardIn,
  dictionarySubject,
  HEADERS,
  STATE_STREAM,
  STREAM,
  subjectOf,
  telemetrySubject,
  token,
  valueSubject,
} from "../../../../ground/station/fan-out/subjects.js";
import { projectFile } from "../../../project.js";
import { checkProperty } from "../../../seeded-properties.js";
import { flatlink } from "../../commands/run.js";
import { FLATSAT } from "../../dictionary/boards.js";
import { uptimeRow } from "../packets.js";
import { folderOf } from "../rig.js";

const nats = await loadNats();

test("without NATS's packages, one line says which to install", async (t) => {
  await t.throwsAsync(
    loadNats(() => Promise.reject(new Error("Cannot find package '@nats-io/transport-node'\nimported from x"))),
    {
      message:
        /^a broker needs two packages: npm install @nats-io\/transport-node@\S+ @nats-io\/jetstream@\S+ \(Cannot find package '@nats-io\/transport-node'\)$/,
    },
  );
});

test("an address is shown without what is secret, wherever that is from", (t) => {
  const of = (text: string, environment: Record<string, string> = {}) => {
    const address = natsAddress("--nats", text, environment);
    return { shown: address.shown, ...address.options(nats) };
  };
  t.deepEqual(of("nats://h"), { shown: "nats://h:4222", servers: "h:4222" });
  t.deepEqual(of("tls://h:1"), { shown: "tls://h:1", servers: "h:1", tls: {} });
  t.deepEqual(of("nats://[::1]:5"), { shown: "nats://[::1]:5", servers: "[::1]:5" });
  t.deepEqual(of("nats://ada:p%40ss@h:1"), { shown: "nats://h:1", servers: "h:1", user: "ada", pass: "p@ss" });
  t.deepEqual(of("nats://secret@h"), { shown: "nats://h:4222", servers: "h:4222", token: "secret" });
  const user = { FLATLINK_NATS_USER: "u", FLATLINK_NATS_PASSWORD: "p" };
  t.deepEqual(of("nats://h", user), { shown: "nats://h:4222", servers: "h:4222", user: "u", pass: "p" });
  t.deepEqual(of("nats://a:b@h", user), { shown: "nats://h:4222", servers: "h:4222", user: "a", pass: "b" });
  t.deepEqual(of("nats://h", { FLATLINK_NATS_TOKEN: "t" }), { shown: "nats://h:4222", servers: "h:4222", token: "t" });
  const file = join(folderOf(t), "x.creds");
  writeFileSync(file, "");
  t.is(typeof of("nats://h", { FLATLINK_NATS_CREDS: file }).authenticator, "function");
  for (const wrong of [
    "http://a:secret@h",
    "h:4222",
    "nats://",
    "nats://h/x",
    "nats://h?x=secret",
    "nats://h:99999",
    "nats://%zz:secret@h",
  ]) {
    const error = t.throws(() => natsAddress("--nats", wrong, {}), { message: /^--nats[: ]/ }, wrong);
    t.notRegex(error!.message, /secret|\n/);
  }
});

test("options that are wrong are told", (t) => {
  const cases: readonly (readonly [args: readonly string[], pattern: RegExp])[] = [
    [["--nats", "x"], /--nats must be nats:\/\/HOST:PORT/],
    [["--from", "http://x"], /--from must be nats:\/\/HOST:PORT/],
    [["--nats-commands"], /--nats-commands needs --nats/],
    [["--from", "nats://h", "--nats", "nats://h"], /not published again/],
    [["--from", "nats://h", "--board", "x=h:1"], /--board x is not needed/],
  ];
  for (const [args, pattern] of cases) {
    t.throws(() => parseGroundOptions(args, () => {}), { message: pattern }, args.join(" "));
  }
});

test("a file of credentials that is not there is one line, and exit code 2", async (t) => {
  const ended = await flatlink(["ground", "--port", "0", "--archive", ":memory:", "--nats", "nats://127.0.0.1:1"], {
    env: { FLATLINK_NATS_CREDS: join(folderOf(t), "none") },
  });
  t.is(ended.code, 2, ended.stderr);
  t.regex(ended.stderr, /^flatlink ground: FLATLINK_NATS_CREDS, for nats:\/\/127\.0\.0\.1:1: ENOENT[^\n]+\n$/);
});

test("any name is one token of a subject, without wildcards, and comes back", (t) => {
  const names = fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (name) => {
    const subject = telemetrySubject(name, 3, 25);
    return /^[\w%-]+$/.test(token(name)) && subject.split(".").length === 5 && boardIn(subject) === name;
  });
  checkProperty(t, names, 500);
  t.is(telemetrySubject("b.1", null, null), "flatlink.b%2E1.tm.other.other");
  t.is(boardIn("other.b1.tm"), undefined);
  t.is(boardIn("flatlink.%zz.tm.1.1"), undefined);
});

test("what a broker refuses is told in words", (t) => {
  const named = (name: string, more: object = {}) => Object.assign(new Error("x"), { name, ...more });
  t.is(describeBrokerError(named("TimeoutError")), "the broker does not answer");
  t.is(
    describeBrokerError(
      new Error("outer", { cause: named("PermissionViolationError", { operation: "publish", subject: "a.b" }) }),
    ),
    "the broker does not let this user publish on a.b",
  );
  t.is(describeBrokerError(Object.assign(new Error("connect"), { code: "ECONNREFUSED" })), "nothing listens there");
  t.is(describeBrokerError(new Error("one\ntwo")), "one");
});

test("a broker that is too slow for values gets no more of them, until it has taken some", async (t) => {
  const sent: string[] = [];
  let confirm: () => void = () => {};
  const connection = {
    isClosed: () => false,
    publish: (subject: string) => void sent.push(subject),
    flush: () =>
      new Promise<void>((resolve) => {
        confirm = resolve;
      }),
  } as unknown as NatsConnection;
  const outlet = new LiveOutlet();
  outlet.publish("nobody", "");
  outlet.attach(connection);
  for (let k = 0; k < 6000; k++) {
    outlet.publish(`v${k}`, "");
  }
  t.is(sent.length, 5000);
  t.is(outlet.dropped, 1000);
  // What it confirms is what was sent when it was asked: the first.
  confirm();
  await new Promise((resolve) => setImmediate(resolve));
  outlet.publish("one more", "");
  t.is(sent.at(-1), "one more");
  confirm();
  await new Promise((resolve) => setImmediate(resolve));
  for (let k = 0; k < 6000; k++) {
    outlet.publish("again", "");
  }
  t.true(sent.length > 9990 && sent.length <= 10_001, `${sent.length}`);
  outlet.detach();
  outlet.publish("late", "");
  t.not(sent.at(-1), "late");
});

function archiveWith(count: number): { readonly archive: Archive; readonly board: number; readonly hash: number } {
  const archive = new Archive(":memory:");
  const board = archive.board("b1");
  const hash = archive.keepDictionary(FLATSAT);
  const stored = archive.addPackets(Array.from({ length: count }, (_, k) => uptimeRow(board, hash, k, k)));
  archive.addDerived({ from: 1, upTo: stored.at(-1)!.id, samples: [], events: [] });
  return { archive, board, hash };
}

test("a cursor goes on where it was, with the archive's own name, and waits for what is not read yet", (t) => {
  const { archive, board, hash } = archiveWith(10);
  const cursor = new PublishCursor(archive);
  t.is(cursor.lag, 10);
  t.deepEqual(
    cursor.next(3).map(({ id }) => id),
    [1, 2, 3],
  );
  cursor.moveTo(7);
  archive.addPackets([uptimeRow(board, hash, 10, 10)]);
  const again = new PublishCursor(archive);
  t.is(again.archiveId, cursor.archiveId);
  t.is(again.packet, 7);
  t.is(again.lag, 4);
  t.deepEqual(
    again.next(100).map(({ id }) => id),
    [8, 9, 10],
  );
  t.is(again.lost, 0);
  archive.statement("DELETE FROM packet WHERE id < 10").run();
  t.deepEqual(
    again.next(100).map(({ id }) => id),
    [10],
  );
  t.is(again.lost, 2);
  t.not(new PublishCursor(new Archive(":memory:")).archiveId, cursor.archiveId);
});

test("an archive that has forgotten packets before anybody published them has lost none", (t) => {
  const { archive } = archiveWith(10);
  archive.statement("DELETE FROM packet WHERE id < 6").run();
  const cursor = new PublishCursor(archive);
  t.deepEqual(
    cursor.next(100).map(({ id }) => id),
    [6, 7, 8, 9, 10],
  );
  t.is(cursor.lost, 0);
});

test("packets of a stream are kept once, with how far it is taken, or not at all", (t) => {
  const { archive, board, hash } = archiveWith(1);
  const store = new FeedStore(archive);
  const fed = (name: string, row: number) => ({
    row: uptimeRow(board, hash, row, row),
    origin: { archive: name, row },
  });
  t.is(store.position("s"), 0);
  t.is(store.take([fed("a", 1), fed("a", 2), fed("a", 1), fed("b", 1)], "s", 9).length, 3);
  t.is(store.position("s"), 9);
  t.deepEqual(store.take([fed("a", 2)], "s", 10), []);
  t.is(store.position("s"), 10);
  t.is(store.position("another"), 0);
  archive.database.exec("CREATE TRIGGER full BEFORE INSERT ON packet BEGIN SELECT RAISE(ABORT, 'full'); END");
  t.throws(() => store.take([fed("a", 3)], "s", 11), { any: true, message: /full/ });
  t.is(store.position("s"), 10);
  archive.database.exec("DROP TRIGGER full");
  t.is(store.take([fed("a", 3)], "s", 11).length, 1);
  t.is(new FeedStore(archive).take([fed("a", 3)], "s", 12).length, 0);
});

test("the documents name the stream's limits, every subject and every header as they are", (t) => {
  const page = projectFile("docs/fan-out.md");
  const limits = [`${STREAM_DAYS} days and ${STREAM_MEBIBYTES / 1024} GiB`, `last ${DUPLICATES_MINUTES} minutes`];
  const subjects = [
    telemetrySubject("BOARD", null, null).replace("other.other", "SERVICE.SUBTYPE"),
    valueSubject("BOARD", "PARAMETER"),
    dictionarySubject("BOARD", 0).replace("00000000", "HASH"),
    ...(["event", "link", "tc"] as const).map((what) => subjectOf("BOARD", what)),
  ];
  for (const said of [
    ...limits,
    ...[...subjects, ...Object.values(HEADERS), STREAM, STATE_STREAM].map((name) => `\`${name}\``),
  ]) {
    t.true(page.includes(said), said);
  }
});
