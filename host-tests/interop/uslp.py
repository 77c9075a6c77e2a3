"""USLP transfer frames by the Python package spacepackets: one packet to a frame."""

from spacepackets.uslp.frame import (
    FrameType,
    TfdzConstructionRules,
    TransferFrame,
    TransferFrameDataField,
    UslpProtocolIdentifier,
    VarFrameProperties,
)
from spacepackets.uslp.header import PrimaryHeader, SourceOrDestField

SPACECRAFT_ID = 0x1234
COUNT_LENGTH = 2


def transfer_frame(packet, count, fecf=True):
    header = PrimaryHeader(
        scid=SPACECRAFT_ID,
        src_dest=SourceOrDestField.SOURCE,
        vcid=0,
        map_id=0,
        frame_len=0,
        vcf_count_len=COUNT_LENGTH,
        vcf_count=count % 0x10000,
    )
    field = TransferFrameDataField(
        tfdz_cnstr_rules=TfdzConstructionRules.VpNoSegmentation,
        uslp_ident=UslpProtocolIdentifier.SPACE_PACKETS_ENCAPSULATION_PACKETS,
        tfdz=packet,
    )
    frame = TransferFrame(header, field, has_fecf=fecf)
    frame.set_frame_len_in_header()
    return bytes(frame.pack(frame_type=FrameType.VARIABLE))


def parse_frame(raw):
    """Returns the packet and the frame's count; raises when the frame error control field is wrong."""
    properties = VarFrameProperties(has_insert_zone=False, has_fecf=True, truncated_frame_len=0)
    frame = TransferFrame.unpack(raw, FrameType.VARIABLE, properties)
    assert frame.header.scid == SPACECRAFT_ID, f"spacecraft {frame.header.scid:#x}"
    assert frame.tfdf.tfdz_contr_rules == TfdzConstructionRules.VpNoSegmentation
    return frame.tfdf.tfdz, frame.header.vcf_count
