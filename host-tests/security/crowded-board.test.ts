/**
 * A whole board whose places are all taken by somebody without the key, again and again: whoever heard telemetry before hears it on,
 * and who has the key gets a place, and keeps it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { xs } from "../host/xs-support.js";
import { attackedBoard, Commander } from "./attacked-board.js";
import { Crowd } from "./crowd.js";

const given = process.env["FLATLINK_SEED"];
const seed = given === undefined ? Date.now() & 0x3fffffff : Number(given);
/** How long the commander works while others come for his place, at least. */
const HOLD_MS = Number(process.env["FLATLINK_CROWD_MS"] ?? 2500);
/** Connections of the attacker: of eight places one is the observer's. Those that are too many are turned away, and come again. */
const CROWD = 12;
const PING_EVERY_MS = 50;
/** One of the last places is given away in a second, to whoever comes first then. Most come about within some. */
const TRY_EVERY_MS = 250;
const MOST_PATIENT_MS = 120_000;
const PATIENCE_MS = 420_000 + 5 * HOLD_MS;
/** Clients that made room for another one. */
const RESERVED = /"reason":"reserved"/g;
/** So many had to before the commander comes, and while he works: all places were taken, and were again. */
const TAKEN_AGAIN = 2;

const root = mkdtempSync(join(tmpdir(), "flatlink-crowded-"));
test.after.always(() => rmSync(root, { recursive: true, force: true }));

for (const engine of ["node", "xs"]) {
  const check = engine === "node" || xs.available ? test.serial : test.serial.skip;

  check(
    `${engine}: without the key all places are taken: the observer keeps his; the commander gets one, and keeps it`,
    async (t) => {
      t.timeout(PATIENCE_MS);
      t.log(`FLATLINK_SEED=${seed}, FLATLINK_CROWD_MS=${HOLD_MS}`);
      const board = await attackedBoard(t, { root, engine, beaconIntervalMs: 500 });
      const { program, bare, down, carried } = board;
      const commander = new Commander(board.key);
      t.teardown(() => commander.close());
      // He observes before the others come, and commands when they are there.
      await commander.listen(down);
      const crowd = new Crowd(seed, [bare, down, carried], commander.heard);
      t.teardown(() => crowd.close());
      const gaveWay = (): number => [...program.output.matchAll(RESERVED)].length;
      const isTakenAgain = async (what: string): Promise<void> => {
        const wanted = gaveWay() + TAKEN_AGAIN;
        for (const deadline = Date.now() + MOST_PATIENT_MS; gaveWay() < wanted; ) {
          t.true(Date.now() < deadline, `places are taken again, ${what}`);
          await sleep(20);
        }
      };
      crowd.begin(CROWD);
      await isTakenAgain("before");
      const begun = performance.now();
      const tries = await commander.insist(bare, TRY_EVERY_MS, MOST_PATIENT_MS);
      const gotIn = Math.round(performance.now() - begun);
      const [connected, gave] = [crowd.connected, gaveWay()];
      const others = isTakenAgain("meanwhile");
      let isOver = false;
      void others.then(
        () => {
          isOver = true;
        },
        () => {
          isOver = true;
        },
      );
      for (const end = performance.now() + HOLD_MS; !isOver || performance.now() < end; ) {
        await commander.ping();
        await sleep(PING_EVERY_MS);
      }
      await others;
      t.log(
        `a place after ${gotIn} ms and ${tries} tries; then ${commander.pings} pings, the slowest in ${Math.round(commander.slowest)} ms, while ${crowd.connected - connected} clients came and ${gaveWay() - gave} gave way`,
      );
      t.is(commander.ended, "", "both connections of the commander, to the end");
      t.true(crowd.connected - connected > 0, "others came");
      t.is(commander.answered, 0, "octets on the port for telecommands");
      t.deepEqual(
        commander.telemetry.filter(({ type, data }) => type.startsWith("1,") && !commander.requests.has(data)),
        [],
        "reports on what others sent",
      );
      crowd.close();
      t.is(await program.stop(), 0, "the board ends as it is told");
    },
  );
}
