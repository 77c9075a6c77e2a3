/** The client of ours against servers that frame by packages of PyPI. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Client } from "../../ground/index.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { MAX_PACKET_LENGTH } from "../ground/link/echo-application.js";
import { exchange } from "../ground/link/echo-exchange.js";
import { EXAMPLES, examplePackets, type FramingExample } from "../ground/link/framing-examples.js";
import { SCRIPTS, versions } from "./environment.js";
import type { Tally } from "./framings.js";

const LIMIT_MS = 30_000;

/** The framings of the examples, and the words of framing_codecs.py. */
const SERVERS: Readonly<Record<string, readonly string[]>> = {
  cobs: ["cobs"],
  "cobs,delimiter=both": ["cobs both"],
  "cobs,crc=crc16": ["cobs", "crc16"],
  slip: ["slip"],
  "slip,delimiter=both,kiss-type=0xc0": ["slip both", "type 0xc0"],
  "slip,crc=crc32": ["slip", "crc32"],
  lines: ["LineReceiver 0d0a"],
  "lines,terminator=2d3d2d0a,crc=crc16": ["LineReceiver 2d3d2d0a", "crc16"],
  "length-prefixed": ["Int16StringReceiver"],
  "length-prefixed,size=1,max-packet=255": ["Int8StringReceiver"],
  netstring: ["NetstringReceiver"],
  "netstring,crc=crc16": ["NetstringReceiver", "crc16"],
  "uslp,scid=0x1234": ["uslp"],
  "uslp,scid=0x1234,over=cobs": ["cobs", "uslp"],
  "tc-frames,scid=0x2ab": ["tc-frames"],
  "tc-frames,scid=0x2ab,map=3,over=cobs": ["cobs", "tc-frames 3"],
};

async function talk(example: FramingExample, port: number, seed: number): Promise<string | undefined> {
  const framing = parseFraming("framing", example.framing, { maxPacketLength: MAX_PACKET_LENGTH });
  const client = new Client({ host: "127.0.0.1", port, framing });
  try {
    await client.connect({ timeoutMs: LIMIT_MS });
    return await exchange(client, example, examplePackets(example, seed), LIMIT_MS);
  } catch (error) {
    return String(error);
  } finally {
    await client.close();
  }
}

export async function runServers(python: string, seed: number, say: (line: string) => void): Promise<Tally> {
  say(`client of ours, python_server.py: ${versions("requirements-framings.txt")}`);
  const cases = Object.entries(SERVERS).map(([framing, theirs]) => {
    const example = EXAMPLES.find((each) => each.framing === framing);
    if (example === undefined) {
      throw new TypeError(`there is no example of "${framing}"`);
    }
    return { example, theirs };
  });
  const server = spawn(python, [`${SCRIPTS}python_server.py`], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONWARNINGS: "ignore" },
  });
  const closed = once(server, "close");
  const job = { seed, cases: cases.map(({ example, theirs }) => ({ answer: example.answer, theirs })) };
  server.stdin.write(`${JSON.stringify(job)}\n`);
  const tally: Tally = { passed: 0, failed: 0 };
  try {
    const [line] = (await Promise.race([
      once(createInterface(server.stdout), "line"),
      closed.then(() => Promise.reject(new Error("the servers ended"))),
    ])) as [string];
    const ports = JSON.parse(line) as number[];
    for (const [place, { example, theirs }] of cases.entries()) {
      const wrong = await talk(example, ports[place] as number, seed + place);
      const name = `${example.framing} = ${theirs.join(" + ")}`;
      say(wrong === undefined ? `  ok     ${name}` : `  FAILED ${name}: ${wrong}`);
      tally[wrong === undefined ? "passed" : "failed"]++;
    }
  } finally {
    server.stdin.end();
    await closed;
  }
  return tally;
}
