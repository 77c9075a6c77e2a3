/** What examples use of Node, as far as they do, for engines that have nothing of it; and what they print, in one form. */

/** A value as text that is the same on every engine. */
export function shown(value: unknown): string {
  if (typeof value === "string") {
    return value;
  }
  if (value instanceof Uint8Array) {
    return `bytes(${value.join(" ")})`;
  }
  if (Array.isArray(value)) {
    return `[${value.map(shown).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null && !(value instanceof Error)) {
    const fields = Object.entries(value).map(([name, field]) => `${name}: ${shown(field)}`);
    return `{${fields.join(", ")}}`;
  }
  return String(value);
}

class Bytes extends Uint8Array {
  override toString(): string {
    return String.fromCharCode(...this);
  }
}

/** In place of Node's `Buffer`. Text is ASCII. */
export const BufferStandIn = {
  from(value: string | ArrayLike<number>, encoding?: "hex"): Uint8Array {
    if (typeof value !== "string") {
      return Bytes.from(value);
    }
    const step = encoding === "hex" ? 2 : 1;
    const bytes = new Bytes(value.length / step);
    for (let i = 0; i < bytes.length; i++) {
      bytes[i] = encoding === "hex" ? Number.parseInt(value.slice(2 * i, 2 * i + 2), 16) : value.charCodeAt(i);
    }
    return bytes;
  },
};

export type ConsoleStandIn = { log(...values: unknown[]): void };
export type Examples = Record<string, (console: ConsoleStandIn, Buffer: typeof BufferStandIn) => void>;

/** Runs every example. @param line takes what each prints, after its name */
export function runExamples(examples: Examples, line: (text: string) => void): void {
  for (const [name, run] of Object.entries(examples)) {
    try {
      run({ log: (...values) => line(`${name}: ${values.map(shown).join(" ")}`) }, BufferStandIn);
      line(`${name}: ended`);
    } catch (error) {
      line(`${name}: threw ${String(error)}`);
    }
  }
}
