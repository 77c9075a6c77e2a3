import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import avaTest from "ava";
import { runOnNode } from "../../host/run-node.js";
import { runOnXs } from "../../host/run-xs.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { xs } from "../host/xs-support.js";
import { numberOf, numbers, packet } from "./packets.js";
import { Board, type Run } from "./tcp-board.js";
import { scenarios } from "./tcp-scenarios.js";

const engines: [string, Run, boolean][] = [
  ["Node", runOnNode, true],
  ["XS", runOnXs, xs.available],
];

/** Bytes in use, objects and buffers. */
function memoryInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const { heapUsed: objects, external } = process.memoryUsage();
  return objects + external;
}

for (const [engine, run, available] of engines) {
  const test = available ? avaTest.serial : avaTest.serial.skip;

  for (const [title, scenario] of Object.entries(scenarios)) {
    test(`${engine}: ${title}`, async (t) => {
      const board = await Board.start(run, scenario.settings);
      try {
        await scenario.run(t, board);
        t.deepEqual(board.failures, []);
        t.deepEqual(board.of("error"), []);
      } finally {
        await board.stop();
      }
    });
  }

  test(`${engine}: a thousand clients come and go: all are served, and memory is steady`, async (t) => {
    const board = await Board.start(run, { framing: "cobs" });
    try {
      const inUse: number[] = [];
      for (const number of numbers(0, 1000)) {
        const client = await board.connect();
        client.send(encodeFrame(cobs(), packet(number, 20, "tc")));
        if (number % 2 === 0) {
          client.end();
          await board.until("the server's end", () => client.ended);
        } else {
          await board.until("its telecommand", () => board.of("telecommand").length > number);
          client.reset();
        }
        client.socket.destroy();
        board.peers.pop();
        if (number === 499 || number === 999) {
          await board.until("all reports", () => board.reports.length === number + 1);
          inUse.push(memoryInUse());
        }
      }
      t.deepEqual(board.telecommands.map(numberOf), numbers(0, 1000));
      const { connections, clients, refusedClients, errors } = await board.totals();
      t.deepEqual([connections, clients, refusedClients, errors], [1000, 0, 0, 0]);
      t.true(inUse[1]! - inUse[0]! < 2_000_000, `from ${inUse[0]} to ${inUse[1]} bytes`);
      t.deepEqual(board.failures, []);
    } finally {
      await board.stop();
    }
  });
}
