"""Values: octets to numbers, words and units, and back. A field is what definitions.json has of it."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Any

CODES = {
    "uint8": "B",
    "uint16": ">H",
    "uint32": ">I",
    "uint64": ">Q",
    "int8": "b",
    "int16": ">h",
    "int32": ">i",
    "int64": ">q",
    "float32": ">f",
    "float64": ">d",
    "boolean": "B",
}
FLOATS = ("float32", "float64")


@dataclass
class Value:
    """One value of a packet. raw: on the wire. value: a word, or a number in the unit."""

    name: str
    raw: Any
    value: Any
    unit: str = ""
    #: "good", "warning", "critical", or None where nothing is limited
    state: str | None = None

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit and not isinstance(self.value, str) else ""
        state = f" ({self.state})" if self.state not in (None, "good") else ""
        return f"{self.name} = {text_of(self.value)}{unit}{state}"


def text_of(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={text_of(part)}" for name, part in value.items())
    if isinstance(value, list):
        return "[" + ", ".join(map(text_of, value)) + "]"
    if isinstance(value, bytes):
        return value.hex()
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def range_of(field: dict) -> str:
    """Of a number that an operator gives: least and greatest, in the unit."""
    low, high = sorted(calibrate(field.get("calibration"), end) for end in (field["minimum"], field["maximum"]))
    return f"{text_of(low)} to {text_of(high)}{' ' + field['unit'] if field.get('unit') else ''}"


def width_of(type: str) -> int:
    """Octets of one number."""
    return 3 if type.endswith("24") else struct.calcsize(CODES[type])


def size_of(field: dict) -> int:
    """Octets of a value."""
    if field["type"] in ("ascii", "bytes"):
        return field["length"]
    return width_of(field["type"]) * field.get("count", 1)


def _number(type: str, octets: bytes) -> Any:
    if type.endswith("24"):
        return int.from_bytes(octets, "big", signed=type == "int24")
    number = struct.unpack(CODES[type], octets)[0]
    return number != 0 if type == "boolean" else number


def _octets(type: str, number: Any) -> bytes:
    if type.endswith("24"):
        return int(number).to_bytes(3, "big", signed=type == "int24")
    return struct.pack(CODES[type], number)


def decode(field: dict, data: bytes, at: int) -> Any:
    """The raw value: a number, text, bytes, a list, or a dict of a number's parts. Raises ValueError where octets are missing."""
    type = field["type"]
    octets = data[at : at + size_of(field)]
    if len(octets) < size_of(field):
        raise ValueError(f"{field['name']}: octets are missing")
    if type == "bytes":
        return octets
    if type == "ascii":
        return octets.split(b"\0")[0].decode("ascii", "replace")
    width = width_of(type)
    if "count" in field:
        return [_number(type, octets[k : k + width]) for k in range(0, len(octets), width)]
    number = _number(type, octets)
    if "bits" not in field:
        return number
    parts, left = {}, 8 * width
    for name, part in field["bits"].items():
        left -= part["width"]
        parts[name] = number >> left & (1 << part["width"]) - 1
    return parts


def calibrate(calibration: dict | None, raw: float) -> float:
    """Raw number to value in the unit."""
    if calibration is None:
        return raw
    if "polynomial" in calibration:
        value = 0.0
        for coefficient in reversed(calibration["polynomial"]):
            value = value * raw + coefficient
        return value
    return _along(calibration["points"], raw)


def uncalibrate(calibration: dict | None, value: float) -> float:
    """Value in the unit to raw number, unrounded."""
    if calibration is None:
        return value
    if "polynomial" in calibration:
        offset, slope = calibration["polynomial"][:2]
        return (value - offset) / slope
    return _along(sorted((y, x) for x, y in calibration["points"]), value)


def _along(points: list, x: float) -> float:
    k = 1
    while k < len(points) - 1 and x > points[k][0]:
        k += 1
    (x0, y0), (x1, y1) = points[k - 1], points[k]
    return y0 + (x - x0) / (x1 - x0) * (y1 - y0)


