"""Writes struct-vectors.json: numbers and whole structures as Python's `struct` packs them.

Only the standard library is needed; the tests need only the JSON file.

    python3 host-tests/data/generate_vectors.py

Integers are decimal text and floats are Python's repr, which loses nothing. `struct` has no 24-bit integers: these come from
`int.to_bytes`.
"""

import json
import math
import pathlib
import platform
import random
import struct

random.seed(20261121)

FORMATS = {
    "uint8": "B",
    "uint16": "H",
    "uint32": "I",
    "uint64": "Q",
    "int8": "b",
    "int16": "h",
    "int32": "i",
    "int64": "q",
    "float32": "f",
    "float64": "d",
}
INTEGERS = ["uint8", "uint16", "uint24", "uint32", "uint64", "int8", "int16", "int24", "int32", "int64"]
FLOATS = ["float32", "float64"]
MARK = {"big": ">", "little": "<"}


def pack(kind, value, endianness):
    if kind.endswith("24"):
        return value.to_bytes(3, endianness, signed=kind.startswith("int"))
    return struct.pack(MARK[endianness] + FORMATS[kind], value)


def limits(kind):
    bits = int(kind.lstrip("uint"))
    return (0, 2**bits - 1) if kind.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def integers(kind):
    least, greatest = limits(kind)
    return [least, least + 1, 0, 1, greatest - 1, greatest] + [random.randint(least, greatest) for _ in range(6)]


def floats(kind):
    special = [0.0, -0.0, 1.0, -1.5, 0.1, 1 / 3, math.pi, 1e-40, 3.4028234663852886e38, math.inf, -math.inf]
    if kind == "float64":
        special += [5e-324, 1.7976931348623157e308, 2.0**53 + 2]
    return special + [random.uniform(-1e6, 1e6) for _ in range(6)]


def text(value):
    return repr(value) if isinstance(value, float) else str(value)


def number(kind, value, endianness):
    return {"type": kind, "endianness": endianness, "value": text(value), "hex": pack(kind, value, endianness).hex()}


def structure():
    """One call of `struct.pack` with everything in it, without alignment."""
    endianness = random.choice(["big", "little"])
    fields, form, values = [], MARK[endianness], []
    for index in range(random.randint(1, 9)):
        kind = random.choice([*FORMATS, "bytes", "padding"])
        if kind == "padding":
            length = random.randint(1, 4)
            fields.append({"type": kind, "length": length})
            form += f"{length}x"
        elif kind == "bytes":
            value = random.randbytes(random.randint(1, 12))
            fields.append({"name": f"f{index}", "type": kind, "length": len(value), "value": value.hex()})
            form += f"{len(value)}s"
            values.append(value)
        else:
            count = random.choice([None, None, 1, 3])
            some = [random.choice(floats(kind) if kind in FLOATS else integers(kind)) for _ in range(count or 1)]
            field = {"name": f"f{index}", "type": kind, "value": [text(value) for value in some]}
            fields.append(field if count is None else {**field, "count": count})
            form += f"{len(some)}{FORMATS[kind]}"
            values += some
    packed = struct.pack(form, *values)
    return {"endianness": endianness, "format": form, "fields": fields, "hex": packed.hex()}


vectors = {
    "module": "struct",
    "python": platform.python_version(),
    "generator": "host-tests/data/generate_vectors.py",
    "numbers": [
        number(kind, value, endianness)
        for endianness in MARK
        for kind in INTEGERS + FLOATS
        for value in (floats(kind) if kind in FLOATS else integers(kind))
    ],
    "structures": [structure() for _ in range(40)],
}
target = pathlib.Path(__file__).with_name("struct-vectors.json")
groups = ",\n".join(
    f' "{name}": '
    + ("[\n" + ",\n".join(f"  {json.dumps(one)}" for one in group) + "\n ]" if isinstance(group, list) else json.dumps(group))
    for name, group in vectors.items()
)
target.write_text("{\n" + groups + "\n}\n")
print(f"{target.name}: {len(vectors['numbers'])} numbers, {len(vectors['structures'])} structures")
