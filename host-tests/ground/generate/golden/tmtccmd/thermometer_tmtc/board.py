"""A connection to the board: sends telecommands, follows them by the reports of ST[01], and gives out what else comes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from spacepackets.ccsds.spacepacket import PacketId, PacketType
from spacepackets.ecss.pus_1_verification import Service1Tm, UnpackParams
from spacepackets.ecss.pus_verificator import PusVerificator
from spacepackets.ecss.tc import PusTc
from tmtccmd.com.tcp import TcpSpacepacketsClient
from tmtccmd.com.tcpip_utils import EthAddr

from .messages import APID, DEFINITIONS, PORT, STAMP_LENGTH, Report, report, telecommand

HOST = "127.0.0.1"
POLL_SECONDS = 0.01
SEQUENCE_COUNTS = 1 << 14
ROUTING_FAILURE = 10


class CommandFailed(Exception):
    """The board reported a failure: the message says which."""


class NoAnswer(Exception):
    """Nothing came in time."""


@dataclass
class Outcome:
    """What became of a telecommand. stages: names of the verification reports. reports: what else came meanwhile."""

    tc: PusTc
    stages: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)


def com_if(host: str = HOST, port: int = PORT) -> TcpSpacepacketsClient:
    """tmtccmd's interface to the board."""
    packet_id = PacketId(PacketType.TM, True, APID)
    return TcpSpacepacketsClient("tcp", [packet_id], POLL_SECONDS, EthAddr(host, port))


def verification(raw: bytes) -> Service1Tm:
    """A report of ST[01] as spacepackets has it."""
    widths = UnpackParams(STAMP_LENGTH, DEFINITIONS["stepIdLength"], DEFINITIONS["failureCodeLength"])
    return Service1Tm.unpack(raw, widths)


class Board:
    """Use it as a context: with Board() as board: board.send("areYouAlive")"""

    def __init__(self, host: str = HOST, port: int = PORT):
        self.interface = com_if(host, port)
        self.verificator = PusVerificator()
        #: The next one. Reports name the telecommand by it, so each has its own.
        self.sequence_count = 0

    def __enter__(self) -> Board:
        self.interface.initialize()
        self.interface.open()
        return self

    def __exit__(self, *_) -> None:
        self.interface.close()

    def reports(self, seconds: float) -> Iterator[Report]:
        """What comes within so many seconds. Raises ConnectionError when the board has closed the connection."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            # Asked for before the last packets are taken: then there are none behind them.
            is_open = self.interface.is_open()
            for raw in self.interface.receive():
                found = report(raw)
                if found.tm.service == 1 and found.tm.subservice != ROUTING_FAILURE:
                    self.verificator.add_tm(verification(found.raw))
                yield found
            if not is_open:
                raise ConnectionError("the board has closed the connection")
            time.sleep(POLL_SECONDS)

    def send(self, name: str, arguments: dict[str, Any] | None = None, timeout: float = 10.0) -> Outcome:
        """
        Sends a telecommand and waits until it is carried out.
        Raises CommandFailed, NoAnswer, ConnectionError; what messages.telecommand raises.
        """
        tc = telecommand(name, arguments, self.sequence_count)
        self.sequence_count = (self.sequence_count + 1) % SEQUENCE_COUNTS
        self.verificator.add_tc(tc)
        outcome = Outcome(tc)
        octets = bytes(tc.pack())
        self.interface.send(octets)
        for found in self.reports(timeout):
            if found.tm.service != 1 or bytes(found.tm.source_data)[:4] != octets[:4]:
                outcome.reports.append(found)
                continue
            outcome.stages.append(found.name or str(found.kind))
            if found.tm.subservice % 2 == 0:
                raise CommandFailed(failure(name, found))
            if found.name == "completionSuccess":
                return outcome
        raise NoAnswer(f"{name} was not completed within {timeout:g} s; {', '.join(outcome.stages) or 'no report'} came")


def failure(command: str, found: Report) -> str:
    """A failure report in one line, with what the dictionary says of its code."""
    code, data = found.values["failureCode"], found.values["failureData"]
    definition = DEFINITIONS["failureCodes"].get(code.value, {}) if isinstance(code.value, str) else {}
    told = f" ({definition['description']})" if definition.get("description") else ""
    return f"{command}: {found.name}, {code.value}{told}, data {data.raw}"
