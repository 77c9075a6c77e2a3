/** `flatlink secure` between tools and a board that takes sealed telecommands only. */
import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { createKeyFile } from "../../../ground/keys/key-file.js";
import { Aes256Gcm } from "../../../modules/crypto/aes-gcm.js";
import { PacketFramer } from "../../../modules/framing/encode-decode.js";
import { parseFraming } from "../../../modules/framing/registry.js";
import { SendingAssociation } from "../../../modules/security/sending-association.js";
import { MemoryStore } from "../../security/memory-store.js";
import { flatlink, type Running, start } from "../commands/run.js";
import { cltuOf } from "./cltu-encoder.js";
import { GatewayBoard, type GatewayBoardOptions, TELEMETRY_SPI } from "./gateway-board.js";
import { numbersOf, Tool, telecommand, until } from "./tool.js";

const folder = mkdtempSync(join(tmpdir(), "flatlink-gateway-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

interface Key {
  readonly file: string;
  readonly octets: Uint8Array;
}

function newKey(): Key {
  const file = join(folder, `${files++}.key`);
  createKeyFile(file);
  return { file, octets: Uint8Array.from(readFileSync(file)) };
}

const FRAMING = "tc-frames,scid=0xab,sdls=tc";

async function boardFor(
  t: ExecutionContext,
  keys: Readonly<Record<number, Key>>,
  more: Partial<GatewayBoardOptions> = {},
): Promise<GatewayBoard> {
  const octets = Object.fromEntries(Object.entries(keys).map(([spi, key]) => [spi, key.octets]));
  const board = await GatewayBoard.make({ keys: octets, framingText: FRAMING, ...more });
  await board.start();
  t.teardown(() => board.stop());
  return board;
}

/** Starts it, and waits for its ports. @returns them, in the order in which they are printed */
async function gatewayTo(
  t: ExecutionContext,
  { port }: GatewayBoard,
  args: readonly string[],
  framing = FRAMING,
): Promise<{ gateway: Running; ports: readonly number[] }> {
  const gateway = start(t, ["secure", "--board", `127.0.0.1:${port}`, "--framing", framing, ...args]);
  const listening = args.filter((each) => each === "--listen" || each === "--udp").length;
  await gateway.prints(new RegExp(`(?:listening on[^\\n]*\\n){${listening}}`));
  const ports = Array.from(gateway.stdout.matchAll(/listening on \S+ (?:UDP )?port (\d+)/g), ([, each]) =>
    Number(each),
  );
  return { gateway, ports };
}

type Deed = (board: GatewayBoard) => void | Promise<void>;

const NUMBERS = Array.from({ length: 200 }, (_, k) => k);

test("several tools at once, each in its framing: their telecommands in order, the board's telemetry to all", async (t) => {
  t.timeout(120_000);
  const key = newKey();
  const board = await boardFor(t, { 1: key });
  const { gateway, ports } = await gatewayTo(t, board, [
    ...["--key", key.file, "--listen", "space-packets:0", "--listen", "cobs:0", "--listen", "slip:0,role=tm"],
  ]);
  t.regex(
    gateway.stdout,
    /the gateway to 127\.0\.0\.1 port \d+: tc-frames,scid=0xab,sdls=tc; SPI 1, key [0-9a-f]{16}\n/,
  );
  const tools = [await Tool.connect(ports[0]!), await Tool.connect(ports[0]!), await Tool.connect(ports[1]!, "cobs")];
  const listener = await Tool.connect(ports[2]!, "slip");
  for (const number of NUMBERS) {
    for (const [source, tool] of tools.entries()) {
      tool.send(telecommand(source, number));
    }
  }
  listener.send(telecommand(3, 0));
  await until("all are accepted", () => [...tools, listener].every(({ accepted }) => accepted.length === 600));
  for (const source of tools.keys()) {
    t.deepEqual(numbersOf(source, board.carriedOut), NUMBERS);
  }
  t.is(board.carriedOut.length, 600);
  const { code, stdout } = await gateway.stop();
  t.is(code, 0);
  t.regex(stdout, /\n600 telecommands sealed, 0 not sent, 1 refused; 0 frames from UDP; 600 packets of telemetry\n$/);
});

test("a board that restarts again and again gets each telecommand once, in order, and what has a report not again", async (t) => {
  t.timeout(300_000);
  const key = newKey();
  const board = await boardFor(t, { 1: key });
  const { gateway, ports } = await gatewayTo(t, board, ["--key", key.file, "--listen", "space-packets:0"]);
  const tool = await Tool.connect(ports[0]!);
  let number = 0;
  for (let life = 0; life < 6; life++) {
    const wanted = number + 60;
    while (number < wanted) {
      tool.send(telecommand(0, number++));
    }
    await until("half of them", () => board.carriedOut.length >= wanted - 30);
    board.stop();
    for (let k = 0; k < 20; k++) {
      tool.send(telecommand(0, number++));
    }
    await board.start();
    await until("the rest", () => board.carriedOut.length === number);
  }
  t.deepEqual(
    numbersOf(0, board.carriedOut),
    Array.from({ length: number }, (_, k) => k),
  );
  // Everything has a report by now, or one behind it has.
  tool.send(telecommand(0, number++));
  await until("the last one", () => tool.accepted.includes(number - 1));
  board.stop();
  const before = board.refused.get("replayed") ?? 0;
  await board.start();
  tool.send(telecommand(0, number++));
  await until("one more", () => board.carriedOut.length === number);
  await until("its report", () => tool.accepted.includes(number - 1));
  board.stop();
  t.is(board.refused.get("replayed") ?? 0, before, "nothing was sent again");
  const { stdout } = await gateway.stop();
  t.regex(stdout, new RegExp(`\\n${number} telecommands sealed, 0 not sent`));
});

for (const [what, hold, release] of [
  ["is away", (board) => board.stop(), (board) => board.start()],
  [
    "takes nothing",
    (board) => {
      board.isHolding = true;
    },
    (board) => {
      board.isHolding = false;
    },
  ],
] as const satisfies readonly (readonly [string, Deed, Deed])[]) {
  test(`a tool is not read while the board ${what}, and then all arrives, in order`, async (t) => {
    t.timeout(300_000);
    const key = newKey();
    const board = await boardFor(t, { 1: key });
    const { gateway, ports } = await gatewayTo(t, board, ["--key", key.file, "--listen", "cobs:0"]);
    await gateway.prints(/connected to/, "stderr");
    await hold(board);
    const tool = await Tool.connect(ports[0]!, "cobs");
    const count = 20_000;
    for (let k = 0; k < count; k++) {
      // Every hundredth asks for a report.
      tool.send(telecommand(0, k, k % 100 === 99 ? 15 : 0, 900));
    }
    let before = -1;
    for (let same = 0; same < 20; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const { writableLength } = tool.socket;
      same = writableLength === before ? same + 1 : 0;
      before = writableLength;
    }
    t.true(before > 3_000_000, `${before} octets of 18 million wait in the tool`);
    t.is(board.carriedOut.length, 0);
    await release(board);
    await until("all of them", () => board.carriedOut.length === count, 200_000);
    t.true(numbersOf(0, board.carriedOut).every((number, k) => number === k));
    t.is((await gateway.stop()).code, 0);
  });
}

test("browsers are refused, whatever they have in their bodies; unsound telecommands are, too", async (t) => {
  t.timeout(120_000);
  const key = newKey();
  const board = await boardFor(t, { 1: key });
  const { gateway, ports } = await gatewayTo(t, board, [
    ...["--key", key.file, "--listen", "space-packets:0", "--listen", "cobs:0"],
  ]);
  const browser = await Tool.connect(ports[0]!);
  browser.socket.write(Buffer.concat([Buffer.from("POST / HTTP/1.1\r\n\r\n"), telecommand(0, 0)]));
  await until("it is closed", () => browser.isClosed);
  await gateway.prints(/port \d+: 127\.0\.0\.1:\d+ was disconnected: it speaks HTTP, as browsers do/, "stderr");
  const secret = await Tool.connect(ports[0]!);
  secret.socket.write(
    Buffer.concat([Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3), Buffer.alloc(300), telecommand(0, 1)]),
  );
  await until("it is closed", () => secret.isClosed);
  const tool = await Tool.connect(ports[1]!, "cobs");
  const damaged = telecommand(1, 0);
  damaged[12]! ^= 1;
  tool.send(damaged);
  tool.send(telecommand(1, 7));
  await until("the sound one", () => tool.accepted.length === 1);
  await gateway.prints(/telecommands of 127\.0\.0\.1:\d+ refused: crcMismatch 1/, "stderr");
  t.is(board.carriedOut.length, 1);
});

test("with a wrong key, the gateway tells that the board has nothing", async (t) => {
  t.timeout(120_000);
  const [key, other] = [newKey(), newKey()];
  const board = await boardFor(t, { 1: other });
  const { gateway, ports } = await gatewayTo(t, board, ["--key", key.file, "--listen", "space-packets:0"]);
  const tool = await Tool.connect(ports[0]!);
  tool.send(telecommand(0, 1));
  await gateway.prints(/the board does not say that it has the telecommands: are --key and --spi right/, "stderr");
  const { stdout } = await gateway.stop();
  t.regex(stdout, /\n1 telecommands sealed, 1 of which the board did not say that it has them, 0 not sent/);
  t.is(board.carriedOut.length, 0);
});

test("telemetry that is sealed is opened; telemetry of another port is told to all", async (t) => {
  t.timeout(120_000);
  const [key, telemetry] = [newKey(), newKey()];
  const sealed = await boardFor(
    t,
    { 1: key },
    { framingText: FRAMING.replace("=tc", "=tmtc"), telemetryKey: telemetry.octets },
  );
  const one = await gatewayTo(
    t,
    sealed,
    [
      ...["--key", key.file, "--telemetry-key", telemetry.file, "--telemetry-spi", String(TELEMETRY_SPI)],
      ...["--listen", "space-packets:0"],
    ],
    FRAMING.replace("=tc", "=tmtc"),
  );
  const tool = await Tool.connect(one.ports[0]!);
  tool.send(telecommand(0, 5));
  await until("its report", () => tool.accepted.length === 1);
  await one.gateway.stop();
  // Two connections to the board, of which one opens what it seals: its counter goes over both.
  const both = await gatewayTo(
    t,
    sealed,
    [
      ...["--key", key.file, "--telemetry-key", telemetry.file, "--telemetry-spi", String(TELEMETRY_SPI)],
      ...["--listen", "space-packets:0", "--udp", "0"],
    ],
    FRAMING.replace("=tc", "=tmtc"),
  );
  const third = await Tool.connect(both.ports[0]!);
  for (let k = 0; k < 50; k++) {
    third.send(telecommand(3, 100 + k));
  }
  await until("all reports", () => third.accepted.length === 50);
  await both.gateway.stop();
  const open = await boardFor(t, { 1: key }, { hasTelemetryPort: true });
  const two = await gatewayTo(t, open, [
    ...["--key", key.file, "--telemetry", `cobs:${open.telemetryPort}`, "--listen", "space-packets:0"],
  ]);
  const other = await Tool.connect(two.ports[0]!);
  other.send(telecommand(0, 6));
  await until("its report", () => other.accepted.length === 1);
  const { stdout } = await two.gateway.stop();
  t.regex(stdout, /\n1 telecommands sealed, 0 not sent/);
});

/** Seals as Yamcs does: frames of its own, with a key of its own. */
function sealedBy({ octets }: Key, spi: number): (packet: Uint8Array) => Uint8Array {
  const store = new MemoryStore();
  store.save("counter", new Uint8Array(12));
  const sealer = new SendingAssociation({ spi, aead: new Aes256Gcm(octets), store, name: "counter" });
  const security = { end: "ground", opener: undefined, sealer } as const;
  const framer = new PacketFramer(parseFraming("framing", FRAMING, { maxPacketLength: 900, security }));
  return (packet) => framer.frame(packet)!;
}

test("frames that are sealed already come over UDP: as they are, once; what comes without a connection is dropped", async (t) => {
  t.timeout(120_000);
  const [key, theirs] = [newKey(), newKey()];
  const board = await boardFor(t, { 1: key, 2: theirs });
  const { gateway, ports } = await gatewayTo(t, board, [
    ...["--udp", "0,cltu=bch,randomized=on", "--key", key.file, "--listen", "space-packets:0"],
  ]);
  t.regex(
    gateway.stdout,
    /listening on 127\.0\.0\.1 UDP port \d+: frames that are sealed already, in CLTUs \(BCH\), randomized/,
  );
  const [plain, udp] = ports as [number, number];
  await until("both connections", () => board.connections === 2);
  const socket = createSocket("udp4");
  t.teardown(() => void socket.close());
  /** @returns (resolves) when the gateway's socket has it, behind all that came before */
  const send = (frame: Uint8Array): Promise<void> =>
    new Promise((resolve) => socket.send(cltuOf(frame, { isRandomized: true }), udp, "127.0.0.1", () => resolve()));
  const seal = sealedBy(theirs, 2);
  const tool = await Tool.connect(plain);
  const first = seal(telecommand(2, 1));
  await send(first);
  await until("the first", () => tool.accepted.includes(1));
  tool.send(telecommand(1, 2));
  await until("the tool's own", () => tool.accepted.includes(2));
  // A replay.
  await send(first);
  await send(seal(telecommand(2, 3)));
  await until("the next", () => tool.accepted.includes(3));
  t.deepEqual(numbersOf(2, board.carriedOut), [1, 3]);
  board.stop();
  t.is(board.refused.get("replayed"), 1);
  await gateway.prints(/from UDP again/, "stderr");
  for (let k = 0; k < 3; k++) {
    await send(seal(telecommand(2, 4)));
  }
  // It is told a second after the first: all of them were read by then.
  await gateway.prints(/UDP port \d+: frames that were not passed on: \w+ \d/, "stderr");
  await board.start();
  await until("both connections", () => board.connections === 4);
  await send(Uint8Array.of(1, 2, 3, 4, 5, 6, 7));
  await send(seal(telecommand(2, 5)));
  await until("what came later", () => tool.accepted.includes(5));
  t.deepEqual(numbersOf(2, board.carriedOut), [1, 3, 5]);
  const { stdout } = await gateway.stop();
  t.regex(stdout, /; 4 frames from UDP, not passed on: \w+ 3, \w+ 1;/);
});

test("without a key, tools get telemetry, and may not send; what a tool sealed bare is passed on", async (t) => {
  t.timeout(120_000);
  const theirs = newKey();
  const board = await boardFor(t, { 2: theirs });
  const { gateway, ports } = await gatewayTo(t, board, ["--udp", "0,cltu=none", "--listen", "space-packets:0"]);
  const tool = await Tool.connect(ports[0]!);
  tool.send(telecommand(0, 1));
  await gateway.prints(/refused: telemetryOnly 1/, "stderr");
  await until("a connection for what comes", () => board.connections === 1);
  const socket = createSocket("udp4");
  t.teardown(() => void socket.close());
  socket.send(sealedBy(theirs, 2)(telecommand(2, 8)), ports[1]!, "127.0.0.1");
  await until("its report", () => tool.accepted.includes(8));
  t.is(board.carriedOut.length, 1);
});

test("beyond this computer, only who is named may connect, or send datagrams", async (t) => {
  t.timeout(120_000);
  const own = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ internal, family }) => !internal && family === "IPv4")?.address;
  if (own === undefined) {
    t.log("this computer has no other address");
    t.pass();
    return;
  }
  const theirs = newKey();
  const board = await boardFor(t, { 2: theirs });
  const args = ["--udp", "0,cltu=none", "--listen", "cobs:0", "--host", "0.0.0.0", "--listen-from"];
  const seal = sealedBy(theirs, 2);
  for (const [from, isAllowed] of [
    // No computer's address.
    ["255.255.255.254/32", false],
    [`${own}/32`, true],
  ] as const) {
    const { gateway, ports } = await gatewayTo(t, board, [...args, from]);
    const socket = createSocket("udp4").bind(0, own);
    t.teardown(() => void socket.close());
    const tool = await Tool.connect(ports[0]!, "cobs", own);
    await gateway.prints(/connected to/, "stderr");
    socket.send(seal(telecommand(2, 1)), ports[1]!, own);
    if (isAllowed) {
      await until("the report", () => tool.accepted.length === 1);
    } else {
      await gateway.prints(/may not connect: see --listen-from/, "stderr");
      await gateway.prints(/not passed on: notAllowed 1/, "stderr");
      t.is(board.carriedOut.length, 0);
    }
    await gateway.stop();
  }
  t.is(board.carriedOut.length, 1);
});

