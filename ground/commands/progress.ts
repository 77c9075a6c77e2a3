/** Says on a terminal what is going on where it takes longer than a second. */

const AFTER_MS = 1000;
const ERASE_LINE = "\r\u001b[K";

/** Standard error, or a test's. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** @returns (resolves, rejects) as the result does; then the line is gone */
export async function withProgress<Result>(
  what: string,
  result: Promise<Result>,
  stream: ProgressStream = process.stderr,
  afterMs: number = AFTER_MS,
): Promise<Result> {
  if (stream.isTTY !== true) {
    return result;
  }
  let shown = "";
  const timer = setTimeout(() => {
    shown = `${what} ...`;
    stream.write(shown);
  }, afterMs);
  try {
    return await result;
  } finally {
    clearTimeout(timer);
    if (shown !== "") {
      stream.write(ERASE_LINE);
    }
  }
}
