"""Reads packets with databases that flatlink generates, as space_packet_parser reads XTCE: xtce_packets.py <file of cases>.

Each database must be valid against the XTCE 1.2 schema that comes with the package, and each packet must come out value by value.
"""

import io
import json
import math
import os
import re
import sys
import warnings

import lxml.etree as ElementTree
import space_packet_parser.xtce as xtce
from space_packet_parser.xtce.definitions import XtcePacketDefinition

MAX_COMPLAINTS = 10


def schema():
    path = os.path.join(os.path.dirname(xtce.__file__), "schemas", "SpaceSystem.xsd")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    # It refers to an attribute of a schema that it has from the Web; the attribute is not used.
    text = re.sub(r'<attribute\s+ref="xml:base"\s*/>', "", text)
    return ElementTree.XMLSchema(ElementTree.fromstring(text.encode("utf-8")))


def is_same(found, expected):
    # JSON has whole numbers without a point, also those that are floats.
    if isinstance(found, float) and isinstance(expected, (int, float)):
        return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)
    return found == expected


def read(definition, packet):
    """The values, and how many bits are left."""
    octets = bytes.fromhex(packet["hex"])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = definition.parse_bytes(octets)
    counts = re.search(r"parsed \((\d+)b\).*available \((\d+)b\)", str(caught[0].message)) if caught else None
    return found, int(counts[2]) - int(counts[1]) if counts else 0


def complaints_about(definition, packet):
    found, left = read(definition, packet)
    # The packet error control is no value.
    if left != 16:
        yield f"{left} bits are left"
    for names, raw, value in packet["values"]:
        name = next((each for each in names if each in found), None)
        if name is None:
            yield f"there is none of {names}"
            continue
        parsed = found[name]
        if raw is not None:
            parsed_raw = parsed.raw_value.hex() if isinstance(parsed.raw_value, bytes) else parsed.raw_value
            if isinstance(raw, str) and isinstance(parsed.raw_value, bytes):
                raw_matches = parsed_raw == raw
            else:
                raw_matches = is_same(parsed_raw, raw)
            if not raw_matches:
                yield f"{name} is {parsed_raw!r} raw, not {raw!r}"
        shown = parsed.hex() if isinstance(parsed, bytes) else parsed
        if not is_same(shown, value):
            yield f"{name} is {shown!r}, not {value!r}"


def main(path):
    with open(path, encoding="utf-8") as file:
        cases = json.load(file)
    valid = schema()
    packets = values = 0
    complaints = []
    for case in cases:
        octets = case["xtce"].encode("utf-8")
        if not valid.validate(ElementTree.fromstring(octets)):
            complaints += [f"{case['name']}: line {error.line}: {error.message}" for error in valid.error_log]
            continue
        definition = XtcePacketDefinition.from_xtce(io.BytesIO(octets), root_container_name=case["root"])
        for packet in case["packets"]:
            packets += 1
            values += len(packet["values"])
            try:
                wrong = list(complaints_about(definition, packet))
            except Exception as error:  # noqa: BLE001
                wrong = [f"{type(error).__name__}: {error}"]
            complaints += [f"{case['name']}: {packet['name']}: {each}" for each in wrong]
    for complaint in complaints[:MAX_COMPLAINTS]:
        print(f"  FAILED {complaint}")
    print(f"{len(cases)} databases, {packets} packets, {values} values, {len(complaints)} of them wrong")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
