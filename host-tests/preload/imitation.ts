/**
 * What `preload` and `strip` of the Moddable SDK make of modules, imitated on a desktop's XS. Runs inside XS, after the
 * modules were imported. As the SDK's linker (xs/tools/xslSlot.c, xslStrip.c, xsl.c of 8.2.3) does it:
 *
 * - Functions, classes and their prototypes, regular expressions, Maps, Sets, buffers and views that exist then are
 *   frozen, and what is in them; plain objects and arrays stay as they are.
 * - The prototypes of the engine's own objects are frozen.
 * - A built-in function that no code names stops the engine when it is called, by the engine itself for example.
 * - `JSON.stringify` of what is preloaded fails; a Date says nothing to JSON.
 *
 * Not imitated: private fields of frozen instances, and what only closures hold.
 */

type Key = string | symbol;
type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** What would have failed, or stopped the engine, on a board. */
export const faults: string[] = [];

/** Built-ins are dead only while the application runs: the rest is the test's. */
let armed = false;

const { apply, ownKeys, getOwnPropertyDescriptor, defineProperty, getPrototypeOf } = Reflect;
const stringify = JSON.stringify;
const isView = ArrayBuffer.isView;
const freeze = Object.freeze;

function fail(text: string): never {
  const was = armed;
  armed = false;
  faults.push(text);
  armed = was;
  throw new TypeError(text);
}

/** Objects that the engine has by itself, by their names. */
function builtIns(): Map<object, string> {
  const found = new Map<object, string>();
  const enter = (value: unknown, name: string): void => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null || found.has(value)) {
      return;
    }
    found.set(value, name);
    for (const key of ownKeys(value)) {
      const property = getOwnPropertyDescriptor(value, key)!;
      enter(property.value, `${name}.${String(key)}`);
      enter(property.get, `${name}.${String(key)}`);
      enter(property.set, `${name}.${String(key)}`);
    }
    enter(getPrototypeOf(value), `${name}'s prototype`);
  };
  for (const name of GLOBALS) {
    enter((globalThis as Record<string, unknown>)[name], name);
  }
  const iterators = [[].values(), "".matchAll(/a/g), ""[Symbol.iterator](), new Map().values(), new Set().values()];
  for (const value of [...iterators, function* () {}, async function* () {}, async () => {}]) {
    enter(getPrototypeOf(value), "an engine's prototype");
  }
  return found;
}

const GLOBALS = [
  ..."Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error AggregateError".split(
    " ",
  ),
  ..."EvalError RangeError ReferenceError SyntaxError TypeError URIError FinalizationRegistry Float32Array".split(" "),
  ..."Float64Array Function Int8Array Int16Array Int32Array JSON Map Math Number Object Promise Proxy Reflect".split(
    " ",
  ),
  ..."RegExp Set SharedArrayBuffer String Symbol Uint8Array Uint8ClampedArray Uint16Array Uint32Array".split(" "),
  ..."WeakMap WeakRef WeakSet parseFloat parseInt isFinite isNaN".split(" "),
];

function prototypeOf(each: { readonly prototype: object }): object {
  return each.prototype;
}

/** Kept by the linker whether or not code names them (xslStrip.c). */
const KEPT = new Map<string, readonly object[]>([
  ["join", [Array.prototype, getPrototypeOf(Uint8Array.prototype)!]],
  ["values", [Array.prototype, getPrototypeOf(Uint8Array.prototype)!, Set.prototype]],
  ["toString", [Array, Boolean, Error, Function, Number, Object, Symbol, RegExp, Date, BigInt].map(prototypeOf)],
  ["valueOf", [Boolean, Number, Object, String, Symbol, Date, BigInt].map(prototypeOf)],
  ["assign", [Object]],
  ["isFrozen", [Object]],
  ["entries", [Map.prototype]],
  ["set", [Map.prototype]],
  ["add", [Set.prototype]],
  ["then", [Promise.prototype]],
  ["resolve", [Promise]],
  [
    "next",
    [[].values(), ""[Symbol.iterator](), new Map().values(), new Set().values()].map((each) => getPrototypeOf(each)!),
  ],
]);

/** What regular expressions keep, and the names that they are kept for. */
const KEPT_WITH = new Map<string, readonly string[]>([
  ["exec", ["replace", "replaceAll", "split", "test", "match", "matchAll", "search"]],
  ["Symbol(Symbol.replace)", ["replace", "replaceAll"]],
  ["Symbol(Symbol.split)", ["split"]],
  ["Symbol(Symbol.match)", ["match"]],
  ["Symbol(Symbol.matchAll)", ["matchAll"]],
  ["Symbol(Symbol.search)", ["search"]],
]);
const REGEXP_GETTERS = "dotAll flags global hasIndices ignoreCase multiline source sticky unicode unicodeSets".split(
  " ",
);
const KEPT_SYMBOLS: readonly symbol[] = [Symbol.iterator, Symbol.species, Symbol.hasInstance, Symbol.toPrimitive];

