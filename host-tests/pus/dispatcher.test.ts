import test from "ava";
import fc from "fast-check";
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { APID_JUDGED, CRC16_JUDGED, HEADER_JUDGED } from "../../modules/ccsds/judgements.js";
import { PacketExtractor } from "../../modules/ccsds/packet-functions.js";
import { setSequenceFlags } from "../../modules/ccsds/primary-header.js";
import type { ServiceDefinition } from "../../modules/dictionary/dictionary.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { PusDispatcher } from "../../modules/pus/dispatcher.js";
import { IN_PROGRESS } from "../../modules/pus/failure-codes.js";
import * as status from "../../modules/pus/packet-status.js";
import type { PusRequest } from "../../modules/pus/request.js";
import type { PusService } from "../../modules/pus/service.js";
import { TestService } from "../../modules/pus/st17-test.js";
import { checkProperty } from "../seeded-properties.js";
import { APID, Board, fromHex, TestLog } from "./support.js";

const PING = fromHex("1802c00000062f11010000a7d2");

/** The ping with some bytes changed, and a packet error control that fits. */
function altered(change: (packet: Uint8Array) => void): Uint8Array {
  const packet = PING.slice();
  change(packet);
  writeCrc16(packet, 0, packet.length);
  return packet;
}

function service(execute: (request: PusRequest) => number): PusService {
  return {
    name: "probe",
    definition: { type: 200, requests: { go: { subtype: 1 } } },
    requests: { go: { execute } },
  };
}

test("what cannot be trusted is counted by its reason and not reported", (t) => {
  const board = new Board();
  const wrongType = altered((packet) => {
    packet[0] = 0x08;
  });
  const noSecondaryHeader = altered((packet) => {
    packet[0] = 0x10;
  });
  const version = altered((packet) => {
    packet[0] = 0x38;
  });
  const badCrc = PING.slice();
  badCrc[12] = 0;
  const surplus = new Uint8Array([...PING, 0]);
  const cases: [Uint8Array, number][] = [
    [PING.slice(0, 6), 1],
    [version, 2],
    [PING.slice(0, 12), 3],
    [fromHex("1fff c000 0000 00"), 4],
    [wrongType, status.WRONG_PACKET_TYPE],
    [noSecondaryHeader, status.NO_SECONDARY_HEADER],
    [fromHex("1802 c000 0005 2f1101 0000a7"), status.DATA_FIELD_TOO_SHORT],
    [surplus, status.SURPLUS_BYTES],
    [badCrc, status.CRC_MISMATCH],
  ];
  for (const [packet, reason] of cases) {
    const before = board.dispatcher.rejected[reason] as number;
    t.true(board.accept(packet));
    t.is(board.dispatcher.rejected[reason], before + 1, status.PUS_STATUS_NAMES[reason]);
  }
  t.is(board.dispatcher.rejections, cases.length);
  t.deepEqual(board.reportsAs(), []);
  t.is(board.dispatcher.accepted + board.dispatcher.refused, 0);
});

test("idle packets are dropped and counted apart", (t) => {
  const board = new Board();
  t.true(board.accept(fromHex("07ff c000 0001 0000")));
  t.true(board.accept(fromHex("17ff c000 0001 0000")));
  t.is(board.dispatcher.idle, 2);
  t.is(board.dispatcher.rejections, 0);
  t.deepEqual(board.reportsAs(), []);
});

test("an undamaged packet that is not for us gets the failure report that the standard names", (t) => {
  const board = new Board();
  t.true(board.send(17, 1, "", { apid: 77 }), "consumed, and not to be offered again");
  t.deepEqual(board.reportsAs(), ["1,10 00070000004d"], "another APID");
  board.accept(
    altered((packet) => {
      packet[6] = 0x1f;
    }),
  );
  t.deepEqual(board.reportsAs(), ["1,2 000100000001"], "PUS-A");
  board.accept(
    altered((packet) => {
      setSequenceFlags(packet, 0, 1);
    }),
  );
  t.deepEqual(board.reportsAs(), ["1,2 000200000001"], "a segment");
  board.send(99, 1);
  t.deepEqual(board.reportsAs(), ["1,2 000300000063"], "unknown service type");
  board.send(17, 99);
  t.deepEqual(board.reportsAs(), ["1,2 000400001163"], "unknown message subtype");
  board.send(1, 1);
  t.deepEqual(board.reportsAs(), ["1,2 000400000101"], "a report sent as a request");
  board.send(17, 1, "00");
  t.deepEqual(board.reportsAs(), ["1,2 000500000001"], "surplus application data");
  t.is(board.dispatcher.refused, 7);
  t.is(board.dispatcher.accepted, 0);
});

