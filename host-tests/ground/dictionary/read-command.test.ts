/** Telecommands read back into names and arguments. */
import test from "ava";
import { encodeCommand } from "../../../ground/dictionary/encode-command.js";
import { commandsOf } from "../../../ground/dictionary/messages.js";
import { CommandReader } from "../../../ground/dictionary/read-command.js";
import { buildTelecommand } from "../../../modules/pus/build-parse.js";
import { Random } from "../../framing/random.js";
import { randomBoard } from "../generate/boards.js";
import { fill, telecommand } from "../generate/random-messages.js";
import { FLATSAT } from "./boards.js";

const ROUNDS = 30;

test("what is read of random telecommands makes the same octets again", (t) => {
  const seed = Number(process.env["FLATLINK_SEED"] ?? Date.now() & 0x7fffffff);
  t.log(`FLATLINK_SEED=${seed}`);
  const random = new Random(seed);
  for (let round = 0; round < ROUNDS; round++) {
    const board = round === 0 ? FLATSAT : randomBoard(random);
    const reader = new CommandReader(board);
    for (const command of commandsOf(board)) {
      const packet = telecommand(board, fill(random, command), 0);
      const { name, arguments: given } = reader.read(packet);
      t.is(name, command.name);
      const fields = [...command.fields, ...(command.list?.items ?? []), ...command.trailer];
      // There and back through a calibration, the last bit may be another.
      if (fields.every(({ value }) => value.calibration === undefined)) {
        const label = `${name} ${JSON.stringify(given)}`;
        t.deepEqual(encodeCommand(board, name, given as never), packet, label);
      }
    }
  }
});

test("what the dictionary does not have is named by its type; several settings at once by their message", (t) => {
  const reader = new CommandReader(FLATSAT);
  const unknown = buildTelecommand({ apid: FLATSAT.conventions.apid, serviceType: 200, messageSubtype: 9 });
  t.deepEqual(reader.read(unknown), { name: "TC[200,9]", arguments: {} });
  const [first, second] = ["setHeaterOnBelow", "setBeaconInterval"].map((name) =>
    commandsOf(FLATSAT).find((command) => command.name === name),
  );
  t.truthy(first);
  const parts = [first, second ?? first].map((command) => fill(new Random(1), command!).octets.subarray(1));
  const applicationData = Uint8Array.from([2, ...parts.flatMap((part) => Array.from(part))]);
  const both = buildTelecommand({
    apid: FLATSAT.conventions.apid,
    serviceType: 20,
    messageSubtype: 3,
    applicationData,
  });
  const read = reader.read(both);
  t.is(read.name, first!.message);
  t.is((read.arguments["items"] as unknown[]).length, 2);
});
