/**
 * A whole board, commanded by one who has the key, and attacked by one who has not: nothing of his is carried out or answered, the
 * commander is served meanwhile, and nothing grows.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { xs } from "../host/xs-support.js";
import { attackedBoard, Commander, type Use, use } from "./attacked-board.js";
import { Attacker, type Target } from "./attacker.js";

const given = process.env["FLATLINK_SEED"];
const seed = given === undefined ? Date.now() & 0x3fffffff : Number(given);
/** 1,000,000 when asked for. */
const FRAMES = Number(process.env["FLATLINK_ATTACK_FRAMES"] ?? 10_000);
/** Far more than it takes, however busy the machine is. */
const PATIENCE_MS = 300_000 + 5 * FRAMES;
const PING_EVERY_MS = 100;
/** More than clients that are turned away, and those that do not say anything, are kept; garbage is collected meanwhile. */
const LET_GO_MS = 60_000;
/** As long as most of them are. */
const SETTLE_MS = 2500;
/** What SECURITY.md promises is a second, on a machine that has nothing else to do. */
const SLOWEST_PING_MS = 30_000;
/** Of the board's processes: what garbage makes of it, and what a leak of a slot for each frame would be far above. */
const GROWTH_KIB = 100_000;
/** The same of XS's worker, whose heap grows by itself only. */
const ENGINE_GROWTH_KIB = 4000;
/** Telemetry that nobody asked for: housekeeping and events. And what a ping brings, which all hear. */
const HEARD_BY_ALL = /^(?:3,25|5,\d+|17,2)$/;

const root = mkdtempSync(join(tmpdir(), "flatlink-attacked-"));
test.after.always(() => rmSync(root, { recursive: true, force: true }));

/** No more than a board has that is as it was. */
function isWithin(after: Use, before: Use): boolean {
  return (
    after.files <= before.files + 2 &&
    after.memory - before.memory < GROWTH_KIB &&
    after.engine - before.engine < ENGINE_GROWTH_KIB
  );
}

for (const engine of ["node", "xs"]) {
  const check = engine === "node" || xs.available ? test.serial : test.serial.skip;

  check(
    `${engine}: ${FRAMES} frames without the key: nothing is carried out, nothing is answered, a ping comes through`,
    async (t) => {
      t.timeout(PATIENCE_MS);
      t.log(`FLATLINK_SEED=${seed}, FLATLINK_ATTACK_FRAMES=${FRAMES}`);
      const { program, key, bare, down, carried } = await attackedBoard(t, { root, engine, beaconIntervalMs: 0 });
      const targets: Target[] = [
        { port: bare, carrier: "bare", isMute: true },
        { port: carried, carrier: "cobs", isMute: false },
      ];
      const commander = new Commander(key);
      t.teardown(() => commander.close());
      await commander.listen(down);
      await commander.connect(bare);
      for (let each = 0; each < 5; each++) {
        await commander.ping();
      }
      const attacker = new Attacker(seed, targets, commander.heard);
      // What is taken once, is taken before it is measured.
      await attacker.attack(Math.min(2000, FRAMES / 5));
      await sleep(SETTLE_MS);
      const before = use(program.pid);
      let isOver = false;
      const attack = attacker.attack(FRAMES - attacker.spoils.frames).finally(() => {
        isOver = true;
      });
      while (!isOver) {
        await commander.ping().catch((error: unknown) => {
          const own = program.output
            .split("\n")
            .filter(
              (line) =>
                line.includes('"remoteAddress":"127.0.0.1"') ||
                /"disconnected".*"telecommands":[1-9]|"error"/.test(line),
            );
          throw new Error(`${error}; the board says:\n${own.join("\n")}\n${program.output.slice(-1500)}`);
        });
        await sleep(PING_EVERY_MS);
      }
      await attack;
      await commander.ping();
      // Those who were turned away are let go.
      let after = use(program.pid);
      for (const deadline = Date.now() + LET_GO_MS; !isWithin(after, before) && Date.now() < deadline; ) {
        await sleep(100);
        after = use(program.pid);
      }
      const { frames, connections, answered, packets, told } = attacker.spoils;
      t.log(
        `${frames} frames, ${connections} connections, ${commander.pings} pings, the slowest in ${Math.round(commander.slowest)} ms`,
      );
      t.log(`from ${JSON.stringify(before)} to ${JSON.stringify(after)}; the attacker heard ${packets} packets`);
      t.is(answered, 0, "octets answered to the attacker where nothing is sent");
      t.true(packets > 0, "telemetry that the attacker heard where it is sent");
      t.deepEqual(
        [...told].filter((each) => {
          const [type = "", request = ""] = each.split(" ");
          return type.startsWith("1,") ? !commander.requests.has(request) : !HEARD_BY_ALL.test(type);
        }),
        [],
        "what the attacker was told, and nobody else had asked for",
      );
      t.is(commander.answered, 0, "octets answered on the port for telecommands");
      const reports = commander.telemetry;
      t.is(reports.filter(({ type }) => type === "17,2").length, commander.pings, "pings that were carried out");
      t.is(reports.filter(({ type }) => type === "1,1").length, commander.pings, "telecommands that were accepted");
      t.deepEqual(
        reports.filter(({ type, data }) => type.startsWith("1,") && !commander.requests.has(data)),
        [],
        "reports on what others sent",
      );
      t.true(commander.slowest < SLOWEST_PING_MS, `a ping took ${commander.slowest} ms`);
      t.true(isWithin(after, before), `open files and KiB: ${JSON.stringify(before)}, then ${JSON.stringify(after)}`);
      t.is(await program.stop(), 0, "the board ends as it is told");
      const causes: Record<string, number> = {};
      for (const [, rejections] of program.output.matchAll(/"rejections":(\{[^}]*\})/g)) {
        for (const [cause, count] of Object.entries(JSON.parse(rejections!) as Record<string, number>)) {
          causes[cause] = (causes[cause] ?? 0) + count;
        }
      }
      t.log(`refused: ${JSON.stringify(causes)}`);
      for (const cause of ["badMac", "replayed", "unknownSpi", "noSecurityHeader", "invalidPacket"]) {
        t.true((causes[cause] ?? 0) > FRAMES / 1000, `frames were looked at: ${cause}`);
      }
    },
  );
}
