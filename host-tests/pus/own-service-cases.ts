/** Services of a board's own: values, lists, variants, data, and replies by handle. For Node and for XS. */
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import type { DefinedReport } from "../../modules/flatsat/defined-report.js";
import type { PusRequest } from "../../modules/pus/request.js";
import { equal } from "../link/expect.js";
import type { Cases } from "../link/rig.js";
import { OwnBoard } from "./own-board.js";
import { TestLog } from "./support.js";

const DICTIONARY = defineDictionary({
  name: "services",
  services: {
    camera: {
      type: 200,
      requests: {
        shoot: {
          subtype: 1,
          values: { exposure: { type: "uint16", minimum: 1 }, flash: { type: "boolean" } },
          replies: ["shot"],
        },
        pixels: {
          subtype: 2,
          values: { row: { type: "uint8" } },
          list: {
            countType: "uint16",
            items: { x: { type: "uint8", maximum: 9 }, y: { type: "int8", minimum: -1 } },
            maxCount: 3,
          },
          maxDataLength: 2,
        },
        configure: {
          subtype: 3,
          values: { key: { type: "uint16" }, what: { type: "uint8", maximum: 9 } },
          variants: {
            gain: { id: 1, values: { gain: { type: "int8", minimum: -3 } } },
            name: { id: 2, maxDataLength: 4 },
            map: { id: 3, list: { countType: "uint8", items: { v: { type: "uint8", maximum: 9 } }, maxCount: 2 } },
          },
        },
        plain: { subtype: 4 },
      },
      reports: {
        shot: {
          subtype: 10,
          values: { width: { type: "uint16" }, celsius: { type: "float32" }, ok: { type: "boolean" } },
        },
        picture: {
          subtype: 11,
          values: { axes: { type: "int16", count: 2 }, label: { type: "ascii", length: 3 } },
          maxDataLength: 4,
        },
        spectrum: {
          subtype: 12,
          values: { exposure: { type: "uint8" } },
          list: { countType: "uint8", items: { line: { type: "uint8" }, strength: { type: "uint16" } }, maxCount: 3 },
          maxDataLength: 1,
        },
        status: {
          subtype: 13,
          values: { unit: { type: "uint8" }, what: { type: "uint16" } },
          variants: {
            hot: { id: 0x102, values: { celsius: { type: "int8" } } },
            list: { id: 3, list: { countType: "uint16", items: { v: { type: "int8" } }, maxCount: 2 } },
            idle: { id: 4 },
          },
        },
        lines: { subtype: 14, list: { countType: "uint8", items: { v: { type: "uint8" } }, maxCount: 2 } },
      },
    },
    beacon: { type: 201, reports: { alive: { subtype: 1 } } },
  },
});

type Service = (typeof DICTIONARY)["services"]["camera"]["reports"];

/** What handlers were given, as numbers. */
class Camera {
  readonly requests: number[][] = [];
  readonly board: OwnBoard;
  /** What `shoot` does beside. */
  reply: () => void;

  constructor(log = new TestLog(8192)) {
    const note = (request: PusRequest) => {
      const { bytes, applicationDataStart, applicationDataEnd } = request;
      this.requests.push(Array.from(bytes.slice(applicationDataStart, applicationDataEnd)));
      return undefined;
    };
    this.board = new OwnBoard(DICTIONARY, {
      log,
      bind: () => ({
        services: {
          camera: {
            shoot: (request) => {
              note(request);
              this.reply();
              return 0;
            },
            pixels: note,
            configure: note,
            plain: () => 300,
          },
        },
      }),
    });
    const shot = this.report("shot");
    this.reply = () => shot.send(640, 1.5, 1);
  }

  report(name: keyof Service, variant?: string): DefinedReport {
    return this.board.access.report("camera", name, variant);
  }
}

const DONE = ["1,1", "1,3", "1,7"];

