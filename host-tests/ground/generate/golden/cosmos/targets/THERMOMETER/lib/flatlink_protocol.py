"""Fills in what only the link knows of a telecommand, in this order: sequence count, length, CRC."""

from binascii import crc_hqx

from openc3.interfaces.protocols.protocol import Protocol

CRC_LENGTH = 2
PRIMARY_HEADER_LENGTH = 6
COUNTS = 1 << 14


class FlatlinkProtocol(Protocol):
    """Every telecommand has a sequence count of its own, or the reports on them could not be told apart."""

    def __init__(self, allow_empty_data=None):
        super().__init__(allow_empty_data)
        self.sequence_count = 0

    def write_packet(self, packet):
        """In the packet itself: COSMOS logs it as it went out."""
        buffer = bytearray(packet.buffer_no_copy())
        control = (buffer[2] & 0xC0) << 8 | self.sequence_count
        buffer[2:4] = control.to_bytes(2, "big")
        # The field counts one less than what is behind the primary header.
        buffer[4:6] = (len(buffer) + CRC_LENGTH - PRIMARY_HEADER_LENGTH - 1).to_bytes(2, "big")
        packet.buffer = buffer
        self.sequence_count = (self.sequence_count + 1) % COUNTS
        return packet

    def write_data(self, data, extra=None):
        crc = crc_hqx(bytes(data), 0xFFFF).to_bytes(CRC_LENGTH, "big")
        # A layer below writes into it.
        return (bytearray(data) + crc, extra)
