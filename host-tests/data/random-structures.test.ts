/** What holds for every structure and every value. */
import test from "ava";
import fc from "fast-check";
import {
  ConstantMismatchError,
  PartialPayloadError,
  type PayloadError,
  SurplusPayloadError,
} from "../../modules/data/errors.js";
import type { Field } from "../../modules/data/field.js";
import { BYTES, FILLER, UINT64 } from "../../modules/data/field-kinds.js";
import {
  CONSTANT_MISMATCH,
  PARTIAL_PAYLOAD,
  SURPLUS_PAYLOAD,
  VALID_PAYLOAD,
} from "../../modules/data/payload-status.js";
import { Random } from "../framing/random.js";
import { checkProperty } from "../seeded-properties.js";
import { randomSpec, randomValue, type Value } from "./random-structures.js";

const seeds = fc.integer({ min: 0, max: 0xffffffff });

function make(seed: number) {
  const random = new Random(seed);
  const spec = randomSpec(random, 2);
  const value = randomValue(spec, random);
  return { random, spec, structure: spec.structure, value, bytes: spec.structure.encode(value as never) };
}

function thrownBy(run: () => unknown): PayloadError {
  try {
    run();
  } catch (error) {
    return error as PayloadError;
  }
  throw new Error("nothing was thrown");
}

test("What is encoded is decoded again.", (t) => {
  const property = fc.property(seeds, (seed) => {
    const { structure, value, bytes } = make(seed);
    t.deepEqual(structure.decode(bytes), value as never);
    t.deepEqual(structure.encode(structure.decode(bytes) as never), bytes);
    t.true(structure.size === undefined ? bytes.length >= structure.minimumSize : bytes.length === structure.size);
  });
  checkProperty(t, property, 400);
});

test("It is decoded again in the middle of other bytes, also when these are a Buffer.", (t) => {
  const property = fc.property(seeds, (seed) => {
    const { random, structure, value, bytes } = make(seed);
    const start = random.below(9);
    const memory = Buffer.from(random.bytes(start + bytes.length + random.below(9)));
    memory.set(bytes, start);
    const decoded = structure.decode(memory, start, start + bytes.length);
    memory.fill(0xee);
    t.deepEqual(decoded, value as never, "its values are copies");
  });
  checkProperty(t, property, 200);
});

test("Every partial length is refused, and the bytes needed are right as far as what is here tells.", (t) => {
  const property = fc.property(seeds, (seed) => {
    const { structure, bytes } = make(seed);
    const view = structure.view(bytes);
    let last = structure.minimumSize;
    for (let found = 0; found < bytes.length; found++) {
      t.is(view.attach(bytes, 0, found), PARTIAL_PAYLOAD);
      const error = thrownBy(() => structure.decode(bytes, 0, found)) as PartialPayloadError;
      t.true(error instanceof PartialPayloadError);
      t.deepEqual([error.needed, error.found], [view.required, found]);
      // It grows as counts come in, up to the whole.
      t.true(error.needed >= last && error.needed > found && error.needed <= bytes.length);
      last = error.needed;
      t.true(structure.size === undefined || error.needed === structure.size);
    }
  });
  checkProperty(t, property, 150);
});

test("Every surplus is refused, unless it is allowed.", (t) => {
  const property = fc.property(seeds, (seed) => {
    const { random, structure, bytes } = make(seed);
    const surplus = 1 + random.below(20);
    const longer = new Uint8Array(bytes.length + surplus);
    longer.set(bytes);
    const error = thrownBy(() => structure.decode(longer)) as SurplusPayloadError;
    t.true(error instanceof SurplusPayloadError);
    t.deepEqual([error.expected, error.found], [bytes.length, longer.length]);
    const view = structure.view(longer);
    t.is(view.attach(longer, 0, longer.length), SURPLUS_PAYLOAD);
    t.deepEqual([view.required, view.found], [bytes.length, longer.length]);
    t.is(view.attach(longer, 0, longer.length, true), VALID_PAYLOAD);
    t.is(view.end, bytes.length);
  });
  checkProperty(t, property, 200);
});

