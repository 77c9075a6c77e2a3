"""Writes uslp-vectors.json: USLP primary headers and transfer frames as the Python package `spacepackets` makes them.

Run it in an environment that has the package; the tests need only the JSON file.

    python3 -m venv venv && venv/bin/pip install spacepackets==0.31.0
    venv/bin/python host-tests/ccsds/generate_uslp_vectors.py
"""

import json
import pathlib
import random
from importlib.metadata import version

from spacepackets.uslp.frame import (
    FrameType,
    TfdzConstructionRules,
    TransferFrame,
    TransferFrameDataField,
    UslpProtocolIdentifier,
)
from spacepackets.uslp.header import (
    BypassSequenceControlFlag,
    PrimaryHeader,
    ProtocolCommandFlag,
    SourceOrDestField,
)

random.seed(20260822)


def header(length, count_length, ocf=False, command=False):
    count = random.randrange(256**count_length) if count_length else None
    fields = {
        "spacecraftId": random.randrange(65536),
        "sourceOrDestination": random.randrange(2),
        "virtualChannelId": random.randrange(63),
        "mapId": random.randrange(16),
        "transferFrameLength": length,
        "bypass": random.random() < 0.5,
        "protocolControlCommand": command,
        "operationalControlField": ocf,
        "vcFrameCountLength": count_length,
        "vcFrameCount": count or 0,
    }
    made = PrimaryHeader(
        scid=fields["spacecraftId"],
        src_dest=SourceOrDestField(fields["sourceOrDestination"]),
        vcid=fields["virtualChannelId"],
        map_id=fields["mapId"],
        frame_len=length - 1,
        vcf_count_len=count_length,
        vcf_count=count,
        op_ctrl_flag=ocf,
        prot_ctrl_cmd_flag=ProtocolCommandFlag(int(fields["protocolControlCommand"])),
        bypass_seq_ctrl_flag=BypassSequenceControlFlag(int(fields["bypass"])),
    )
    return fields, made


def headers():
    made = []
    for count_length in range(7):
        for _ in range(8):
            flags = random.random() < 0.5, random.random() < 0.5
            fields, primary = header(random.randrange(14, 65537), count_length, *flags)
            made.append({**fields, "bytes": primary.pack().hex()})
    return made


def frame(rule, pointer, zone, count_length, insert, ocf, fecf):
    kind = FrameType.FIXED if pointer is not None else FrameType.VARIABLE
    fields, primary = header(1, count_length, ocf is not None)
    made = TransferFrame(
        header=primary,
        tfdf=TransferFrameDataField(
            tfdz_cnstr_rules=rule,
            uslp_ident=UslpProtocolIdentifier.SPACE_PACKETS_ENCAPSULATION_PACKETS,
            tfdz=zone,
            fhp_or_lvop=pointer,
        ),
        insert_zone=insert,
        op_ctrl_field=ocf,
        has_fecf=fecf,
    )
    made.set_frame_len_in_header()
    fields["transferFrameLength"] = made.len()
    packed = made.pack(frame_type=kind)
    return {
        **fields,
        "constructionRule": int(rule),
        "pointer": pointer,
        "insertZoneLength": len(insert) if insert else 0,
        "frameErrorControl": fecf,
        "zone": zone.hex(),
        "bytes": packed.hex(),
    }


PING = bytes.fromhex("1802c00000062f11010000a7d2")


def frames():
    made = []
    for fecf in (False, True):
        for insert in (None, b"\x11\x22"):
            for ocf in (None, b"\xaa\xbb\xcc\xdd"):
                made.append(frame(TfdzConstructionRules.VpNoSegmentation, None, PING, 2, insert, ocf, fecf))
                made.append(
                    frame(
                        TfdzConstructionRules.FpPacketSpanningMultipleFrames, 0, PING + PING[:5], 1, insert, ocf, fecf
                    )
                )
    return made


vectors = {"spacepackets": version("spacepackets"), "headers": headers(), "frames": frames()}
path = pathlib.Path(__file__).with_name("uslp-vectors.json")
path.write_text(json.dumps(vectors, indent=1) + "\n")
