/** `flatlink tail`: what a board sends, decoded, one line each. */
import { parseOptions, UsageError } from "../../host/command.js";
import { dictionaryIn, linkIn, wordsOf } from "./common-options.js";
import { listen } from "./listen.js";
import { EXIT_DONE, type Program, runProgram } from "./program.js";
import { Reporter } from "./reporter.js";
import { tailCommand } from "./syntax.js";
import { SUBJECTS, type Subject, type TailLine, tailLines, undecodedLine } from "./tail-lines.js";

/** @throws UsageError */
function subjectIn(words: readonly string[]): Subject {
  const [subject = "packets", ...more] = words;
  if (more.length > 0 || !(SUBJECTS as readonly string[]).includes(subject)) {
    throw new UsageError(`"${words.join(" ")}" cannot be printed: give one of ${SUBJECTS.join(", ")}`);
  }
  return subject as Subject;
}

async function tail(program: Program): Promise<number> {
  const command = tailCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, program.args, program.write);
  if (options === undefined) {
    return EXIT_DONE;
  }
  const { settings, others } = wordsOf(command);
  const subject = subjectIn(others);
  const board = await dictionaryIn(command, settings);
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
    await linkIn(command, board, settings),
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
