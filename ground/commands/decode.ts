/** `flatlink decode`: explains one packet field by field, or says at which octet and why it is none. */
import { parseOptions, UsageError } from "../../host/command.js";
import { describePacket, plainPacket } from "../dictionary/describe.js";
import { octetsOf } from "../dictionary/encode-value.js";
import { explainPacket, explanationTable } from "../dictionary/explain.js";
import { PacketDecoder } from "../dictionary/packet-decoder.js";
import { PacketError } from "../dictionary/packet-error.js";
import { dictionaryIn, wordsOf } from "./common-options.js";
import { EXIT_DONE, EXIT_FAILED, type Program, runProgram } from "./program.js";
import { decodeCommand } from "./syntax.js";

async function standardInput(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += chunk as string;
  }
  return text;
}

async function decode({ args, write, complain }: Program): Promise<number> {
  const command = decodeCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, args, write);
  if (options === undefined) {
    return EXIT_DONE;
  }
  const { settings, others } = wordsOf(command);
  const text = others.length > 0 ? others.join(" ") : await standardInput();
  const bytes = octetsOf("the packet", text.trim());
  if (bytes.length === 0) {
    throw new UsageError("there is no packet to decode: give hexadecimal digits");
  }
  const board = await dictionaryIn(command, settings);
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
