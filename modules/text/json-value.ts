/**
 * Whether a value is one that JSON can say (RFC 8259), and where not. `JSON.stringify` by itself leaves out what it cannot
 * say, makes it null or an empty object, and goes as deep as it is told to: what is read back would be something else.
 */
import { show } from "../checks/show.js";
import { JsonPayloadError } from "./errors.js";

/**
 * @param maxDepth how deep arrays and objects may be in each other
 * @returns the JSON, without white space
 * @throws JsonPayloadError with the path of what cannot be said; whatever a `toJSON` of the value throws
 */
export function stringify(value: unknown, maxDepth: number): string {
  const check = new ValueCheck(maxDepth);
  return JSON.stringify(value, function (this: unknown, key: string, each: unknown): unknown {
    check.look(this as Holder, key, each);
    return each;
  });
}

/** An object or an array; the whole value stands under an empty name in one that `JSON.stringify` makes. */
type Holder = Readonly<Record<string, unknown>>;

/** Looks at the values as they come: each array and object first, then what is in it. */
class ValueCheck {
  readonly #maxDepth: number;
  /** The arrays and objects that are open, and the name that each stands under in the one before. */
  readonly #open: unknown[] = [];
  readonly #names: string[] = [];
  /** The object around the whole value. */
  #root: Holder | undefined;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  /** @param value of `holder[key]`, or what its `toJSON` makes of it */
  look(holder: Holder, key: string, value: unknown): void {
    this.#root ??= holder;
    while (this.#open.length > 0 && this.#open[this.#open.length - 1] !== holder) {
      this.#open.pop();
      this.#names.pop();
    }
    // Before any `toJSON`: that of a Buffer makes an object of it that is no Buffer when it is read.
    if (ArrayBuffer.isView(holder[key]) || ArrayBuffer.isView(value)) {
      this.#refuse(holder, key, "bytes or typed arrays");
    }
    if (typeof value === "number") {
      if (value - value !== 0) {
        this.#refuse(holder, key, String(value));
      }
    } else if (typeof value === "object") {
      if (value !== null) {
        this.#enter(holder, key, value);
      }
    } else if (typeof value !== "string" && typeof value !== "boolean") {
      this.#refuse(holder, key, typeof value === "symbol" ? "symbols" : show(value));
    }
  }

  #enter(holder: Holder, key: string, value: object): void {
    if (!Array.isArray(value)) {
      // A Map, a Set or an ArrayBuffer has no properties; a boxed number or an error is not what its properties are.
      const tag = Object.prototype.toString.call(value);
      if (tag !== "[object Object]") {
        this.#refuse(holder, key, `a value like this (${tag})`);
      }
    }
    if (this.#open.includes(value)) {
      this.#refuse(holder, key, "an object that is in itself");
    }
    if (this.#open.length === this.#maxDepth) {
      const reason = `arrays and objects may be ${this.#maxDepth} deep${this.#where(holder, key)}`;
      throw new JsonPayloadError("too deep", 0, reason);
    }
    this.#open.push(value);
    this.#names.push(this.#step(holder, key));
  }

  #refuse(holder: Holder, key: string, what: string): never {
    throw new JsonPayloadError("no JSON value", 0, `there is no JSON for ${what}${this.#where(holder, key)}`);
  }

  /** As in ` at samples[3].x`; nothing for the whole value. */
  #where(holder: Holder, key: string): string {
    const path = this.#names.join("") + this.#step(holder, key);
    return path === "" ? "" : ` at ${path.startsWith(".") ? path.slice(1) : path}`;
  }

  #step(holder: Holder, key: string): string {
    if (holder === this.#root) {
      return "";
    }
    return Array.isArray(holder) || !/^[A-Za-z_$][\w$]*$/.test(key)
      ? `[${Array.isArray(holder) ? key : JSON.stringify(key)}]`
      : `.${key}`;
  }
}