test("Every byte of a constant or of padding is checked, and no other byte.", (t) => {
  const property = fc.property(seeds, (seed) => {
    const { structure, bytes } = make(seed);
    const view = structure.view(bytes);
    const counts = new Set<number>();
    t.is(view.attach(bytes, 0, bytes.length), VALID_PAYLOAD);
    for (const { countField } of structure.layout.variables) {
      const at = view.startOf(countField as Field);
      for (let k = 0; k < (countField as Field).width; k++) {
        counts.add(at + k);
      }
    }
    const fixed = new Set<number>();
    const note = (field: Field, at: number, count: number) => {
      for (let k = 0; k < count; k++) {
        const start = at + k * field.stride;
        for (const inner of field.nested?.fillers ?? []) {
          note(inner, start + inner.offset, inner.count);
        }
        for (let i = 0; i < (field.kind === FILLER ? field.width : 0); i++) {
          fixed.add(start + i);
        }
      }
    };
    for (const field of structure.layout.fillers) {
      note(field, view.startOf(field), view.count(field));
    }
    for (let at = 0; at < bytes.length; at++) {
      const was = bytes[at] as number;
      bytes[at] = was ^ 0x55;
      const status = view.attach(bytes, 0, bytes.length);
      if (fixed.has(at)) {
        t.is(status, CONSTANT_MISMATCH);
        const error = thrownBy(() => structure.decode(bytes)) as ConstantMismatchError;
        t.true(error instanceof ConstantMismatchError);
        t.deepEqual([error.offset, error.expected, error.found], [at, was, was ^ 0x55]);
      } else if (!counts.has(at)) {
        t.is(status, VALID_PAYLOAD);
      }
      bytes[at] = was;
    }
  });
  checkProperty(t, property, 150);
});

test("By handles, a view reads what `decode` gives, and writes it into other bytes.", (t) => {
  const property = fc.property(seeds, (seed) => {
    const { structure, bytes } = make(seed);
    const from = structure.view(bytes);
    t.is(from.attach(bytes, 0, bytes.length), VALID_PAYLOAD);
    const copy = new Uint8Array(bytes.length + 7).fill(0xee);
    const to = structure.view(copy);
    t.is(to.begin(copy, 3, copy.length), VALID_PAYLOAD);
    for (const field of structure.layout.variables) {
      t.is(to.setCount(field, from.count(field)), VALID_PAYLOAD);
    }
    const value = structure.decode(bytes) as Value;
    for (const [path, field] of structure.layout.fields) {
      if (field.nested !== undefined) {
        continue;
      }
      for (let index = 0; index < (field.isArray ? from.count(field) : 1); index++) {
        const expected = lookUp(value, path, index);
        if (field.kind >= BYTES) {
          t.is(
            to.endOf(field, index) - to.startOf(field, index),
            from.endOf(field, index) - from.startOf(field, index),
          );
          copy.set(bytes.subarray(from.startOf(field, index), from.endOf(field, index)), to.startOf(field, index));
        } else if (field.kind >= UINT64) {
          t.is(from.getBig(field, index), expected as bigint);
          t.is(to.setBig(field, expected as bigint, index), VALID_PAYLOAD);
        } else {
          t.is(from.get(field, index), expected as number);
          t.true(field.isCount || to.set(field, expected as number, index) === VALID_PAYLOAD);
        }
      }
    }
    // Arrays in arrays need a view of their own.
    for (const field of structure.layout.fields.values()) {
      for (let index = 0; field.nested !== undefined && index < from.count(field); index++) {
        const inner = [...field.nested.fields.values()].some((other) => other.isArray);
        if (field.isArray && inner) {
          copy.set(bytes.subarray(from.startOf(field, index), from.endOf(field, index)), to.startOf(field, index));
        }
      }
    }
    t.deepEqual(copy.subarray(3, to.end), bytes);
    t.true(copy.subarray(0, 3).every((byte) => byte === 0xee) && copy.subarray(to.end).every((byte) => byte === 0xee));
  });
  checkProperty(t, property, 300);
});

/** The element `index` of the one array on the path, or what is there when none is. */
function lookUp(value: Value, path: string, index: number): unknown {
  let here: unknown = value;
  for (const key of path.split(".")) {
    here = Array.isArray(here) ? (here[index] as Value)[key] : (here as Value)[key];
  }
  return Array.isArray(here) ? here[index] : here;
}

test("Random bytes give a value or a typed error, and a value is encoded into these bytes again.", (t) => {
  let values = 0;
  const property = fc.property(seeds, (seed) => {
    const { random, structure, bytes } = make(seed);
    const any = random.bytes(bytes.length);
    // Most have constants; these are kept now and then.
    const damaged = bytes.map((byte, at) => (random.below(4) === 0 ? (any[at] as number) : byte));
    let value: unknown;
    try {
      value = structure.decode(damaged);
    } catch (error) {
      t.regex((error as Error).name, /^(PartialPayload|SurplusPayload|ConstantMismatch|PayloadValue)Error$/);
      return;
    }
    values++;
    const again = structure.decode(structure.encode(value as never));
    t.deepEqual(again, value as never);
  });
  checkProperty(t, property, 400);
  t.true(values > 40);
});
