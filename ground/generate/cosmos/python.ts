/** The Python files of the plugin. They are the same for every board: in COSMOS all plugins' files are in one space of names. */

const PROTOCOL = `"""Fills in what only the link knows of a telecommand, in this order: sequence count, length, CRC."""

from binascii import crc_hqx

from openc3.interfaces.protocols.protocol import Protocol

CRC_LENGTH = 2
PRIMARY_HEADER_LENGTH = 6
COUNTS = 1 << 14


class FlatlinkProtocol(Protocol):
    """Every telecommand has a sequence count of its own, or the reports on them could not be told apart."""

    def __init__(self, allow_empty_data=None):
        super().__init__(allow_empty_data)
        self.sequence_count = 0

    def write_packet(self, packet):
        """In the packet itself: COSMOS logs it as it went out."""
        buffer = bytearray(packet.buffer_no_copy())
        control = (buffer[2] & 0xC0) << 8 | self.sequence_count
        buffer[2:4] = control.to_bytes(2, "big")
        # The field counts one less than what is behind the primary header.
        buffer[4:6] = (len(buffer) + CRC_LENGTH - PRIMARY_HEADER_LENGTH - 1).to_bytes(2, "big")
        packet.buffer = buffer
        self.sequence_count = (self.sequence_count + 1) % COUNTS
        return packet

    def write_data(self, data, extra=None):
        crc = crc_hqx(bytes(data), 0xFFFF).to_bytes(CRC_LENGTH, "big")
        # A layer below writes into it.
        return (bytearray(data) + crc, extra)
`;

const TIME = `"""The time of a packet, from the board's stamp."""

from datetime import datetime, timedelta, timezone

from openc3.conversions.conversion import Conversion

EPOCHS = {
    "CDS": datetime(1958, 1, 1, tzinfo=timezone.utc),
    "CUC": datetime(1970, 1, 1, tzinfo=timezone.utc),
    # 37 leap seconds.
    "CUC-TAI": datetime(1958, 1, 1, tzinfo=timezone.utc) - timedelta(seconds=37),
}


class FlatlinkTimeConversion(Conversion):
    def __init__(self, code):
        super().__init__()
        self.code = code.upper()
        self.converted_type = "TIME"
        self.converted_bit_size = 0
        self.params = [code]

    def call(self, value, packet, buffer):
        # While the board has no time, its stamps count from boot: before everything else in any archive.
        if packet.read("PUS_TIME_STATUS", "RAW", buffer) == 0 and packet.received_time is not None:
            return packet.received_time
        if self.code == "CDS":
            days = packet.read("STAMP_DAY", "RAW", buffer)
            return EPOCHS["CDS"] + timedelta(days=days, milliseconds=packet.read("STAMP_MS", "RAW", buffer))
        fraction = packet.read("STAMP_FRACTION", "RAW", buffer)
        seconds = packet.read("STAMP_SECONDS", "RAW", buffer)
        return EPOCHS[self.code] + timedelta(seconds=seconds, microseconds=round(fraction * 1e6 / (1 << 24)))

    def __str__(self):
        return f"FlatlinkTimeConversion {self.code}"

    def to_config(self, read_or_write):
        return f"    {read_or_write}_CONVERSION flatlink_time_conversion.py {self.code}\\n"
`;

const RAW = `"""The raw number of a value in its unit, for writing."""

from math import floor

from openc3.conversions.conversion import Conversion


class FlatlinkRawConversion(Conversion):
    """LINE offset slope, or POINTS raw value raw value ...; with WHOLE_ in front, the raw number is rounded."""

    def __init__(self, kind, *numbers):
        super().__init__()
        self.is_whole = kind.startswith("WHOLE_")
        self.is_line = kind.endswith("LINE")
        self.numbers = [float(number) for number in numbers]
        self.params = [kind, *numbers]
        self.converted_type = "INT" if self.is_whole else "FLOAT"
        self.converted_bit_size = 64

    def call(self, value, packet, buffer):
        raw = self.along(float(value))
        return floor(raw + 0.5) if self.is_whole else raw

    def along(self, value):
        if self.is_line:
            offset, slope = self.numbers
            return (value - offset) / slope
        points = sorted(zip(self.numbers[1::2], self.numbers[::2]))
        k = 1
        while k < len(points) - 1 and value > points[k][0]:
            k += 1
        (x0, y0), (x1, y1) = points[k - 1], points[k]
        return y0 + (value - x0) / (x1 - x0) * (y1 - y0)

    def __str__(self):
        return " ".join(["FlatlinkRawConversion", *map(str, self.params)])

    def to_config(self, read_or_write):
        return f"    {read_or_write}_CONVERSION flatlink_raw_conversion.py {' '.join(map(str, self.params))}\\n"
`;

const COUNT = `"""Sets how many there are when an array is written. Words may stand for numbers."""

from openc3.conversions.conversion import Conversion


class FlatlinkCountConversion(Conversion):
    """item: of the count. array: what is written. least, most: elements. words: WORD=number."""

    def __init__(self, item, array, least, most, *words):
        super().__init__()
        self.item = item
        self.array = array.upper()
        self.least = int(least)
        self.most = int(most)
        self.words = dict(word.rsplit("=", 1) for word in words)
        self.params = [item, array, least, most, *words]

    def call(self, value, packet, buffer):
        if len(value) > self.most:
            raise ValueError(f"{len(value)} are more than {self.most} in one command")
        # COSMOS writes an empty array before it looks at what is given.
        if len(value) < self.least and self.array in map(str.upper, packet.given_values or {}):
            raise ValueError(f"{len(value)} are fewer than {self.least} in one command")
        packet.write(self.item, len(value), "RAW", buffer)
        return [self.number(each) for each in value]

    def number(self, value):
        if not isinstance(value, str) or value.upper() not in self.words:
            return value
        return int(self.words[value.upper()])

    def __str__(self):
        return " ".join(["FlatlinkCountConversion", *map(str, self.params)])

    def to_config(self, read_or_write):
        return f"    {read_or_write}_CONVERSION flatlink_count_conversion.py {' '.join(map(str, self.params))}\\n"
`;

const LIST = `"""Values of a list, and what comes behind one: COSMOS itself has no items for lists of several values each."""

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
            return data[at : at + self.size].split(b"\\0")[0].decode("utf-8", "replace")
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
        return f"    {read_or_write}_CONVERSION flatlink_list_conversion.py {' '.join(map(str, self.params))}\\n"
`;

/** By name of the file. */
export const PYTHON_FILES: Readonly<Record<string, string>> = {
  "flatlink_protocol.py": PROTOCOL,
  "flatlink_time_conversion.py": TIME,
  "flatlink_raw_conversion.py": RAW,
  "flatlink_count_conversion.py": COUNT,
  "flatlink_list_conversion.py": LIST,
};
