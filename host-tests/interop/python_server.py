"""Servers that answer each packet with itself or its reverse, in the framings of packages of PyPI, one case to a port.
Reads the cases from the first line of standard input, prints the ports, and serves until standard input ends."""

import json
import os
import random
import socket
import sys
import threading
import traceback

from exchange import answer_to, pieces
from framing_codecs import codec


def serve(listener, case, rng):
    connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    spoken = codec(case["theirs"])
    try:
        while data := connection.recv(65536):
            for piece in pieces(rng, data):
                for packet in spoken.feed(piece):
                    for part in pieces(rng, spoken.encode(answer_to(case, packet))):
                        connection.sendall(part)
    except Exception:
        # The client sees the end of the connection; what led to it is told here.
        traceback.print_exc()
    finally:
        connection.close()


job = json.loads(sys.stdin.readline())
listeners = [socket.create_server(("127.0.0.1", 0)) for _ in job["cases"]]
for place, (listener, case) in enumerate(zip(listeners, job["cases"])):
    rng = random.Random(job["seed"] + place)
    threading.Thread(target=serve, args=(listener, case, rng), daemon=True).start()
print(json.dumps([listener.getsockname()[1] for listener in listeners]), flush=True)
sys.stdin.read()
# Threads that still wait for a client must not hold the program.
os._exit(0)
