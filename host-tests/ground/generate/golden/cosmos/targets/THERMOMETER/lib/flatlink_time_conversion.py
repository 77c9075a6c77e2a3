"""The time of a packet, from the board's stamp."""

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
        return f"    {read_or_write}_CONVERSION flatlink_time_conversion.py {self.code}\n"
