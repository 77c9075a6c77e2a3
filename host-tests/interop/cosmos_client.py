"""COSMOS's TCP client against the simulated board: python cosmos_client.py PORT FRAMING"""

import os
import queue
import sys
import threading

# No COSMOS server: the interface is used by itself.
os.environ["OPENC3_NO_STORE"] = "1"
os.environ.setdefault("OPENC3_SECRET_BACKEND", "redis")

from openc3.interfaces.tcpip_client_interface import TcpipClientInterface  # noqa: E402
from openc3.packets.packet import Packet  # noqa: E402
from openc3.utilities.logger import Logger  # noqa: E402
from scenario import Scenario, versions  # noqa: E402

# As in plugin.txt, behind the ports and time-outs.
PROTOCOLS = {
    "cobs": ("Cobs",),
    "space-packets": ("Length", 32, 16, 7, 1, "BIG_ENDIAN", 0, None, 2048),
}


class CosmosLink:
    """The interface blocks in `read`, so a thread of its own reads."""

    def __init__(self, port, protocol):
        self.interface = TcpipClientInterface("127.0.0.1", port, port, 10.0, None, *protocol)
        self.received = queue.Queue()
        self.interface.connect()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while True:
            packet = self.interface.read()
            if packet is None:
                return
            self.received.put(bytes(packet.buffer_no_copy()))

    def send(self, data):
        self.interface.write(Packet(None, None, "BIG_ENDIAN", None, data))

    def receive(self):
        packets = []
        while not self.received.empty():
            packets.append(self.received.get())
        return packets


Logger.instance().level = Logger.ERROR
framing = sys.argv[2]
protocol = PROTOCOLS[framing]
print(f"  {versions('openc3', 'spacepackets')}: TcpipClientInterface with {protocol[0]}", flush=True)
link = CosmosLink(int(sys.argv[1]), protocol)
try:
    Scenario(link).run()
finally:
    link.interface.disconnect()
