"""
What COSMOS makes of generated plugins. A job on standard input: {"boards": [{"folder", "target", "decode": [hex], "build": [{"name",
"params"}], "live": {"seconds"}}]}. Standard output: one line of JSON for each board. With "live", the interface of plugin.txt connects
to the port that is there, sends what was built, and what comes is decoded, too.
"""

import datetime
import json
import os
import re
import shlex
import sys
import time

os.environ["OPENC3_NO_STORE"] = "1"
os.environ.setdefault("OPENC3_SECRET_BACKEND", "redis")

from openc3.packets.commands import Commands  # noqa: E402
from openc3.packets.packet import Packet  # noqa: E402
from openc3.packets.packet_config import PacketConfig  # noqa: E402
from openc3.packets.telemetry import Telemetry  # noqa: E402
from openc3.utilities.logger import Logger  # noqa: E402

SAID = []
Logger.instance().warn = lambda message, **_: SAID.append(message)
Logger.instance().error = lambda message, **_: SAID.append(message)

ARRIVAL = datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)


def plain(value):
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if isinstance(value, datetime.datetime):
        return round(value.timestamp() * 1000)
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


def given(value):
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value


def interface_lines(folder):
    """INTERFACE's protocol and the PROTOCOL lines, with the variables' defaults in place."""
    variables, lines = {}, []
    for line in open(f"{folder}/plugin.txt").read().splitlines():
        words = shlex.split(re.sub(r"<%= (\w+) %>", lambda match: variables[match[1]], line))
        if words[:1] == ["VARIABLE"]:
            variables[words[1]] = words[2]
        elif words[:1] in (["INTERFACE"], ["PROTOCOL"]):
            lines.append(words)
    return lines


class Board:
    def __init__(self, folder, target):
        self.folder, self.target = folder, target
        lib = f"{folder}/targets/{target}/lib"
        if not any(path.endswith("/lib") and "targets" in path for path in sys.path):
            sys.path.insert(0, lib)
        self.config = PacketConfig()
        for name in ("tlm.txt", "cmd.txt"):
            self.config.process_file(f"{folder}/targets/{target}/cmd_tlm/{name}", target)
        self.telemetry = Telemetry(self.config, None)
        self.commands = Commands(self.config, None)
        from flatlink_protocol import FlatlinkProtocol

        self.protocol = FlatlinkProtocol()

    def decode(self, data):
        packet = self.telemetry.identify(data, [self.target])
        if packet is None:
            return {"packet": None}
        packet.buffer = data
        packet.received_time = ARRIVAL
        packet.check_limits()
        items = [item for item in packet.sorted_items if item.name not in Packet.RESERVED_ITEM_NAMES]
        return {
            "packet": packet.packet_name,
            "values": {item.name: plain(packet.read_item(item)) for item in items},
            "states": {item.name: item.limits.state for item in items if item.limits.values},
            "units": {item.name: item.units for item in items if item.units},
        }

    def command(self, name, params):
        return self.commands.build_cmd(self.target, name, {key: given(each) for key, each in params.items()}, True, False)

    def build(self, name, params):
        try:
            command = self.command(name, params)
            hazardous, why = self.commands.cmd_hazardous(
                self.target, name, {key: given(each) for key, each in params.items()}
            )
            identified = self.commands.identify(bytes(command.buffer), [self.target])
            shown = {key: plain(command.read(key)) for key in params}
            sent, _ = self.protocol.write_data(self.protocol.write_packet(command).buffer_no_copy())
            return {
                "hex": sent.hex(),
                "hazardous": why if hazardous else None,
                "identified": identified and identified.packet_name,
                "shown": shown,
            }
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"}

    def live(self, build, seconds):
        """Sends commands, one after the other, and reads until nothing has come for a while."""
        from cosmos_link import CosmosLink, define_all

        define_all(self.config)
        (_, _, client, host, port, _, _, _, *first), *others = interface_lines(self.folder)
        assert client == "openc3/interfaces/tcpip_client_interface.py" and host, client
        link = CosmosLink(int(port), [shlex.join(first), *map(shlex.join, others)], target=self.target)
        came = []
        try:
            for each in build:
                link.send_packet(self.command(each["name"], each["params"]))
                end = time.monotonic() + 30
                while time.monotonic() < end and not is_over(came[-1:]):
                    came.extend(filter(None, [link.receive(0.2)]))
                came.append(b"")
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                came.extend(filter(None, [link.receive(0.2)]))
        finally:
            link.close()
        return [{"hex": data.hex(), **self.decode(data)} for data in came if data]


def is_over(last):
    """A report of ST[01] that is the last on its telecommand: failures are even."""
    return bool(last) and len(last[0]) > 8 and last[0][7] == 1 and (last[0][8] == 7 or last[0][8] % 2 == 0)


for board in json.load(sys.stdin)["boards"]:
    SAID.clear()
    result = {}
    try:
        made = Board(board["folder"], board["target"])
        result["warnings"] = made.config.warnings + list(SAID)
        result["packets"] = len(made.config.telemetry[board["target"]])
        result["commands"] = sorted(made.config.commands[board["target"]])
        result["decoded"] = [made.decode(bytes.fromhex(each)) for each in board.get("decode", [])]
        result["built"] = [made.build(each["name"], each["params"]) for each in board.get("build", [])]
        if "live" in board:
            result["live"] = made.live(board["live"]["build"], board["live"]["seconds"])
        result["said"] = list(SAID)
    except Exception as error:
        import traceback

        result["error"] = f"{type(error).__name__}: {error}\n{traceback.format_exc()}"
    print(json.dumps(result), flush=True)
