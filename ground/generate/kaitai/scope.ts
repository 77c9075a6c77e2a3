/** Types and enumerations of one .ksy file: each once, however many messages have it. */
import type { Words } from "../../../modules/dictionary/dictionary.js";
import { Ids } from "../ids.js";
import type { Yaml, YamlMap } from "./yaml.js";

export class Scope {
  readonly #typeIds = new Ids();
  readonly #enumIds = new Ids();
  readonly #types = new Map<string, YamlMap>();
  readonly #enums = new Map<string, YamlMap>();
  /** Names of types and enumerations by their contents. */
  readonly #known = new Map<string, string>();

  /** @returns the type's name */
  type(wanted: string, definition: YamlMap): string {
    const name = this.#typeIds.take(wanted, "type_of_data");
    this.#types.set(name, definition);
    return name;
  }

  /** The same as another where there is one with these contents. */
  sharedType(wanted: string, definition: YamlMap): string {
    const contents = `type ${JSON.stringify(definition)}`;
    const name = this.#known.get(contents) ?? this.type(wanted, definition);
    this.#known.set(contents, name);
    return name;
  }

  /** @returns the enumeration's name */
  enumeration(wanted: string, words: Words): string {
    const contents = `enum ${JSON.stringify(Object.entries(words))}`;
    const known = this.#known.get(contents);
    if (known !== undefined) {
      return known;
    }
    const name = this.#enumIds.take(`words_${wanted}`, "words");
    const ids = new Ids();
    const entries = Object.entries(words)
      .sort(([, a], [, b]) => a - b)
      .map(([word, value]): [string, Yaml] => {
        const id = ids.take(word, `word_${value < 0 ? "minus_" : ""}${Math.abs(value)}`);
        return [String(value), id === word ? id : { id, "-orig-id": word }];
      });
    this.#enums.set(name, sortedMap(entries));
    this.#known.set(contents, name);
    return name;
  }

  get types(): YamlMap {
    return Object.fromEntries(this.#types);
  }

  get enums(): YamlMap {
    return Object.fromEntries(this.#enums);
  }
}

function sortedMap(entries: readonly [string, Yaml][]): YamlMap {
  return Object.fromEntries(entries);
}
