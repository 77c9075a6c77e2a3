/** __main__.py and commanding.py: the package's command line, and what a tmtccmd application of one's own takes from it. */
export const COMMANDING = `"""For applications made with tmtccmd: the command tree, and handlers for telecommands and telemetry."""

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
`;

export const MAIN = String.raw`"""The board from the command line: python -m PACKAGE --help"""

from __future__ import annotations

import argparse
import fnmatch
import logging
import math
import os
import sys
import threading

from .board import HOST, PORT, Board, CommandFailed, NoAnswer
from .codec import range_of
from .commanding import command_tree
from .messages import COMMANDS, DEFINITIONS, Report, arguments_of

FAILED, USAGE = 1, 2


def shown(found: Report) -> list[str]:
    """A report as lines: its name and time, then its values."""
    time = found.time.isoformat(timespec="milliseconds") if found.is_synchronized else "no time yet"
    head = f"{found.name or 'unknown'} [{found.tm.service},{found.tm.subservice}] {time}"
    lines = [f"{head} {found.text}".rstrip(), *(f"  {value}" for value in found.values.values())]
    lines += [f"  {k}: " + ", ".join(map(str, item.values())) for k, item in enumerate(found.items)]
    return lines + ([f"  data = {found.data.hex()}"] if found.data else [])


def argument_line(field: dict) -> str:
    words = ", ".join(field.get("words") or [])
    limits = f" {range_of(field)}" if "minimum" in field else ""
    default = f", default {field['default']}" if "default" in field else ""
    told = " ".join(field.get("description", "").split())
    return f"    {field['name']}: {field['type']}{limits}{default}{f' ({words})' if words else ''} {told}".rstrip()


def list_commands(pattern: str) -> int:
    found = [name for name in COMMANDS if fnmatch.fnmatchcase(name, pattern)]
    for name in found:
        command = COMMANDS[name]
        danger = f" DANGEROUS: {command['dangerous']}" if "dangerous" in command else ""
        told = " ".join((command.get("description", "") + danger).split())
        print(f"{name} [{command['serviceType']},{command['subtype']}] {told}".rstrip())
        for field in arguments_of(command).values():
            print(argument_line(field))
    return 0 if found else FAILED


def send(board: Board, name: str, arguments: dict[str, str], options) -> int:
    if name not in COMMANDS:
        print(f"there is no command {name}; the command 'commands' lists them", file=sys.stderr)
        return USAGE
    danger = COMMANDS[name].get("dangerous")
    if danger is not None and not options.yes:
        print(f"{name} is dangerous: {' '.join(danger.split())} Say --yes to send it.", file=sys.stderr)
        return USAGE
    outcome = board.send(name, arguments, options.timeout)
    print(f"{name}: {', '.join(outcome.stages)}")
    for found in outcome.reports:
        # Housekeeping and events come by themselves.
        if found.tm.service not in (3, 5) or COMMANDS[name]["serviceType"] == found.tm.service:
            print("\n".join(shown(found)))
    return 0


def setter(parameter: str) -> str:
    for name, command in COMMANDS.items():
        if command["service"] == "parameterManagement" and command.get("variant") == parameter:
            return name
    raise ValueError(f"{parameter} is no parameter that can be set")


def monitor(board: Board, pattern: str, seconds: float) -> int:
    count = 0
    for found in board.reports(seconds):
        if fnmatch.fnmatchcase(found.name or "unknown", pattern):
            count += 1
            print("\n".join(shown(found)), flush=True)
    return 0 if count else FAILED


def parse(words: list[str] | None):
    parser = argparse.ArgumentParser(description=f"Telecommands and telemetry of {DEFINITIONS['board']}.".replace("%", "%%"))
    parser.add_argument("--host", default=HOST)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds that a telecommand may take")
    parser.add_argument("--yes", action="store_true", help="send what is dangerous")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("ping", help="ask for a sign of life")
    commands.add_parser("tree", help="the command tree")
    listing = commands.add_parser("commands", help="commands and their arguments")
    listing.add_argument("pattern", nargs="?", default="*")
    sending = commands.add_parser("send", help="send a command")
    sending.add_argument("name")
    sending.add_argument("arguments", nargs="*", metavar="argument=value")
    setting = commands.add_parser("set", help="set a parameter")
    setting.add_argument("parameter")
    setting.add_argument("value")
    getting = commands.add_parser("get", help="read parameters")
    getting.add_argument("parameters", nargs="+")
    watching = commands.add_parser("monitor", help="show what comes")
    watching.add_argument("pattern", nargs="?", default="*", help="of names, as in housekeeping*")
    watching.add_argument("--seconds", type=float, default=math.inf)
    return parser.parse_args(words)


def perform(board: Board, options) -> int:
    if options.command == "ping":
        return send(board, "areYouAlive", {}, options)
    if options.command == "send":
        return send(board, options.name, dict(word.split("=", 1) for word in options.arguments), options)
    if options.command == "set":
        return send(board, setter(options.parameter), {options.parameter: options.value}, options)
    if options.command == "get":
        # One by one: a report on one parameter has a layout of its own.
        results = [send(board, "reportParameters", {"parameterId": [each]}, options) for each in options.parameters]
        return max(results)
    return monitor(board, options.pattern, options.seconds)


def main(words: list[str] | None = None) -> int:
    options = parse(words)
    try:
        return run(options)
    except BrokenPipeError:
        # Whoever read has seen enough; nothing is left for the interpreter to write at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def run(options) -> int:
    if options.command == "tree":
        print(command_tree())
        return 0
    if options.command == "commands":
        return list_commands(options.pattern)
    # tmtccmd's client prints a traceback beside what it raises, and its thread another when the board goes.
    logging.getLogger("tmtccmd.com.tcp").setLevel(logging.CRITICAL + 1)
    threading.excepthook = lambda _: None
    try:
        with Board(options.host, options.port) as board:
            return perform(board, options)
    except ValueError as error:
        print(error, file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        raise
    except (CommandFailed, NoAnswer) as error:
        print(error, file=sys.stderr)
        return FAILED
    except OSError as error:
        print(f"{options.host}:{options.port}: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
`;
