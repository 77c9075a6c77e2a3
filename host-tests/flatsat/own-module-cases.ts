/** A board of one's own in the whole application: what goes wrong in it leaves the link alone. For Node and for XS. */
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import { wireHash } from "../../modules/dictionary/dictionary-hash.js";
import type { AnyBoard, AnyBoardModule } from "../../modules/flatsat/board-module.js";
import { equal, holds } from "../link/expect.js";
import type { Cases } from "../link/rig.js";
import { Desk, lastData, messages, telecommand } from "./desk.js";

const DICTIONARY = defineDictionary({
  name: "own",
  parameters: {
    counter: { id: 256, type: "uint16" },
    long: { id: 257, type: "bytes", length: 100 },
    longer: { id: 258, type: "bytes", length: 100 },
    longest: { id: 259, type: "bytes", length: 100 },
  },
  structures: { own: { id: 16, parameters: ["counter"], intervalMs: 1000 } },
  events: { big: { id: 256, severity: "high", values: { a: { type: "float64" }, b: { type: "float64" } } } },
  functions: { shout: { id: 16 } },
});
const QUIET = { beacon_interval_ms: "0" };
const NO_SENSOR = "tick: Error: no sensor";
const FAILING = defineDictionary({
  name: "failing",
  functions: { heat: { id: 16, arguments: { celsius: { type: "uint24" } } }, cool: { id: 17 }, well: { id: 18 } },
  services: { oven: { type: 200, requests: { open: { subtype: 1 } } } },
  failureCodes: { tooHot: { code: 256, data: "degC" }, tooCold: { code: 257 } },
});
/** A board of which every part fails, in the way that `how` says. */
const FAULTY = defineDictionary({
  name: "faulty",
  parameters: {
    celsius: { id: 256, type: "int16" },
    setPoint: { id: 257, type: "uint8", settable: true },
    other: { id: 258, type: "uint8", settable: true },
  },
  structures: { thermal: { id: 16, parameters: ["celsius"], intervalMs: 1000 } },
  functions: { setHeater: { id: 16, arguments: { on: { type: "boolean" } } }, stop: { id: 17 } },
  services: {
    radio: { type: 201, requests: { beep: { subtype: 3 } } },
    camera: {
      type: 200,
      requests: { erase: { subtype: 1 }, takePicture: { subtype: 3 } },
      reports: { picture: { subtype: 4 } },
    },
  },
});
/** One telecommand for each handler: two functions, two setters, a request. */
const TELECOMMANDS = [
  telecommand(8, 1, [16, 1]),
  telecommand(8, 1, [17]),
  telecommand(20, 3, [1, 1, 1, 9]),
  telecommand(20, 3, [1, 1, 2, 9]),
  telecommand(200, 3),
];

/** What the board tells when it ticks and gets these telecommands. @param fail of each part, when its turn comes */
function faultsOf(fail: (board: AnyBoard) => unknown): { told: string[]; codes: number[] } {
  const bind = (board: AnyBoard) => {
    const failing = () => fail(board) as undefined;
    const functions = { setHeater: failing, stop: failing };
    const setters = { setPoint: failing, other: failing };
    const parameters = { celsius: failing as never };
    return {
      parameters,
      functions,
      setters,
      services: { radio: { beep: failing }, camera: { erase: failing, takePicture: failing } },
      tick: failing,
    };
  };
  const desk = new Desk(QUIET, { board: { dictionary: FAULTY, bind } });
  desk.flatsat.start();
  const client = desk.connect();
  client.send(...TELECOMMANDS);
  desk.network.settle();
  const codes = client.packets().flatMap((packet) => (packet[7] === 1 && packet[8] === 8 ? [packet[25]!] : []));
  desk.advance(3000);
  return { told: desk.told("error").map((event) => (event as { message: string }).message), codes };
}

const CULPRITS = [
  'function "setHeater"',
  'function "stop"',
  'setter of "setPoint"',
  'setter of "other"',
  'request "takePicture" of service "camera"',
  "tick",
  'parameter "celsius"',
];

/** A module, and how it behaves now. */
function own(): { module: AnyBoardModule; state: { fails: boolean; ticks: number } } {
  const state = { fails: false, ticks: 0 };
  const bind = (board: AnyBoard) => {
    const counter = board.parameter("counter");
    const big = board.event("big");
    return {
      functions: {
        shout: () => {
          board.raise(big, 1.5, -2);
          return 0;
        },
      },
      tick() {
        state.ticks++;
        if (state.fails) {
          throw new Error("no sensor");
        }
        board.pool.set(counter, state.ticks);
      },
    };
  };
  return { module: { dictionary: DICTIONARY, bind }, state };
}

