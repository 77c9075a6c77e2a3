/**
 * Whether a value is a list of bytes. `Object.prototype.toString` would tell, and cannot be asked on a board: it looks
 * for a typed array's tag, which the Moddable SDK strips because no code names it, and the engine stops.
 */

/** True for a Node Buffer, too, and for the bytes of another realm. */
export function isBytes(value: unknown): value is Uint8Array {
  if (!ArrayBuffer.isView(value)) {
    return false;
  }
  return value instanceof Uint8Array || isBytesElsewhere(value);
}

/** Another realm has a class of its own, and only its name is the same; stripped builds have no names, and no realms. */
function isBytesElsewhere(view: ArrayBufferView): boolean {
  let prototype: object | null = Object.getPrototypeOf(view);
  while (prototype !== null) {
    if (className(prototype) === "Uint8Array") {
      return true;
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return false;
}

/** @returns the name of the class that made a value; empty where it has none, or the build has no names */
export function className(value: object): string {
  const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name === "string" ? name : "";
}