test("reports can be gated by the acknowledgement flags; failures cannot", (t) => {
  const board = new Board({ settings: { acknowledge: "asRequested" } });
  const expected = [["17,2"], ["17,2", "1,7"], ["1,3", "17,2"], ["1,1", "17,2"], ["1,1", "1,3", "17,2", "1,7"]];
  for (const [i, flags] of [0, 0b0001, 0b0100, 0b1000, 0b1111].entries()) {
    board.send(17, 1, "", { acknowledgementFlags: flags });
    t.deepEqual(board.reportsAs(), expected[i]);
  }
  board.send(99, 1, "", { acknowledgementFlags: 0 });
  board.send(17, 3, "0063", { acknowledgementFlags: 0 });
  board.send(17, 3, "001f", { acknowledgementFlags: 0 });
  t.deepEqual(board.reportsAs(), ["1,2 000300000063", "1,4 000700000063", "1,8 00210000001f"]);
});

test("a handler may leave a request in progress and report steps and completion later", (t) => {
  let id = 0;
  let flags = 0;
  const board = new Board({
    services: () => [
      service((request) => {
        id = request.requestId;
        flags = request.acknowledgementFlags;
        return IN_PROGRESS;
      }),
    ],
  });
  board.send(200, 1, "", { packetSequenceCount: 5 });
  t.deepEqual(board.reportsAs(), ["1,1", "1,3"]);
  t.is(id, 0x1802c005);
  board.verification.progressSuccess(id, flags, 1);
  board.verification.progressFailure(id, 2, 300, 4);
  board.verification.completionFailure(id, 300, 4);
  board.verification.completionSuccess(id, flags);
  t.deepEqual(board.reportsAs(), ["1,5 01", "1,6 02012c00000004", "1,8 012c00000004", "1,7"]);
  t.is(board.dispatcher.failed, 0);
});

test("a handler that throws is reported as failed, and its half-built report is dropped", (t) => {
  const board: Board = new Board({
    services: () => [
      service(() => {
        board.reports.begin(200, 2, 4);
        board.reports.putUint8(1);
        throw new Error("on purpose");
      }),
    ],
  });
  t.true(board.send(200, 1));
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "1,8 00220000c801"]);
  t.is(board.dispatcher.handlerErrors, 1);
  board.send(17, 1);
  t.is(board.reportsAs().length, 4, "the next command is served");
});

test("a handler that leaves a report open, or puts too much into one, fails and silences nothing", (t) => {
  const faults: ((board: Board) => number)[] = [
    (board) => {
      board.reports.begin(200, 2, 8);
      return 300;
    },
    (board) => {
      board.reports.begin(200, 2, 8);
      return 0;
    },
    (board) => {
      board.reports.begin(200, 2, 1);
      board.reports.putUint32(1);
      board.reports.end();
      return 0;
    },
    () => undefined as unknown as number,
  ];
  for (const [k, fault] of faults.entries()) {
    let handle: () => number = () => 0;
    const board = new Board({ services: () => [service(() => handle())] });
    handle = () => fault(board);
    t.true(board.send(200, 1));
    t.deepEqual(
      board.reportsAs().map((report) => report.slice(0, 3)),
      ["1,1", "1,3", "1,8"],
      `fault ${k}`,
    );
    t.is(board.dispatcher.handlerErrors, 1);
    t.true(board.send(17, 1));
    t.is(board.reportsAs().length, 4, `what comes after fault ${k}`);
  }
});

test("the handler sees which connection a telecommand came from", (t) => {
  const seen: number[] = [];
  const board = new Board({
    services: () => [
      service((request) => {
        seen.push(request.from, request.sourceId);
        return 0;
      }),
    ],
  });
  const packet = buildTelecommand({ apid: APID, serviceType: 200, messageSubtype: 1, sourceId: 9 });
  board.dispatcher.accept(packet, 0, packet.length, 3);
  t.deepEqual(seen, [3, 9]);
});

test("where the log refuses what is new, a telecommand waits until its reports fit", (t) => {
  const log = new TestLog(150);
  log.policy = "refuseNew";
  const board = new Board({ log });
  board.events.raise(1);
  t.false(board.send(17, 1), "no room for three verification reports and the answer");
  t.false(board.send(17, 1));
  t.is(board.dispatcher.accepted, 0);
  t.is(board.reports.lost, 0);
  t.deepEqual(board.reportsAs(), ["5,1 0001"]);
  t.true(board.send(17, 1));
  t.is(board.reportsAs().length, 4);

  const small = new TestLog(60);
  small.policy = "refuseNew";
  const full = new Board({ log: small });
  full.events.raise(1);
  t.false(full.send(99, 1), "a refusal waits as well");
  t.false(full.send(17, 1, "", { apid: 9 }));
  small.take();
  t.true(full.send(99, 1));
});

