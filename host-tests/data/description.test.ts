/** Descriptions that are wrong. */
import test, { type ExecutionContext } from "ava";
import type { FieldDescription } from "../../modules/data/description.js";
import { Structure } from "../../modules/data/structure.js";

function refuses(t: ExecutionContext, field: unknown, message: RegExp): void {
  const error = t.throws(
    () => new Structure({ name: "s", fields: [{ name: "n", type: "uint8" }, field as FieldDescription] }),
  );
  t.true(error instanceof TypeError || error instanceof RangeError);
  t.regex((error as Error).message, message);
}

test("a description that is wrong says what is wrong, and what would be right", (t) => {
  refuses(t, { name: "a", type: "uint12" }, /^s: field 1 "a": type must be uint8, .*float64.*bytes.* not "uint12"$/);
  refuses(t, { name: "a" }, /type must be .* not undefined/);
  refuses(
    t,
    { name: "a", type: "uint8", endianess: "big" },
    /^s: field 1 "a" has no property "endianess"; .* endianness/,
  );
  refuses(t, { name: "n", type: "uint8" }, /^s: field 1 "n": the name "n" is an earlier field's$/);
  refuses(t, { type: "uint8" }, /name must be letters, digits and _.*not undefined/);
  refuses(t, { name: "a.b", type: "uint8" }, /name must be letters, digits and _.*not "a.b"/);
  refuses(t, { name: "__proto__", type: "uint8" }, /not __proto__/);
  refuses(t, { name: "a", type: "uint16", endianness: "middle" }, /endianness must be big or little, not "middle"/);
  refuses(t, { name: "a", type: "uint8", count: 0 }, /^s: field 1 "a": count must be from 1 to 2147483647, not 0$/);
  refuses(t, { name: "a", type: "uint8", count: 1.5 }, /count must be a whole number from 1 to 2147483647, not 1.5/);
  refuses(t, { name: "a", type: "uint8", count: 2 ** 31 }, /count must be from 1 to 2147483647/);
  refuses(t, { name: "a", type: "uint64", count: 2 ** 30 }, /size up to its end must be from 0 to 2147483647/);
  refuses(t, { name: "a", type: "uint8", count: "m" }, /count names "m", which is no field$/);
  refuses(t, { name: "a", type: "uint8", count: "a" }, /count names "a", which is no earlier field$/);
  refuses(t, { name: "a", type: "uint8", value: 256 }, /value must be a whole number, 0 to 255, not 256/);
  refuses(
    t,
    { name: "a", type: "uint64", value: 2n ** 64n },
    /value must be a whole number, 0 to 18446744073709551615, not .*n$/,
  );
  refuses(
    t,
    { name: "a", type: "int16", value: 5n },
    /value must be a whole number and no BigInt, -32768 to 32767, not 5n/,
  );
  refuses(t, { name: "a", type: "uint8", value: 1.5 }, /value must be a whole number, 0 to 255, not 1.5/);
  refuses(
    t,
    { name: "a", type: "uint64", value: 2 ** 62 },
    /value must be a BigInt where it is beyond 9007199254740991 either way, 0 to \d+, not 4611686018427388000$/,
  );
  refuses(t, { name: "a", type: "float64", value: 5n }, /value must be a number and no BigInt, not 5n/);
  refuses(t, { name: "a", type: "uint8", value: 1, count: 2 }, /has a value, so it can have no count/);
  refuses(t, { name: "a", type: "bytes", length: 0 }, /length must be from 1 to/);
  refuses(t, { name: "a", type: "bytes" }, /length must be a whole number/);
  refuses(t, { name: "a", type: "ascii", length: 4, padding: 0x80 }, /padding must be from 0 to 127, not 128/);
  refuses(t, { name: "a", type: "ascii", length: "n", padding: 0 }, /just the bytes that "n" says/);
  refuses(t, { type: "padding", length: 0 }, /length must be from 1/);
  refuses(t, { type: "padding", length: 1, value: 256 }, /value must be from 0 to 255/);
  refuses(t, { type: "constant", value: [] }, /the number of its bytes must be from 1 to 1024, not 0/);
  refuses(t, { type: "constant", value: [1, 256] }, /each byte must be from 0 to 255, not 256/);
  refuses(t, { type: "constant", value: "FDAA" }, /value must be an array of bytes, not "FDAA"/);
  refuses(t, { type: "uint8", bits: [{ name: "a", width: 7 }] }, /the widths of its bits must add up to 8, not 7/);
  refuses(t, { type: "uint8", bits: [{ name: "a", width: 0 }] }, /the width of bits must be from 1 to 8, not 0/);
  refuses(t, { type: "uint8", bits: [{ name: "n", width: 8 }] }, /the name "n" is an earlier field's/);
  refuses(t, { type: "uint8", bits: [{ name: "a", size: 8 }] }, /bits have no property "size"/);
  refuses(t, { type: "int8", bits: [{ name: "a", width: 8 }] }, /only uint8, uint16, uint24 and uint32/);
  const varying = new Structure({
    name: "varying",
    fields: [
      { name: "n", type: "uint8" },
      { name: "a", type: "uint8", count: "n" },
    ],
  });
  refuses(t, { name: "a", type: varying, count: 2 }, /the size of varying varies, so there can be no array of it/);
  t.throws(() => new Structure({ fields: [] }), { message: /fields must be an array of at least one field/ });
  t.throws(() => new Structure({ endianness: "native" as never, fields: [{ name: "a", type: "uint8" }] }), {
    message: /the payload: endianness must be big or little/,
  });
  for (const type of ["float32", "int8", "uint64"] as const) {
    const fields = [
      { name: "m", type },
      { name: "a", type: "uint8", count: "m" },
    ] as const;
    t.throws(() => new Structure({ fields }), {
      message: /"m", which is no uint8, uint16, uint24, uint32 or bit field/,
    });
  }
  t.throws(
    () =>
      new Structure({
        fields: [
          { name: "a", type: "uint8", count: "b" },
          { name: "b", type: "uint8" },
        ],
      }),
    {
      message: /count names "b", which is no earlier field/,
    },
  );
});

test("what is no description at all is refused in words", (t) => {
  const fields = [{ name: "a", type: "uint8" }];
  const cases: [unknown, RegExp][] = [
    [undefined, /^a structure must be described by an object with its fields, not undefined$/],
    [null, /^a structure must be described by an object with its fields, not null$/],
    ["uint8", /^a structure must be described by an object with its fields, not "uint8"$/],
    [{ name: "s" }, /^s: fields must be an array of at least one field, not undefined$/],
    [{ name: 5, fields }, /^the name of a structure must be a string, not 5$/],
    [
      { fields, endianess: "little" },
      /^the payload has no property "endianess"; a structure has name, endianness, fields$/,
    ],
    [fields, /has no property "0"/],
    [{ fields: [null] }, /^the payload: field 0 must be an object that describes it, not null$/],
    [{ fields: [undefined] }, /^the payload: field 0 must be an object that describes it, not undefined$/],
    [{ fields: ["uint8"] }, /^the payload: field 0 must be an object that describes it, not "uint8"$/],
    [{ fields: [{ name: "a", type: "uint8", count: "b" }, null] }, /"b", which is no field$/],
  ];
  for (const [description, message] of cases) {
    t.throws(() => new Structure(description as never), { instanceOf: TypeError, message });
  }
  refuses(t, { type: "uint8", bits: undefined }, /^s: field 1: bits must be an array, not undefined$/);
  refuses(t, { type: "uint8", bits: [null] }, /^s: field 1: bits must each be an object with a width, not null$/);
});
