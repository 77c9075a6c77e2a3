"""The board's telecommands and reports, by name, made and read as definitions.json says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from spacepackets.ecss.tc import PusTc
from spacepackets.ecss.tm import PusTm

from .codec import Value, decode, encode, size_of, value_of

DEFINITIONS = json.loads(Path(__file__).with_name("definitions.json").read_text("utf-8"))
APID = DEFINITIONS["apid"]
PORT = DEFINITIONS["port"]
COMMANDS = {command["name"]: command for command in DEFINITIONS["commands"]}
PACKETS = {packet["name"]: packet for packet in DEFINITIONS["packets"]}

#: Octets of a time stamp, P-field included.
STAMP_LENGTH = 7 if DEFINITIONS["timeCode"] == "cds" else 8
EPOCHS = {
    "cds": datetime(1958, 1, 1, tzinfo=timezone.utc),
    "cuc": datetime(1970, 1, 1, tzinfo=timezone.utc),
    # 37 leap seconds.
    "cuc-tai": datetime(1958, 1, 1, tzinfo=timezone.utc) - timedelta(seconds=37),
}


@dataclass
class Report:
    """A telemetry packet. name: None where the dictionary has no such packet."""

    tm: PusTm
    raw: bytes
    name: str | None
    values: dict[str, Value]
    #: of a list, one dict for each item
    items: list[dict[str, Value]]
    #: behind everything that the dictionary describes
    data: bytes

    @property
    def kind(self) -> tuple[int, int]:
        return self.tm.service, self.tm.subservice

    @property
    def is_synchronized(self) -> bool:
        """Whether the board has the time; while it has not, its stamps count from boot."""
        return self.tm.pus_tm_sec_header.spacecraft_time_ref != 0

    @property
    def time(self) -> datetime:
        return time_of(bytes(self.tm.pus_tm_sec_header.timestamp))

    @property
    def text(self) -> str:
        """Of an event: its text, with the values in it."""
        packet = PACKETS.get(self.name or "", {})
        text = packet.get("text", "")
        for name, value in self.values.items():
            text = text.replace("{" + name + "}", str(value).split(" = ", 1)[1])
        return text


def time_of(stamp: bytes) -> datetime:
    code = DEFINITIONS["timeCode"]
    if code == "cds":
        days, milliseconds = int.from_bytes(stamp[1:3], "big"), int.from_bytes(stamp[3:7], "big")
        return EPOCHS[code] + timedelta(days=days, milliseconds=milliseconds)
    seconds, fraction = int.from_bytes(stamp[1:5], "big"), int.from_bytes(stamp[5:8], "big")
    return EPOCHS[code] + timedelta(seconds=seconds, microseconds=round(fraction * 1e6 / (1 << 24)))


def telecommand(name: str, arguments: dict[str, Any] | None = None, sequence_count: int = 0) -> PusTc:
    """
    Makes a telecommand. Fields of a list take as many values as the list has items.
    Raises KeyError where there is no such command, ValueError in one line for an argument.
    """
    command = COMMANDS[name]
    given = dict(arguments or {})
    data = b"".join(_field(field, given) for field in command["fields"])
    if "list" in command:
        data += _list(name, command["list"], given)
    data += b"".join(_field(field, given) for field in command["trailer"])
    if command["maxDataLength"] > 0:
        more = given.pop("data", b"")
        more = bytes.fromhex(more) if isinstance(more, str) else more
        if len(more) > command["maxDataLength"]:
            raise ValueError(f"data may have {command['maxDataLength']} octets, not {len(more)}")
        data += more
    if given:
        raise ValueError(f"{name} has no argument {', '.join(given)}; it has {', '.join(arguments_of(command)) or 'none'}")
    return PusTc(
        apid=APID,
        service=command["serviceType"],
        subservice=command["subtype"],
        seq_count=sequence_count,
        app_data=data,
    )


def arguments_of(command: dict) -> dict[str, dict]:
    """The fields that an operator gives, by name."""
    fields = command["fields"] + command.get("list", {}).get("items", []) + command["trailer"]
    return {field["name"]: field for field in fields if "constant" not in field}


def _field(field: dict, given: dict[str, Any]) -> bytes:
    if "constant" not in field and field["name"] in given:
        return encode(field, given.pop(field["name"]))
    return _unsaid(field)


def _unsaid(field: dict) -> bytes:
    """What is always the same, or a default. Both are raw."""
    if "constant" not in field and "default" not in field:
        raise ValueError(f"{field['name']} is missing")
    return encode({**field, "words": {}, "calibration": None}, field.get("constant", field.get("default")))


def _list(command: str, definition: dict, given: dict[str, Any]) -> bytes:
    """N, and its items one after the other."""
    asked = [field["name"] for field in definition["items"] if "constant" not in field]
    columns = {}
    for name in asked:
        if name in given:
            values = given.pop(name)
            columns[name] = values.split(",") if isinstance(values, str) else list(values)
    if asked and not columns:
        raise ValueError(f"{asked[0]} is missing")
    if len({len(column) for column in columns.values()}) > 1:
        raise ValueError(f"{', '.join(columns)} must have as many values each")
    count = max((len(column) for column in columns.values()), default=0)
    least, most = definition["minCount"], definition["maxCount"]
    if not least <= count <= most:
        raise ValueError(f"{command} takes {least} to {most} items, not {count}")
    items = [
        encode(field, columns[field["name"]][k]) if field["name"] in columns else _unsaid(field)
        for k in range(count)
        for field in definition["items"]
    ]
    return count.to_bytes(definition["countLength"], "big") + b"".join(items)


def report(raw: bytes) -> Report:
    """Reads a telemetry packet. Raises what spacepackets raises for one that is none, or that is damaged."""
    raw = bytes(raw)
    tm = PusTm.unpack(raw, timestamp_len=STAMP_LENGTH)
    data = bytes(tm.source_data)
    for packet in PACKETS.values():
        if (packet["serviceType"], packet["subtype"]) == (tm.service, tm.subservice):
            try:
                values, items, rest = _read(packet, data)
            except ValueError:
                # Another packet of this subtype.
                continue
            return Report(tm, raw, packet["name"], values, items, rest)
    return Report(tm, raw, None, {}, [], data)


def _read(packet: dict, data: bytes) -> tuple[dict[str, Value], list[dict[str, Value]], bytes]:
    at = 0

    def read(fields: list[dict]) -> dict[str, Value]:
        nonlocal at
        values = {}
        for field in fields:
            raw = decode(field, data, at)
            if field.get("identifies") and raw != field["constant"]:
                raise ValueError("another packet")
            values[field["name"]] = value_of(field, raw)
            at += size_of(field)
        return values

    values = read(packet["fields"])
    items = []
    if "list" in packet:
        length = packet["list"]["countLength"]
        count = int.from_bytes(data[at : at + length], "big")
        at += length
        items = [read(packet["list"]["items"]) for _ in range(count)]
    values.update(read(packet["trailer"]))
    rest = data[at:]
    if len(rest) > packet["maxDataLength"]:
        raise ValueError("octets are left")
    return values, items, rest
