/** A script that reads a board's telemetry by nothing but the JSON, in a language that has its own library for it. */

export const VALUES_PROGRAM = `"""Prints the values of housekeeping reports: python3 values.py HOST [PORT [COUNT]]. The port has bare space packets."""

import json
import pathlib
import socket
import struct
import sys

FORMATS = {
    "uint8": "B", "uint16": "H", "uint32": "I", "uint64": "Q", "int8": "b", "int16": "h", "int32": "i", "int64": "q",
    "float32": "f", "float64": "d", "boolean": "?",
}


def length_of(kind):
    return int(kind[-2:]) // 8 if kind in ("uint24", "int24") else struct.calcsize(FORMATS[kind])


def number(kind, octets):
    if kind in ("uint24", "int24"):
        return int.from_bytes(octets, "big", signed=kind == "int24")
    return struct.unpack(">" + FORMATS[kind], octets)[0]


def calibrated(raw, calibration):
    if "polynomial" in calibration:
        return sum(factor * raw**power for power, factor in enumerate(calibration["polynomial"]))
    points = calibration["points"]
    k = next((k for k in range(1, len(points) - 1) if raw <= points[k][0]), len(points) - 1)
    (left, first), (right, last) = points[k - 1], points[k]
    return first + (raw - left) / (right - left) * (last - first)


def text(raw, definition):
    word = next((word for word, value in definition.get("words", {}).items() if value == raw), None)
    shown = calibrated(raw, definition["calibration"]) if "calibration" in definition else raw
    return " ".join(str(part) for part in (shown, word, definition.get("unit")) if part is not None)


def value(definition, octets):
    kind = definition["type"]
    if kind == "ascii":
        return octets.split(b"\\0")[0].decode("ascii", "replace")
    if kind == "bytes":
        return octets.hex()
    if "bits" in definition:
        left = 8 * len(octets)
        parts = []
        for name, part in definition["bits"].items():
            left -= part["width"]
            parts.append(f"{name} {text((number(kind, octets) >> left) % 2 ** part['width'], part)}")
        return ", ".join(parts)
    width = length_of(kind)
    return ", ".join(text(number(kind, octets[k : k + width]), definition) for k in range(0, len(octets), width))


def octets_of(definition):
    kind = definition["type"]
    return definition["length"] if kind in ("ascii", "bytes") else length_of(kind) * definition.get("count", 1)


def packets(connection):
    stream = connection.makefile("rb")
    while header := stream.read(6):
        yield header + stream.read(int.from_bytes(header[4:], "big") + 1)


def check(board, structure, packet, start):
    """Ends where the board says that it has another dictionary."""
    at = start
    for name in structure["parameters"]:
        end = at + octets_of(board["parameters"][name])
        if name == "dictionaryHash" and end + 2 <= len(packet):
            found, own = int.from_bytes(packet[at:end], "big"), board["hashes"]["wire"]
            if found != own:
                sys.exit(f"the board has another dictionary, {found:#010x}: this one is {own:#010x}; generate it with the board's settings")
        at = end
    if at + 2 != len(packet):
        sys.exit(f"a report has {len(packet)} octets, and {at + 2} by this dictionary; generate it with the board's settings")


def main(host, port=None, count=5):
    board = json.loads((pathlib.Path(__file__).parent / "dictionary.json").read_text("utf-8"))
    ports = board["conventions"]["ports"]
    port = port or next((each["port"] for each in ports if each["framing"].startswith("space-packets")), None)
    if port is None:
        sys.exit("the board has no port with bare space packets")
    stamp = 7 if board["conventions"]["timeCode"] == "cds" else 8
    identifier = board["conventions"]["widths"]["structureIdType"]
    structures = {each["id"]: each for each in board["structures"].values()}
    with socket.create_connection((host, int(port))) as connection:
        for packet in packets(connection):
            at = 13 + stamp
            start = at + length_of(identifier)
            structure = structures.get(number(identifier, packet[at:start])) if packet[7:9] == bytes((3, 25)) else None
            if structure is None:
                continue
            check(board, structure, packet, start)
            at = start
            for name in structure["parameters"]:
                definition = board["parameters"][name]
                end = at + octets_of(definition)
                print(f"{name}: {value(definition, packet[at:end])}", flush=True)
                at = end
            count = int(count) - 1
            if count <= 0:
                break


if not 2 <= len(sys.argv) <= 4:
    sys.exit(__doc__)
try:
    main(*sys.argv[1:])
except (OSError, ValueError) as error:
    sys.exit(f"values.py: {error}")
`;

export const jsonReadme = (simulate: string) => `# The dictionary as data

\`dictionary.json\` is all that a tool must know of the board: what it reports and takes, the layout of every message, its ports, and two
hashes. \`dictionary.schema.json\` describes its form (JSON Schema, draft 2020-12). \`values.py\` is a ground tool of a hundred lines that knows
nothing else.

From nothing to the first value:

1. \`${simulate}\` runs the board in the simulator, in the folder where this one was generated.
2. \`python3 values.py 127.0.0.1\` here prints the values of its housekeeping reports. It looks at the hash that the board reports: with
   another dictionary it says so, and prints no wrong values.
`;
