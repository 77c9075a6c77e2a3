"""CPU nanoseconds a packet of PyPI cobs and spacepackets: `name nanoseconds` a line."""
import sys
import time

from cobs import cobs
from spacepackets.ecss.tc import PusTc

length = int(sys.argv[1])
packet = bytes((i * 37 + (i >> 3)) & 0xFF for i in range(length))
ping = bytes.fromhex("1802c00000062f11010000a7d2")


def nanoseconds(work):
    best = float("inf")
    for _ in range(5):
        start = time.process_time_ns()
        for _ in range(20000):
            work()
        best = min(best, (time.process_time_ns() - start) / 20000)
    return best


frame = cobs.encode(packet)
print("PyPI-cobs-encode", nanoseconds(lambda: cobs.encode(packet)))
print("PyPI-cobs-decode", nanoseconds(lambda: cobs.decode(frame)))
print("spacepackets-py-telecommand", nanoseconds(lambda: PusTc.unpack(ping)))
