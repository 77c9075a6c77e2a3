/** What comes with a .ksy file: a program that decodes a packet, and a packet to try it with. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { valueLength } from "../../../modules/dictionary/value-check.js";
import { timeCode } from "../../../modules/flatsat/application-process.js";
import type { TimeCodeName } from "../../../modules/flatsat/configuration.js";
import { buildTelemetry } from "../../../modules/pus/build-parse.js";
import { type Message, packetsOf } from "../../dictionary/messages.js";

/** In hexadecimal digits: the report of the board's last housekeeping structure, where it has one, with zeros for values. */
export function examplePacket(board: BoardDictionary): string {
  const { apid, timeCode: name } = board.conventions;
  const code = timeCode(name as TimeCodeName);
  const timeStamp = new Uint8Array(code.length);
  code.write(timeStamp, 0, code.epoch);
  const packets = packetsOf(board);
  const report =
    packets.findLast(({ message }) => message === "housekeepingReport") ??
    packets.find(({ message }) => message === "areYouAliveReport")!;
  const packet = buildTelemetry({
    apid,
    serviceType: report.serviceType,
    messageSubtype: report.subtype,
    timeStamp,
    sourceData: zerosOf(report),
  });
  return Buffer.from(packet).toString("hex");
}

/** Only what is constant is not 0; that is one octet, or two. */
function zerosOf({ fields }: Message): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(({ value, constant = 0 }) => {
      const length = valueLength(value);
      return Array.from({ length }, (_, k) => Math.floor(constant / 256 ** (length - 1 - k)) % 256);
    }),
  );
}

export function decodeProgram(id: string): string {
  return `// Prints the values of a packet of hexadecimal digits: node decode.mjs 0802...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { compileFunction } from "node:vm";
import { parse } from "yaml";

const require = createRequire(import.meta.url);
const format = parse(readFileSync(new URL("${id}.ksy", import.meta.url), "utf8"));
const files = await require("kaitai-struct-compiler").compile("javascript", format, null, false);
const [[name, code]] = Object.entries(files);
const exported = {};
compileFunction(code, ["exports", "require"])(exported, require);
const Packet = exported[name.replace(/\\.js$/, "")];
const stream = new (require("kaitai-struct").KaitaiStream)(Uint8Array.from(Buffer.from(process.argv[2], "hex")).buffer);

function valuesOf(part) {
  if (typeof part !== "object" || part === null || ArrayBuffer.isView(part)) {
    return part;
  }
  if (Array.isArray(part)) {
    return part.map(valuesOf);
  }
  const getters = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(part))).filter(([, { get }]) => get);
  const names = [...Object.keys(part), ...getters.map(([key]) => key)].filter((key) => !/^_/.test(key));
  return Object.fromEntries(names.map((key) => [key, valuesOf(part[key])]));
}

console.dir(valuesOf(new Packet(stream, null, null)), { depth: null });
`;
}

/** @param example a packet in hexadecimal digits */
export function readme(id: string, example: string): string {
  return `# Decoders by Kaitai Struct

\`${id}.ksy\` describes one packet of the board, telemetry or telecommand, without framing. What it says is in \`body.data\`; a number
with a calibration curve has a second one, \`..._calibrated\`, in its unit. The CRC is read and not checked: Kaitai Struct cannot. The Kaitai
compiler makes decoders of it in Python, C++, Java, Go, Rust and others.

From nothing to the first value, with Node.js, in this directory:

1. \`npm install --no-save kaitai-struct-compiler@0.11.0 kaitai-struct@0.11.0 yaml@2.9.1\` gets the compiler.
2. \`node decode.mjs ${example}\` prints what is in this packet.
3. \`node decode.mjs HEX\` does so for a packet of your board.
`;
}
