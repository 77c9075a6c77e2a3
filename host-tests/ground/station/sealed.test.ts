/** A station's board behind SDLS: what was uncertain after a cut becomes what the board says; the key is nowhere to be seen. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { boardEntries } from "../../../ground/commands/ground-boards.js";
import { type GroundOptions, parseGroundOptions } from "../../../ground/commands/ground-options.js";
import { relayArgument, withRelays } from "../../../ground/commands/relay-argument.js";
import type { Command } from "../../../ground/station/contracts.js";
import { flatlink, flatsat } from "../commands/run.js";
import { CuttingProxy } from "../link/sealed-board.js";
import { folderOf, running, until } from "./rig.js";

const FRAMING = "tc-frames,scid=1,sdls=tc";
const SECURITY = "1=commander";
const COMMAND_FRAME = 5 + 14 + 15 + 16 + 2;

function optionsOf(...args: string[]): GroundOptions {
  return parseGroundOptions(args, () => {}) as GroundOptions;
}

test.serial(
  "a command whose reports were lost is taken, as the board says; without a connection, none is sealed",
  async (t) => {
    const folder = folderOf(t);
    const [key, store] = [join(folder, "key"), join(folder, "store")];
    for (const words of [
      ["keys", "new", key],
      ["keys", "provision", key, "--spi", "1", "--keys", store],
    ]) {
      const { code, stderr } = await flatlink(words);
      t.is(code, 0, stderr);
    }
    const listen = FRAMING.replace("tc-frames", "tc-frames:0");
    const { program, ports } = await flatsat("node", "--keys", store, "--security", SECURITY, "--listen", listen);
    t.teardown(() => program.stop());
    const proxy = await CuttingProxy.before(t, { port: ports[0]! }, [{ deafBehind: COMMAND_FRAME }]);
    const settings = [`security=${SECURITY}`, `listen=${listen.replace(":0", `:${ports[0]}`)}`];
    const board = `b1=127.0.0.1:${proxy.port},${FRAMING}`;
    const boards = await boardEntries(optionsOf("--board", board, "--key", `b1=${key}`, ...settings));
    const [relayed] = withRelays(boards, [relayArgument("b1", "0")]);
    t.is(relayed!.relays![0]!.framingText, "tc-frames,scid=1");
    t.throws(() => withRelays(boards, [relayArgument("b1", `0,${FRAMING}`)]), {
      message: /a port for tools has no keys/,
    });

    const file = join(folder, "a.sqlite");
    const rig = await running(t, { boards, file });
    const [far] = rig.station.boards;
    const origin = { user: "u", origin: "o" };
    const early = far!.queue.send("areYouAlive", {}, origin);
    await until("connected", () => far!.link.state === "connected");
    const lost = far!.queue.send("setHeater", { control: "on" }, origin);
    const history = async (): Promise<Map<number, Command>> => {
      const all = (await rig.ask("/api/v1/boards/b1/history/commands")).json as Command[];
      return new Map(all.map((command) => [command.id, command]));
    };
    await until("the board's word", async () => (await history()).get(lost.id)?.state === "taken");
    t.deepEqual(
      (await history()).get(lost.id)!.stages.map(({ stage }) => stage),
      ["sent", "taken"],
    );
    t.like((await history()).get(early.id), { state: "failed" });
    const next = far!.queue.send("areYouAlive", {}, origin);
    await until("an answer", async () => (await history()).get(next.id)?.state === "completed");
    const secret = readFileSync(key);
    await rig.station.close();
    t.false(readFileSync(file).includes(secret));
  },
);

test("keys of boards are named as dictionaries are", (t) => {
  const { keys } = optionsOf(
    "--board",
    "a=h:1",
    "--board",
    "b=h:2",
    "--key",
    "a=k",
    "--spi",
    "a=7",
    "--telemetry-key",
    "b=t",
  );
  t.deepEqual(keys.get("a"), { sender: { file: "k", spi: 7 }, telemetry: undefined });
  t.deepEqual(keys.get("b"), { sender: undefined, telemetry: { file: "t", spi: 9 } });
  for (const [args, message] of [
    [["--key", "x=k"], /there is no --board x/],
    [["--key", "k"], /--key must be NAME=FILE/],
    [["--key", "a=k", "--key", "a=l"], /--key a is there twice/],
    [["--key", "a=k", "--spi", "a=x"], /--spi a: "x" must be a whole number from 1 to 65534/],
    [["--spi", "a=1"], /--spi is of no use without --key/],
  ] as const) {
    t.throws(() => optionsOf("--board", "a=h:1", ...args), { message });
  }
});

test("a board whose framing wants a key, and has none, is told", async (t) => {
  await t.throwsAsync(boardEntries(optionsOf("--board", `a=h:1,${FRAMING}`)), {
    message: /^--board a: tc-frames with sdls needs --key FILE/,
  });
});
