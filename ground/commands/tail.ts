/** `flatlink tail`: what a board sends, decoded, one line each. */
import { parseOptions } from "../../host/command.js";
import { dictionaryIn, linkIn } from "./common-options.js";
import { listen } from "./listen.js";
import { EXIT_DONE, type Program, runProgram } from "./program.js";
import { Reporter } from "./reporter.js";
import { tailCommand } from "./syntax.js";
import { type Subject, type TailLine, tailLines, undecodedLine } from "./tail-lines.js";

async function tail(program: Program): Promise<number> {
  const command = tailCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, program.args, program.write);
  if (options === undefined) {
    return EXIT_DONE;
  }
  const subject = (command.args[0] ?? "packets") as Subject;
  const board = await dictionaryIn(options);
  const reporter = new Reporter(program, options["json"] === true);
  const end = new AbortController();
  let left = (options["count"] as number) || Number.POSITIVE_INFINITY;
  const print = ({ text, object }: TailLine): void => {
    if (left <= 0) {
      return;
    }
    reporter.line(text);
    reporter.object(object);
    if (--left === 0) {
      end.abort();
    }
  };
  return listen(
    program,
    command,
    linkIn(command, board),
    board,
    {
      notice: (notice) => reporter.notice(notice),
      telemetry: (packet) => tailLines(subject, board, packet, Date.now(), reporter.colours).forEach(print),
      undecoded: (bytes, error) => {
        if (subject === "packets") {
          print(undecodedLine(bytes, error, Date.now(), reporter.colours));
        }
      },
    },
    end.signal,
  );
}

await runProgram("flatlink tail", tail);
