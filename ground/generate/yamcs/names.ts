/** Names for tools that do not take every name, or that take each one once. */

/** Names of one kind, each given once: Yamcs takes two that differ in their case only for the same. */
export class Names {
  readonly #taken = new Set<string>();

  /** @returns the name, with a number behind it where it is taken */
  claim(wanted: string): string {
    let name = wanted;
    for (let k = 2; this.#taken.has(name.toLowerCase()); k++) {
      name = `${wanted}_${k}`;
    }
    this.#taken.add(name.toLowerCase());
    return name;
  }
}

const MAX_LENGTH = 60;

/** Any text as a name of letters, digits, `_` and `-`, a letter first, short enough for the name of a file. */
export function plainName(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .replace(/[^A-Za-z0-9_-]+/g, "_")
    .replace(/^[^A-Za-z]+|_+$/g, "")
    .slice(0, MAX_LENGTH);
  return plain === "" ? "board" : plain;
}