test("where the log loses reports, the loss is counted and shows as a gap", (t) => {
  const log = new TestLog(70);
  const board = new Board({ log });
  t.true(board.send(17, 1));
  t.is(board.reports.written, 2);
  t.is(board.reports.lost, 2);
  log.take();
  board.events.raise(1);
  t.is(((log.packets[0] as Uint8Array)[3] as number) & 0x3f, 4, "two counts are missing");
});

test("services are checked when the dispatcher is made", (t) => {
  const { reports, verification } = new Board();
  const make = (services: PusService[]) => new PusDispatcher({ reports, verification, services });
  const ping = new TestService(reports).asService();
  t.throws(() => make([ping, ping]), { instanceOf: RangeError, message: /another service of type 17/ });
  const go = service(() => 0);
  const probe = (definition: Partial<ServiceDefinition>): PusService => ({
    ...go,
    definition: { ...go.definition, ...definition },
  });
  const request = (subtype: number) => probe({ requests: { go: { subtype } } });
  const report = (subtype: number) => probe({ reports: { gone: { subtype } } });
  const execute = () => 0;
  const twice = probe({ requests: { go: { subtype: 1 }, stay: { subtype: 1 } } });
  t.throws(() => make([{ ...twice, requests: { go: { execute }, stay: { execute } } }]), {
    instanceOf: RangeError,
    message: "probe.stay: there is another of the requests of subtype 1",
  });
  t.throws(() => make([probe({ reports: { gone: { subtype: 9 }, lost: { subtype: 9 } } })]), {
    instanceOf: RangeError,
    message: "probe.lost: there is another of the reports of subtype 9",
  });
  t.throws(() => make([{ ...go, requests: {} }]), {
    instanceOf: TypeError,
    message: "probe.go: nothing carries it out; the service's requests need one of this name",
  });
  t.throws(() => make([{ ...go, requests: { go: { execute }, og: { execute } } }]), {
    instanceOf: TypeError,
    message: "probe.og: the service's definition has no such request",
  });
  for (const number of [0, 256, 1.5]) {
    t.throws(() => make([probe({ type: number })]), {
      instanceOf: RangeError,
      message: `the type of service "probe" must be 1 to 255, not ${number}`,
    });
    t.throws(() => make([request(number)]), {
      instanceOf: RangeError,
      message: `subtype of probe.go must be 1 to 255, not ${number}`,
    });
    t.throws(() => make([report(number)]), {
      instanceOf: RangeError,
      message: `subtype of probe.gone must be 1 to 255, not ${number}`,
    });
  }
  t.notThrows(() => make([probe({ type: 255, requests: { go: { subtype: 255 } } }), report(255)]));
});

test("telecommands that fail are counted as failed, those that succeed or go on are not", (t) => {
  const codes: number[] = [];
  const board = new Board({
    services: () => [
      {
        name: "probe",
        definition: { type: 200, requests: { execute: { subtype: 1 }, start: { subtype: 2 } } },
        requests: {
          execute: { execute: () => codes.shift() as number },
          start: { start: () => codes.shift() as number, execute: () => 0 },
        },
      },
    ],
  });
  const count = (subtype: number, code: number): number[] => {
    codes.push(code);
    board.send(200, subtype);
    const { accepted, refused, failed } = board.dispatcher;
    return [accepted, refused, failed];
  };
  t.deepEqual(count(1, 0), [1, 0, 0]);
  t.deepEqual(count(1, 300), [2, 0, 1]);
  t.deepEqual(count(1, IN_PROGRESS), [3, 0, 1]);
  t.deepEqual(count(2, 300), [4, 0, 2]);
  t.deepEqual(count(2, 0), [5, 0, 2]);
  board.send(99, 1);
  t.deepEqual([board.dispatcher.refused, board.dispatcher.failed], [1, 2]);
});

