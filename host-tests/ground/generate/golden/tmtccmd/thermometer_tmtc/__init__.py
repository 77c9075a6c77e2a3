"""Telecommands and telemetry of one board, for tmtccmd and by itself. Made from the board's dictionary: make it again, do not edit it."""

from .board import Board, CommandFailed, NoAnswer
from .messages import APID, COMMANDS, DEFINITIONS, PACKETS, PORT, Report, report, telecommand

__all__ = [
    "APID",
    "COMMANDS",
    "DEFINITIONS",
    "PACKETS",
    "PORT",
    "Board",
    "CommandFailed",
    "NoAnswer",
    "Report",
    "report",
    "telecommand",
]
