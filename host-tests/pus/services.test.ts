import test from "ava";
import { CucAgency } from "../../modules/ccsds/cuc.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { SUCCESS } from "../../modules/pus/failure-codes.js";
import type { ReportWriter } from "../../modules/pus/report-writer.js";
import type { PusService } from "../../modules/pus/service.js";
import { APID, Board, fromHex, toHex } from "./support.js";

const DONE = ["1,1", "1,3", "1,7"];

test("17,1 is answered by 1,1 1,3 17,2 1,7 with the request ID of the command", (t) => {
  const board = new Board();
  t.true(board.accept(fromHex("1802c00000062f11010000a7d2")));
  const packets = board.log.take();
  const kinds = packets.map((packet) => {
    const report = parseTelemetry(packet, board.timeCode);
    return [report.serviceType, report.messageSubtype, report.packetSequenceCount, report.messageTypeCounter];
  });
  t.deepEqual(kinds, [
    [1, 1, 0, 0],
    [1, 3, 1, 0],
    [17, 2, 2, 0],
    [1, 7, 3, 0],
  ]);
  for (const packet of packets.filter((_, i) => i !== 2)) {
    t.is(toHex(packet.slice(20, 24)), "1802c000");
  }
  t.true(board.accept(fromHex("1802c00000062f11010000a7d2")));
  const again = board.log.take().map((packet) => parseTelemetry(packet, board.timeCode));
  t.deepEqual(
    again.map((report) => [report.packetSequenceCount, report.messageTypeCounter]),
    [
      [4, 1],
      [5, 1],
      [6, 1],
      [7, 1],
    ],
  );
});

test("17,3 tests a connection on board", (t) => {
  const board = new Board();
  board.send(17, 3, "0002");
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "17,4 0002", "1,7"], "the board itself");
  board.send(17, 3, "001e");
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "17,4 001e", "1,7"]);
  board.send(17, 3, "001f");
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "1,8 00210000001f"], "it does not answer");
  board.send(17, 3, "0020");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 000700000020"], "there is no such process");
});

test("3,27 sends a structure at once, in the types of its parameters", (t) => {
  const board = new Board();
  board.send(3, 27, "01 01");
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "3,25 01c1480000000000070003", "1,7"]);
  board.send(3, 27, "02 09 01");
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "3,25 0901", "3,25 01c1480000000000070003", "1,7"]);
  board.send(3, 27, "02 01 08");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001000000008"], "an unknown structure: refused whole");
  t.true(board.housekeeping.send(9));
  t.false(board.housekeeping.send(8));
  t.deepEqual(board.reportsAs(), ["3,25 0901"]);
});

test("3,25 is sent at the collection interval, and stops and goes on by 3,6 and 3,5", (t) => {
  const board = new Board();
  const { clock, housekeeping } = board;
  t.is(housekeeping.tick(), 1000);
  clock.bootMs = 999;
  t.is(housekeeping.tick(), 1);
  t.deepEqual(board.reportsAs(), []);
  clock.bootMs = 1003;
  t.is(housekeeping.tick(), 997, "late by 3 ms, the next one is not");
  t.deepEqual(board.reportsAs(), ["3,25 01c1480000000000070003"]);
  clock.bootMs = 9000;
  t.is(housekeeping.tick(), 1000, "missed intervals are not made up for");
  t.is(board.reportsAs().length, 1);

  board.send(3, 6, "01 01");
  t.deepEqual(board.reportsAs(), DONE);
  t.is(board.scheduleChanges, 1);
  t.false(housekeeping.isEnabled(1));
  clock.bootMs = 20_000;
  t.is(housekeeping.tick(), -1);
  t.deepEqual(board.reportsAs(), []);

  board.send(3, 5, "02 01 09");
  t.deepEqual(board.reportsAs(), DONE);
  t.is(housekeeping.tick(), 1000);
  clock.bootMs = 80_000;
  t.is(housekeeping.tick(), 1000);
  t.deepEqual(board.reportsAs(), ["3,25 01c1480000000000070003", "3,25 0901"]);
});

test("3,31 sets a new interval, within the structure's limit", (t) => {
  const board = new Board();
  board.send(3, 31, "01 01 000001f4");
  t.deepEqual(board.reportsAs(), DONE);
  t.is(board.housekeeping.intervalMs(1), 500);
  t.is(board.housekeeping.tick(), 500);
  board.send(3, 31, "01 01 00000063");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001600000001"]);
  board.send(3, 31, "01 07 000001f4");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001000000007"]);
  board.send(3, 31, "01 01");
  t.deepEqual(board.reportsAs(), ["1,2 000500000002"]);
  t.is(board.housekeeping.intervalMs(1), 500);
  t.is(board.scheduleChanges, 1);
});

test("5,1 to 5,4 report events by severity, with their auxiliary data", (t) => {
  const board = new Board();
  const { events } = board;
  t.true(events.raise(1));
  t.true(events.raise(2, 3, 0x1234, 1.5, -2));
  t.true(events.raise(3, 0xfedcba98));
  t.true(events.raise(4));
  t.deepEqual(board.reportsAs(), ["5,1 0001", "5,2 00020312343fc00000fffffffe", "5,3 0003fedcba98", "5,4 0004"]);
  t.false(events.raise(5), "disabled from boot");
  t.false(events.raise(77), "unknown");
  t.is(events.raised, 5);
});