test("wrong usage is one line", async (t) => {
  t.timeout(120_000);
  const { file } = newKey();
  const { file: other } = newKey();
  const usual = ["--board", "127.0.0.1:1", "--framing", FRAMING];
  const cases: readonly (readonly [RegExp, readonly string[]])[] = [
    [/--board/, ["--framing", FRAMING, "--key", file]],
    [/HOST:PORT/, ["--board", "7310", "--framing", FRAMING, "--key", file, "--listen", "cobs:0"]],
    [/give --key FILE to seal with, or --udp/, [...usual, "--listen", "cobs:0"]],
    [/give a port for tools/, [...usual, "--key", file]],
    [/is not there: flatlink keys new/, [...usual, "--key", `${file}.not`, "--listen", "cobs:0"]],
    [/seals nothing: give it sdls=tc/, ["--board", "h:1", "--framing", "cobs", "--key", file, "--listen", "cobs:0"]],
    [
      /--framing: tc-frames with sdls=tmtc needs --telemetry-key FILE/,
      ["--board", "h:1", "--framing", "tc-frames,scid=1,sdls=tmtc", "--key", file, "--listen", "cobs:0"],
    ],
    [
      /--telemetry: tc-frames with sdls=tmtc needs --telemetry-key FILE/,
      [...usual, "--key", file, "--telemetry", "tc-frames:7312,scid=1,sdls=tmtc", "--listen", "cobs:0"],
    ],
    [
      /--telemetry-key: without sdls=tmtc, the board's telemetry in tc-frames is not sealed/,
      [...usual, "--key", file, "--telemetry-key", other, "--listen", "cobs:0"],
    ],
    [
      /--telemetry-key: without sdls=tmtc, the board's telemetry in cobs is not sealed/,
      [
        ...["--board", "h:1", "--framing", "tc-frames,scid=1,sdls=tmtc", "--key", file, "--telemetry-key", other],
        ...["--telemetry", "cobs:7312", "--listen", "cobs:0"],
      ],
    ],
    [/no framing is called "cob"/, [...usual, "--key", file, "--listen", "cob:0"]],
    [
      /a port for tools on 0\.0\.0\.0 is beyond.*--listen-from/,
      [...usual, "--key", file, "--listen", "cobs:0", "--host", "0.0.0.0"],
    ],
    [/a port for tools has no keys/, [...usual, "--key", file, "--listen", "tc-frames:0,scid=1,sdls=tc"]],
    [/--udp "10018,cltu=ldpc": cltu must be/, [...usual, "--udp", "10018,cltu=ldpc"]],
    [/randomized is for frames in CLTUs/, [...usual, "--udp", "10018,cltu=none,randomized=on"]],
    [/--udp is for TC transfer frames/, ["--board", "h:1", "--framing", "uslp,scid=1", "--udp", "10018"]],
    [/cannot be sealed without --key/, [...usual, "--udp", "10018", "--listen", "cobs:0,role=tc"]],
    [/one port|named twice|in use/, [...usual, "--key", file, "--listen", "cobs:7399", "--listen", "slip:7399"]],
  ];
  for (const [message, args] of cases) {
    const { code, stderr } = await flatlink(["secure", ...args]);
    t.is(code, 2, stderr);
    t.regex(stderr, message);
    t.is(stderr.trim().split("\n").length, 1, stderr);
  }
});
