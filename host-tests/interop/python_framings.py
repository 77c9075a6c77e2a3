"""Packages of PyPI that frame, over plain sockets, against boards that echo."""

import select
import socket
import time
from collections import deque

from exchange import pieces, run
from framing_codecs import codec


def delivers(spoken, data):
    """Whether any packet comes of this. Byte by byte, since a refusal hides what came before it."""
    for byte in data:
        try:
            if spoken.feed(bytes([byte])):
                return True
        except Exception:  # Each package has errors of its own.
            continue
    return False


class SocketLink:
    def __init__(self, case, rng):
        self.theirs = case["theirs"]
        self.codec = codec(self.theirs)
        self.rng = rng
        self.packets = deque()
        self.socket = socket.create_connection(("127.0.0.1", case["port"]))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, packet):
        self.send_bytes(self.codec.encode(packet))

    def send_damaged(self, packet):
        """Another byte somewhere in the frame, but not where its delimiter stands; such that nothing comes of it: of many
        changed frames, one still has the right CRC."""
        frame = self.codec.encode(packet)
        while True:
            damaged = bytearray(frame)
            damaged[self.rng.randrange(1, len(frame) - 1)] ^= self.rng.randrange(1, 256)
            if not delivers(codec(self.theirs), damaged):
                break
        self.send_bytes(bytes(damaged))

    def send_bytes(self, data):
        for piece in pieces(self.rng, data):
            self.socket.sendall(piece)
            if self.rng.randrange(8) == 0:
                time.sleep(0.0005)

    def receive(self, timeout):
        end = time.monotonic() + timeout
        while not self.packets:
            ready, _, _ = select.select([self.socket], [], [], max(0, end - time.monotonic()))
            if not ready:
                return None
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionError("the board closed the connection")
            for piece in pieces(self.rng, data):
                self.packets.extend(self.codec.feed(piece))
        return self.packets.popleft()

    def close(self):
        self.socket.close()


run(SocketLink)