test("what one telecommand left as failure data is not in the failure report of the next", (t) => {
  let data: number | undefined = 0x11223344;
  const board = new Board({
    services: () => [
      service((request) => {
        if (data !== undefined) {
          request.failureData = data;
        }
        return 300;
      }),
    ],
  });
  board.send(200, 1);
  data = undefined;
  board.send(200, 1);
  const failures = board.reportsAs().filter((report) => report.startsWith("1,8"));
  t.deepEqual(failures, ["1,8 012c11223344", "1,8 012c00000000"]);
  board.send(17, 1, "00");
  board.send(200, 1);
  t.deepEqual(board.reportsAs().at(-1), "1,8 012c00000000", "nor that of a refusal");
});

test("a handler's code that is none of its kind is an internal error, and is not left without a report", (t) => {
  const answers: unknown[] = [IN_PROGRESS, -2, undefined, 1.5, Number.NaN, 0x1_0000];
  for (const answer of answers) {
    const board = new Board({
      services: () => [
        {
          name: "probe",
          definition: { type: 200, requests: { start: { subtype: 1 }, execute: { subtype: 2 } } },
          requests: {
            start: { start: () => answer as number, execute: () => 0 },
            execute: { execute: () => answer as number },
          },
        },
      ],
    });
    board.send(200, 1);
    t.deepEqual(board.reportsAs(), ["1,1", "1,4 00220000c801"], `start: ${String(answer)}`);
    board.send(200, 2);
    const last = answer === IN_PROGRESS ? [] : ["1,8 00220000c802"];
    t.deepEqual(board.reportsAs(), ["1,1", "1,3", ...last], `execute: ${String(answer)}`);
  }
});

test("sequence counts are watched of every telecommand that is answered, once, and of no other", (t) => {
  const log = new TestLog(150);
  const extraction = new PacketExtractor([APID]);
  const board = new Board({ log, extraction });
  const missing = (packetSequenceCount: number, subtype = 1): number => {
    log.take();
    board.send(17, subtype, "", { packetSequenceCount });
    return extraction.missing;
  };
  t.is(missing(0), 0);
  t.is(missing(3), 2);
  t.is(missing(5, 99), 3, "refused");
  const damaged = PING.slice();
  damaged[12] = 0;
  damaged[3] = 100;
  board.accept(damaged);
  t.is(missing(6), 3);
  log.policy = "refuseNew";
  board.events.raise(1);
  t.false(board.send(17, 1, "", { packetSequenceCount: 7 }), "it has to come again");
  t.is(extraction.missing, 3);
  t.is(missing(7), 3);
});

test("from within a handler no telecommand is taken: the one at hand keeps its bytes, its failure data and its reports", (t) => {
  const nested: boolean[] = [];
  const board: Board = new Board({
    services: () => [
      service((request) => {
        request.failureData = 0x0a0b0c0d;
        nested.push(board.accept(PING), board.accept(fromHex("1802c000000663010000aabb00")));
        t.is(request.serviceType, 200);
        return 300;
      }),
    ],
  });
  board.send(200, 1);
  t.deepEqual(nested, [false, false]);
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "1,8 012c0a0b0c0d"]);
  t.true(board.accept(PING));
  t.is(board.reportsAs().length, 4, "and taken behind it");
});

test("application data that ends before its count is too short, whatever follows", (t) => {
  const board = new Board();
  for (let packetSequenceCount = 0; packetSequenceCount < 64; packetSequenceCount++) {
    // What stands where the count would be is the packet error control, another one each time.
    board.send(5, 6, "", { packetSequenceCount });
    t.deepEqual(board.reportsAs(), ["1,2 000500000000"]);
  }
});

test("room is asked for all reports that a telecommand can lead to, or for its refusal", (t) => {
  const board = new Board();
  const failure = board.reports.overhead + 10;
  const asked = () => [board.log.askedBytes, board.log.askedReports];
  board.send(17, 1);
  t.deepEqual(asked(), [3 * failure + board.reports.overhead, 4]);
  board.send(17, 3, "001e");
  t.deepEqual(asked(), [3 * failure + board.reports.overhead + 2, 4]);
  board.send(5, 6, "010001");
  t.deepEqual(asked(), [3 * failure, 3]);
  // As many parameters as a request may have, and each as wide as the widest: the request fits, and the report does.
  board.send(20, 1, `04${"0001".repeat(4)}`);
  t.deepEqual(asked(), [3 * failure + board.reports.overhead + 1 + 4 * (2 + 4), 4]);
  board.log.take();
  board.send(20, 3, `04${"00053f800000".repeat(4)}`);
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "1,7"]);
  board.send(3, 27, "020109");
  t.deepEqual(asked(), [3 * failure + 2 * (board.reports.overhead + 1 + 10), 5]);
  t.is(board.reportsAs().length, 5);
  for (const [type, subtype, data, apid] of [
    [99, 1, "", APID],
    [17, 1, "00", APID],
    [17, 1, "", 77],
  ] as const) {
    board.send(type, subtype, data, { apid });
    t.deepEqual(asked(), [failure, 1]);
  }
});

