"""The raw number of a value in its unit, for writing."""

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
        return f"    {read_or_write}_CONVERSION flatlink_raw_conversion.py {' '.join(map(str, self.params))}\n"
