"""Runs a command on a pseudo-terminal: what it prints goes to standard output, and lines of JSON from standard input say what the
operator does: {"write": "y\n"} types, {"size": [24, 80]} resizes the window, {"signal": 18} signals. Ends with the command's exit code."""
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios


def resize(terminal, rows, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


child, terminal = pty.fork()
if child == 0:
    # The window has its size before the command looks.
    resize(0, 24, 80)
    os.execvp(sys.argv[1], sys.argv[1:])
resize(terminal, 24, 80)
pending = b""
sources = [terminal, 0]
while True:
    ready, _, _ = select.select(sources, [], [])
    if terminal in ready:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            data = b""
        if not data:
            break
        os.write(1, data)
    if 0 in ready:
        data = os.read(0, 65536)
        if not data:
            sources.remove(0)
        pending += data
        while b"\n" in pending:
            line, pending = pending.split(b"\n", 1)
            order = json.loads(line)
            if "write" in order:
                os.write(terminal, order["write"].encode())
            elif "signal" in order:
                os.kill(child, order["signal"])
            else:
                resize(terminal, *order["size"])
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