test("room for the counters of all reports that services name is made at boot: their reports allocate nothing", (t) => {
  const reports = Object.fromEntries(Array.from({ length: 100 }, (_, k) => [`report${k}`, { subtype: k + 1 }]));
  const log = new TestLog(8192);
  const board = new Board({
    log,
    services: () => [{ name: "probe", definition: { type: 200, reports }, requests: {} }],
  });
  const { Uint16Array: Original } = globalThis;
  let made = 0;
  globalThis.Uint16Array = class extends Original {
    constructor(length: number) {
      super(length);
      made++;
    }
  } as typeof Original;
  try {
    for (const { subtype } of Object.values(reports)) {
      board.reports.begin(200, subtype, 0);
      board.reports.end();
    }
    t.is(made, 0);
    for (let subtype = 1; subtype <= 200; subtype++) {
      board.reports.begin(201, subtype, 0);
      board.reports.abandon();
    }
    t.true(made > 0, "where nobody named them");
  } finally {
    globalThis.Uint16Array = Original;
  }
});

test("every message type has a counter of its own, however many there are, named by a service or not", (t) => {
  const TYPES = 200;
  const reports = Object.fromEntries(Array.from({ length: TYPES / 2 }, (_, k) => [`report${k}`, { subtype: k + 1 }]));
  const log = new TestLog(8192);
  const board = new Board({
    log,
    services: () => [{ name: "probe", definition: { type: 200, reports }, requests: {} }],
  });
  for (let round = 0; round < 3; round++) {
    for (let subtype = 1; subtype <= TYPES; subtype++) {
      t.true(board.reports.begin(200, subtype, 0));
      t.true(board.reports.end());
    }
    const counters = board.log.take().map((packet) => parseTelemetry(packet, board.timeCode).messageTypeCounter);
    t.deepEqual(counters, new Array<number>(TYPES).fill(round));
  }
});

test("no bytes make the dispatcher throw", (t) => {
  const board = new Board();
  checkProperty(
    t,
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      board.log.take();
      return board.accept(bytes);
    }),
    3000,
  );
  checkProperty(
    t,
    fc.property(
      fc.constantFrom(1, 3, 5, 8, 17, 20, 99),
      fc.integer({ min: 0, max: 40 }),
      fc.uint8Array({ maxLength: 24 }),
      (serviceType, messageSubtype, applicationData) => {
        board.log.take();
        const accepted = board.accept(buildTelecommand({ apid: APID, serviceType, messageSubtype, applicationData }));
        return accepted && board.log.packets.length > 0 && board.dispatcher.handlerErrors === 0;
      },
    ),
    5000,
  );
  t.is(board.reports.misused, 0);
  t.is(board.reports.lost, 0);
});

test("what is known of a telecommand is not looked at again, and what is not is", (t) => {
  const board = new Board();
  const accept = (packet: Uint8Array, judged?: number) => {
    const { accepted, refused, rejections } = board.dispatcher;
    t.true(board.dispatcher.accept(packet, 0, packet.length, 1, 0, judged));
    board.reportsAs();
    const now = board.dispatcher;
    return [now.accepted - accepted, now.refused - refused, now.rejections - rejections];
  };
  const [ACCEPTED, REFUSED, REJECTED] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const badCrc = PING.with(12, 0);
  t.deepEqual(accept(badCrc, HEADER_JUDGED | APID_JUDGED), REJECTED);
  t.deepEqual(accept(badCrc, CRC16_JUDGED), ACCEPTED, "who says so has to know");
  const version = altered((packet) => {
    packet[0] = 0x38;
  });
  t.deepEqual(accept(version, APID_JUDGED | CRC16_JUDGED), REJECTED);
  t.deepEqual(accept(version, HEADER_JUDGED | APID_JUDGED), ACCEPTED);
  const stranger = altered((packet) => {
    packet[1] = 77;
  });
  t.deepEqual(accept(stranger, HEADER_JUDGED | CRC16_JUDGED), REFUSED);
  t.deepEqual(accept(stranger, APID_JUDGED), ACCEPTED);
  const surplus = new Uint8Array([...PING, 0]);
  t.deepEqual(accept(surplus, HEADER_JUDGED | APID_JUDGED | CRC16_JUDGED), REJECTED, "the length is the dispatcher's");
});
