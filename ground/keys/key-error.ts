/** Something is wrong with a key's file, its counter or its lock. The message says what, and what to do, in one line; nothing of the key. */
export class KeyError extends Error {
  override name = "KeyError";
}
