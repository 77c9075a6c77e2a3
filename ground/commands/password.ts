/** Asks for a password: on a terminal without showing it; elsewhere it is the first line of standard input. */
import { text } from "node:stream/consumers";
import { UsageError } from "../../host/command.js";

const LEAST_LENGTH = 8;
const BACKSPACES = "\b\u007f";
const INTERRUPT = "\u0003";
const ENDS = `\r\n\u0004${INTERRUPT}`;

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
        if (ENDS.includes(character)) {
          return character === INTERRUPT || stop.aborted ? "" : password;
        }
        password = BACKSPACES.includes(character) ? password.slice(0, -1) : password + character;
      }
    }
    return password;
  } finally {
    process.stdin.setRawMode(false);
    process.stderr.write("\n");
  }
}
