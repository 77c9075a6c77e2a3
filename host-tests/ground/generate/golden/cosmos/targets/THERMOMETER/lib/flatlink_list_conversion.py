"""Values of a list, and what comes behind one: COSMOS itself has no items for lists of several values each."""

import struct

from openc3.conversions.conversion import Conversion

CRC_LENGTH = 2
CODES = {
    "uint8": "B",
    "boolean": "B",
    "uint16": ">H",
    "uint32": ">I",
    "uint64": ">Q",
    "int8": "b",
    "int16": ">h",
    "int32": ">i",
    "int64": ">q",
    "float32": ">f",
    "float64": ">d",
}
WIDTHS = {"uint24": 3, "int24": 3, **{name: struct.calcsize(code) for name, code in CODES.items()}}


class FlatlinkListConversion(Conversion):
    """
    what: EACH (of every item), BEHIND (behind the last item) or REST (all that is left).
    at, width: of the octets that say how many items there are. length: of an item, in octets.
    offset: of the value, in its item or behind the last one. type, size, count: of the value; size is that of text and bytes.
    curve: POLYNOMIAL and coefficients, or POINTS and raw, value, raw, value ...
    """

    def __init__(self, what, at, width, length, offset, type, size, count, *curve):
        super().__init__()
        self.what = what
        self.at, self.width, self.length, self.offset = int(at), int(width), int(length), int(offset)
        self.type, self.size, self.count = type, int(size), int(count)
        self.curve = [curve[0], *map(float, curve[1:])] if curve else None
        self.params = [what, at, width, length, offset, type, size, count, *curve]
        self.converted_type = "ARRAY" if what == "EACH" else "ANY"
        self.converted_bit_size = 0

    def call(self, value, packet, buffer):
        data = bytes(buffer)
        items = self.at + self.width
        number = int.from_bytes(data[self.at : items], "big")
        if self.what == "EACH":
            return [self.read(data, items + k * self.length + self.offset) for k in range(number)]
        behind = items + number * self.length + self.offset
        return data[behind:-CRC_LENGTH].hex() if self.what == "REST" else self.read(data, behind)

    def read(self, data, at):
        """Bytes are told as hexadecimal digits."""
        if self.type == "bytes":
            return data[at : at + self.size].hex()
        if self.type == "ascii":
            return data[at : at + self.size].split(b"\0")[0].decode("utf-8", "replace")
        width = WIDTHS[self.type]
        if self.count > 0:
            return [self.number(data, at + k * width, width) for k in range(self.count)]
        return self.number(data, at, width)

    def number(self, data, at, width):
        octets = data[at : at + width]
        if len(octets) < width:
            return None
        if width == 3:
            raw = int.from_bytes(octets, "big", signed=self.type == "int24")
        else:
            raw = struct.unpack(CODES[self.type], octets)[0]
        return raw if self.curve is None else self.calibrate(raw)

    def calibrate(self, raw):
        kind, *numbers = self.curve
        if kind == "POLYNOMIAL":
            value = 0.0
            for coefficient in reversed(numbers):
                value = value * raw + coefficient
            return value
        points = list(zip(numbers[::2], numbers[1::2]))
        k = 1
        while k < len(points) - 1 and raw > points[k][0]:
            k += 1
        (x0, y0), (x1, y1) = points[k - 1], points[k]
        return y0 + (raw - x0) / (x1 - x0) * (y1 - y0)

    def __str__(self):
        return " ".join(["FlatlinkListConversion", *map(str, self.params)])

    def to_config(self, read_or_write):
        return f"    {read_or_write}_CONVERSION flatlink_list_conversion.py {' '.join(map(str, self.params))}\n"
