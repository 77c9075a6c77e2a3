/** `flatlink watch`: the board's values as a table that is redrawn in place. */
import type { Command } from "commander";
import { parseOptions, UsageError } from "../../host/command.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { describeTime, parametersIn, plainValue } from "../dictionary/describe.js";
import { nearestName } from "../dictionary/nearest-name.js";
import type { LinkChoice } from "../link/link-options.js";
import { dictionaryIn, linkIn, wordsOf } from "./common-options.js";
import { listen } from "./listen.js";
import { EXIT_DONE, type Program, runProgram } from "./program.js";
import { Reporter } from "./reporter.js";
import { drawScreen, ENTER, LEAVE } from "./screen.js";
import { watchCommand } from "./syntax.js";
import { WatchTable } from "./watch-table.js";

const REDRAW_MS = 100;
/** Ages and lights go on when nothing comes. */
const IDLE_REDRAW_MS = 500;

/** @throws UsageError for a name that is none of the dictionary's */
function wantedNames({ parameters = {}, structures = {} }: BoardDictionary, names: readonly string[]): Set<string> {
  const groups = new Set(Object.values(parameters).flatMap(({ group }) => group ?? []));
  const wanted = new Set<string>();
  for (const name of names) {
    const ofStructure = structures[name]?.parameters ?? [];
    const ofGroup = Object.keys(parameters).filter((parameter) => parameters[parameter]!.group === name);
    const found = [...(Object.hasOwn(parameters, name) ? [name] : []), ...ofStructure, ...ofGroup];
    if (found.length === 0) {
      const meant = nearestName(name, [...Object.keys(parameters), ...Object.keys(structures), ...groups]);
      throw new UsageError(
        `no parameter, structure or group is called "${name}"${meant === undefined ? "" : `; did you mean ${meant}?`}`,
      );
    }
    for (const each of found) {
      wanted.add(each);
    }
  }
  return wanted;
}

async function watch(program: Program): Promise<number> {
  const command = watchCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, program.args, program.write);
  if (options === undefined) {
    return EXIT_DONE;
  }
  const isJson = options["json"] === true;
  if (!isJson && process.stdout.isTTY !== true) {
    throw new UsageError("standard output is no terminal: see --json, and flatlink tail values");
  }
  const { settings, others } = wordsOf(command);
  const board = await dictionaryIn(command, settings);
  const link = await linkIn(command, board, settings);
  const wanted = wantedNames(board, others);
  const table = new WatchTable(wanted.size === 0 ? undefined : (name) => wanted.has(name));
  return isJson
    ? watchAsJson(program, command, link, board, table)
    : watchOnScreen(program, command, link, board, table);
}

async function watchAsJson(
  program: Program,
  command: Command,
  link: LinkChoice,
  board: BoardDictionary,
  table: WatchTable,
): Promise<number> {
  const reporter = new Reporter(program, true);
  const end = new AbortController();
  let left = countIn(command);
  return listen(
    program,
    command,
    link,
    board,
    {
      notice: (notice) => reporter.notice(notice),
      telemetry(packet) {
        const values = parametersIn(packet);
        for (const value of values) {
          if (table.put(value, Date.now())) {
            reporter.object({ kind: "value", time: describeTime(packet), ...plainValue(value) });
          }
        }
        if (values.length > 0 && --left <= 0) {
          end.abort();
        }
      },
    },
    end.signal,
  );
}

async function watchOnScreen(
  program: Program,
  command: Command,
  link: LinkChoice,
  board: BoardDictionary,
  table: WatchTable,
): Promise<number> {
  const { colours } = new Reporter(program, false);
  const end = new AbortController();
  let left = countIn(command);
  let state = `dialling ${link.host} port ${link.port} ...`;
  let warning = "";
  let drawnAt = Number.NEGATIVE_INFINITY;
  let due: NodeJS.Timeout | undefined;
  const draw = (): void => {
    clearTimeout(due);
    due = undefined;
    drawnAt = Date.now();
    const { columns = 80, rows = 24 } = process.stdout;
    const head = `${board.name}: ${warning}${state}`;
    program.write(drawScreen(head, table.rows(drawnAt), { columns, rows }, colours));
  };
  const drawSoon = (): void => {
    due ??= setTimeout(draw, Math.max(0, drawnAt + REDRAW_MS - Date.now()));
  };
  const timer = setInterval(drawSoon, IDLE_REDRAW_MS);
  process.stdout.on("resize", draw);
  // However it ends: nobody is left with a terminal without a cursor.
  const restore = (): void => void process.stdout.write(LEAVE);
  process.once("exit", restore);
  const suspend = (): void => {
    restore();
    process.kill(process.pid, "SIGSTOP");
  };
  const goOn = (): void => {
    program.write(ENTER);
    draw();
  };
  // Ctrl-Z, and what follows it.
  process.on("SIGTSTP", suspend).on("SIGCONT", goOn);
  program.write(ENTER);
  draw();
  try {
    return await listen(
      program,
      command,
      link,
      board,
      {
        notice(notice) {
          if (notice.kind === "link") {
            state = notice.text;
          } else {
            warning = notice.state === "wrong" ? `${notice.text}; ` : "";
          }
          drawSoon();
        },
        telemetry(packet) {
          const values = parametersIn(packet);
          for (const value of values) {
            table.put(value, Date.now());
          }
          if (values.length > 0) {
            drawSoon();
            if (--left <= 0) {
              end.abort();
            }
          }
        },
      },
      end.signal,
    );
  } finally {
    clearInterval(timer);
    clearTimeout(due);
    process.off("SIGTSTP", suspend).off("SIGCONT", goOn).off("exit", restore);
    restore();
  }
}

function countIn(command: Command): number {
  return (command.opts()["count"] as number) || Number.POSITIVE_INFINITY;
}

await runProgram("flatlink watch", watch);
