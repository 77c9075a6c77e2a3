"""Framings as packages of PyPI have them. A codec has `encode(packet)`, and `feed(bytes)`, which gives the packets that
are complete."""

import binascii
import struct
import zlib

from cobs import cobs
from sliplib import Driver, config
from tc_frames import tc_frame, tc_frame_length, tc_frame_packet
from twisted.internet.testing import StringTransport
from twisted.protocols import basic
from uslp import parse_frame, transfer_frame


class Cobs:
    def __init__(self, delimiter="trailing"):
        self.leading = b"\0" if delimiter == "both" else b""
        self.rest = b""

    def encode(self, packet):
        return self.leading + cobs.encode(packet) + b"\0"

    def feed(self, data):
        *frames, self.rest = (self.rest + data).split(b"\0")
        return [cobs.decode(frame) for frame in frames if frame]


class Slip:
    def __init__(self, delimiter="trailing"):
        with config.use_leading_end_byte(delimiter == "both"):
            self.driver = Driver()

    def encode(self, packet):
        return self.driver.send(packet)

    def feed(self, data):
        self.driver.receive(data)
        return list(iter(lambda: self.driver.get(block=False), None))


class Twisted:
    """A receiver of Twisted's, without its reactor."""

    def __init__(self, name, delimiter=None):
        self.receiver = getattr(basic, name)()
        self.transport = StringTransport()
        self.found = []
        self.write = self.receiver.sendLine if delimiter else self.receiver.sendString
        self.receiver.stringReceived = self.receiver.lineReceived = self.found.append
        if delimiter:
            self.receiver.delimiter = bytes.fromhex(delimiter)
        self.receiver.makeConnection(self.transport)

    def encode(self, packet):
        self.transport.clear()
        self.write(packet)
        return self.transport.value()

    def feed(self, data):
        self.receiver.dataReceived(data)
        packets = self.found[:]
        self.found.clear()
        return packets


class Layer:
    """A codec over another."""

    def __init__(self, below):
        self.below = below

    def encode(self, packet):
        return self.below.encode(self.wrap(packet))

    def feed(self, data):
        return [self.unwrap(frame) for frame in self.below.feed(data)]


class Crc(Layer):
    def __init__(self, below, pack, code):
        super().__init__(below)
        self.length = struct.calcsize(pack)
        self.code = lambda data: struct.pack(pack, code(data))

    def wrap(self, packet):
        return packet + self.code(packet)

    def unwrap(self, frame):
        packet = frame[: -self.length]
        assert frame[-self.length :] == self.code(packet), f"wrong CRC behind {packet.hex()}"
        return packet


class Type(Layer):
    """KISS: a byte in front of each packet."""

    def __init__(self, below, number):
        super().__init__(below)
        self.type = bytes([int(number, 0)])

    def wrap(self, packet):
        return self.type + packet

    def unwrap(self, frame):
        assert frame[:1] == self.type, f"type {frame[:1].hex()}"
        return frame[1:]


class Stream:
    """Transfer frames behind one another. `header`: octets that tell a frame's length."""

    def __init__(self, header, length_of):
        self.header = header
        self.length_of = length_of
        self.rest = b""

    def encode(self, frame):
        return frame

    def feed(self, data):
        self.rest += data
        frames = []
        while len(self.rest) >= self.header:
            length = self.length_of(self.rest)
            if len(self.rest) < length:
                break
            frames.append(self.rest[:length])
            self.rest = self.rest[length:]
        return frames


class Uslp(Layer):
    def __init__(self, below):
        super().__init__(below or Stream(7, lambda data: struct.unpack_from(">H", data, 4)[0] + 1))
        self.sent = self.received = 0

    def wrap(self, packet):
        self.sent += 1
        return transfer_frame(packet, self.sent - 1)

    def unwrap(self, frame):
        packet, count = parse_frame(frame)
        assert count == self.received, f"frame count {count}, not {self.received}"
        self.received += 1
        return packet


class TcFrames(Layer):
    def __init__(self, below, map_id=None):
        super().__init__(below or Stream(5, tc_frame_length))
        self.map_id = None if map_id is None else int(map_id)

    def wrap(self, packet):
        return tc_frame(packet, self.map_id)

    def unwrap(self, frame):
        return tc_frame_packet(frame, self.map_id)


CODECS = {
    "cobs": lambda _, *words: Cobs(*words),
    "slip": lambda _, *words: Slip(*words),
    "crc16": lambda below: Crc(below, ">H", lambda data: binascii.crc_hqx(data, 0xFFFF)),
    "crc32": lambda below: Crc(below, ">I", zlib.crc32),
    "type": Type,
    "uslp": Uslp,
    "tc-frames": TcFrames,
}


def codec(theirs):
    """`theirs` of a case: the outermost codec, and what is inside it."""
    made = None
    for name, *words in (each.split() for each in theirs):
        made = CODECS[name](made, *words) if name in CODECS else Twisted(name, *words)
    return made
