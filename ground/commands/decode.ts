/** `flatlink decode`: explains one packet field by field, or says at which octet and why it is none. */
import { Command } from "commander";
import { parseOptions, UsageError } from "../../host/command.js";
import { describePacket, plainPacket } from "../dictionary/describe.js";
import { octetsOf } from "../dictionary/encode-value.js";
import { explainPacket, explanationTable } from "../dictionary/explain.js";
import { PacketDecoder } from "../dictionary/packet-decoder.js";
import { PacketError } from "../dictionary/packet-error.js";
import { addDictionaryOptions, dictionaryIn } from "./common-options.js";
import { EXIT_DONE, EXIT_FAILED, type Program, runProgram } from "./program.js";

function makeCommand(): Command {
  return addDictionaryOptions(
    new Command("flatlink decode")
      .description("Explains a packet of a board, telemetry or telecommand, octet by octet.")
      .argument("[hex...]", "the packet in hexadecimal digits, with spaces or without; left out: standard input")
      .option("--json", "print one JSON object"),
  ).addHelpText("after", "\nExit codes: 0 a packet of this board, 1 none, 2 wrong option, or no hexadecimal digits.");
}

async function standardInput(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += chunk as string;
  }
  return text;
}

async function decode({ args, write, complain }: Program): Promise<number> {
  const command = makeCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, args, write);
  if (options === undefined) {
    return EXIT_DONE;
  }
  const text = command.args.length > 0 ? command.args.join(" ") : await standardInput();
  const bytes = octetsOf("the packet", text.trim());
  if (bytes.length === 0) {
    throw new UsageError("there is no packet to decode: give hexadecimal digits");
  }
  const board = await dictionaryIn(options);
  try {
    const packet = new PacketDecoder(board).decode(bytes);
    write(
      options["json"] === true
        ? `${JSON.stringify({ ...plainPacket(board, packet), fields: explainPacket(packet, bytes) })}\n`
        : `${describePacket(board, packet)}\n\n${explanationTable(explainPacket(packet, bytes), bytes)}`,
    );
    return EXIT_DONE;
  } catch (error) {
    if (!(error instanceof PacketError)) {
      throw error;
    }
    const { fault, offset, message, found, required } = error;
    if (options["json"] === true) {
      write(`${JSON.stringify({ kind: "undecoded", fault, offset, message, found, required })}\n`);
    } else {
      complain(message);
    }
    return EXIT_FAILED;
  }
}

await runProgram("flatlink decode", decode);
