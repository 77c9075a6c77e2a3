/** What rests on the board's platform: reset reason, parameters, restart, time. Case by case, for Node and for XS. */
import type { FlatsatEvent } from "../../modules/flatsat/application.js";
import { type BoardPlatform, RESET_POWER_ON, RESET_REASONS, type TimeSource } from "../../modules/flatsat/platform.js";
import { equal, holds } from "../link/expect.js";
import type { Cases } from "../link/rig.js";
import { Desk, lastData, messages, telecommand } from "./desk.js";

const QUIET = { beacon_interval_ms: "0" };
const RESTART = telecommand(8, 1, [3]);
const PING = telecommand(17, 1);
const SERVER = "time.example";
/** 2026-08-21T12:00:00Z. */
const TIME = 1_787_313_600_000;

/** A time server that answers when it is told to. */
class FakeTime implements TimeSource {
  readonly asked: string[] = [];
  readonly times: number[] = [];
  closed = 0;
  askThrows = false;
  setThrows = false;
  answer: (unixMs: number | undefined) => void = () => {};
  /** In the middle of `ask`. */
  atOnce: number | undefined;

  ask(server: string, answer: (unixMs: number | undefined) => void): { close(): void } {
    this.asked.push(server);
    if (this.askThrows) {
      throw new Error("no socket");
    }
    this.answer = answer;
    if (this.atOnce !== undefined) {
      answer(this.atOnce);
    }
    return {
      close: () => {
        this.closed++;
      },
    };
  }

  set(unixMs: number): void {
    if (this.setThrows) {
      throw new Error("no clock");
    }
    this.times.push(unixMs);
  }
}

function timed(): { desk: Desk; time: FakeTime; told: () => FlatsatEvent[] } {
  const time = new FakeTime();
  const desk = new Desk({ ...QUIET, sntp: SERVER }, { platform: { time } });
  desk.flatsat.start();
  desk.advance(100);
  return { desk, time, told: () => [...desk.told("time"), ...desk.told("noTime")] };
}

const HOUR = 3_600_000;
const MINUTE = 60_000;