def _shown(field: dict, raw: Any) -> Any:
    if isinstance(raw, list):
        return [_shown(field, each) for each in raw]
    if isinstance(raw, dict):
        return {name: _shown(field["bits"][name], part) for name, part in raw.items()}
    if isinstance(raw, str | bytes):
        return raw
    for word, number in field.get("words", {}).items():
        if number == raw:
            return word
    return raw if isinstance(raw, bool) else calibrate(field.get("calibration"), raw)


def _state(field: dict, raw: Any) -> str | None:
    """How a value stands to the limits; what equals a limit is good. Of an array, the worst."""
    limits = field.get("limits")
    if not limits or isinstance(raw, str | bytes | dict):
        return None
    worst = "good"
    for each in raw if isinstance(raw, list) else [raw]:
        value = calibrate(field.get("calibration"), each)
        for level in ("critical", "warning"):
            good = limits.get(level, {})
            if value < good.get("low", -math.inf) or value > good.get("high", math.inf):
                worst = level if worst == "good" or level == "critical" else worst
                break
    return worst


def value_of(field: dict, raw: Any) -> Value:
    return Value(field["name"], raw, _shown(field, raw), field.get("unit", ""), _state(field, raw))


def encode(field: dict, given: Any) -> bytes:
    """Octets of what an operator gives: a word, or a number in the unit. Raises ValueError in one line."""
    type, name = field["type"], field["name"]
    if type in ("ascii", "bytes"):
        octets = given.encode("ascii") if type == "ascii" else bytes.fromhex(given) if isinstance(given, str) else given
        if len(octets) > field["length"] or (type == "bytes" and len(octets) < field["length"]):
            raise ValueError(f"{name} has {field['length']} octets, not {len(octets)}")
        return octets.ljust(field["length"], b"\0")
    if "count" in field:
        elements = given.split(",") if isinstance(given, str) else list(given)
        if len(elements) != field["count"]:
            raise ValueError(f"{name} has {field['count']} elements, not {len(elements)}")
        return b"".join(_octets(type, _raw(field, each)) for each in elements)
    if "bits" in field:
        return _octets(type, _bits(field, given))
    return _octets(type, _raw(field, given))


def _bits(field: dict, given: Any) -> int:
    """From a dict, or from text as in "on:1,mode:safe"; all parts, in any order. A whole number is all of them at once."""
    if isinstance(given, int):
        return _raw(field, given)
    parts = dict(each.split(":", 1) for each in given.split(",")) if isinstance(given, str) else given
    if set(parts) != set(field["bits"]):
        raise ValueError(f"{field['name']} has the parts {', '.join(field['bits'])}")
    number, left = 0, 8 * width_of(field["type"])
    for name, part in field["bits"].items():
        left -= part["width"]
        whole = {**part, "name": name, "type": "uint32", "minimum": 0, "maximum": (1 << part["width"]) - 1}
        number |= _raw(whole, parts[name]) << left
    return number


def _raw(field: dict, given: Any) -> Any:
    """The raw number, in its range."""
    name, type, calibration = field["name"], field["type"], field.get("calibration")
    words = field.get("words") or ({"false": 0, "true": 1} if type == "boolean" else {})
    raw = given
    if isinstance(given, str):
        known = {word.lower(): number for word, number in words.items()}
        raw = words.get(given, known.get(given.lower()))
    if raw is None or isinstance(raw, float) or (raw is given and calibration is not None):
        raw = _from_number(field, given)
    if not field["minimum"] <= raw <= field["maximum"]:
        raise ValueError(f"{name} must be {range_of(field)}, not {given}")
    return raw


def _from_number(field: dict, given: Any) -> Any:
    try:
        number = float(given) if not isinstance(given, int) else given
        if isinstance(given, str) and field.get("calibration") is None and field["type"] not in FLOATS:
            number = int(given, 0)
    except ValueError:
        words = ", ".join(field.get("words") or [])
        raise ValueError(f"{field['name']} must be a number{f' or {words}' if words else ''}, not {given!r}") from None
    raw = uncalibrate(field.get("calibration"), number)
    if field["type"] in FLOATS:
        return raw
    if field.get("calibration") is None and raw != math.floor(raw):
        raise ValueError(f"{field['name']} must be a whole number, not {given}")
    return math.floor(raw + 0.5)
