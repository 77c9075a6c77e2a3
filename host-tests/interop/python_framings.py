"""Packages of PyPI that frame, over plain sockets, against boards that echo."""

import select
import socket
import time
from collections import deque

from exchange import pieces, run
from framing_codecs import codec


class SocketLink:
    def __init__(self, case, rng):
        self.codec = codec(case["theirs"])
        self.rng = rng
        self.packets = deque()
        self.socket = socket.create_connection(("127.0.0.1", case["port"]))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, packet):
        self.send_bytes(self.codec.encode(packet))

    def send_damaged(self, packet):
        """Another byte somewhere in the frame, but not where its delimiter stands."""
        frame = bytearray(self.codec.encode(packet))
        frame[self.rng.randrange(1, len(frame) - 1)] ^= self.rng.randrange(1, 256)
        self.send_bytes(bytes(frame))

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
