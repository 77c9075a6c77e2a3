"""What every ground tool does with the simulated board. Telecommands are made, and telemetry is parsed, by the Python
package spacepackets; how they get to the board and back is the tool's own client."""

import struct
import time
from importlib.metadata import version

from spacepackets.ecss.pus_1_verification import Service1Tm
from spacepackets.ecss.pus_verificator import PusVerificator, StatusField
from spacepackets.ecss.req_id import RequestId
from spacepackets.ecss.tc import PusTc
from spacepackets.ecss.tm import PusTm

APID = 2
TIME_STAMP_LENGTH = 7
FAILURE_CODE_LENGTH = 2
# Long: a machine may be busy with other things.
ANSWER_TIMEOUT = 30.0
# The board is started with a housekeeping report every 0.2 s.
QUIET_TIME = 1.0

# TC[17,1] with sequence count 0, as spacepackets makes it.
GOLDEN_PING = bytes.fromhex("1802c00000062f11010000a7d2")

HOUSEKEEPING_STRUCTURE = 1
PACKETS_REJECTED_OFFSET = 1 + 4 * 4
SCRATCH_PARAMETER = 34
TEST_EVENT = 6
RAISE_TEST_EVENT = 2
UNKNOWN_SERVICE_TYPE = 3


def unpack_verification(raw):
    """The two versions of spacepackets that are used here differ in this."""
    try:
        from spacepackets.ecss.pus_1_verification import UnpackParams
    except ImportError:
        from spacepackets.ecss.pus_1_verification import ManagedParamsVerification
        from spacepackets.ecss.tm import ManagedParams

        widths = ManagedParamsVerification(bytes_step_id=1, bytes_err_code=FAILURE_CODE_LENGTH)
        return Service1Tm.unpack(raw, ManagedParams(TIME_STAMP_LENGTH), widths)
    return Service1Tm.unpack(raw, UnpackParams(TIME_STAMP_LENGTH, 1, FAILURE_CODE_LENGTH))


def require(condition, what):
    if not condition:
        raise AssertionError(what)


class Report:
    """A telemetry packet, parsed: its CRC is right, or spacepackets would have refused it."""

    def __init__(self, raw):
        self.raw = bytes(raw)
        self.tm = PusTm.unpack(self.raw, timestamp_len=TIME_STAMP_LENGTH)
        self.type = f"{self.tm.service},{self.tm.subservice}"
        self.data = bytes(self.tm.source_data)


