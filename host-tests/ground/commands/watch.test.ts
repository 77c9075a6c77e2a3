/** On a pseudo-terminal, which Python makes: skipped where there is none. */
import test, { type ExecutionContext } from "ava";
import { portToKeep } from "../../project.js";
import { flatlink, flatsat, objectsIn } from "./run.js";
import { hasTerminal, Terminal } from "./terminal.js";

const onTerminal = hasTerminal ? test.serial : test.serial.skip;

const SHOW_CURSOR = "\u001b[?25h";
const HIDE_CURSOR = "\u001b[?25l";
const LIT = "\u001b[7m";
const INTERRUPT = "\u0003";

async function board(t: ExecutionContext): Promise<string[]> {
  const { program, ports } = await flatsat("node", "--beacon-interval-ms", "200");
  t.teardown(() => program.stop());
  return ["--port", String(ports[0]), "--beacon-interval-ms", "200"];
}

function onScreen(t: ExecutionContext, args: readonly string[], env: Readonly<Record<string, string>> = {}): Terminal {
  const terminal = new Terminal(args, env);
  t.teardown(() => terminal.kill());
  return terminal;
}

onTerminal(
  "a table is redrawn in place: changed values are lit, the window's size is kept to, Ctrl-C gives the cursor back",
  async (t) => {
    const terminal = onScreen(t, ["watch", "uptime", "mode", "batteryVoltage", ...(await board(t))]);
    await terminal.until("values", () => terminal.screen.some((line) => /^uptime +\d+ ms +\d+ s$/.test(line)));
    t.true(terminal.output.startsWith("\u001b[?1049h"));
    t.true(terminal.output.includes(HIDE_CURSOR));
    t.regex(terminal.screen[0]!, /^flatsat: connected to 127\.0\.0\.1 port/);
    t.deepEqual(terminal.screen.filter((line) => line.startsWith("uptime")).length, 1, "in place");
    await terminal.until("a value that is lit", () => terminal.output.split(LIT).some((text) => /^\d+ ms/.test(text)));
    await terminal.until("a unit and a limit", () =>
      terminal.screen.some((line) => /^batteryVoltage +[\d.]+ V /.test(line)),
    );
    terminal.resize(4, 30);
    await terminal.until("the smaller window", () => {
      const { screen } = terminal;
      return screen.length === 4 && screen.every((line) => line.length <= 30);
    });
    const before = terminal.output.length;
    terminal.type(INTERRUPT);
    t.is(await terminal.exitCode, 0);
    const last = terminal.output.slice(before);
    t.true(last.includes(SHOW_CURSOR) && last.includes("\u001b[?1049l"), JSON.stringify(last));
    t.true(terminal.output.lastIndexOf(SHOW_CURSOR) > terminal.output.lastIndexOf(HIDE_CURSOR));
  },
);

onTerminal("Ctrl-Z gives the terminal back; it goes on where it was", async (t) => {
  const terminal = onScreen(t, ["watch", "uptime", ...(await board(t))]);
  await terminal.until("a value", () => terminal.screen.some((line) => /^uptime +\d+ ms/.test(line)));
  terminal.type("\u001a");
  await terminal.until("the cursor", () => terminal.output.includes(SHOW_CURSOR));
  const before = terminal.output.length;
  terminal.signal("SIGCONT");
  await terminal.until("the table", () => {
    const after = terminal.output.slice(before);
    return after.includes(HIDE_CURSOR) && after.slice(after.indexOf(HIDE_CURSOR)).includes("uptime");
  });
  terminal.type(INTERRUPT);
  t.is(await terminal.exitCode, 0);
});

onTerminal("a board that is absent is told above the table; NO_COLOR is honoured", async (t) => {
  const port = await portToKeep();
  const terminal = onScreen(t, ["watch", "--port", String(port)], { NO_COLOR: "1" });
  await terminal.until("why", () =>
    /flatsat: cannot connect to 127\.0\.0\.1 port \d+: nothing listens/.test(terminal.screen[0] ?? ""),
  );
  terminal.type(INTERRUPT);
  t.is(await terminal.exitCode, 0);
  t.notRegex(terminal.output, /\[\d*m/);
});

onTerminal("a dangerous command asks: no is no, yes is yes", async (t) => {
  const port = await board(t);
  for (const [answer, code, pattern] of [
    ["n\r", 2, /Send it\?/],
    ["y\r", 1, /not completed/],
    // Ctrl-C, and the end of the input.
    [INTERRUPT, 2, /Send it\?/],
    ["\u0004", 2, /Send it\?/],
  ] as const) {
    const terminal = onScreen(t, ["send", "switchPayload", "on=true", ...port]);
    await terminal.until("the question", () =>
      /switchPayload is dangerous: [\s\S]*Send it\? \[y\/N\]/.test(terminal.output),
    );
    terminal.type(answer);
    t.is(await terminal.exitCode, code, terminal.output);
    t.regex(terminal.output, pattern);
  }
});

onTerminal("what is beyond its limits is coloured on a terminal; a wrong dictionary is red", async (t) => {
  const port = await board(t);
  const terminal = onScreen(t, ["tail", "values", "--board", "none", ...port]);
  await terminal.until("the warning", () => terminal.output.includes("\u001b[31mWRONG DICTIONARY"));
  terminal.type(INTERRUPT);
  t.is(await terminal.exitCode, 0);
});

test("as JSON, each value that changed is an object", async (t) => {
  const port = await board(t);
  const { code, stdout, stderr } = await flatlink(["watch", "uptime", "mode", "--json", "--count", "6", ...port]);
  t.is(code, 0, stderr);
  const values = objectsIn(stdout).filter(({ kind }) => kind === "value");
  t.true(values.every(({ name }) => name === "uptime" || name === "mode"));
  t.true(values.filter(({ name }) => name === "uptime").length > 1);
  t.true(values.filter(({ name }) => name === "mode").length <= 1, "it has not changed");
});
