/**
 * The last word of a board that XS is about to give up (the SDK's `abortHook`). Nothing here makes a string or an object:
 * the memory may be full.
 */

const BEGINNING = "abort: ";
const BETWEEN = ": ";
const END = "\n";
/** What XS calls an exception, or a rejected promise, that nobody caught. */
const EXCEPTION = "unhandled exception";
const REJECTION = "unhandled rejection";

/**
 * @param trace writes a piece of a line
 * @returns what XS calls as `abort(reason, exception)`: its answer is false where the engine shall go on, in which case
 *   one callback is lost; everything else, memory full first of all, restarts the board
 */
export function abortHook(trace: (text: string) => void): (reason: string, exception: unknown) => false | undefined {
  return (reason, exception) => {
    trace(BEGINNING);
    trace(reason);
    const goesOn = reason === EXCEPTION || reason === REJECTION;
    if (goesOn && exception instanceof Error) {
      trace(BETWEEN);
      trace(exception.message);
    }
    trace(END);
    return goesOn ? false : undefined;
  };
}
