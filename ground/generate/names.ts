/** Names that tools can read, made of names of a dictionary: unique, and the same each time. */

/** Gives out names, each once. One that is taken has a number behind it: the first that is free. */
export class UniqueNames {
  readonly #taken: Set<string>;
  readonly #maxLength: number;

  /** @param reserved names that the tool keeps for itself, in the spelling that `take` is asked for */
  constructor(maxLength: number, reserved: readonly string[] = []) {
    this.#maxLength = maxLength;
    this.#taken = new Set(reserved);
  }

  /** @param wanted at least one character */
  take(wanted: string): string {
    let name = shortened(wanted, this.#maxLength);
    for (let number = 2; this.#taken.has(name); number++) {
      const behind = `_${number}`;
      name = shortened(wanted, this.#maxLength - behind.length) + behind;
    }
    this.#taken.add(name);
    return name;
  }
}

/** Words of a camelCase name, in lower case, joined by `_`: letters, digits and single `_` are left, a letter first. */
export function snakeCase(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
  return /^[a-z]/.test(words) ? words : `x_${words}`.replace(/_$/, "");
}

/** Cut to a length, and not behind a `_`. */
function shortened(name: string, length: number): string {
  return name.slice(0, length).replace(/_+$/, "");
}
