"""Writes spacepackets-vectors.json: PUS-C packets and time stamps as the Python package `spacepackets` makes them.

Run it in an environment that has the package; the tests need only the JSON file.

    python3 -m venv venv && venv/bin/pip install spacepackets==0.32.0
    venv/bin/python host-tests/pus/generate_vectors.py
"""

import datetime
import json
import pathlib
import random
from importlib.metadata import version

from spacepackets.ccsds.spacepacket import PacketType, SequenceFlags, SpacePacketHeader
from spacepackets.ccsds.time import CdsShortTimestamp
from spacepackets.ecss.fields import PacketFieldEnum
from spacepackets.ecss.pus_1_verification import FailureNotice, Service1Tm, VerificationParams
from spacepackets.ecss.req_id import RequestId
from spacepackets.ecss.tc import PusTc
from spacepackets.ecss.tm import MiscParams, PusTm

random.seed(20260821)


def header(packet_type, sequence_flags):
    apid, count, length = random.randrange(2048), random.randrange(16384), random.randrange(65536)
    secondary = apid != 0x7FF and random.random() < 0.5
    made = SpacePacketHeader(
        packet_type=packet_type,
        apid=apid,
        seq_count=count,
        data_len=length,
        sec_header_flag=secondary,
        seq_flags=sequence_flags,
    )
    return {
        "packetType": int(packet_type),
        "secondaryHeaderFlag": secondary,
        "apid": apid,
        "sequenceFlags": int(sequence_flags),
        "packetSequenceCount": count,
        "packetDataLengthField": length,
        "hex": bytes(made.pack()).hex(),
    }


def telecommand(data_length):
    fields = {
        "apid": random.randrange(2047),
        "packetSequenceCount": random.randrange(16384),
        "acknowledgementFlags": random.randrange(16),
        "serviceType": random.randrange(256),
        "messageSubtype": random.randrange(256),
        "sourceId": random.randrange(65536),
        "applicationData": random.randbytes(data_length).hex(),
    }
    made = PusTc(
        service=fields["serviceType"],
        message_subtype=fields["messageSubtype"],
        apid=fields["apid"],
        seq_count=fields["packetSequenceCount"],
        source_id=fields["sourceId"],
        ack_flags=fields["acknowledgementFlags"],
        app_data=bytes.fromhex(fields["applicationData"]),
    )
    return {**fields, "hex": bytes(made.pack()).hex()}


def telemetry(data_length):
    stamp = CdsShortTimestamp(random.randrange(65536), random.randrange(86_400_000))
    fields = {
        "apid": random.randrange(2047),
        "packetSequenceCount": random.randrange(16384),
        "timeReferenceStatus": random.randrange(16),
        "serviceType": random.randrange(256),
        "messageSubtype": random.randrange(256),
        "messageTypeCounter": random.randrange(65536),
        "destinationId": random.randrange(65536),
        "timeStamp": stamp.pack().hex(),
        "sourceData": random.randbytes(data_length).hex(),
    }
    made = PusTm(
        service=fields["serviceType"],
        message_subtype=fields["messageSubtype"],
        timestamp=stamp.pack(),
        source_data=bytes.fromhex(fields["sourceData"]),
        apid=fields["apid"],
        seq_count=fields["packetSequenceCount"],
        destination_id=fields["destinationId"],
        message_counter=fields["messageTypeCounter"],
        misc_params=MiscParams(spacecraft_time_ref=fields["timeReferenceStatus"]),
    )
    return {**fields, "hex": bytes(made.pack()).hex()}


def verification(subtype):
    command = PusTc(service=17, message_subtype=1, apid=random.randrange(2047), seq_count=random.randrange(16384))
    step = random.randrange(256) if subtype in (5, 6) else None
    code = random.randrange(65536) if subtype % 2 == 0 else None
    data = random.randrange(2**32) if subtype % 2 == 0 else None
    made = Service1Tm(
        apid=command.apid,
        message_subtype=subtype,
        timestamp=CdsShortTimestamp(24576, 16909060).pack(),
        verif_params=VerificationParams(
            req_id=RequestId.from_sp_header(command.sp_header),
            step_id=None if step is None else PacketFieldEnum.with_byte_size(1, step),
            failure_notice=None
            if code is None
            else FailureNotice(PacketFieldEnum.with_byte_size(2, code), data.to_bytes(4, "big")),
        ),
    )
    return {
        "telecommand": bytes(command.pack()).hex(),
        "messageSubtype": subtype,
        "stepId": step,
        "failureCode": code,
        "failureData": data,
        "hex": bytes(made.pack()).hex(),
    }


def cds_short(milliseconds):
    """Through datetime, in whole milliseconds: the package's own arithmetic from there on."""
    instant = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(milliseconds=milliseconds)
    days, rest = divmod(milliseconds, 86_400_000)
    stamp = CdsShortTimestamp.from_unix_days(days, rest)
    assert stamp.as_datetime() == instant, (stamp, instant)
    return {"unixMilliseconds": milliseconds, "hex": stamp.pack().hex()}


instants = [0, 1, 999, 86_399_999, 86_400_000, 951_782_400_000, 1_582_934_400_123, 1_798_761_600_000]
instants += [random.randrange(4_000_000_000_000) for _ in range(24)]
vectors = {
    "package": "spacepackets",
    "version": version("spacepackets"),
    "headers": [header(kind, flags) for kind in PacketType for flags in SequenceFlags for _ in range(8)],
    "telecommands": [telecommand(length) for length in (0, 0, 0, 1, 2, 3, 4, 7, 16, 64, 255, 256, 1024)],
    "telemetry": [telemetry(length) for length in (0, 0, 0, 1, 2, 3, 4, 7, 16, 64, 255, 256, 978)],
    "verification": [verification(subtype) for subtype in range(1, 9) for _ in range(3)],
    "cdsShort": [cds_short(milliseconds) for milliseconds in instants],
}
target = pathlib.Path(__file__).with_name("spacepackets-vectors.json")
target.write_text(json.dumps(vectors, indent=1) + "\n")
print(f"{target.name}: {sum(len(group) for group in vectors.values() if isinstance(group, list))} vectors")
