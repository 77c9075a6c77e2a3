/** What the application makes of monitoring, of the time, and of several who send. Case by case, for Node and for XS. */
import { start as simulate } from "../../host/engine/flatsat.js";
import { createIo } from "../../host/engine/io.js";
import { LoopbackNetwork } from "../../host/engine/loopback.js";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import type { Binding, Board } from "../../modules/flatsat/board-module.js";
import { LINK_EVENTS } from "../../modules/flatsat/link-dictionary.js";
import type { TimeSource } from "../../modules/flatsat/platform.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { buildTelecommand } from "../../modules/pus/build-parse.js";
import { ABOVE_HIGH_LIMIT, WITHIN_LIMITS } from "../../modules/pus/messages/checking-status.js";
import { equal } from "../link/expect.js";
import { type Cases, Client, ManualTime } from "../link/rig.js";
import { APID, Desk, lastData, messages, telecommand } from "./desk.js";

const QUIET = { beacon_interval_ms: "0" };
/** 2026-08-21T12:00:00Z. */
const TIME = 1_787_313_600_000;
const MINUTE = 60_000;

const dictionary = defineDictionary({
  name: "monitored",
  parameters: {
    celsius: {
      id: 256,
      type: "int16",
      calibration: { polynomial: [0, 0.1] },
      limits: { warning: { high: 40 } },
      monitoring: { intervalMs: 300, repetitions: 3, events: { high: "hot" } },
    },
    mode: { id: 257, type: "uint8", settable: true, monitoring: { expected: { value: 0 } } },
  },
  events: { hot: { id: 256, severity: "medium", values: { celsius: { type: "int16" } } } },
});

function monitored(): { desk: Desk; client: Client; sensor: { celsius: number; fails: boolean } } {
  const sensor = { celsius: 200, fails: false };
  const bind = (board: Board<typeof dictionary>): Binding<typeof dictionary> => ({
    parameters: { celsius: () => sensor.celsius },
    tick() {
      board.uptimeMs();
      if (sensor.fails) {
        throw new Error("no bus");
      }
    },
  });
  const desk = new Desk(QUIET, { board: { dictionary, bind } });
  desk.flatsat.start();
  return { desk, client: desk.connect(), sensor };
}

/** A clock that is set, as a platform has one. */
class SettableClock implements TimeSource {
  offset = Number.NaN;
  readonly #uptime: () => number;

  constructor(uptime: () => number) {
    this.#uptime = uptime;
  }

  ask(): { close(): void } {
    return { close() {} };
  }

  set(unixMs: number): void {
    this.offset = unixMs - this.#uptime();
  }

  now(): number {
    return this.offset + this.#uptime();
  }
}

function timed(): { desk: Desk; client: Client; time: SettableClock } {
  let desk: Desk | undefined;
  const time = new SettableClock(() => desk?.time.now ?? 0);
  desk = new Desk(QUIET, { platform: { time }, now: () => time.now() });
  desk.flatsat.start();
  return { desk, client: desk.connect(), time };
}

function setTime(unixMs: number): Uint8Array {
  const stamp = new Uint8Array(7);
  new CdsShort().write(stamp, 0, unixMs);
  return telecommand(9, 128, Array.from(stamp));
}

/** What came of an event: severity subtypes are 1 to 4. */
function jumps(client: Client): number {
  const { id } = LINK_EVENTS.timeJump;
  return client.packets().filter((packet) => packet[7] === 5 && packet[20] === id >> 8 && packet[21] === id).length;
}

function ping(packetSequenceCount: number, sourceId = 0): Uint8Array {
  return buildTelecommand({ apid: APID, serviceType: 17, messageSubtype: 1, packetSequenceCount, sourceId });
}

