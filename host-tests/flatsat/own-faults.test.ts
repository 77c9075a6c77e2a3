/** What goes wrong in a board of one's own: refused at boot where that is possible, otherwise its own matter. */
import test from "ava";
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import type { Dictionary } from "../../modules/dictionary/dictionary.js";
import type { AnyBinding, AnyBoard } from "../../modules/flatsat/board-module.js";
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
