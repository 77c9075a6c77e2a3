/** Colours of a terminal, where there is one that shows them. */
import type { LimitState } from "../dictionary/limit-state.js";

type Paint = (text: string) => string;

export interface Colours {
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly bold: Paint;
  readonly dim: Paint;
  /** Black on white: what has just changed. */
  readonly lit: Paint;
}

const plain: Paint = (text) => text;

export const NO_COLOURS: Colours = { red: plain, yellow: plain, green: plain, bold: plain, dim: plain, lit: plain };

function code(number: number): Paint {
  return (text) => `\u001b[${number}m${text}\u001b[0m`;
}

export const ALL_COLOURS: Colours = {
  red: code(31),
  yellow: code(33),
  green: code(32),
  bold: code(1),
  dim: code(2),
  lit: code(7),
};

/** None where the stream is no terminal, or the environment has `NO_COLOR` (no-color.org) or a dumb terminal. */
export function coloursFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Colours {
  const isWanted = stream.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  return isWanted ? ALL_COLOURS : NO_COLOURS;
}

/** Red beyond a critical limit, yellow beyond a warning one. */
export function limitColour(colours: Colours, state: LimitState | undefined): Paint {
  return state === undefined || state === "ok" ? plain : state.startsWith("critical") ? colours.red : colours.yellow;
}
