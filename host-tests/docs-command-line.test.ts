/** What docs/command-line.md and the README show of the command line is run, and prints what they say. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { parseEntry, parseHeader } from "../ground/recording/recording-format.js";
import { SUBCOMMANDS } from "../ground/subcommands.js";
import { COMMAND_LINE_PAGE, EXAMPLES, isCommandLine } from "./examples.js";
import { FLATLINK, flatlink, flatsat } from "./ground/commands/run.js";
import { hasTerminal, Terminal } from "./ground/commands/terminal.js";
import { Program, projectFile } from "./project.js";

const folder = mkdtempSync(join(tmpdir(), "flatlink-docs-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

/** Each command with the output that stands behind it, if one does. */
const blocks = EXAMPLES.filter(isCommandLine);
const commands = blocks.flatMap(({ language, code }, k) => {
  const next = blocks[k + 1];
  const output = next?.language === "text" ? next.code : undefined;
  return language === "sh" ? code.split("\n").map((line) => ({ line, output })) : [];
});

/** What is printed, but for its numbers and how wide they are. */
function shape(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/-?\d+(\.\d+)?/g, "N")
        .replace(/ {2,}/g, "  "),
    )
    .join("\n");
}

/** The line, for a shell in the project's folder, about a board on this port. */
function runnable(line: string, port: number): string {
  const isConnecting =
    /^(npx flatlink|npm run flatlink --) (send|tail|watch|record) /.test(line) && !line.includes("--dry-run");
  return line
    .replace(/^(npx flatlink|npm run flatlink --)/, `${process.execPath} ${FLATLINK}`)
    .replace("pass.jsonl", join(folder, "pass.jsonl"))
    .replace("--port 7301", "--port 0")
    .concat(isConnecting ? ` --port ${port}` : "");
}

async function run(t: ExecutionContext, line: string, output: string | undefined, port: number): Promise<void> {
  const shell = runnable(line, port);
  const subcommand = /^(?:npx flatlink|npm run flatlink --) (\w+)/.exec(line)?.[1];
  if (subcommand === "watch") {
    await watches(t, shell);
    return;
  }
  if (subcommand === "record") {
    // The README's and the page's have one name.
    rmSync(join(folder, "pass.jsonl"), { force: true });
  }
  const program = new Program("bash", ["-c", `exec ${shell}`]);
  t.teardown(() => program.stop("SIGKILL"));
  switch (subcommand) {
    case "tail": {
      const wanted = output === undefined ? [] : output.split("\n").map(shape);
      await program.prints(/\n/);
      for (const each of wanted) {
        while (!shape(program.output).split("\n").includes(each)) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
      t.is(await program.stop("SIGINT"), 0, program.output);
      return;
    }
    case "record": {
      const file = join(folder, "pass.jsonl");
      while (!/"packet"/.test(contents(file))) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      t.is(await program.stop("SIGINT"), 0, program.output);
      t.regex(program.output, /\d+ packets, \d+ octets, in /);
      return;
    }
    case "replay": {
      const [, serving] = await program.prints(/listening on 127\.0\.0\.1 port (\d+)/);
      const tail = await flatlink(["tail", "--no-reconnect", "--port", serving!]);
      t.regex(tail.stdout, /TM\[/);
      t.is(await program.exitCode, 0, program.output);
      return;
    }
    default: {
      const code = await program.exitCode;
      // The packet that is damaged, and the command that fails, are examples of just that.
      t.is(code, /83c3|switchPayload/.test(line) ? 1 : 0, program.output);
      if (output !== undefined) {
        const isExact = subcommand !== "send" || line.includes("--dry-run");
        t.is(isExact ? program.output.trim() : shape(program.output), isExact ? output : shape(output), line);
      }
    }
  }
}

async function watches(t: ExecutionContext, shell: string): Promise<void> {
  if (!hasTerminal) {
    t.log("no pseudo-terminal: watch is not run");
    return;
  }
  const terminal = new Terminal(["-c", `exec ${shell}`], {}, ["bash"]);
  t.teardown(() => terminal.kill());
  await terminal.until("a value", () => terminal.screen.some((line) => line.startsWith("batteryVoltage")));
  terminal.type("\u0003");
  t.is(await terminal.exitCode, 0);
}

function contents(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

test.serial("each command is run, and prints what is shown", async (t) => {
  t.timeout(600_000);
  const { program, ports } = await flatsat("node");
  t.teardown(() => program.stop());
  t.true(commands.length >= 14);
  for (const { line, output } of commands) {
    if (!line.startsWith("source ")) {
      await run(t, line, output, ports[0]!);
    } else {
      const shell = new Program("bash", [
        "-c",
        `${line.replace("npx flatlink", `${process.execPath} ${FLATLINK}`)} && complete -p flatlink`,
      ]);
      t.is(await shell.exitCode, 0, shell.output);
      t.regex(shell.output, /complete -F _flatlink flatlink/);
    }
  }
});

test("the lines of a recording are as the page shows them", (t) => {
  const [header, ...entries] = blocks.find(({ language }) => language === "json")!.code.split("\n");
  t.is(parseHeader(header!).board, "flatsat");
  t.is(entries.length, 3);
  for (const entry of entries) {
    t.not(parseEntry(entry.replace("...", "")), undefined, entry);
  }
});

test("the page names every subcommand, and nothing else", (t) => {
  const named = Array.from(
    projectFile(COMMAND_LINE_PAGE).matchAll(/^\| `(\w+)[^|]*(?:\\\|[^|]*)*\|/gm),
    ([, name]) => name,
  );
  t.deepEqual(
    named.filter((name) => Object.hasOwn(SUBCOMMANDS, name!)),
    Object.keys(SUBCOMMANDS),
  );
});
