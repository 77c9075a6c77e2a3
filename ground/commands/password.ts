/** Asks for a password: on a terminal without showing it; elsewhere it is the first line of standard input. */
import { text } from "node:stream/consumers";
import { UsageError } from "../../host/command.js";

const LEAST_LENGTH = 8;
const BACKSPACE = /[\b\u007f]/;
const END = /[\r\n\u0003\u0004]/;

/** @throws (rejects) UsageError when it is too short, or there is none */
export async function readPassword(name: string, stop: AbortSignal): Promise<string> {
  const password = process.stdin.isTTY
    ? await typed(`password of ${name}: `, stop)
    : ((await text(process.stdin)).split(/\r?\n/)[0] ?? "");
  if (password.length < LEAST_LENGTH) {
    throw new UsageError(`a password has ${LEAST_LENGTH} characters at least`);
  }
  return password;
}

async function typed(question: string, stop: AbortSignal): Promise<string> {
  process.stderr.write(question);
  process.stdin.setRawMode(true).setEncoding("utf8");
  try {
    let password = "";
    for await (const characters of process.stdin as AsyncIterable<string>) {
      for (const character of characters) {
        if (END.test(character)) {
          return character === "\u0003" || stop.aborted ? "" : password;
        }
        password = BACKSPACE.test(character) ? password.slice(0, -1) : password + character;
      }
    }
    return password;
  } finally {
    process.stdin.setRawMode(false);
    process.stderr.write("\n");
  }
}
