"""A board's key console on a pseudo-terminal: prints the terminal's name, answers as told, then prints what it got."""

import os
import pty
import sys
import time

# What it answers to a line that begins with "key", and what it says before.
answer = sys.argv[1].encode()
# In pieces, as a slow line gives it.
controller, device = pty.openpty()
print(os.ttyname(device), flush=True)
os.write(controller, b"booting\r\n\x1b[0;32mI (31) boot: ok\x1b[0m\r\n")
got = b""
while not (got.count(b"\n") > 1 and b"key" in got):
    got += os.read(controller, 256)
os.write(controller, b"a log line\r\nkey 9: stored\r\n")
for at in range(0, len(answer), 7):
    os.write(controller, answer[at : at + 7])
    time.sleep(0.001)
os.write(controller, b"\r\n")
print(got.decode("latin1").encode("unicode_escape").decode(), flush=True)
sys.stdin.read()