export const platformCases: Cases = {
  "event 1 says why the board started; unknown where the platform does not say"() {
    for (const platform of [{ resetReason: RESET_POWER_ON }, { resetReason: 9 }, {}] as BoardPlatform[]) {
      const desk = new Desk(QUIET, { platform });
      desk.flatsat.start();
      const first = desk.connect().packets()[0] as Uint8Array;
      // The event's ID and its one value stand before the CRC.
      equal(Array.from(first.slice(-5, -2)), [0, 1, platform.resetReason ?? 0], "event and reason");
    }
    equal([RESET_REASONS[0], RESET_REASONS[1], RESET_REASONS[9]], ["unknown", "powerOn", "brownout"], "reasons");
  },

  "housekeeping and ST[20] report signal, free slots and free chunks; 0 where the platform does not know"() {
    for (const known of [true, false]) {
      const platform = known ? { rssi: () => -61, freeSlots: () => 0x123456, freeChunks: () => 0x789abc } : {};
      const desk = new Desk(QUIET, { platform });
      desk.flatsat.start();
      const client = desk.connect();
      client.send(telecommand(20, 1, [3, 0, 16, 0, 17, 0, 18]));
      desk.network.settle();
      equal(
        Array.from(lastData(client, "20,2")),
        known
          ? [3, 0, 16, 0xc3, 0, 17, 0, 0x12, 0x34, 0x56, 0, 18, 0, 0x78, 0x9a, 0xbc]
          : [3, 0, 16, 0, 0, 17, 0, 0, 0, 0, 0, 18, 0, 0, 0, 0],
        "20,2",
      );
      const { parameters = {}, structures = {} } = desk.dictionary;
      const reported = structures["board"]!.parameters.map((name) => parameters[name]!.id);
      equal(reported.slice(14, 21), [15, 16, 17, 18, 19, 20, 60_100], "their place in housekeeping");
    }
  },

  "restart by telecommand: its reports leave, others are still answered, connections end, then the board restarts, once"() {
    let restarts = 0;
    const desk = new Desk(QUIET, { platform: { restart: () => restarts++ } });
    desk.flatsat.start();
    const client = desk.connect();
    const other = desk.connect(1);
    client.send(RESTART);
    desk.network.settle();
    equal(messages(client).slice(-3), ["1,1", "1,3", "1,7"], "answers");
    desk.advance(300);
    other.send(PING);
    client.send(RESTART);
    desk.network.settle();
    equal(messages(other).includes("17,2"), true, "another client's answer");
    equal([client.peer.ended, other.peer.ended, restarts], [false, false, 0], "before half a second");
    desk.advance(300);
    equal([client.peer.ended, other.peer.ended, restarts], [true, true, 0], "connections, then");
    equal(
      desk.told("disconnected").map((event) => "reason" in event && event.reason),
      ["stopped", "stopped"],
      "why they ended",
    );
    desk.advance(500);
    equal(restarts, 1, "restarts");
  },

  "the platform fails to restart: told of, and tried again until it does"() {
    let attempts = 0;
    const desk = new Desk(QUIET, {
      platform: {
        restart() {
          if (++attempts < 3) {
            throw new Error("not now");
          }
        },
      },
    });
    desk.flatsat.start();
    desk.connect().send(RESTART);
    desk.network.settle();
    desk.advance(1000);
    equal(attempts, 1, "attempts");
    desk.advance(1000);
    equal(attempts, 3, "attempts");
    equal(
      desk.told("error").map((event) => "message" in event && event.message),
      ["Error: not now", "Error: not now"],
      "errors",
    );
  },

  "a board that cannot restart says so"() {
    const desk = new Desk(QUIET);
    desk.flatsat.start();
    const client = desk.connect();
    client.send(RESTART);
    desk.network.settle();
    equal(messages(client).slice(-3), ["1,1", "1,3", "1,8"], "answers");
    equal(Array.from(lastData(client, "1,8")).slice(4), [0, 35, 0, 0, 0, 0], "notOnThisPlatform");
    desk.advance(10_000);
    equal(client.peer.ended, false, "ended");
  },

  "the function that restarts is marked as dangerous"() {
    const desk = new Desk(QUIET, { platform: { restart() {} } });
    const { dangerous } = desk.dictionary.functions!["restart"]!;
    holds(dangerous?.includes("Every connection ends") === true, "the reason");
  },

  "no time server: none is asked; one where the platform has no way to: refused"() {
    const time = new FakeTime();
    const desk = new Desk(QUIET, { platform: { time } });
    desk.flatsat.start();
    desk.advance(HOUR / 100);
    equal(time.asked, [], "asked");
    let message = "";
    try {
      new Desk({ sntp: SERVER });
    } catch (error) {
      message = String(error);
    }
    equal(message, "TypeError: sntp is set, but this platform has no way to ask a time server", "refusal");
  },

  "the network is up: the time is asked for, set, told once, and asked for again every hour"() {
    const { desk, time, told } = timed();
    equal(time.asked, [SERVER], "asked");
    time.answer(TIME);
    equal([time.times, told()], [[TIME], [{ event: "time", server: SERVER, unixMs: TIME }]], "set, told");
    desk.time.advance(HOUR - 200);
    equal(time.asked.length, 1, "questions in an hour");
    desk.time.advance(200);
    equal(time.asked.length, 2, "questions");
    time.answer(TIME + HOUR);
    equal([time.times, told().length, time.closed], [[TIME, TIME + HOUR], 1, 0], "set, told, closed");
  },

  "an answer that comes while the question is put: taken"() {
    const time = new FakeTime();
    time.atOnce = TIME;
    const desk = new Desk({ ...QUIET, sntp: SERVER }, { platform: { time } });
    desk.flatsat.start();
    desk.advance(200);
    equal([time.times, time.asked.length, desk.told("time").length], [[TIME], 1, 1], "set, asked, told");
  },

  "no answer, no time, one that makes no sense, no socket, no clock: told once, asked again a minute later"() {
    const faults: Record<string, (time: FakeTime) => void> = {
      none: (time) => time.answer(undefined),
      "not a number": (time) => time.answer(Number.NaN),
      "of 1970": (time) => time.answer(12_345),
    };
    for (const [what, fail] of Object.entries(faults)) {
      const { desk, time, told } = timed();
      fail(time);
      desk.time.advance(MINUTE - 200);
      equal(time.asked.length, 1, `${what}: questions in a minute`);
      desk.time.advance(300);
      equal(time.asked.length, 2, `${what}: questions`);
      fail(time);
      equal([time.times, told()], [[], [{ event: "noTime", server: SERVER }]], `${what}: set, told`);
      desk.time.advance(MINUTE + 100);
      time.answer(TIME);
      equal([time.times, told().length], [[TIME], 2], `${what}: set, told in the end`);
    }
    const { desk, time, told } = timed();
    time.setThrows = true;
    time.answer(TIME);
    time.askThrows = true;
    desk.time.advance(MINUTE + 100);
    equal([time.asked.length, told()], [2, [{ event: "noTime", server: SERVER }]], "throws: asked, told");
  },

  "a question that is never answered: closed after a minute; an answer that comes later is none"() {
    const { desk, time, told } = timed();
    const late = time.answer;
    desk.time.advance(MINUTE);
    equal([time.closed, told().length], [1, 1], "closed, told");
    late(TIME);
    equal(time.times, [], "set");
    desk.time.advance(MINUTE);
    equal(time.asked.length, 2, "questions");
    late(TIME);
    equal(time.times, [], "set by the late answer");
    time.answer(TIME);
    equal(time.times, [TIME], "set");
  },

  "the network goes in the middle of a question: closed; when it is back, asked at once"() {
    const { desk, time } = timed();
    const late = time.answer;
    desk.flatsat.suspend();
    equal(time.closed, 1, "closed");
    late(TIME);
    desk.time.advance(HOUR);
    equal([time.asked.length, time.times], [1, []], "asked, set without a network");
    desk.flatsat.start();
    desk.time.advance(100);
    equal(time.asked.length, 2, "asked");
    time.answer(TIME);
    equal(time.times, [TIME], "set");
  },

  "telemetry is stamped with the time as soon as it is set"() {
    const time = new FakeTime();
    let offset = Number.NaN;
    time.set = (unixMs) => {
      offset = unixMs;
    };
    const desk = new Desk({ ...QUIET, sntp: SERVER }, { platform: { time }, now: () => offset });
    desk.flatsat.start();
    const client = desk.connect();
    const status = (): number => ((client.packets().at(-1) as Uint8Array)[6] as number) & 15;
    client.send(PING);
    desk.advance(100);
    equal(status(), 0, "time reference status before");
    time.answer(TIME);
    client.send(PING);
    desk.network.settle();
    equal(status(), 1, "time reference status");
  },

  "one part of the board fails again and again: told of, and the others go on"() {
    let restarts = 0;
    const desk = new Desk({}, { platform: { restart: () => restarts++, rssi: () => fault() } });
    const fault = (): number => {
      throw new Error("no radio");
    };
    desk.flatsat.start();
    const client = desk.connect();
    client.send(RESTART);
    desk.network.settle();
    desk.advance(2500);
    holds(desk.told("error").length > 0, "errors told");
    holds(restarts > 0, "the restart");
  },
};
