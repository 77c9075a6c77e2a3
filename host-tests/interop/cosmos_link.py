"""COSMOS's TcpipClientInterface by itself, without a COSMOS server, configured with the lines of a plugin.txt."""

import os
import queue
import shlex
import tempfile
import threading

os.environ["OPENC3_NO_STORE"] = "1"
os.environ.setdefault("OPENC3_SECRET_BACKEND", "redis")

from exchange import pieces  # noqa: E402
from openc3.interfaces.tcpip_client_interface import TcpipClientInterface  # noqa: E402
from openc3.packets.packet import Packet  # noqa: E402
from openc3.packets.packet_config import PacketConfig  # noqa: E402
from openc3.packets.telemetry import Telemetry  # noqa: E402
from openc3.system.system import System  # noqa: E402
from openc3.top_level import get_class_from_module  # noqa: E402
from openc3.utilities.logger import Logger  # noqa: E402
from openc3.utilities.string import filename_to_class_name, filename_to_module  # noqa: E402

TARGET = "TGT"


def define(lines):
    """What COSMOS identifies packets by."""
    config = PacketConfig()
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(lines))
        file.flush()
        config.process_file(file.name, TARGET)
    define_all(config)


def define_all(config):
    System.telemetry = Telemetry(config, System)


def cut(stream, rng):
    """Has the stream write, and give out what it reads, in pieces cut at random."""
    write, read = stream.write, stream.read
    rest = []

    def write_cut(data):
        for piece in pieces(rng, bytes(data)):
            write(piece)

    def read_cut():
        if not rest:
            rest.extend(pieces(rng, read()))
        return rest.pop(0) if rest else b""

    stream.write, stream.read = write_cut, read_cut


class CosmosLink:
    """The interface blocks in `read`, so a thread of its own reads."""

    def __init__(self, port, lines, rng=None, target=TARGET):
        """`lines`: an INTERFACE line from its protocol on, and PROTOCOL lines. `rng`: cuts what is written and read."""
        first, *others = (shlex.split(line) for line in lines)
        self.interface = TcpipClientInterface("127.0.0.1", port, port, "10.0", "nil", *first)
        self.interface.name = "INT"
        self.interface.tlm_target_names = [target]
        for _, direction, file, *arguments in others:
            protocol = get_class_from_module(filename_to_module(file), filename_to_class_name(file))
            self.interface.add_protocol(protocol, arguments, direction)
        self.received = queue.Queue()
        # COSMOS only logs that it discards bytes, or finds a wrong CRC.
        Logger.instance().error = lambda message, **_: self.received.put(AssertionError(f"COSMOS says: {message}"))
        self.interface.connect()
        if rng is not None:
            cut(self.interface.stream, rng)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while (packet := self.interface.read()) is not None:
                self.received.put(bytes(packet.buffer_no_copy()))
        except Exception as error:
            self.received.put(error)

    def send(self, data):
        self.send_packet(Packet(TARGET, "PKT", "BIG_ENDIAN", None, data))

    def send_packet(self, packet):
        self.interface.write(packet)

    def receive(self, timeout):
        """Returns None when nothing came in time; raises what the interface raised."""
        try:
            found = self.received.get(timeout=timeout)
        except queue.Empty:
            return None
        if isinstance(found, Exception):
            raise found
        return found

    def close(self):
        self.interface.disconnect()


Logger.instance().level = Logger.FATAL