class Scenario:
    """`link` has `send(bytes)` and `receive()`, which gives the packets that have come since, and does not wait."""

    def __init__(self, link):
        self.link = link
        self.sequence_count = 0
        self.verificator = PusVerificator()

    def telecommand(self, service, subtype, data=b""):
        tc = PusTc(
            service=service, subservice=subtype, apid=APID, seq_count=self.sequence_count, app_data=bytes(data)
        )
        self.sequence_count += 1
        return tc

    def reports(self, seconds):
        """Everything that comes within so many seconds."""
        return list(self.arriving(seconds))

    def arriving(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for raw in self.link.receive():
                yield Report(raw)
            time.sleep(0.01)

    def carry_out(self, tc, last="1,7"):
        """Sends a telecommand. Returns its reports and what came between them, up to the one that is to be the last."""
        self.verificator.add_tc(tc)
        request_id = bytes(tc.pack()[:4])
        self.link.send(bytes(tc.pack()))
        answer = []
        for report in self.arriving(ANSWER_TIMEOUT):
            if report.tm.service == 1:
                if report.data[:4] != request_id:
                    raise AssertionError(f"{report.type} is about another telecommand: {report.raw.hex()}")
                self.verificator.add_tm(unpack_verification(report.raw))
            answer.append(report)
            if report.tm.service == 1 and report.tm.subservice % 2 == 0 and report.type != last:
                raise AssertionError(f"failed with {report.type}: {report.raw.hex()}")
            if report.type == last:
                return answer
        raise AssertionError(f"no {last}; {[report.type for report in answer]} came")

    def check_completed(self, tc):
        status = self.verificator.verif_dict[RequestId.from_sp_header(tc.sp_header)]
        for field in (status.accepted, status.started, status.completed):
            require(field == StatusField.SUCCESS, f"the PUS verificator says {status}")

    def succeed(self, service, subtype, data=b""):
        """Returns the reports between start and completion."""
        tc = self.telecommand(service, subtype, data)
        answer = self.carry_out(tc)
        self.check_completed(tc)
        types = [report.type for report in answer]
        start = types.index("1,3")
        require(types.index("1,1") < start, f"the order is {types}")
        return answer[start + 1 : -1]

    def ping(self):
        tc = self.telecommand(17, 1)
        require(bytes(tc.pack()) == GOLDEN_PING, f"TC[17,1] is packed as {tc.pack().hex()}")
        answer = [report for report in self.carry_out(tc) if report.tm.service not in (3, 5)]
        types = [report.type for report in answer]
        require(types == ["1,1", "1,3", "17,2", "1,7"], f"the answer is {types}")
        self.check_completed(tc)
        counts = [report.tm.seq_count for report in answer]
        require(counts == list(range(counts[0], counts[0] + 4)), f"the sequence counts are {counts}")

    def housekeeping_off(self):
        self.succeed(3, 6, [1, HOUSEKEEPING_STRUCTURE])
        types = [report.type for report in self.reports(QUIET_TIME)]
        require("3,25" not in types, f"housekeeping still comes: {types}")

    def one_shot_housekeeping(self):
        """Returns the counter of packets rejected."""
        reports = [report for report in self.succeed(3, 27, [1, HOUSEKEEPING_STRUCTURE]) if report.type == "3,25"]
        require(len(reports) == 1, f"{len(reports)} housekeeping reports")
        data = reports[0].data
        structure, uptime = struct.unpack_from(">BI", data)
        require(structure == HOUSEKEEPING_STRUCTURE and uptime > 0, f"structure {structure}, uptime {uptime}")
        return struct.unpack_from(">I", data, PACKETS_REJECTED_OFFSET)[0]

    def unknown_service(self):
        tc = self.telecommand(99, 1)
        answer = self.carry_out(tc, last="1,2")
        require([report.type for report in answer] == ["1,2"], f"{[report.type for report in answer]}")
        notice = unpack_verification(answer[0].raw).failure_notice
        require(notice.code.val == UNKNOWN_SERVICE_TYPE, f"failure code {notice.code.val}")
        require(bytes(notice.data) == struct.pack(">I", 99), f"failure data {notice.data.hex()}")

    def bad_crc(self):
        before = self.one_shot_housekeeping()
        damaged = bytearray(self.telecommand(17, 1).pack())
        damaged[-1] ^= 1
        self.link.send(bytes(damaged))
        types = [report.type for report in self.reports(QUIET_TIME)]
        require(types == [], f"a damaged telecommand led to {types}")
        after = self.one_shot_housekeeping()
        require(after == before + 1, f"packets rejected went from {before} to {after}")

    def parameter(self):
        value = 0x600DCAFE
        pair = struct.pack(">HI", SCRATCH_PARAMETER, value)
        self.succeed(20, 3, b"\x01" + pair)
        reports = self.succeed(20, 1, struct.pack(">BH", 1, SCRATCH_PARAMETER))
        require([report.type for report in reports] == ["20,2"], f"{[report.type for report in reports]}")
        require(reports[0].data == b"\x01" + pair, f"20,2 says {reports[0].data.hex()}")

    def function(self):
        value = struct.pack(">I", 4711)
        reports = self.succeed(8, 1, bytes([RAISE_TEST_EVENT]) + value)
        events = [report.data for report in reports if report.type == "5,1"]
        require(events == [struct.pack(">H", TEST_EVENT) + value], f"events {[data.hex() for data in events]}")

    def housekeeping_on(self):
        self.succeed(3, 5, [1, HOUSEKEEPING_STRUCTURE])
        count = 0
        for report in self.arriving(ANSWER_TIMEOUT):
            count += report.type == "3,25"
            if count == 2:
                return
        raise AssertionError(f"{count} housekeeping reports came")

    def run(self):
        for title, step in (
            ("ping: 1,1 1,3 17,2 1,7", self.ping),
            ("housekeeping off", self.housekeeping_off),
            ("one-shot housekeeping", self.one_shot_housekeeping),
            ("unknown service: 1,2 with its failure code", self.unknown_service),
            ("bad CRC: no report, and counted", self.bad_crc),
            ("parameter set and reported", self.parameter),
            ("function that raises an event", self.function),
            ("housekeeping on", self.housekeeping_on),
        ):
            try:
                step()
            except Exception as error:
                raise SystemExit(f"  FAILED {title}: {error!r}") from error
            print(f"  ok {title}", flush=True)


def versions(*packages):
    return ", ".join(f"{package} {version(package)}" for package in packages)
