"""Sets how many there are when an array is written. Words may stand for numbers."""

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
        return f"    {read_or_write}_CONVERSION flatlink_count_conversion.py {' '.join(map(str, self.params))}\n"
