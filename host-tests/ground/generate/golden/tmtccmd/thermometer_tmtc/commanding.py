"""For applications made with tmtccmd: the command tree, and handlers for telecommands and telemetry."""

from __future__ import annotations

from typing import Any

from spacepackets.ecss.pus_verificator import PusVerificator
from spacepackets.seqcount import SeqCountProvider
from tmtccmd.com import ComInterface
from tmtccmd.config.hook import HookBase
from tmtccmd.config.tmtc import CmdTreeNode
from tmtccmd.tmtc import ProcedureWrapper, SpecificApidHandlerBase, TcHandlerBase
from tmtccmd.tmtc.handler import FeedWrapper, SendCbParams
from tmtccmd.tmtc.queue import DefaultPusQueueHelper, TcQueueEntryType

from .board import HOST, PORT, com_if
from .messages import APID, COMMANDS, STAMP_LENGTH, Report, report, telecommand


def command_tree() -> CmdTreeNode:
    """Services, and in each its commands. A path is /SERVICE/COMMAND, and arguments may follow: /SERVICE/COMMAND/argument=value"""
    root = CmdTreeNode.root_node()
    for name, command in COMMANDS.items():
        service = command["service"]
        if service not in root.children:
            root.add_child(CmdTreeNode(service, f"service type {command['serviceType']}"))
        danger = f" DANGEROUS: {command['dangerous']}" if "dangerous" in command else ""
        told = " ".join((command.get("description", "") + danger).split())
        root[service].add_child(CmdTreeNode(name, told or f"TC[{command['serviceType']},{command['subtype']}]"))
    return root


def telecommand_of(path: str):
    """The telecommand of a command path, with the arguments that are in it."""
    _, _, name, *words = path.split("/")
    return telecommand(name, dict(word.split("=", 1) for word in words))


class BoardHook(HookBase):
    def __init__(self, host: str = HOST, port: int = PORT, cfg_file_path: str | None = None):
        super().__init__(cfg_file_path)
        self.host, self.port = host, port

    def get_communication_interface(self, com_if_key: str) -> ComInterface:
        return com_if(self.host, self.port)

    def get_command_definitions(self) -> CmdTreeNode:
        return command_tree()


class BoardTcHandler(TcHandlerBase):
    def __init__(self, verificator: PusVerificator | None = None):
        super().__init__()
        self.verificator = verificator or PusVerificator()
        self.sequence_counts = SeqCountProvider(bit_width=14)

    def feed_cb(self, info: ProcedureWrapper, wrapper: FeedWrapper):
        queue = DefaultPusQueueHelper(wrapper.queue_wrapper, STAMP_LENGTH, self.sequence_counts, self.verificator, APID)
        queue.add_pus_tc(telecommand_of(info.to_tree_commanding_procedure().cmd_path))

    def send_cb(self, send_params: SendCbParams):
        if send_params.entry.entry_type == TcQueueEntryType.PUS_TC:
            send_params.com_if.send(bytes(send_params.entry.to_pus_tc_entry().pus_tc.pack()))

    def queue_finished_cb(self, info: ProcedureWrapper):
        pass


class BoardTmHandler(SpecificApidHandlerBase):
    """Gives each report of the board to a function."""

    def __init__(self, on_report):
        super().__init__(APID, None)
        self.on_report = on_report

    def handle_tm(self, packet: bytes, _user_args: Any):
        found: Report = report(packet)
        self.on_report(found)
