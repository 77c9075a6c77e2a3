// Prints the values of a packet of hexadecimal digits: node decode.mjs 0802...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { compileFunction } from "node:vm";
import { parse } from "yaml";

const require = createRequire(import.meta.url);
const format = parse(readFileSync(new URL("sample.ksy", import.meta.url), "utf8"));
const files = await require("kaitai-struct-compiler").compile("javascript", format, null, false);
const [[name, code]] = Object.entries(files);
const exported = {};
compileFunction(code, ["exports", "require"])(exported, require);
const Packet = exported[name.replace(/\.js$/, "")];
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