export const ownServiceCases: Cases = {
  "own services: values are held to their ranges and lengths; the reply goes by its handle": () => {
    const camera = new Camera();
    const { board } = camera;
    board.send(200, 1, "0005 01");
    equal(board.said(), ["1,1", "1,3", "200,10 02803fc0000001", "1,7"], "shot");
    equal(camera.requests, [[0, 5, 1]], "the handler's");
    for (const [data, said] of [
      ["0000 01", "1,4 001500000000"],
      ["0001 02", "1,4 001500000001"],
    ]) {
      board.send(200, 1, data);
      equal(board.said(), ["1,1", said], data as string);
    }
    board.send(200, 1, "0005");
    equal(board.said(), ["1,2 000500000002"], "too short");
    board.send(200, 1, "0005 01 00");
    equal(board.said(), ["1,2 000500000004"], "too long");
    board.send(200, 4);
    equal(board.said(), ["1,1", "1,3", "1,8 012c00000000"], "a failure code of its own");
    board.send(200, 9);
    equal(board.said(), ["1,2 00040000c809"], "an unknown subtype");
    equal(camera.requests.length, 1, "no other was asked");
  },
  "own services: a list has its N, and data may stand behind it": () => {
    const camera = new Camera();
    const { board } = camera;
    for (const data of ["07 0000", "07 0002 09ff 0001", "07 0001 0001 aa", "07 0003 0000 0000 0000 aabb"]) {
      board.send(200, 2, data);
      equal(board.said(), DONE, data);
    }
    equal(camera.requests[1], [7, 0, 2, 9, 255, 0, 1], "the handler's");
    for (const [data, said] of [
      ["07", "1,2 000500000001"],
      ["07 00", "1,2 000500000002"],
      ["07 0002 0101", "1,2 000500000005"],
      ["07 0004 0101 0101 0101 0101", "1,2 000600000004"],
      ["07 0001 0101 aabbcc", "1,2 000500000008"],
    ]) {
      board.send(200, 2, data);
      equal(board.said(), [said], data as string);
    }
    board.send(200, 2, "07 0002 0101 0a01");
    equal(board.said(), ["1,1", "1,4 001500000003"], "the second item's x: the fourth number");
    board.send(200, 2, "07 0002 0101 01fe");
    equal(board.said(), ["1,1", "1,4 001500000004"], "the second item's y: the fifth number");
    equal(camera.requests.length, 4, "no other was asked");
  },
  "own services: the identifier says what stands behind it": () => {
    const camera = new Camera();
    const { board } = camera;
    for (const data of ["0007 01 fd", "0007 02", "0007 02 61626364", "0007 03 00", "0007 03 02 0102"]) {
      board.send(200, 3, data);
      equal(board.said(), DONE, data);
    }
    equal(camera.requests.length, 5, "each was asked");
    for (const [data, said] of [
      ["0007 04", ["1,1", "1,4 001500000001"]],
      ["0007 0a 00", ["1,1", "1,4 001500000001"]],
      ["0007 01 fc", ["1,1", "1,4 001500000002"]],
      ["0007 03 02 010a", ["1,1", "1,4 001500000003"]],
      ["0007 01", ["1,2 000500000003"]],
      ["0007 01 0000", ["1,2 000500000005"]],
      ["0007 02 6162636465", ["1,2 000500000008"]],
      ["0007 03 03 010203", ["1,2 000500000007"]],
      ["0007", ["1,2 000500000002"]],
    ] as [string, string[]][]) {
      board.send(200, 3, data);
      equal(board.said(), said, data);
    }
    equal(camera.requests.length, 5, "and no other");
  },
  "reports by handle: arrays, text octet by octet, data": () => {
    const camera = new Camera();
    const picture = camera.report("picture");
    equal(picture.begin(2), true, "begun");
    for (const value of [-1, 70_000, 0x61, 0x62, 0]) {
      picture.put(value);
    }
    picture.putBytes(Uint8Array.of(9, 8, 7, 6), 1, 3);
    equal(picture.end(), true, "sent");
    equal(picture.send(1, 2, 3, 4), true, "four numbers, zeros after them");
    equal(camera.board.access.report("beacon", "alive").send(), true, "nothing in it");
    equal(camera.report("shot").send(), true, "zeros");
    equal(
      camera.board.said(),
      ["200,11 ffff7fff6162000807", "200,11 00010002030400", "201,1", "200,10 00000000000000"],
      "reports",
    );
  },
  "reports by handle: N and the identifier put themselves": () => {
    const camera = new Camera();
    const spectrum = camera.report("spectrum");
    equal(spectrum.beginList(2, 1), true, "begun");
    for (const value of [7, 1, 0x102, 2, 0x203]) {
      spectrum.put(value);
    }
    spectrum.putBytes(Uint8Array.of(0xee), 0, 1);
    equal(spectrum.end(), true, "sent");
    equal(spectrum.send(8), true, "an empty list");
    equal(camera.report("status", "hot").send(5, -1), true, "a variant");
    const list = camera.report("status", "list");
    equal(list.beginList(2), true, "a variant's list");
    list.put(6);
    list.put(-2);
    list.put(true);
    equal(list.end(), true, "sent, too");
    equal(camera.report("status", "idle").send(9), true, "a variant of nothing");
    const lines = camera.report("lines");
    equal([lines.beginList(1), lines.put(5), lines.end()], [true, undefined, true], "a list and nothing else");
    const said = [
      "200,12 07020101020202" + "03ee",
      "200,12 0800",
      "200,13 050102ff",
      "200,13 0600030002fe01",
      "200,13 090004",
      "200,14 0105",
    ];
    equal(camera.board.said(), said, "reports");
  },
  "reports by handle: too many values, too few, too much data: dropped, and the next one is whole": () => {
    const camera = new Camera();
    const { board } = camera;
    const picture = camera.report("picture");
    const spectrum = camera.report("spectrum");
    const drops: [() => boolean, string][] = [
      [() => picture.begin(5), "more data than it may have"],
      [() => picture.begin(-1), "less than none"],
      [() => picture.begin(Number.NaN), "no number"],
      [() => picture.beginList(1), "a list where there is none"],
      [() => spectrum.beginList(4), "more items than it may have"],
    ];
    for (const [run, what] of drops) {
      const { misused } = board.reports;
      equal([run(), board.reports.misused - misused], [false, 1], what);
    }
    for (const count of [0, 4, 6, 50]) {
      equal(picture.begin(), true, "begun");
      for (let k = 0; k < count; k++) {
        picture.put(1);
      }
      equal(picture.end(), false, `${count} of 5 numbers`);
    }
    equal(spectrum.beginList(1), true, "begun");
    spectrum.put(1);
    spectrum.put(2);
    equal(spectrum.end(), false, "half an item");
    equal(board.said(), [], "nothing went out");
    equal(spectrum.send(3), true, "the next one");
    equal(board.said(), ["200,12 0300"], "is whole");
    camera.reply = () => {
      picture.begin();
      picture.put(1);
    };
    board.send(200, 1, "0005 01");
    equal(board.said(), ["1,1", "1,3", "1,8 00220000c801"], "a handler that left one open");
  },
  "own services: before it takes a telecommand, the dispatcher asks for room for the longest replies": () => {
    const log = new TestLog(8192);
    const { board } = new Camera(log);
    board.send(200, 4);
    const plain = log.askedBytes;
    board.send(200, 1, "0005 01");
    // Width, temperature and a boolean.
    equal([log.askedBytes - plain, log.askedReports], [board.reports.overhead + 7, 4], "shoot");
  },
  "names that the dictionary does not have are told at boot, with those that it has": () => {
    const { board } = new Camera();
    const messages: [() => unknown, string][] = [
      [() => board.access.parameter("x"), 'the dictionary has no parameter "x"; there is none'],
      [() => board.access.event("x"), 'the dictionary has no event "x"; there is none'],
      [() => board.access.failureCode("x"), 'the dictionary has no failure code "x"; there is none'],
      [() => board.access.bits("x", "y"), 'the dictionary has no parameter "x"; there is none'],
      [() => board.access.report("x", "y"), 'the dictionary has no service "x"; there are camera, beacon'],
      [
        () => board.access.report("camera", "toString"),
        'the dictionary has no report of service "camera" "toString"; there are shot, picture, spectrum, status, lines',
      ],
      [
        () => board.access.report("camera", "status"),
        'report "status" of service "camera" has variants, name one of them: hot, list, idle',
      ],
      [
        () => board.access.report("camera", "status", "cold"),
        'the dictionary has no variant of report "status" "cold"; there are hot, list, idle',
      ],
      [
        () => board.access.report("camera", "shot", "x"),
        'the dictionary has no variant of report "shot" "x"; there is none',
      ],
    ];
    for (const [run, message] of messages) {
      let said = "nothing";
      try {
        run();
      } catch (error) {
        said = (error as Error).message;
      }
      equal(said, message, message);
    }
  },
};
