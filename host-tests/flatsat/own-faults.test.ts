/** What goes wrong in a board of one's own: refused at boot where that is possible, otherwise its own matter. */
import test from "ava";
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import type { Dictionary } from "../../modules/dictionary/dictionary.js";
import type { AnyBinding, AnyBoard } from "../../modules/flatsat/board-module.js";
import { nameHandler, nameParameter } from "../../modules/flatsat/culprit.js";
import { PusRequest } from "../../modules/pus/request.js";
import { Desk, lastData, messages, telecommand } from "./desk.js";

const boardOf = (entries: Omit<Dictionary, "name">, binding: (board: AnyBoard) => AnyBinding = () => ({})) => ({
  dictionary: defineDictionary({ name: "own", ...entries } as Dictionary),
  bind: binding,
});

test("a failure code that the reports have no room for is refused, with what to change", (t) => {
  const board = boardOf({ failureCodes: { stuck: { code: 300 } } });
  t.throws(() => new Desk({ failure_code_bytes: "1" }, { board }), {
    message:
      'failure code "stuck": a board\'s own begin at 256, and failure_code_bytes leaves room up to 255: raise it',
  });
  t.notThrows(() => new Desk({ failure_code_bytes: "2" }, { board }));
});

test("a parameter with the name of a port's is refused", (t) => {
  const board = boardOf({ parameters: { port1UnknownPacketId: { id: 256, type: "uint8" } } });
  t.throws(() => new Desk({}, { board }), {
    message: /^parameter "port1UnknownPacketId": every board has a parameter/,
  });
});

test("a parameter that no telemetry packet has room for is refused", (t) => {
  const board = boardOf({ parameters: { image: { id: 256, type: "bytes", length: 980 } } });
  t.throws(() => new Desk({}, { board }), {
    message: /^a report of parameter "image" has \d+ bytes, but max_telemetry allows 1000/,
  });
});

test("more values than a telemetry packet has room for are refused with their length, and nothing is reported", (t) => {
  const board = boardOf({ parameters: { image: { id: 256, type: "bytes", length: 600 } } });
  const desk = new Desk({ beacon_interval_ms: "0" }, { board });
  desk.flatsat.start();
  const client = desk.connect();
  client.send(telecommand(20, 1, [2, 1, 0, 1, 0]));
  desk.network.settle();
  t.deepEqual(messages(client).slice(-2), ["1,1", "1,4"]);
  // N, and twice an ID of two octets and 600 octets.
  t.deepEqual(Array.from(lastData(client, "1,4")).slice(4), [0, 31, 0, 0, 1205 >> 8, 1205 & 0xff]);
  client.send(telecommand(20, 1, [1, 1, 0]));
  desk.network.settle();
  t.deepEqual(messages(client).slice(-4), ["1,1", "1,3", "20,2", "1,7"]);
});

test("a tick that leaves a report open is told once, and neither housekeeping nor telecommands suffer", (t) => {
  const own = { services: { camera: { type: 130, reports: { picture: { subtype: 1 } } } } };
  const board = boardOf(own, (access) => {
    const picture = access.report("camera", "picture");
    return { tick: () => void picture.begin() };
  });
  const desk = new Desk({}, { board });
  desk.flatsat.start();
  const client = desk.connect();
  desk.advance(3000);
  t.is(messages(client).filter((kind) => kind === "3,25").length, 3);
  t.is(desk.told("error").length, 1);
  client.send(telecommand(17, 1));
  desk.network.settle();
  t.deepEqual(messages(client).slice(-4), ["1,1", "1,3", "17,2", "1,7"]);
});

test("a value that is read from elsewhere and can be set needs a setter", (t) => {
  const parameters = { gain: { id: 256, type: "uint8", settable: true } } as const;
  const board = boardOf({ parameters }, () => ({ parameters: { gain: () => 5 } }));
  t.throws(() => new Desk({}, { board }), {
    message: "parameters.gain is read from elsewhere and settable; bind setters.gain, too",
  });
});