export const ownModuleCases: Cases = {
  "own module: it samples ten times a second, and its structure reports what it wrote": () => {
    const { module, state } = own();
    const desk = new Desk(QUIET, { board: module });
    desk.flatsat.start();
    const client = desk.connect();
    desk.advance(3000);
    equal(state.ticks, 30, "ticks");
    equal(messages(client).filter((kind) => kind === "3,25").length, 3, "reports");
    equal(Array.from(lastData(client, "3,25")), [16, 0, 30], "the last one");
    equal(desk.value("counter"), 30, "as a parameter");
  },
  "own module: a tick that throws is counted each time and told once, until it works again; reports go on": () => {
    const { module, state } = own();
    const desk = new Desk(QUIET, { board: module });
    desk.flatsat.start();
    const client = desk.connect();
    const told = () => desk.told("error").map((event) => (event as { message: string }).message);
    state.fails = true;
    desk.advance(2000);
    equal(told(), [NO_SENSOR], "told");
    equal(desk.value("errors"), 20, "counted");
    equal(messages(client).filter((kind) => kind === "3,25").length, 2, "reports");
    state.fails = false;
    desk.advance(1000);
    state.fails = true;
    desk.advance(1000);
    equal(told(), [NO_SENSOR, NO_SENSOR], "told again");
    equal(desk.value("errors"), 30, "counted further");
    client.send(telecommand(8, 1, [1]));
    desk.network.settle();
    equal(desk.value("errors"), 0, "and reset");
  },
  "own module: what throws is told by its name, a getter and tick once": () => {
    const { told, codes } = faultsOf(() => {
      throw new Error("no current");
    });
    equal(
      told,
      CULPRITS.map((culprit) => `${culprit}: Error: no current`),
      "told",
    );
    equal(codes, [34, 34, 34, 34, 34], "codes");
  },
  "own module: what returns what it may not is told by its name": () => {
    const { told } = faultsOf(() => "rubbish");
    const said = [
      'TypeError: a function must return nothing, 0, or a failure code up to 65535, not "rubbish"',
      'TypeError: a function must return nothing, 0, or a failure code up to 65535, not "rubbish"',
      'TypeError: a setter must return true, false, or nothing, not "rubbish"',
      'TypeError: a setter must return true, false, or nothing, not "rubbish"',
      "TypeError: a handler must return a failure code or SUCCESS, not rubbish",
      "TypeError: it must return nothing: it is over when it returns, and nobody waits for a promise",
      'its getter must return a number, not "rubbish"',
    ];
    equal(
      told,
      CULPRITS.map((culprit, k) => `${culprit}: ${said[k]}`),
      "told",
    );
  },
  "own module: what leaves a report open is told by its name": () => {
    const { told, codes } = faultsOf((board) => void board.report("camera", "picture").begin());
    const handler = "Error: a handler began a report and did not end it, or put more into one than was announced";
    equal(
      told.slice(0, 5),
      CULPRITS.slice(0, 5).map((culprit) => `${culprit}: ${handler}`),
      "handlers",
    );
    equal(told[5], "tick: Error: it began a report and did not end it", "tick");
    equal(codes, [34, 34, 34, 34, 34], "codes");
  },
  "own module: what is thrown and is no text is told all the same": () => {
    const { told } = faultsOf(() => {
      throw Object.create(null);
    });
    equal(
      told,
      CULPRITS.map((culprit) => `${culprit}: what was thrown has no text`),
      "told",
    );
  },
  "own module: a failure report has the data that a handler gave it, and no other one's": () => {
    const bind = (board: AnyBoard) => {
      const tooHot = board.failureCode("tooHot");
      return {
        functions: {
          heat: (celsius: number) => board.fail(tooHot, celsius),
          cool: () => FAILING.failureCodes.tooCold.code,
          well: () => {
            board.fail(tooHot, 5);
            return 0;
          },
        },
        services: { oven: { open: () => board.fail(board.failureCode("tooCold"), 0xfffffffe) } },
      };
    };
    const desk = new Desk(QUIET, { board: { dictionary: FAILING, bind } });
    desk.flatsat.start();
    const client = desk.connect();
    const failure = (...request: Parameters<typeof telecommand>) => {
      client.send(telecommand(...request));
      desk.network.settle();
      return Array.from(lastData(client, "1,8").subarray(4));
    };
    equal(failure(8, 1, [16, 0, 300 >> 8, 300 & 0xff]), [1, 0, 0, 0, 1, 44], "300");
    equal(failure(8, 1, [17]), [1, 1, 0, 0, 0, 0], "none");
    equal(failure(200, 1), [1, 1, 255, 255, 255, 254], "of a request");
    equal(failure(8, 1, [16, 0xff, 0xff, 0xff]), [1, 0, 0, 0xff, 0xff, 0xff], "24 bits");
    client.send(telecommand(8, 1, [18]));
    desk.network.settle();
    equal(messages(client).slice(-3), ["1,1", "1,3", "1,7"], "who succeeds all the same");
    equal(failure(8, 1, [17]), [1, 1, 0, 0, 0, 0], "none again");
  },
  "own module: what it says is told, ten lines a second, and how many were left out": () => {
    let times = 0;
    const bind = (board: AnyBoard) => {
      board.log("bound");
      return {
        tick() {
          for (; times > 0; times--) {
            board.log(`line ${times}`);
          }
        },
      };
    };
    const desk = new Desk(QUIET, { board: { dictionary: defineDictionary({ name: "talker" }), bind } });
    const told = () => desk.told("message").map((event) => (event as { text: string }).text);
    equal(told(), ["bound"], "before it starts");
    desk.flatsat.start();
    desk.advance(1000);
    times = 10;
    desk.advance(2000);
    const ten = Array.from({ length: 10 }, (_, k) => `line ${10 - k}`);
    equal(told(), ["bound", ...ten], "all of ten");
    times = 100_000;
    desk.advance(2000);
    const most = Array.from({ length: 10 }, (_, k) => `line ${100_000 - k}`);
    const left = "99990 more were left out: 10 a second are told";
    equal(told().slice(11), [...most, left], "ten of many");
    times = 1;
    desk.advance(100);
    equal(told().slice(22), ["line 1"], "and again");
    equal(desk.told("error"), [], "errors");
  },
  "own module: of three lines a tick, ten a second are told": () => {
    let ticks = 0;
    const bind = (board: AnyBoard) => ({
      tick() {
        ticks++;
        for (let k = 0; k < 3; k++) {
          board.log(`${ticks}`);
        }
      },
    });
    const desk = new Desk(QUIET, { board: { dictionary: defineDictionary({ name: "talker" }), bind } });
    desk.flatsat.start();
    const told = () => desk.told("message").map((event) => (event as { text: string }).text);
    desk.advance(900);
    equal(told(), ["1", "1", "1", "2", "2", "2", "3", "3", "3", "4"], "before the second is over");
    desk.advance(200);
    equal(told().slice(10), ["20 more were left out: 10 a second are told", "11", "11", "11"], "when it is over");
    desk.advance(1800);
    const more = ["11", "11", "11", "12", "12", "12", "13", "13", "13", "14"];
    const last = ["21", "21", "21", "22", "22", "22", "23", "23", "23", "24"];
    equal(told().slice(11), [...more, "20 more were left out: 10 a second are told", ...last], "the next two");
  },
  "own module: what it says is one line, and the beginning of it if it is long": () => {
    const bind = (board: AnyBoard) => {
      board.log("two\nlines");
      board.log("x".repeat(100_000));
      board.log(5 as never);
      board.log(undefined as never);
      return {};
    };
    const desk = new Desk(QUIET, { board: { dictionary: defineDictionary({ name: "talker" }), bind } });
    const told = desk.told("message").map((event) => (event as { text: string }).text);
    equal(told, ["two lines", "x".repeat(200), "5", "undefined"], "told");
  },
  "own module: a function's event has room with its reports, however long it is": () => {
    const desk = new Desk({ ...QUIET, log_policy: "refuseNew" }, { board: own().module });
    desk.flatsat.start();
    const client = desk.connect();
    client.send(telecommand(8, 1, [16]));
    desk.network.settle();
    equal(messages(client).slice(-4), ["1,1", "1,3", "5,4", "1,7"], "reports");
    equal(lastData(client, "5,4").length, 18, "octets");
    equal(desk.flatsat.process.reports.lost, 0, "none lost");
  },
  "own module: a structure that the ground creates is no longer than a packet may be": () => {
    const board = own().module;
    const refused = new Desk({ ...QUIET, max_telemetry: "300" }, { board });
    refused.flatsat.start();
    const client = refused.connect();
    const create = telecommand(3, 1, [20, 0, 0, 3, 232, 3, 1, 1, 1, 2, 1, 3, 0]);
    client.send(create);
    refused.network.settle();
    equal(messages(client).slice(-2), ["1,1", "1,4"], "three times 100 octets");
    equal(Array.from(lastData(client, "1,4").subarray(4)), [0, 25, 0, 0, 1, 44], "too long, with its octets");
    client.send(telecommand(3, 1, [20, 0, 0, 3, 232, 2, 1, 1, 1, 2, 0]), telecommand(3, 27, [1, 20]));
    refused.network.settle();
    equal(lastData(client, "3,25").length, 201, "twice 100");
    const largest = new Desk(QUIET, { board });
    largest.flatsat.start();
    const other = largest.connect();
    other.send(create);
    largest.network.settle();
    equal(messages(other).slice(-2), ["1,1", "1,4"], "more than 256 octets, whatever a packet may have");
  },
  "own module: the board reports the hash of its dictionary, which survives JSON": () => {
    const desk = new Desk(QUIET, { board: own().module });
    const { dictionary } = desk;
    equal(desk.value("dictionaryHash"), wireHash(dictionary), "as a parameter");
    equal(wireHash(JSON.parse(JSON.stringify(dictionary))), wireHash(dictionary), "after JSON");
    holds(wireHash(new Desk(QUIET).dictionary) !== wireHash(dictionary), "a board without a module has another one");
    equal(dictionary.name, "own", "name");
    equal(Object.keys(dictionary.structures!), ["board", "own"], "structures");
  },
};
