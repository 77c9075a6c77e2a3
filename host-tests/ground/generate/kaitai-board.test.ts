/** What a running board sends is read by the decoder that Kaitai's compiler makes. A file of its own: compiling blocks a thread for long. */
import test from "ava";
import { boardChoice, boardDictionary } from "../../../ground/commands/board-choice.js";
import { Client } from "../../../ground/index.js";
import { spacePackets } from "../../../modules/framing/formats/space-packets.js";
import { decode } from "../../dictionary/independent-codec.js";
import { simulator } from "../link/board.js";
import { checkExpected, decoderOf, type Parsed } from "./kaitai-decoder.js";
import type { Expected } from "./random-packets.js";

test("what a simulated flatsat sends has the values that the dictionary says", async (t) => {
  const { program, ports } = await simulator("node", ["space-packets:0"], "--board", "examples/flatsat/board.ts");
  t.teardown(() => program.stop());
  // Housekeeping is of its ports, too.
  const board = await boardDictionary(boardChoice({}, ["listen=space-packets:0"]));
  const decoder = await decoderOf(board);
  const client = new Client({ host: "127.0.0.1", framing: spacePackets(), port: ports[0]! });
  t.teardown(() => client.close());
  await client.connect();
  const seen = new Set<number>();
  for await (const packet of client) {
    const body = decoder.read(packet)["body"] as { serviceType: number; messageSubtype: number; data: Parsed };
    if (body.serviceType !== 3 || body.messageSubtype !== 25) {
      continue;
    }
    const id = packet[20]!;
    const [, structure] = Object.entries(board.structures!).find(([, each]) => each.id === id)!;
    const parameters = structure.parameters.map((name) => [name, board.parameters![name]!] as const);
    const values = decode(
      parameters.map(([, definition]) => definition),
      packet.slice(21, -2),
    );
    const content = {
      values: parameters.map(([name, definition], k): Expected["values"][number] => [name, definition, values[k]!]),
    };
    checkExpected(
      t,
      decoder,
      body.data,
      { values: [["structureId", { type: "uint8" }, id]], variant: content },
      `structure ${id}`,
    );
    seen.add(id);
    if (seen.size === Object.keys(board.structures!).length) {
      break;
    }
  }
  t.is(seen.size, 5);
});