function isKept(object: object, key: Key, named: ReadonlySet<string>): boolean {
  const text = String(key);
  if (key === "constructor" || named.has(text) || (typeof key === "symbol" && KEPT_SYMBOLS.includes(key))) {
    return true;
  }
  if (
    object === RegExp.prototype &&
    (REGEXP_GETTERS.includes(text) || KEPT_WITH.get(text)?.some((name) => named.has(name)))
  ) {
    return true;
  }
  return KEPT.get(text)?.includes(object) ?? false;
}

/** Works until it is armed, then it is dead. */
function dead(original: Callable, name: string): Callable {
  return function (this: unknown, ...args: unknown[]): unknown {
    return armed ? fail(`dead strip: ${name}`) : apply(original, this, args);
  };
}

function isClass(value: Callable): boolean {
  return getOwnPropertyDescriptor(value, "prototype") !== undefined;
}

function strip(all: ReadonlyMap<object, string>, named: ReadonlySet<string>): void {
  for (const [object, name] of all) {
    for (const key of ownKeys(object)) {
      const property = getOwnPropertyDescriptor(object, key)!;
      if (property.configurable !== true || isKept(object, key, named)) {
        continue;
      }
      const what = `${name}.${String(key)}`;
      if (typeof property.value === "function" && !isClass(property.value as Callable)) {
        defineProperty(object, key, { ...property, value: dead(property.value as Callable, what) });
      } else if (property.get !== undefined || property.set !== undefined) {
        const { get, set } = property;
        defineProperty(object, key, {
          ...(get === undefined ? {} : { get: dead(get as Callable, what) }),
          ...(set === undefined ? {} : { set: dead(set as Callable, what) }),
        });
      }
    }
  }
}

/** Everything that can be reached from the modules' own names. */
function reached(from: readonly unknown[], engine: ReadonlyMap<object, string>): Set<object> {
  const found = new Set<object>();
  const enter = (value: unknown): void => {
    const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
    if (!isObject || engine.has(value as object) || found.has(value as object)) {
      return;
    }
    const object = value as object;
    found.add(object);
    enter(getPrototypeOf(object));
    if (isView(object)) {
      enter((object as Uint8Array).buffer);
      return;
    }
    if (object instanceof Map || object instanceof Set) {
      object.forEach((each: unknown, key: unknown) => {
        enter(each);
        enter(key);
      });
    }
    for (const key of ownKeys(object)) {
      const property = getOwnPropertyDescriptor(object, key)!;
      enter(property.value);
      enter(property.get);
      enter(property.set);
    }
  };
  from.forEach(enter);
  return found;
}

const WRITERS = ["set", "add", "delete", "clear"];

/** The contents of preloaded buffers and Dates: an engine cannot make them read-only, so changes are found afterwards. */
const contents: [object, string][] = [];

function contentOf(object: object): string {
  return object instanceof ArrayBuffer ? new Uint8Array(object).join() : String((object as Date).getTime());
}

function freezePreloaded(all: ReadonlySet<object>): void {
  for (const object of all) {
    if (object instanceof ArrayBuffer || object instanceof Date) {
      contents.push([object, contentOf(object)]);
    } else if (
      object instanceof Map ||
      object instanceof Set ||
      object instanceof WeakMap ||
      object instanceof WeakSet
    ) {
      for (const name of WRITERS) {
        defineProperty(object, name, { value: () => fail(`${name}: a preloaded collection is read-only`) });
      }
      freeze(object);
    } else if (object instanceof RegExp || object instanceof Promise) {
      freeze(object);
    } else if (typeof object === "function") {
      freeze(object);
      const { prototype } = object as { prototype?: unknown };
      if (typeof prototype === "object" && prototype !== null) {
        freeze(prototype);
      }
    }
  }
}

/** The engine marks objects while it makes JSON of them, which read-only memory does not let it. */
function refuseJson(all: ReadonlySet<object>): void {
  const look = (value: unknown, open: readonly unknown[]): void => {
    if (typeof value !== "object" || value === null || open.includes(value) || isView(value)) {
      return;
    }
    if (all.has(value)) {
      fail("JSON.stringify: read only value");
    }
    for (const key of Object.keys(value)) {
      look((value as Record<string, unknown>)[key], [...open, value]);
    }
  };
  JSON.stringify = (value: unknown, ...rest: unknown[]): string => {
    if (armed) {
      armed = false;
      try {
        look(value, []);
      } finally {
        armed = true;
      }
    }
    return apply(stringify, JSON, [value, ...rest]) as string;
  };
}

/**
 * @param preloaded what the modules' own names stand for
 * @param names that the code has
 */
export function imitate(preloaded: readonly unknown[], names: readonly string[]): void {
  const engine = builtIns();
  const all = reached(preloaded, engine);
  freezePreloaded(all);
  refuseJson(all);
  Reflect.deleteProperty(Date.prototype, "toJSON");
  strip(engine, new Set(names));
  for (const object of engine.keys()) {
    freeze(object);
  }
}

/** Runs what a board would run. @returns what it returns */
export function onBoard<Result>(run: () => Result): Result {
  armed = true;
  try {
    return run();
  } finally {
    armed = false;
    for (const [object, content] of contents) {
      if (contentOf(object) !== content) {
        faults.push("a preloaded buffer or Date was written");
      }
    }
  }
}