test("5,6 silences events and 5,5 lets them speak", (t) => {
  const board = new Board();
  board.send(5, 6, "02 0001 0003");
  t.deepEqual(board.reportsAs(), DONE);
  t.false(board.events.raise(1));
  t.true(board.events.raise(4));
  t.deepEqual(board.reportsAs(), ["5,4 0004"]);
  board.send(5, 5, "02 0001 0005");
  t.deepEqual(board.reportsAs(), DONE);
  t.true(board.events.raise(1));
  t.true(board.events.raise(5));
  board.log.take();
  board.send(5, 6, "02 0004 0009");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001200000009"]);
  t.true(board.events.isEnabled(4), "nothing was done");
});

test("8,1 performs a function with arguments within their limits", (t) => {
  const board = new Board();
  board.send(8, 1, "01");
  t.deepEqual(board.reportsAs(), DONE);
  board.send(8, 1, "02 fffb 3fc00000");
  t.deepEqual(board.reportsAs(), DONE);
  t.deepEqual(board.calls, [
    [0, 0, 0, 0],
    [-5, 1.5, 0, 0],
  ]);
  board.send(8, 1, "02 0005 3fc00000");
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "1,8 002000000000"], "the function failed");
  board.send(8, 1, "02 0006 3fc00000");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001500000000"], "argument 0 is out of range");
  board.send(8, 1, "02 0001 7fc00000");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001500000001"], "argument 1 is no number");
  board.send(8, 1, "02 0001");
  t.deepEqual(board.reportsAs(), ["1,2 000500000003"]);
  board.send(8, 1, "01 00");
  t.deepEqual(board.reportsAs(), ["1,2 000500000002"]);
  board.send(8, 1, "07");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001300000007"]);
  t.is(board.calls.length, 3);
});

test("20,1 reports parameters", (t) => {
  const board = new Board();
  board.send(20, 1, "03 0001 0003 0001");
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "20,2 030001c1480000000300030001c1480000", "1,7"]);
  board.send(20, 1, "02 0001 0063");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001100000063"]);
  board.send(20, 1, "00");
  t.deepEqual(board.reportsAs(), ["1,2 000600000000"]);
  board.send(20, 1, "05 0001 0001 0001 0001 0001");
  t.deepEqual(board.reportsAs(), ["1,2 000600000005"]);
});

test("20,3 sets parameters, and looks at all of them first", (t) => {
  const board = new Board();
  board.send(20, 3, "02 0003 fffe 0005 41200000");
  t.deepEqual(board.reportsAs(), DONE);
  t.is(board.values.gain, -2);
  t.is(board.values.temperature, 10);
  board.send(20, 3, "02 0003 0001 0002 00000000");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001400000002"], "read-only");
  board.send(20, 3, "02 0003 0001 0003 000b");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001500000003"], "out of range");
  board.send(20, 3, "01 0005 7fc00000");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001500000005"], "not a number");
  board.send(20, 3, "02 0003 0001 0063 00");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001100000063"], "unknown");
  board.send(20, 3, "02 0003 0001");
  t.deepEqual(board.reportsAs(), ["1,2 000500000005"], "fewer than announced");
  board.send(20, 3, "01 0003 000100");
  t.deepEqual(board.reportsAs(), ["1,2 000500000006"], "more than announced");
  board.send(20, 3, "01 0003 00");
  t.deepEqual(board.reportsAs(), ["1,2 000500000004"], "half a value");
  board.send(20, 3, "05 0003 0001 0003 0001 0003 0001 0003 0001 0003 0001");
  t.deepEqual(board.reportsAs(), ["1,2 000600000005"], "too many");
  t.is(board.values.gain, -2, "nothing of it was done");
  board.send(20, 3, "02 0003 0001 0004 63");
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "1,8 002000000004"], "the setter refused");
});

test("settings change the widths of IDs, counts and failure codes", (t) => {
  const board = new Board({
    settings: { countType: "uint16", structureIdType: "uint32", failureCodeType: "uint32", failureDataType: "uint8" },
  });
  board.send(3, 27, "0001 00000009");
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "3,25 0000000901", "1,7"]);
  board.send(3, 27, "0001 00000008");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 0000001008"]);
});

test("reports carry CUC time where that is chosen", (t) => {
  const board = new Board({ timeCode: new CucAgency() });
  board.clock.unixMs = 1_577_836_800_500;
  board.send(17, 1);
  const packets = board.log.take();
  t.is(packets.length, 4);
  t.is(toHex((packets[2] as Uint8Array).slice(13, 21)), "2f5e0be100800000");
});

// A service of one's own: the README shows this one.
function echoService(reports: ReportWriter): PusService {
  return {
    name: "echo",
    definition: {
      type: 128,
      requests: { echo: { subtype: 1, maxDataLength: 64, replies: ["echoed"] } },
      reports: { echoed: { subtype: 2, maxDataLength: 64 } },
    },
    requests: {
      echo: {
        execute(request) {
          if (reports.begin(128, 2, request.applicationDataLength)) {
            reports.putBytes(request.bytes, request.applicationDataStart, request.applicationDataEnd);
            reports.end();
          }
          return SUCCESS;
        },
      },
    },
  };
}

test("a service of one's own is a few lines", (t) => {
  const board = new Board({ services: (reports) => [echoService(reports)] });
  board.send(128, 1, "c0ffee");
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "128,2 c0ffee", "1,7"]);
  board.send(128, 1, "00".repeat(65));
  t.deepEqual(board.reportsAs(), ["1,2 000500000041"]);
});

test("telecommand and reports may share one memory", (t) => {
  const board = new Board();
  const packet = buildTelecommand({ apid: APID, serviceType: 17, messageSubtype: 1 });
  const start = board.log.bytes.length - packet.length;
  board.log.bytes.set(packet, start);
  t.true(board.dispatcher.accept(board.log.bytes, start, start + packet.length, 0));
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "17,2", "1,7"]);
});
