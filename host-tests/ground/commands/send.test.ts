import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { encodeCommand } from "../../../ground/dictionary/encode-command.js";
import { packetSequenceCount } from "../../../modules/ccsds/primary-header.js";
import { wireHash } from "../../../modules/dictionary/dictionary-hash.js";
import { telecommandMessageSubtype, telecommandServiceType } from "../../../modules/pus/telecommand.js";
import { xs } from "../../host/xs-support.js";
import { PROJECT, portToKeep } from "../../project.js";
import { FLATSAT } from "../dictionary/boards.js";
import { fakeBoard, report } from "../link/board.js";
import { flatlink, flatsat, objectsIn, start } from "./run.js";

const folder = mkdtempSync(join(tmpdir(), "flatlink-send-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

/** The stages of a telecommand that goes well. */
function stages(telecommand: Uint8Array): Uint8Array {
  return Buffer.concat([1, 3, 7].map((subtype) => report(1, subtype, telecommand.slice(0, 4))));
}

for (const engine of ["node", "xs"]) {
  const on = engine === "node" || xs.available ? test.serial : test.serial.skip;

  on(
    `${engine}: stages as they come, replies decoded, failures in words, dangerous ones only with --yes`,
    async (t) => {
      const { program, ports } = await flatsat(engine);
      t.teardown(() => program.stop());
      const port = ["--port", String(ports[0])];

      const heater = await flatlink(["send", "setHeater", "control=on", ...port]);
      t.is(heater.code, 0, heater.stderr);
      t.is(heater.stderr, "");
      t.regex(
        heater.stdout,
        /^TC\[8,1\] performFunction setHeater: control on, 15 octets, sequence count \d+, to 127\.0\.0\.1 port \d+, space-packets\n {2}accepted +[\d.]+ ms\n {2}started +[\d.]+ ms\n {2}completed +[\d.]+ ms\n$/,
      );

      const reply = await flatlink(["send", "reportParameters", "parameterId=heaterOnBelow,mode", ...port]);
      t.is(reply.code, 0, reply.stderr);
      t.regex(reply.stdout, /^ {2}TM\[20,2\] parameterReport: heaterOnBelow 4 degC, mode nominal$/m);

      const refused = await flatlink(["send", "setHeaterOnBelow", "heaterOnBelow=12 degC", ...port]);
      t.is(refused.code, 1);
      t.regex(
        refused.stdout,
        /^ {2}not completed {2}[\d.]+ ms {2}valueRefused \(32\), the board could not take the value; failure data 320, the parameter ID$/m,
      );

      const dangerous = await flatlink(["send", "switchPayload", "on=true", ...port]);
      t.is(dangerous.code, 2);
      t.is(dangerous.stdout, "");
      t.regex(
        dangerous.stderr,
        /^flatlink send: not sent: switchPayload is dangerous: Switched on.*--yes sends it all the same\n$/,
      );
      const sure = await flatlink(["send", "switchPayload", "on=true", "--yes", ...port]);
      t.is(sure.code, 1);
      t.regex(sure.stdout, /not completed .*notInPayloadMode \(257\), the payload works in payload mode only/);

      const json = await flatlink(["send", "areYouAlive", "--json", "--port", String(ports[1]), "--framing", "cobs"]);
      t.is(json.code, 0, json.stderr);
      const objects = objectsIn(json.stdout);
      t.deepEqual(
        objects.filter(({ kind }) => kind === "dictionary").map(({ state }) => state),
        ["same"],
      );
      t.deepEqual(
        objects.filter(({ kind }) => kind === "stage").map(({ stage }) => stage),
        ["accepted", "started", "completed"],
      );
      t.like(
        objects.find(({ kind }) => kind === "telemetry"),
        { type: "17,2", message: "areYouAliveReport" },
      );
      t.deepEqual(objects.at(-1), { kind: "result", outcome: "done" });

      const accepted = await flatlink(["send", "detumble", "--wait", "accepted", ...port]);
      t.is(accepted.code, 0, accepted.stderr);
      t.regex(accepted.stdout, /accepted +[\d.]+ ms\n$/);
    },
  );
}

test("an APID that the board does not have is refused by the board", async (t) => {
  const { program, ports } = await flatsat("node");
  t.teardown(() => program.stop());
  const { code, stdout, stderr } = await flatlink(["send", "areYouAlive", "--apid", "77", "--port", String(ports[0])]);
  t.is(code, 1, stderr);
  t.regex(
    stdout,
    /not accepted {2}[\d.]+ ms {2}unknownApplicationProcess \(7\), no such application process here; failure data 77, the APID\n$/,
  );
});

test("a wrong dictionary is told in one line, and nothing is sent without --no-check", async (t) => {
  const { program, ports } = await flatsat("node");
  t.teardown(() => program.stop());
  const { code, stdout, stderr } = await flatlink([
    "send",
    "areYouAlive",
    "--board",
    "none",
    "--yes",
    "--port",
    String(ports[0]),
  ]);
  t.is(code, 2);
  t.is(stdout, "");
  t.regex(
    stderr,
    /^flatlink send: WRONG DICTIONARY: the board's is 0x[0-9a-f]{8}, and this one is 0x[0-9a-f]{8};.*\nflatlink send: not sent: the dictionary is not the board's; --no-check sends it all the same\n$/,
  );
  t.false(stderr.includes("\u001b"), "no colours where there is no terminal");
});

test("where the board does not answer, what is dangerous is not sent", async (t) => {
  const board = await fakeBoard(() => {});
  t.teardown(() => board.stop());
  const args = ["send", "restart", "--yes", "--timeout", "1000", "--port", String(board.port)];
  const { code, stderr } = await flatlink(args);
  t.is(code, 1);
  t.regex(stderr, /restart: the board does not answer.*not sent; --no-check sends it all the same/);
  t.is(board.telecommands.length, 1, "the question alone");
  await flatlink([...args, "--no-check"]);
  t.regex(Buffer.from(board.telecommands.at(-1)!).toString("hex"), /0801000003....$/);
});

test("a dry run sends nothing, and shows the octets that would be sent", async (t) => {
  const { code, stdout } = await flatlink(["send", "setMode", "mode=payload", "--dry-run"]);
  t.is(code, 0);
  const golden = "1802c00000082f0801000010028090";
  t.is(stdout.split("\n")[1], golden);
  t.is(Buffer.from(encodeCommand(FLATSAT, "setMode", { mode: "payload" })).toString("hex"), golden);
  const counted = await flatlink([
    "send",
    "switchPayload",
    "--dry-run",
    "--json",
    "--sequence-count",
    "5",
    "--source-id",
    "6",
  ]);
  t.like(objectsIn(counted.stdout)[0], {
    hex: Buffer.from(encodeCommand(FLATSAT, "switchPayload", {}, { sequenceCount: 5, sourceId: 6 })).toString("hex"),
    sequenceCount: 5,
    sourceId: 6,
  });
});

test("what is wrong with the command is told before anything is dialled", async (t) => {
  for (const [args, message] of [
    [["setHeater", "control=of"], /^flatlink send: control is off, on or automatic, not "of"; did you mean off\?\n$/],
    [["setHeater", "contrl=on"], /setHeater has no argument "contrl"; did you mean control\?/],
    [["setHeater", "control"], /"control" is no argument; write name=value, as in control=on/],
    [["setHeater", "control=on", "control=off"], /control is given twice/],
    [["setSeed"], /setSeed needs seed: 0 to 4294967295/],
    [["setHeatr"], /did you mean setHeater\?/],
    [[], /missing required argument 'name'/],
    [["setHeater", "--wait", "later"], /accepted, started, completed/],
  ] as const) {
    const { code, stdout, stderr } = await flatlink(["send", ...args]);
    t.is(code, 2, stderr);
    t.is(stdout, "");
    t.regex(stderr, message);
  }
});

test("a board that is absent: what was dialled and why it failed, and exit code 1", async (t) => {
  const port = await portToKeep();
  const { code, stderr } = await flatlink(["send", "areYouAlive", "--port", String(port)]);
  t.is(code, 1);
  t.is(stderr, `flatlink send: cannot connect to 127.0.0.1 port ${port}: nothing listens there (ECONNREFUSED)\n`);
});

test("a board that answers nothing: exit code 1, and it is not known what became of it", async (t) => {
  const board = await fakeBoard(() => {});
  t.teardown(() => board.stop());
  const { code, stderr } = await flatlink([
    "send",
    "areYouAlive",
    "--no-check",
    "--timeout",
    "2000",
    "--port",
    String(board.port),
  ]);
  t.is(code, 1);
  t.regex(stderr, /^flatlink send: areYouAlive: nothing more came in 2000 ms: not known whether it was completed/);
  t.is(board.telecommands.length, 1);
});

test("a board that hangs up in the middle", async (t) => {
  const board = await fakeBoard((telecommand, socket) => {
    socket.end(report(1, 1, telecommand.slice(0, 4)));
  });
  t.teardown(() => board.stop());
  const { code, stdout, stderr } = await flatlink(["send", "areYouAlive", "--no-check", "--port", String(board.port)]);
  t.is(code, 1);
  t.regex(stdout, /accepted/);
  t.regex(
    stderr,
    /the board closed the connection\nflatlink send: areYouAlive: the connection is over: not known whether it was completed\n$/,
  );
});

test("reports on telecommands of others are not its own", async (t) => {
  const board = await fakeBoard((telecommand, socket) => {
    const other = telecommand.slice(0, 4);
    other[3]! ^= 1;
    socket.write(Buffer.concat([report(1, 1, other), report(1, 8, Uint8Array.of(...other, 0, 3, 0, 0, 0, 0))]));
    for (const subtype of [1, 3, 7]) {
      socket.write(report(1, subtype, telecommand.slice(0, 4)));
    }
  });
  t.teardown(() => board.stop());
  const { code, stdout } = await flatlink(["send", "areYouAlive", "--no-check", "--port", String(board.port)]);
  t.is(code, 0, stdout);
  t.notRegex(stdout, /not completed/);
});

test("Ctrl-C while it waits: exit code 1, at once", async (t) => {
  const board = await fakeBoard(() => {});
  t.teardown(() => board.stop());
  const running = start(t, ["send", "areYouAlive", "--no-check", "--timeout", "600000", "--port", String(board.port)]);
  await running.prints(/to 127\.0\.0\.1 port/);
  const { code, stderr } = await running.stop();
  t.is(code, 1);
  t.regex(stderr, /stopped: not known whether it was completed/);
});

test("nobody reads what it prints: the command is carried out all the same, and its exit code tells", async (t) => {
  const board = await fakeBoard((telecommand, socket) => {
    for (const subtype of [1, 3, 7]) {
      socket.write(report(1, subtype, telecommand.slice(0, 4)));
    }
  });
  t.teardown(() => board.stop());
  const running = start(t, ["send", "areYouAlive", "--no-check", "--port", String(board.port)]);
  running.process.stdout.destroy();
  const { code, stderr } = await running.ended;
  t.is(code, 0, stderr);
  t.is(stderr, "");
});

test("the command goes out when the board has done with the question for its hash, whose reply is not the command's", async (t) => {
  const hash = new Uint8Array(4);
  new DataView(hash.buffer).setUint32(0, wireHash(FLATSAT));
  const asked = Uint8Array.of(1, 0, 20, ...hash);
  let sentEarly = false;
  const board = await fakeBoard((telecommand, socket, n) => {
    const requestId = telecommand.slice(0, 4);
    const done = (): void => {
      for (const subtype of [3, 7]) {
        socket.write(report(1, subtype, requestId));
      }
    };
    socket.write(report(1, 1, requestId));
    if (n === 0) {
      // The hash is told twice: before the reply is there, and in it.
      socket.write(report(20, 2, asked));
      setTimeout(() => {
        sentEarly = board.telecommands.length > 1;
        socket.write(report(20, 2, asked));
        done();
      }, 300);
    } else {
      socket.write(report(20, 2, Uint8Array.of(1, 0, 1, 0, 0, 0, 9)));
      done();
    }
  });
  t.teardown(() => board.stop());
  const { code, stdout, stderr } = await flatlink([
    "send",
    "reportParameters",
    "parameterId=uptime",
    "--port",
    String(board.port),
  ]);
  t.is(code, 0, stderr);
  t.false(sentEarly);
  t.deepEqual(stdout.match(/TM\[20,2\].*/g), ["TM[20,2] parameterReport: uptime 9 ms"]);
});

test("a board that does not tell its hash is taken for the right one", async (t) => {
  const board = await fakeBoard((telecommand, socket, n) => {
    const requestId = telecommand.slice(0, 4);
    if (n === 0) {
      socket.write(report(1, 4, Uint8Array.of(...requestId, 0, 17, 0, 0, 0, 20)));
      return;
    }
    for (const subtype of [1, 3, 7]) {
      socket.write(report(1, subtype, requestId));
    }
  });
  t.teardown(() => board.stop());
  const { code, stdout, stderr } = await flatlink(["send", "areYouAlive", "--port", String(board.port)]);
  t.is(code, 0, stderr);
  t.is(stderr, "");
  t.regex(stdout, /completed/);
  t.is(board.telecommands.length, 2);
});

test("Ctrl-C, or the end of the connection, before the hash is there: the command is not sent", async (t) => {
  for (const end of ["stopped", "the connection is over"] as const) {
    let asked: () => void = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const board = await fakeBoard((_, socket) => {
      asked();
      if (end !== "stopped") {
        socket.end();
      }
    });
    t.teardown(() => board.stop());
    const running = start(t, ["send", "areYouAlive", "--timeout", "60000", "--port", String(board.port)]);
    await isAsked;
    const { code, stdout, stderr } = await (end === "stopped" ? running.stop() : running.ended);
    t.is(code, 1);
    t.is(stdout, "");
    t.regex(stderr, new RegExp(`flatlink send: areYouAlive: ${end}: not sent\\n$`));
    t.is(board.telecommands.length, 1, "the question");
  }
});

test("the command has the sequence count that was asked for; the question for the hash has another one", async (t) => {
  for (const count of [5, 0]) {
    const board = await fakeBoard((telecommand, socket) => socket.write(stages(telecommand)));
    t.teardown(() => board.stop());
    const args = ["send", "areYouAlive", "--sequence-count", String(count), "--port", String(board.port)];
    const { code, stdout, stderr } = await flatlink(args);
    t.is(code, 0, stderr);
    t.regex(stdout, new RegExp(`sequence count ${count},`));
    t.deepEqual(
      board.telecommands.map((telecommand) => packetSequenceCount(telecommand, 0)),
      [count === 0 ? 16_383 : count - 1, count],
    );
  }
});

test("a function of the board's own that is called reportParameters is not carried out by the question for the hash", async (t) => {
  const file = join(folder, "own-function.js");
  writeFileSync(
    file,
    `import { defineDictionary } from "flatlink/dictionary/define-dictionary";
export const dictionary = defineDictionary({ name: "own", functions: { reportParameters: { id: 16, dangerous: "so it is" } } });
export function bind() {}
`,
  );
  const board = await fakeBoard((telecommand, socket) => socket.write(stages(telecommand)));
  t.teardown(() => board.stop());
  const { code, stderr } = await flatlink(["send", "areYouAlive", "--board", file, "--port", String(board.port)]);
  t.is(code, 0, stderr);
  t.deepEqual(
    board.telecommands.map((packet) => [telecommandServiceType(packet, 0), telecommandMessageSubtype(packet, 0)]),
    [
      [20, 1],
      [17, 1],
    ],
  );
});

test("replies that come for ever do not hold up the timeout", async (t) => {
  const board = await fakeBoard((telecommand, socket) => {
    socket.write(report(1, 1, telecommand.slice(0, 4)));
    const timer = setInterval(() => socket.write(report(17, 2)), 30);
    socket.once("close", () => clearInterval(timer));
  });
  t.teardown(() => board.stop());
  const args = ["send", "areYouAlive", "--no-check", "--timeout", "2000", "--port", String(board.port)];
  const { code, stderr } = await flatlink(args);
  t.is(code, 1);
  t.regex(stderr, /nothing more came in 2000 ms: not known whether it was completed/);
});

test("framings of one's own are those of the link, too", async (t) => {
  const file = join(folder, "framings.mjs");
  const module = (name: string) => JSON.stringify(pathToFileURL(`${PROJECT}dist/modules/framing/${name}.js`).href);
  writeFileSync(
    file,
    `import { registerFraming, framingEntry } from ${module("registry")};
export const framings = registerFraming({ ...framingEntry("space-packets"), name: "mine" });
`,
  );
  const board = await fakeBoard((telecommand, socket) => socket.write(stages(telecommand)));
  t.teardown(() => board.stop());
  const port = String(board.port);
  for (const args of [
    ["--framing", "mine", "--port", port],
    ["--listen", `mine:${port}`],
  ]) {
    const { code, stderr } = await flatlink(["send", "areYouAlive", "--framings", file, ...args]);
    t.is(code, 0, stderr);
  }
});
