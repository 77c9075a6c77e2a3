"""TC transfer frames of type BD by the standard's own words (CCSDS 232.0-B-4, 4.1), in big integers: one packet to a frame.
That they are those of F Prime's ground system is tested by host-tests/ccsds/tc-frame-vectors.json."""

from binascii import crc_hqx

SPACECRAFT_ID = 0x2AB
HEADER = 5
ERROR_CONTROL = 2


def fields(*pairs):
    """Joins (value, bits) pairs, the first one in the highest bits."""
    number = bits = 0
    for value, width in pairs:
        assert 0 <= value < 1 << width
        number = number << width | value
        bits += width
    return number.to_bytes(bits // 8, "big")


def tc_frame(packet, map_id=None):
    segment = b"" if map_id is None else fields((3, 2), (map_id, 6))
    length = HEADER + len(segment) + len(packet) + ERROR_CONTROL
    header = fields((0, 2), (1, 1), (0, 1), (0, 2), (SPACECRAFT_ID, 10), (0, 6), (length - 1, 10), (0, 8))
    frame = header + segment + packet
    return frame + crc_hqx(frame, 0xFFFF).to_bytes(ERROR_CONTROL, "big")


def tc_frame_length(data):
    """Of a frame whose header has come."""
    return int.from_bytes(data[2:4], "big") % 1024 + 1


def tc_frame_packet(frame, map_id=None):
    expected = tc_frame(frame[HEADER + (map_id is not None) : -ERROR_CONTROL], map_id)
    assert frame == expected, f"frame {frame.hex()}, not {expected.hex()}"
    return frame[HEADER + (map_id is not None) : -ERROR_CONTROL]
