/** ST[03]: structures that the ground creates, deletes and asks for. For Node and for XS. */
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import { equal } from "../link/expect.js";
import type { Cases } from "../link/rig.js";
import { OwnBoard, type OwnBoardOptions } from "./own-board.js";

const DICTIONARY = defineDictionary({
  name: "structures",
  parameters: {
    counter: { id: 1, type: "uint16", initial: 0x1234 },
    axes: { id: 2, type: "int8", count: 3, initial: [1, -1, 2] },
    label: { id: 3, type: "ascii", length: 4, initial: "ab" },
    long: { id: 4, type: "bytes", length: 200 },
    longer: { id: 5, type: "bytes", length: 60 },
    measured: { id: 6, type: "uint8" },
    ...Object.fromEntries(Array.from({ length: 32 }, (_, k) => [`p${k}`, { id: 100 + k, type: "uint8", initial: k }])),
  },
  structures: {
    defined: { id: 1, parameters: ["counter", "axes"], intervalMs: 1000 },
    silent: { id: 2, parameters: ["label"], intervalMs: 60_000, minimumIntervalMs: 5000, enabled: false },
  },
});

function makeBoard(places = 2, options: OwnBoardOptions = {}): OwnBoard {
  return new OwnBoard(DICTIONARY, { places, bind: () => ({ parameters: { measured: () => 0x77 } }), ...options });
}

/** IDs 100 to 131, and what these parameters are. */
const PARAMETERS_32 = Array.from({ length: 32 }, (_, k) => `00${(100 + k).toString(16)}`).join("");
const VALUES_32 = Array.from({ length: 32 }, (_, k) => k.toString(16).padStart(2, "0")).join("");

const DONE = ["1,1", "1,3", "1,7"];
/** Structure 9, 500 ms, parameters 3, 1 and 6. */
const CREATE_9 = "09 000001f4 03 0003 0001 0006 00";