/** What answers a telecommand to a board of one's own, and the errors that it led to. */
function answers(
  board: ReturnType<typeof boardOf>,
  telecommands: Uint8Array[],
): { kinds: string[]; code: number; errors: string[] } {
  const desk = new Desk({ beacon_interval_ms: "0" }, { board });
  desk.flatsat.start();
  const client = desk.connect();
  client.send(...telecommands);
  desk.advance(1000);
  const kinds = messages(client).filter((kind) => kind.startsWith("1,") || kind.startsWith("5,2"));
  const failure = kinds.includes("1,8") ? lastData(client, "1,8") : new Uint8Array(6);
  const errors = desk.told("error").map((event) => (event.event === "error" ? event.message : ""));
  return { kinds, code: failure[4]! * 256 + failure[5]!, errors };
}

test("a function that returns neither nothing, nor 0, nor a failure code fails with code 34, and is told", (t) => {
  for (const returned of [-1, 70_000, 1.5, "7"]) {
    const board = boardOf({ functions: { go: { id: 16 } } }, () => ({ functions: { go: () => returned as number } }));
    const { kinds, code, errors } = answers(board, [telecommand(8, 1, [16])]);
    t.deepEqual(kinds, ["1,1", "1,3", "1,8"], String(returned));
    t.is(code, 34);
    t.regex(errors[0]!, /a function must return nothing, 0, or a failure code up to 65535, not /);
  }
});

test("a setter that says neither yes nor no fails with code 34, is told, and the value is not taken", (t) => {
  const parameters = { gain: { id: 256, type: "uint8", settable: true, initial: 3 } } as const;
  const board = boardOf({ parameters }, () => ({ setters: { gain: () => 0 as unknown as boolean } }));
  const { kinds, code, errors } = answers(board, [telecommand(20, 3, [1, 1, 0, 9])]);
  t.deepEqual(kinds, ["1,1", "1,3", "1,8"]);
  t.is(code, 34);
  t.regex(errors[0]!, /a setter must return true, false, or nothing, not 0/);
});

test("an asynchronous tick is told once; an asynchronous bind is refused", (t) => {
  const tick = boardOf({}, () => ({ tick: async () => {} }));
  t.deepEqual(answers(tick, []).errors.length, 1);
  t.throws(() => new Desk({}, { board: boardOf({}, (async () => ({})) as never) }), { message: /it cannot be async/ });
});

test("an event that there is not is an error of whoever raises it", (t) => {
  const board = boardOf({ functions: { go: { id: 16 } } }, ({ raise }) => ({
    functions: { go: () => void raise(9999) as undefined },
  }));
  const { kinds, errors } = answers(board, [telecommand(8, 1, [16])]);
  t.deepEqual(kinds, ["1,1", "1,3", "1,8"]);
  t.regex(errors[0]!, /there is no event 9999; board\.event\(name\) gives its number/);
});

test("what has no name is told by its number", (t) => {
  const own = { name: "own", parameters: { celsius: { id: 256, type: "uint8" } } } as const;
  t.is(nameParameter(256, own), 'parameter "celsius"');
  t.is(nameParameter(1, own), 'parameter "uptime"');
  t.is(nameParameter(1, undefined), 'parameter "uptime"');
  t.is(nameParameter(60_001, own), "parameter 60001");
  const request = new PusRequest();
  t.is(nameHandler(request, 200 * 256 + 7, own), "request 200,7");
  t.is(nameHandler(request, 200 * 256 + 7, undefined), "request 200,7");
});

test("a value that may not be 0 begins with the nearest that it may be", (t) => {
  const parameters = {
    up: { id: 256, type: "uint16", minimum: 5 },
    down: { id: 257, type: "int8", maximum: -2 },
  } as const;
  const desk = new Desk({}, { board: boardOf({ parameters }) });
  t.deepEqual([desk.value("up"), desk.value("down")], [5, -2]);
});
