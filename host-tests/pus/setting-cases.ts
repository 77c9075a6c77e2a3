/** ST[20] and ST[08] on arrays, text, booleans and numbers of every type. For Node and for XS. */
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import { equal } from "../link/expect.js";
import type { Cases } from "../link/rig.js";
import { OwnBoard } from "./own-board.js";

const DICTIONARY = defineDictionary({
  name: "settings",
  parameters: {
    axes: { id: 1, type: "int16", count: 3, minimum: -100, maximum: 100, settable: true, initial: [1, 2, 3] },
    label: { id: 2, type: "ascii", length: 4, settable: true, initial: "abcd" },
    key: { id: 3, type: "bytes", length: 2, settable: true },
    flag: { id: 4, type: "boolean", settable: true },
    flags: { id: 5, type: "boolean", count: 2, settable: true },
    gain: { id: 6, type: "float32", minimum: -0.3, maximum: 0.1, settable: true },
    big: { id: 7, type: "int64", settable: true },
    fixed: { id: 8, type: "uint8", initial: 5 },
    guarded: { id: 9, type: "uint8", settable: true, initial: 1 },
    level: { id: 10, type: "uint24", settable: true },
  },
  functions: {
    act: {
      id: 1,
      arguments: {
        on: { type: "boolean" },
        by: { type: "int24", minimum: -5 },
        factor: { type: "float64" },
        big: { type: "uint64" },
      },
    },
    nothing: { id: 2 },
    broken: { id: 3 },
  },
});

function makeBoard(): { board: OwnBoard; calls: number[][]; set: number[] } {
  const calls: number[][] = [];
  const set: number[] = [];
  const board = new OwnBoard(DICTIONARY, {
    bind: () => ({
      setters: {
        guarded: (value) => {
          set.push(value);
          return value !== 99;
        },
      },
      functions: {
        act: (...values) => {
          calls.push(values);
          return 0;
        },
        nothing: () => undefined,
        broken: () => {
          throw new Error("it is broken");
        },
      },
    }),
  });
  return { board, calls, set };
}

const DONE = ["1,1", "1,3", "1,7"];

/** The value of a parameter, in hex. */
function value(board: OwnBoard, id: string): string {
  board.send(20, 1, `01 ${id}`);
  return board.said()[2]!.slice("20,2 010000".length);
}

export const settingCases: Cases = {
  "20,3 sets arrays, text, bytes and booleans as they come; 20,1 reports them": () => {
    const { board } = makeBoard();
    board.send(20, 3, "05 0001 ff9c00000064 0002 78790000 0003 ffee 0004 01 0005 0001");
    equal(board.said(), DONE, "set");
    board.send(20, 1, "05 0001 0002 0003 0004 0005");
    const report = "20,2 05" + "0001ff9c00000064" + "000278790000" + "0003ffee" + "000401" + "00050001";
    equal(board.said(), ["1,1", "1,3", report, "1,7"], "reported");
    board.send(20, 3, "03 0006 be99999a 0007 ffe0000000000001 000a 123456");
    equal(board.said(), DONE, "numbers");
    equal(
      ["0006", "0007", "000a"].map((id) => value(board, id)),
      ["be99999a", "ffe0000000000001", "123456"],
      "as they came",
    );
  },
  "20,3 out of range, anywhere in the request: 1,4 with the parameter's ID, and nothing changed": () => {
    const { board, set } = makeBoard();
    const before = "0002 78790000";
    const refusals: [data: string, id: string, what: string][] = [
      ["0001 006400640065", "0001", "the last element above"],
      ["0001 ff9b00000000", "0001", "the first element below"],
      ["0002 78807900", "0002", "no ASCII"],
      ["0004 02", "0004", "a boolean of 2"],
      ["0005 0102", "0005", "the second boolean"],
      ["0006 be9eb852", "0006", "-0.31"],
      ["0006 7fc00000", "0006", "not a number"],
      ["0006 7f800000", "0006", "infinity"],
      ["0007 0020000000000000", "0007", "2 to the power of 53"],
      ["0007 8000000000000000", "0007", "the least of 64 bits"],
    ];
    for (const [item, id, what] of refusals) {
      board.send(20, 3, `03 ${before} 0009 07 ${item}`);
      equal(board.said(), ["1,1", `1,4 00150000${id}`], what);
      equal([value(board, "0002"), value(board, "0009")], ["61626364", "01"], `${what}: nothing changed`);
    }
    equal(set, [], "no setter was asked");
    board.send(20, 3, "02 0009 07 0008 06");
    equal(board.said(), ["1,1", "1,4 001400000008"], "read-only");
    board.send(20, 3, "02 0009 07 0063 00");
    equal(board.said(), ["1,1", "1,4 001100000063"], "unknown");
    equal([value(board, "0008"), set.length], ["05", 0], "nothing changed");
  },
  "20,3 of the wrong length is refused: arrays and text are as long as they are": () => {
    const { board } = makeBoard();
    for (const [data, length] of [
      ["01 0001 00010002", "07"],
      ["01 0002 616263", "06"],
      ["01 0002 6162636465", "08"],
      ["01 0004", "03"],
    ]) {
      board.send(20, 3, data);
      equal(board.said(), [`1,2 0005000000${length}`], data as string);
    }
  },
  "20,3 with a setter: the pool has the value when the setter took it": () => {
    const { board, set } = makeBoard();
    board.send(20, 3, "01 0009 07");
    equal(board.said(), DONE, "taken");
    equal(value(board, "0009"), "07", "the pool");
    board.send(20, 3, "02 000a 000001 0009 63");
    equal(board.said(), ["1,1", "1,3", "1,8 002000000009"], "refused by the setter");
    equal([value(board, "0009"), value(board, "000a")], ["07", "000001"], "what came before stays set");
    equal(set, [7, 99], "asked");
  },
  "8,1: arguments of every type, each within its range; an unknown function, and one that throws": () => {
    const { board, calls } = makeBoard();
    board.send(8, 1, "01 01 fffffb 3ff8000000000000 001fffffffffffff");
    equal(board.said(), DONE, "performed");
    equal(calls, [[1, -5, 1.5, Number.MAX_SAFE_INTEGER]], "with these");
    const refusals: [data: string, index: string][] = [
      ["02 fffffb 3ff8000000000000 0000000000000000", "00"],
      ["01 fffffa 3ff8000000000000 0000000000000000", "01"],
      ["01 fffffb 7ff8000000000000 0000000000000000", "02"],
      ["01 fffffb 3ff8000000000000 0020000000000000", "03"],
    ];
    for (const [data, index] of refusals) {
      board.send(8, 1, `01 ${data}`);
      equal(board.said(), ["1,1", `1,4 0015000000${index}`], data);
    }
    board.send(8, 1, "02");
    equal(board.said(), DONE, "without arguments, and without an answer");
    board.send(8, 1, "63");
    equal(board.said(), ["1,1", "1,4 001300000063"], "unknown");
    board.send(8, 1, "03");
    equal(board.said(), ["1,1", "1,3", "1,8 002200000801"], "it throws");
    equal([calls.length, board.errors.map(String)], [1, ["Error: it is broken"]], "told");
    board.send(8, 1, "02");
    equal(board.said(), DONE, "and the board goes on");
  },
};