export const structureCases: Cases = {
  "3,1 creates a structure: sent on request and, once it is enabled, periodically": () => {
    const board = makeBoard();
    board.send(3, 1, CREATE_9);
    equal(board.said(), DONE, "created");
    equal(board.housekeeping.isEnabled(9), false, "not before it is enabled");
    equal(board.housekeeping.intervalMs(9), 500, "interval");
    board.send(3, 27, "01 09");
    equal(board.said(), ["1,1", "1,3", "3,25 09" + "61620000" + "1234" + "77", "1,7"], "on request");
    board.send(3, 6, "02 01 09");
    board.send(3, 5, "01 09");
    board.said();
    equal(board.housekeeping.tick(), 500, "due");
    board.clock.bootMs = 500;
    equal(board.housekeeping.tick(), 500, "and again");
    equal(board.said(), ["3,25 09" + "61620000" + "1234" + "77"], "periodically");
  },
  "3,1 refused: nothing is created, and a place is left": () => {
    const board = makeBoard();
    const refusals: [data: string, said: string[], what: string][] = [
      ["01 000001f4 01 0001 00", ["1,1", "1,4 001700000001"], "there is one with this ID"],
      ["09 00000063 01 0001 00", ["1,1", "1,4 001600000009"], "an interval below 100 ms"],
      ["09 000001f4 02 0001 0063 00", ["1,1", "1,4 001100000063"], "an unknown parameter"],
      ["09 000001f4 03 0003 0001 0003 00", ["1,1", "1,4 001e00000003"], "a parameter twice"],
      ["09 000001f4 01 0001 01", ["1,1", "1,4 000600000001"], "groups with samples of their own"],
      ["09 000001f4 02 0004 0005 00", ["1,1", "1,4 001900000104"], "260 octets"],
      ["09 000001f4 00 00", ["1,2 000600000000"], "no parameter"],
      [`09 000001f4 21 ${"0001".repeat(33)} 00`, ["1,2 000600000021"], "33 parameters"],
      ["09 000001f4 02 0001 00", ["1,2 000500000009"], "fewer than announced"],
      ["09 000001f4 01 0001 0001 00", ["1,2 00050000000b"], "more than announced"],
      ["09 000001f4 01 0001", ["1,2 000500000008"], "without its groups"],
      ["09", ["1,2 000500000001"], "an ID"],
      ["", ["1,2 000500000000"], "nothing"],
    ];
    for (const [data, said, what] of refusals) {
      board.send(3, 1, data);
      equal(board.said(), said, what);
      board.send(3, 27, "01 09");
      equal(board.said(), ["1,1", "1,4 001000000009"], `${what}: there is none`);
    }
    board.send(3, 1, CREATE_9);
    equal(board.said(), DONE, "a good one");
  },
  "3,1 takes what is just within: 32 parameters, 100 ms, as many octets as there is room for": () => {
    const board = makeBoard(2, { createdLength: 260 });
    board.send(3, 1, `07 00000064 20 ${PARAMETERS_32} 00`);
    equal(board.said(), DONE, "32 parameters");
    board.send(3, 1, "08 ffffffff 02 0004 0005 00");
    equal(board.said(), DONE, "260 octets");
    board.send(3, 27, "02 07 08");
    const said = board.said();
    equal(said.slice(2, 4), [`3,25 07${VALUES_32}`, `3,25 08${"00".repeat(260)}`], "reports");
    equal(said.length, 5, "and no more");
  },
  "3,1 when all places are taken: refused; a deleted one gives its place back": () => {
    const board = makeBoard();
    for (const id of ["09", "0a"]) {
      board.send(3, 1, `${id} 000001f4 01 0001 00`);
      equal(board.said(), DONE, id);
    }
    board.send(3, 1, "0b 000001f4 01 0001 00");
    equal(board.said(), ["1,1", "1,4 00180000000b"], "no place");
    board.send(3, 3, "01 09");
    equal(board.said(), DONE, "deleted");
    board.send(3, 1, "0b 000001f4 02 0006 0003 00");
    equal(board.said(), DONE, "there is one again");
    board.send(3, 27, "03 0b 0a 0b");
    const created = "3,25 0b7761620000";
    equal(board.said(), ["1,1", "1,3", created, "3,25 0a1234", created, "1,7"], "with parameters of its own");
    const none = makeBoard(0);
    none.send(3, 1, CREATE_9);
    equal(none.said(), ["1,1", "1,4 001800000009"], "a board without places");
  },
  "3,3 deletes what the ground created and what is not enabled, all or nothing": () => {
    const board = makeBoard();
    board.send(3, 1, "09 000001f4 01 0001 00");
    board.send(3, 1, "0a 000001f4 01 0001 00");
    board.send(3, 5, "01 0a");
    board.said();
    const refusals: [data: string, said: string[], what: string][] = [
      ["02 09 01", ["1,1", "1,4 001a00000001"], "one of the dictionary"],
      ["02 09 0a", ["1,1", "1,4 001b0000000a"], "one that is enabled"],
      ["02 09 63", ["1,1", "1,4 001000000063"], "an unknown one"],
      ["00", ["1,2 000600000000"], "none"],
      ["05 09 09 09 09 09", ["1,2 000600000005"], "more than there are"],
      ["02 09", ["1,2 000500000002"], "fewer than announced"],
    ];
    for (const [data, said, what] of refusals) {
      board.send(3, 3, data);
      equal(board.said(), said, what);
      equal(board.housekeeping.intervalMs(9), 500, `${what}: it is there`);
    }
    board.send(3, 6, "01 0a");
    board.said();
    board.send(3, 3, "03 09 0a 09");
    equal(board.said(), DONE, "both, one of them named twice");
    equal(
      [9, 10].map((id) => board.housekeeping.intervalMs(id)),
      [0, 0],
      "gone",
    );
    board.clock.bootMs = 100_000;
    board.housekeeping.tick();
    equal(board.said().length, 1, "only the dictionary's is sent");
  },
  "3,9 is answered by 3,10: ID, whether it is periodic, interval, parameters, no groups": () => {
    const board = makeBoard();
    board.send(3, 1, CREATE_9);
    board.said();
    board.send(3, 9, "03 01 09 02");
    const defined = "3,10 01" + "01" + "000003e8" + "02" + "00010002" + "00";
    const created = "3,10 09" + "00" + "000001f4" + "03" + "000300010006" + "00";
    const silent = "3,10 02" + "00" + "0000ea60" + "01" + "0003" + "00";
    equal(board.said(), ["1,1", "1,3", defined, created, silent, "1,7"], "three structures");
    board.send(3, 9, "02 01 63");
    equal(board.said(), ["1,1", "1,4 001000000063"], "an unknown one");
    board.send(3, 9, "00");
    equal(board.said(), ["1,2 000600000000"], "none");
  },
  "3,10 says what 3,1 takes: a structure is deleted and created again from its own report": () => {
    const board = makeBoard(1);
    board.send(3, 1, CREATE_9);
    board.said();
    board.send(3, 9, "01 09");
    const { data } = board.take()[2]!;
    board.send(3, 3, "01 09");
    // Without the status behind the ID.
    board.send(3, 1, Uint8Array.of(data[0]!, ...data.slice(2)));
    board.said();
    board.send(3, 27, "01 09");
    equal(board.said()[2], "3,25 09" + "61620000" + "1234" + "77", "the same");
  },
  "3,9 and 3,27 ask for room for the longest of as many as they may name": () => {
    for (const [places, parameters, octets] of [
      [0, 2, 5],
      [3, 32, 256],
    ] as const) {
      const board = makeBoard(places);
      const { log } = board;
      const { overhead } = board.reports;
      board.send(3, 5, "01 01");
      const plain = log.askedBytes;
      board.send(3, 9, "01 01");
      const count = 2 + places;
      const length = 1 + 1 + 4 + 1 + 2 * parameters + 1;
      equal([log.askedBytes - plain, log.askedReports], [count * (overhead + length), 3 + count], "3,9");
      board.send(3, 27, "01 01");
      equal([log.askedBytes - plain, log.askedReports], [count * (overhead + 1 + octets), 3 + count], "3,27");
    }
  },
  "3,31 holds every structure to its own shortest interval": () => {
    const board = makeBoard();
    board.send(3, 1, CREATE_9);
    board.said();
    board.send(3, 31, "03 09 00000064 01 00000064 02 00001388");
    equal(board.said(), DONE, "each at its shortest");
    equal(
      [9, 1, 2].map((id) => board.housekeeping.intervalMs(id)),
      [100, 100, 5000],
      "intervals",
    );
    board.send(3, 31, "01 09 00000063");
    equal(board.said(), ["1,1", "1,4 001600000009"], "less than 100 ms");
    board.send(3, 31, "02 09 000003e8 02 00001387");
    equal(board.said(), ["1,1", "1,4 001600000002"], "one too short");
    equal(board.housekeeping.intervalMs(9), 100, "nothing changed");
  },
};
