/** A board that another station has, while its dictionary changes. */
import test from "ava";
import { FedBoard } from "../../../../ground/station/fan-out/fed-board.js";
import type { Answer } from "../../../../ground/station/fan-out/remote-commands.js";
import { Station } from "../../../../ground/station/station.js";
import { wholeHash } from "../../../../modules/dictionary/dictionary-hash.js";
import { boardWith, FLATSAT } from "../../dictionary/boards.js";
import { until } from "../rig.js";

test("a command that is under way when the dictionary changes ends; only its last stage has its last state; values go", async (t) => {
  const station = new Station({ file: ":memory:", boards: [], report: () => {} });
  t.teardown(() => station.close());
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const stages = ["accepted", "started", "completed"].map((stage) => ({ stage, time: 1 }));
  const board = new FedBoard({
    name: "b1",
    dictionary: FLATSAT,
    hash: wholeHash(FLATSAT),
    station,
    address: "nats://x",
    ask: async function* ask(): AsyncGenerator<Answer> {
      yield { state: "queued" };
      await finished;
      yield { state: "completed", stages };
    },
  });
  const states: string[] = [];
  station.bus.listen((news) => {
    if (news.kind === "command") {
      states.push(`${news.command.stages.length} ${news.command.state}`);
    }
  });
  const bytes = new Uint8Array(1);
  const packet = { id: 1, board: board.id, session: 0, dictionary: board.hash, received: 1, bytes };
  const value = { name: "uptime", value: 1 };
  const headers = { stamp: null, synchronized: null, service: null, subtype: null, count: null };
  const news = { kind: "values", board: "b1", packet: 1, time: 1, values: [value] } as never;
  board.came({ ...packet, ...headers }, [news], []);
  t.is(board.values.length, 1);
  board.queue.send("areYouAlive", {}, { user: "ada", origin: "here" });
  const other = boardWith({ name: "own", parameters: { mine: { id: 0x7001, type: "uint8" } } });
  board.use(other, wholeHash(other));
  t.deepEqual(board.values, []);
  board.came({ ...packet, ...headers }, [news], []);
  t.deepEqual(board.values, []);
  finish();
  await until("it is over", () => states.some((state) => state.endsWith("completed")));
  t.deepEqual(states, ["0 queued", "1 sent", "2 sent", "3 sent", "4 completed"]);
});
