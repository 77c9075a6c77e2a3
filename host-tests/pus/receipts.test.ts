/** Telecommands that came in authenticated frames: each is taken once, before anything comes of it, and by who may send it. */
import test from "ava";
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { NOTHING_JUDGED } from "../../modules/ccsds/judgements.js";
import { PacketExtractor, PacketReceiver } from "../../modules/ccsds/packet-functions.js";
import type { Receipt } from "../../modules/ccsds/packet-services.js";
import { NO_SPI } from "../../modules/ccsds/sdls.js";
import { buildTelecommand } from "../../modules/pus/build-parse.js";
import { TelecommandRouter } from "../../modules/tmtc/telecommand-router.js";
import { APID, Board, fromHex, TestLog } from "./support.js";

const PING = fromHex("1802c00000062f11010000a7d2");

class FakeReceipt implements Receipt {
  readonly spi: number;
  commits = 0;
  isTaken: boolean;

  constructor(spi = 1, isTaken = true) {
    this.spi = spi;
    this.isTaken = isTaken;
  }

  commit(): boolean {
    this.commits++;
    return this.isTaken;
  }
}

function give(board: Board, packet: Uint8Array, receipt?: Receipt): boolean {
  return board.dispatcher.accept(packet, 0, packet.length, 1, 0, NOTHING_JUDGED, receipt);
}

function telecommand(serviceType: number, messageSubtype: number, data = "", apid = APID): Uint8Array {
  return buildTelecommand({ apid, serviceType, messageSubtype, applicationData: fromHex(data) });
}

const DAMAGED = PING.with(12, 0);
/** Of PUS-A. */
const UNSUPPORTED = telecommand(17, 1).with(6, 0x1f);
writeCrc16(UNSUPPORTED, 0, UNSUPPORTED.length);

/** What becomes of each, and its first report. */
const ANSWERED: readonly (readonly [string, Uint8Array, string])[] = [
  ["carried out", PING, "1,1"],
  ["an unknown service", telecommand(99, 1), "1,2 000300000063"],
  ["an unknown subtype", telecommand(17, 9), "1,2 000400001109"],
  ["a wrong length", telecommand(17, 1, "00"), "1,2 000500000001"],
  ["another version of PUS", UNSUPPORTED, "1,2 000100000001"],
  ["another application process", telecommand(17, 1, "", 9), "1,10 000700000009"],
  ["arguments that make no sense", telecommand(8, 1, "63"), "1,1"],
];

for (const [what, packet, report] of ANSWERED) {
  test(`${what}: the frame is taken, once, and then it is answered`, (t) => {
    const board = new Board();
    const receipt = new FakeReceipt();
    t.true(give(board, packet, receipt));
    t.is(receipt.commits, 1);
    t.is(board.reportsAs()[0], report);
  });

  test(`${what}: the frame cannot be taken, so nothing is answered, counted as a gap or done`, (t) => {
    const extraction = new PacketExtractor([APID, 9]);
    const board = new Board({ extraction });
    const { dispatcher } = board;
    t.true(give(board, packet, new FakeReceipt(1, false)));
    t.deepEqual(board.reportsAs(), []);
    t.deepEqual([dispatcher.accepted, dispatcher.refused, dispatcher.failed], [0, 0, 0]);
    // It is the first one that is looked at.
    t.true(give(board, buildTelecommand({ apid: APID, serviceType: 17, messageSubtype: 1, packetSequenceCount: 5 })));
    t.is(extraction.missing, 0);
  });

  test(`${what}: there is no room, so the frame is not taken and may come again`, (t) => {
    const log = new TestLog(60);
    log.policy = "refuseNew";
    const board = new Board({ log });
    board.events.raise(1);
    const receipt = new FakeReceipt();
    t.false(give(board, packet, receipt));
    t.is(receipt.commits, 0);
  });
}

test("damaged packets are dropped and counted as ever, and do not take their frame", (t) => {
  const board = new Board();
  const receipt = new FakeReceipt();
  t.true(give(board, DAMAGED, receipt));
  t.is(receipt.commits, 0);
  t.is(board.dispatcher.rejections, 1);
  t.deepEqual(board.reportsAs(), []);
});

test("from within a handler no frame is taken", (t) => {
  const inner = new FakeReceipt();
  const answers: boolean[] = [];
  const board: Board = new Board({
    services: () => [
      {
        name: "probe",
        definition: { type: 200, requests: { go: { subtype: 1 } } },
        requests: {
          go: {
            execute() {
              answers.push(give(board, PING, inner));
              return 0;
            },
          },
        },
      },
    ],
  });
  t.true(give(board, telecommand(200, 1), new FakeReceipt()));
  t.deepEqual([answers, inner.commits], [[false], 0]);
});

test("who may not is told with code 36, after the frame is taken; who may is not", (t) => {
  const asked: number[][] = [];
  const board = new Board({
    access: {
      allows(spi, { serviceType, messageSubtype, applicationDataLength }) {
        asked.push([spi, serviceType, messageSubtype, applicationDataLength]);
        return spi !== 2;
      },
    },
  });
  const receipt = new FakeReceipt(2);
  t.true(give(board, telecommand(8, 1, "01"), receipt));
  t.deepEqual(board.reportsAs(), ["1,2 002400000801"]);
  t.is(receipt.commits, 1);
  t.true(give(board, PING, new FakeReceipt(1)));
  t.true(give(board, PING));
  t.is(board.reportsAs().length, 8);
  t.deepEqual(asked, [
    [2, 8, 1, 1],
    [1, 17, 1, 0],
    [NO_SPI, 17, 1, 0],
  ]);
  t.deepEqual([board.dispatcher.refused, board.dispatcher.accepted], [1, 2]);
});

test("what is refused whoever sends it is not asked about: other processes, other versions of PUS", (t) => {
  const board = new Board({ access: { allows: () => t.fail() as unknown as boolean } });
  t.true(give(board, telecommand(17, 1, "", 9), new FakeReceipt()));
  t.true(give(board, UNSUPPORTED, new FakeReceipt()));
  t.true(give(board, DAMAGED, new FakeReceipt()));
  t.deepEqual(board.reportsAs(), ["1,10 000700000009", "1,2 000100000001"]);
});

test("who may not learns nothing of what there is: an unknown service is refused as a known one", (t) => {
  const board = new Board({ access: { allows: () => false } });
  give(board, telecommand(99, 1), new FakeReceipt());
  give(board, telecommand(17, 1, "0000"), new FakeReceipt());
  t.deepEqual(board.reportsAs(), ["1,2 002400006301", "1,2 002400001101"]);
});

test("packet reception and the router hand the receipt on", (t) => {
  const receipt = new FakeReceipt();
  const seen: unknown[][] = [];
  const user = {
    accept: (...given: unknown[]) => {
      seen.push(given.slice(3));
      return true;
    },
  };
  new PacketReceiver(user).accept(PING, 0, PING.length, 7, 2, 0, receipt);
  const router = new TelecommandRouter(user);
  router.accept(PING, 0, PING.length, 7, 2, 0, receipt);
  router.behind(0, 1).accept(PING, 0, PING.length, 7, 2, 0, receipt);
  router.accept(fromHex("00"), 0, 1, 7, 2, 0, receipt);
  t.deepEqual(
    seen.map((given) => [given[0], given[1], given[3] === receipt]),
    [
      [7, 2, true],
      [7, 2, true],
      [7 + 2 ** 30, 2, true],
      [7, 2, true],
    ],
  );
});
