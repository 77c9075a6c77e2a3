"""The packets that the cases of the tables send: see `Payloads` in cases.ts. Random, by a seed that is printed."""

from binascii import crc_hqx

from spacepackets.ccsds.spacepacket import PacketType, SpacePacketHeader

MOST = 1024
RANDOM = 40
# What means something in one framing or another.
SPECIAL = bytes.fromhex("00010a0d2c3ac0dbdcddff")


def random_packet(rng, length):
    kind = rng.randrange(4)
    if kind == 0:
        return bytes(rng.choice(SPECIAL) for _ in range(length))
    if kind == 1:
        # Long runs without a zero, and zeros here and there.
        return bytes(rng.randrange(256) if rng.randrange(200) == 0 else 1 + rng.randrange(255) for _ in range(length))
    return rng.randbytes(length)


def lengths(rng, least, most, unit=1):
    """The ends, what is around COBS's full block and the end of a byte, and any."""
    edges = [least, most, 1, 2, 253, 254, 255, 256, 508, 509]
    found = edges + [rng.randint(least, most) for _ in range(RANDOM)]
    return [length // unit * unit for length in found if least <= length // unit * unit <= most]


def any_bytes(rng, least=1, most=MOST, unit=1, prefix=""):
    head = bytes.fromhex(prefix)
    most -= len(head)
    runs = [bytes([value]) * length for value in SPECIAL for length in (least, most)]
    return [head + data for data in runs + [random_packet(rng, length) for length in lengths(rng, least, most, unit)]]


def text(rng, terminator, least=1, most=MOST):
    end = bytes.fromhex(terminator)

    def fits(data):
        return all((each + end).index(end) == len(each) for each in (data, data[::-1]))

    parts = [end[:k] * n for k in range(1, len(end)) for n in (1, 3)]
    parts += [b"a" + part + b"b" for part in (end[:1], end[1:])]
    found = [data for data in parts if least <= len(data) and fits(data)]
    for length in lengths(rng, least, most):
        data = random_packet(rng, length)
        while not fits(data):
            # Only here and there, so that parts of the terminator stay.
            places = [at for at in range(len(data)) if data[at] in end]
            at = rng.choice(places)
            data = data[:at] + b"." + data[at + 1 :]
        found.append(data)
    return found


def space_packets(rng, counted=0, most=MOST, sealed=False):
    found = []
    for length in lengths(rng, 9 if sealed else 7, most):
        header = SpacePacketHeader(
            packet_type=rng.choice([PacketType.TC, PacketType.TM]),
            # 0x7FF is that of idle packets.
            apid=rng.randrange(0x7FF),
            seq_count=rng.randrange(0x4000),
            data_len=length + counted - 7,
            sec_header_flag=rng.choice([True, False]),
        )
        packet = bytes(header.pack()) + random_packet(rng, length - 6)
        found.append(packet[:-2] + crc_hqx(packet[:-2], 0xFFFF).to_bytes(2, "big") if sealed else packet)
    return found


def identified(rng, frames, ending=""):
    tail = bytes.fromhex(ending)
    found = []
    for _ in range(RANDOM):
        prefix, length = rng.choice(frames)
        head = bytes.fromhex(prefix)
        found.append(head + random_packet(rng, length - len(head) - len(tail)) + tail)
    return found


def counted(rng, start, size, endian, adjust, ending=""):
    head = bytes.fromhex(start)
    tail = bytes.fromhex(ending)
    around = len(head) + size + len(tail)
    found = []
    for length in lengths(rng, around, MOST):
        count = (length - adjust).to_bytes(size, endian)
        found.append(head + count + random_packet(rng, length - around) + tail)
    return found


def uslp(rng, fecf):
    from uslp import transfer_frame

    return [transfer_frame(packet, count, fecf) for count, packet in enumerate(space_packets(rng, most=1000))]


MAKERS = {
    "any": any_bytes,
    "text": text,
    "space-packets": space_packets,
    "identified": identified,
    "counted": counted,
    "uslp": uslp,
}


def payloads(rng, spec):
    if spec["kind"] == "given":
        return [bytes.fromhex(packet) for packet in spec["packets"]]
    made = MAKERS[spec["kind"]](rng, **{key: value for key, value in spec.items() if key != "kind"})
    rng.shuffle(made)
    return made