export const monitoringCases: Cases = {
  "a value that stays above its limit: one transition and one event, in time; the status is reported to who asks"() {
    const { desk, client, sensor } = monitored();
    desk.advance(1000);
    const { monitoring } = desk.flatsat.process;
    equal(monitoring?.checkingStatus(256), WITHIN_LIMITS, "status");
    equal(messages(client).includes("12,12"), false, "a transition");
    sensor.celsius = 401;
    desk.advance(500);
    equal(monitoring?.checkingStatus(256), WITHIN_LIMITS, "status after two of three");
    desk.advance(5000);
    equal(monitoring?.checkingStatus(256), ABOVE_HIGH_LIMIT, "status");
    equal(
      messages(client).filter((message) => message === "12,12" || message.startsWith("5,3")),
      ["12,12", "5,3"],
      "what was told",
    );
    equal(Array.from(lastData(client, "12,12")).slice(0, 12), [1, 1, 0, 1, 0, 1, 1, 0x91, 1, 0x90, 0, 4], "12,12");
    equal(Array.from(lastData(client, "5,3")), [1, 0, 1, 0x91], "5,3");
    client.send(telecommand(12, 13));
    desk.network.settle();
    equal(Array.from(lastData(client, "12,14")), [2, 1, 0, 1, 1, 1, 1], "12,14");
  },

  "a value that the ground sets is monitored as any other"() {
    const { desk, client } = monitored();
    desk.advance(1000);
    client.send(telecommand(20, 3, [1, 1, 1, 5]));
    desk.advance(1000);
    equal(Array.from(lastData(client, "12,12")).slice(0, 11), [1, 1, 1, 1, 1, 0, 0xff, 5, 0, 0, 3], "12,12");
  },

  "the board's own part fails again and again: told of, and its values are monitored all the same"() {
    const { desk, sensor } = monitored();
    sensor.fails = true;
    sensor.celsius = 500;
    desk.advance(2000);
    equal(desk.flatsat.process.monitoring?.checkingStatus(256), ABOVE_HIGH_LIMIT, "status");
    equal(desk.told("error").length > 0, true, "told");
  },

  "a board that monitors nothing has no such service"() {
    const desk = new Desk(QUIET);
    desk.flatsat.start();
    const client = desk.connect();
    client.send(telecommand(12, 13));
    desk.advance(2000);
    equal(Array.from(lastData(client, "1,2")).slice(4), [0, 3, 0, 0, 0, 12], "1,2");
    equal(desk.flatsat.process.monitoring, undefined, "the service");
  },

  "the time is set by telecommand: stamps and the reference status follow at once, and the jump is an event"() {
    const { desk, client } = timed();
    client.send(setTime(TIME));
    desk.network.settle();
    const told = client.packets();
    const code = new CdsShort();
    equal(messages(client).slice(-4), ["1,1", "1,3", "5,2", "1,7"], "answers");
    equal(
      told.slice(-4).map((packet) => packet[6]! & 15),
      [0, 0, 1, 1],
      "time reference status",
    );
    equal(code.read(told.at(-1)!, 13), TIME, "stamp");
    desk.advance(3000);
    equal(jumps(client), 1, "jumps");
    // From 1958, where the stamps of a board without the time begin.
    const since = TIME - code.epoch;
    const data = lastData(client, "5,2");
    const difference = new DataView(data.buffer, data.byteOffset).getUint32(2) * 2 ** 32;
    equal(difference + new DataView(data.buffer, data.byteOffset).getUint32(6), since, "difference");
    equal(data[10], 1, "status");
  },

  "the clock is set by whoever: a jump is an event, a small correction is none"() {
    const { desk, client, time } = timed();
    time.set(TIME);
    desk.advance(200);
    equal(jumps(client), 1, "the first time");
    time.offset += 900;
    desk.advance(200);
    equal(jumps(client), 1, "a correction");
    time.offset -= 2000;
    desk.advance(MINUTE);
    equal(jumps(client), 2, "back by 2 s");
    const data = lastData(client, "5,2");
    equal(new DataView(data.buffer, data.byteOffset).getInt32(6), -2000, "difference");
  },

  "a platform whose clock cannot be set: code 35"() {
    const desk = new Desk(QUIET);
    desk.flatsat.start();
    const client = desk.connect();
    client.send(setTime(TIME));
    desk.network.settle();
    equal(Array.from(lastData(client, "1,8")).slice(4), [0, 35, 0, 0, 0, 0], "1,8");
  },

  "a platform that fails to set its clock: told of, code 34"() {
    const { desk, client, time } = timed();
    time.set = () => {
      throw new Error("no clock");
    };
    client.send(setTime(TIME));
    desk.network.settle();
    equal(Array.from(lastData(client, "1,8")).slice(4), [0, 34, 0, 0, 9, 128], "1,8");
    equal(desk.told("error").length, 1, "told");
  },

  "a time before 2023 is refused"() {
    const { desk, client, time } = timed();
    client.send(setTime(1_600_000_000_000));
    desk.network.settle();
    equal(Array.from(lastData(client, "1,4")).slice(4), [0, 29, 0, 0, 0, 0x40], "1,4");
    equal(Number.isNaN(time.offset), true, "not set");
  },

  "time reports come every 2^n seconds after 9,1, to every client"() {
    const { desk, client, time } = timed();
    const other = desk.connect(1);
    time.set(TIME);
    desk.advance(5000);
    equal(messages(client).includes("9,3"), false, "before");
    client.send(telecommand(9, 1, [1]));
    desk.advance(6000);
    for (const each of [client, other]) {
      equal(messages(each).filter((message) => message === "9,3").length, 3, "time reports");
    }
    client.send(telecommand(9, 1, [255]));
    desk.network.settle();
    desk.advance(6000);
    equal(messages(client).filter((message) => message === "9,3").length, 3, "time reports after the end");
  },

  "the simulator: its clock is set, and stamps follow; the machine's stays as it is"() {
    const network = new LoopbackNetwork();
    const time = new ManualTime();
    const running = simulate(
      { listen: "cobs:1", beacon_interval_ms: "0" },
      {
        io: createIo(network),
        ticker: time.ticker,
        clock: time.clock,
        report() {},
        restarted: false,
        restart() {},
      },
    );
    const client = new Client(network.connect(1), cobs());
    network.settle();
    const before = Date.now();
    client.send(setTime(TIME + 1e10), telecommand(17, 1));
    network.settle();
    const code = new CdsShort();
    const stamps = client.packets().map((packet) => code.read(packet, 13));
    running.stop();
    const passed = Date.now() - before;
    equal(stamps.length >= 8, true, "reports");
    for (const stamp of stamps.slice(-4)) {
      equal(stamp >= TIME + 1e10 && stamp <= TIME + 1e10 + passed, true, `a stamp ${stamp - TIME - 1e10} ms on`);
    }
    equal(passed >= 0 && passed < MINUTE, true, "the machine's clock");
  },

  "two ground tools that count by themselves take turns: nothing is missing"() {
    const desk = new Desk(QUIET);
    desk.flatsat.start();
    const one = desk.connect();
    const other = desk.connect();
    const third = desk.connect(1);
    for (let k = 0; k < 20; k++) {
      one.send(ping(k));
      desk.network.settle();
      other.send(ping(9000 + k), ping(40 + k, 7));
      third.send(ping((16_380 + k) % 16_384, 7));
      desk.network.settle();
    }
    equal(desk.value("packetsMissing"), 0, "packets missing");
    equal(desk.flatsat.process.dispatcher.accepted, 80, "telecommands");
  },

  "the first client of each port has the same number, and is another source all the same"() {
    const desk = new Desk(QUIET);
    desk.flatsat.start();
    const one = desk.connect(0);
    const other = desk.connect(1);
    for (let k = 0; k < 20; k++) {
      one.send(ping(k));
      other.send(ping(9000 + k));
      desk.network.settle();
    }
    equal(desk.value("packetsMissing"), 0, "packets missing");
    equal(desk.flatsat.process.dispatcher.accepted, 40, "telecommands");
    other.send(ping(9022));
    desk.network.settle();
    equal(desk.value("packetsMissing"), 2, "packets missing after a gap");
  },

  "a gap of one of two who take turns is counted, once"() {
    const desk = new Desk(QUIET);
    desk.flatsat.start();
    const one = desk.connect();
    const other = desk.connect();
    for (const [client, count] of [
      [one, 5],
      [other, 700],
      [one, 6],
      [other, 703],
      [one, 7],
      [other, 704],
    ] as const) {
      client.send(ping(count));
      desk.network.settle();
    }
    equal(desk.value("packetsMissing"), 2, "packets missing");
    one.send(ping(8, 1), ping(8));
    desk.network.settle();
    equal(desk.value("packetsMissing"), 2, "another source on the same connection");
  },
};
