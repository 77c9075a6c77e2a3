"""Writes tc-frame-vectors.json: TC transfer frames as F Prime's ground system makes them.

Run it in an environment that has the package; the tests need only the JSON file.

    python3 -m venv venv && venv/bin/pip install fprime-gds==4.4.1
    venv/bin/python host-tests/ccsds/generate_tc_frame_vectors.py
"""

import json
import pathlib
import random
from importlib.metadata import version

from fprime_gds.common.communication.ccsds.space_data_link import SpaceDataLinkFramerDeframer

random.seed(20261129)

PING = bytes.fromhex("1802c00000062f11010000a7d2")


def space_packet(length):
    head = (0x1800 | random.randrange(0x7FF)).to_bytes(2, "big") + (0xC000 | random.randrange(0x4000)).to_bytes(2, "big")
    return head + (length - 7).to_bytes(2, "big") + random.randbytes(length - 6)


def frame(spacecraft_id, virtual_channel_id, packet):
    framer = SpaceDataLinkFramerDeframer(spacecraft_id, virtual_channel_id, 1024)
    return {
        "spacecraftId": spacecraft_id,
        "virtualChannelId": virtual_channel_id,
        "packet": packet.hex(),
        "bytes": framer.frame(packet).hex(),
    }


# 1,016 octets are the most that this framer takes; it takes 0 for "no spacecraft ID".
frames = [frame(0xAB, 0, PING), frame(0x3FF, 63, PING), frame(1, 1, space_packet(1016))]
for length in (7, 8, 13, 40, 249, 250, 255, 600):
    frames.append(frame(random.randrange(1, 1024), random.randrange(64), space_packet(length)))

path = pathlib.Path(__file__).with_name("tc-frame-vectors.json")
path.write_text(json.dumps({"fprime-gds": version("fprime-gds"), "frames": frames}, indent=1) + "\n")
