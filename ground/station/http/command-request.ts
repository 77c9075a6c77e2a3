/** A command as JSON asks for it, over HTTP or a broker: `{ "name", "arguments", "confirm" }`. */
import { ArgumentError } from "../../dictionary/argument-error.js";
import { type CommandArguments, findCommand } from "../../dictionary/encode-command.js";
import type { Commands, Origin } from "../board.js";
import type { Command } from "../contracts.js";
import { HttpError } from "./route.js";

export interface CommandRequest {
  readonly name: string;
  readonly given: CommandArguments;
  readonly isSure: boolean;
}

/** @throws HttpError 400 */
export function commandRequest(body: unknown): CommandRequest {
  const { name, arguments: given = {}, confirm } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name !== "string") {
    throw new HttpError(400, 'the body must have the "name" of a command');
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new HttpError(400, '"arguments" must be an object, with each argument by its name');
  }
  if (confirm !== undefined && typeof confirm !== "boolean") {
    throw new HttpError(400, '"confirm" must be true or false');
  }
  const wrong = Object.entries(given as object).find(([, value]) => !isArgument(value));
  if (wrong !== undefined) {
    const [argument] = wrong;
    throw new HttpError(400, `${argument} must be text, a number, true or false, a list or bits of those`, {
      argument,
    });
  }
  return { name, given: given as CommandArguments, isSure: confirm === true };
}

/**
 * Sends it, if it is as it should be.
 * @returns as it stands in the archive
 * @throws HttpError 400: something is wrong with it; 409: it is dangerous, and not confirmed
 */
export function sendCommand(queue: Commands, { name, given, isSure }: CommandRequest, origin: Origin): Command {
  return asHttpError(() => {
    const { dangerous } = findCommand(queue.commands, name);
    // What is wrong with it is told first.
    queue.preview(name, given);
    if (dangerous !== undefined && !isSure) {
      throw new HttpError(409, `${name} is dangerous: ${dangerous.replace(/\.$/, "")}; confirm it`, { dangerous });
    }
    return queue.send(name, given, origin);
  });
}

function isScalar(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** Lists of values, of arrays too; bits by their names. */
function isArgument(value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return isScalar(value);
  }
  return Array.isArray(value) ? value.every(isArgument) : Object.values(value).every(isScalar);
}

/** @throws HttpError in place of what is wrong with a command */
export function asHttpError<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ArgumentError)) {
      throw error;
    }
    const { message, argument } = error;
    throw new HttpError(400, message, argument === undefined ? {} : { argument });
  }
}
