/** Keys given by hand: the console's lines, its serial port, and keys in the image. For Node and for XS. */
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { imageKeys, storeImageKeys } from "../../modules/flatsat/image-keys.js";
import { type ConsoleKeys, KeyConsole, LINE_PAUSE_MS, MAX_LINE } from "../../modules/flatsat/key-console.js";
import { openConsole, type SerialClass, serialPlace } from "../../modules/flatsat/serial-console.js";
import { ACTIVE, EMPTY, READY, RETIRED } from "../../modules/security/association-states.js";
import { BoardSecurity } from "../../modules/security/board-security.js";
import { parseSecurity } from "../../modules/security/roles.js";
import { equal, holds } from "../link/expect.js";
import type { Cases } from "../link/rig.js";
import { MemoryStore } from "../security/memory-store.js";

const HEX = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const OTHER = "ff".repeat(32);
const HELP = "not understood; there are: key SPI HEX [ready|active], activate SPI, retire SPI, keys";
const WRONG_KEY = "refused: the key must be 64 hexadecimal digits";

class Desk {
  readonly store: MemoryStore;
  readonly keys: BoardSecurity;
  readonly console: KeyConsole;
  now = 0;

  constructor(security = "1=commander 2=commander 3=operator:17 9=telemetry", store = new MemoryStore()) {
    this.store = store;
    this.keys = new BoardSecurity(parseSecurity(security), store, (key) => new Aes256Gcm(key));
    this.console = new KeyConsole(this.keys, () => this.now);
  }

  send(text: string): void {
    for (let i = 0; i < text.length; i++) {
      this.console.take(text.charCodeAt(i));
    }
  }

  answers(): string[] {
    const lines: string[] = [];
    for (let line = this.console.next(); line !== undefined; line = this.console.next()) {
      lines.push(line);
    }
    return lines;
  }

  /** One line, long enough after the last, and what is said to it. */
  say(line: string): string[] {
    this.now += LINE_PAUSE_MS;
    this.send(`${line}\n`);
    return this.answers();
  }
}

/** A platform's serial ports, of which one is made, and what a board wrote to it. */
function fakeSerial(isByOctet: boolean) {
  const port = {
    options: undefined as Record<string, unknown> | undefined,
    written: "",
    room: 0,
    fails: false,
    /** What each read gives. */
    unread: [] as (number | ArrayBuffer)[],
    receive(text: string): void {
      const octets = Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
      this.unread = isByOctet ? [...octets] : [octets.buffer];
      this.call("onReadable", octets.length);
    },
    writable(count: number): void {
      this.room = count;
      this.call("onWritable", count);
    },
    call(name: string, count: number): void {
      (this.options![name] as (this: unknown, count: number) => void).call(socket, count);
    },
  };
  let socket: unknown;
  class Serial {
    readonly target: unknown;
    constructor(options: Record<string, unknown>) {
      port.options = options;
      this.target = options["target"];
      socket = this;
    }
    read(): number | ArrayBuffer | undefined {
      if (port.fails) {
        throw new Error("no such device");
      }
      return port.unread.shift();
    }
    write(data: number | ArrayBuffer): void {
      const octets = typeof data === "number" ? [data] : [...new Uint8Array(data)];
      if (octets.length > port.room) {
        throw new Error("output full");
      }
      port.room -= octets.length;
      port.written += String.fromCharCode(...octets);
    }
  }
  return { port, Serial: Serial as unknown as SerialClass };
}

function open(keys: ConsoleKeys | undefined, where: string | undefined, Serial?: SerialClass): string[] {
  const lines: string[] = [];
  openConsole({ where, keys, serial: () => Serial, clock: () => 0, log: (line) => lines.push(line) });
  return lines;
}

function thrownBy(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  return "nothing";
}

const consoleCases: Cases = {
  "key console: a key is stored, active where none of that role is, and then ready; it is there after a restart"() {
    const desk = new Desk();
    equal(desk.say(`key 1 ${HEX}`), ["key 1: stored, id -, active"].map(withId(desk, 1)), "first");
    equal(desk.say(`key 2 ${OTHER.toUpperCase()}`), ["key 2: stored, id -, ready"].map(withId(desk, 2)), "second");
    equal(desk.say("activate 2"), ["activate 2: active"], "activation");
    const restarted = new Desk(undefined, desk.store);
    equal([restarted.keys.stateOf(1), restarted.keys.stateOf(2)], [ACTIVE, ACTIVE], "states after a restart");
    equal(
      restarted.store.kept.get("spi1key"),
      Uint8Array.from({ length: 32 }, (_, i) => i),
      "the key",
    );
    equal(restarted.store.kept.get("spi2key"), new Uint8Array(32).fill(255), "the key in capitals");
  },

  "key console: the state that is asked for is the state it gets"() {
    const desk = new Desk();
    equal(desk.say(`key 1 ${HEX} ready`), ["key 1: stored, id -, ready"].map(withId(desk, 1)), "ready");
    equal(desk.say(`  key   2  ${OTHER}   active  `), ["key 2: stored, id -, active"].map(withId(desk, 2)), "active");
    equal([desk.keys.stateOf(1), desk.keys.stateOf(2)], [READY, ACTIVE], "states");
  },

  "key console: the list has SPI, role, state, identifier and counter of each"() {
    const desk = new Desk();
    desk.say(`key 1 ${HEX}`);
    desk.say(`key 9 ${OTHER}`);
    equal(
      desk.say("keys"),
      [
        `SPI 1: commander, active, ${idOf(desk, 1)}, counter 0`,
        "SPI 2: commander, empty",
        "SPI 3: operator:17, empty",
        `SPI 9: telemetry, active, ${idOf(desk, 9)}`,
      ],
      "list",
    );
    equal(desk.say("retire 1"), ["retire 1: retired"], "the last commander is retired");
    equal(desk.say("keys")[0], `SPI 1: commander, retired, ${idOf(desk, 1)}, counter 0`, "list afterwards");
    equal(desk.keys.stateOf(1), RETIRED, "state");
  },

  "key console: what cannot be is refused in one line, which has no digit of a key"() {
    const desk = new Desk();
    desk.say(`key 1 ${HEX}`);
    const refusals: [string, string][] = [
      [`key 1 ${OTHER}`, "key 1: refused: this SPI has a key in use: retire it first"],
      [`key 2 ${HEX}`, "key 2: refused: another SPI has this key: each needs one of its own"],
      [`key 7 ${OTHER}`, "key 7: refused: the setting security names no such SPI"],
      ["retire 2", "retire 2: refused: this SPI has no key"],
      ["activate 3", "activate 3: refused: this SPI has no key"],
      [`key 0 ${OTHER}`, "key: refused: the SPI must be from 1 to 65534"],
      [`key 65535 ${OTHER}`, "key: refused: the SPI must be from 1 to 65534"],
      [`key 1.5 ${OTHER}`, "key: refused: the SPI must be from 1 to 65534"],
      [`key -1 ${OTHER}`, "key: refused: the SPI must be from 1 to 65534"],
      [`key ${OTHER} 1`, "key: refused: the SPI must be from 1 to 65534"],
      ["retire one", "retire: refused: the SPI must be from 1 to 65534"],
      [`key 2 ${OTHER}0`, `key 2: ${WRONG_KEY}`],
      [`key 2 ${OTHER.slice(1)}`, `key 2: ${WRONG_KEY}`],
      [`key 2 ${OTHER.slice(1)}g`, `key 2: ${WRONG_KEY}`],
      [`key 2 ${OTHER.slice(1)}:`, `key 2: ${WRONG_KEY}`],
      [`key 2 ${OTHER.slice(1)}@`, `key 2: ${WRONG_KEY}`],
      ["key 2 x", `key 2: ${WRONG_KEY}`],
      [`key 2 ${OTHER} now`, "key 2: refused: only ready or active may follow the key"],
      [`key 2 ${OTHER} active now`, HELP],
      ["key 2", HELP],
      ["key", HELP],
      [HEX, HELP],
      ["keys 1", HELP],
      ["retire", HELP],
      ["retire 1 2", HELP],
      ["help", HELP],
      ["KEYS", HELP],
      [" ", HELP],
      ["\0\xff\x1b[A", HELP],
    ];
    for (const [line, answer] of refusals) {
      equal(desk.say(line), [answer], line);
    }
    equal([desk.keys.stateOf(2), desk.keys.stateOf(3)], [EMPTY, EMPTY], "states");
    equal(desk.store.kept.size, new Desk("1=commander").store.kept.size + 5, "names kept");
  },

  "key console: a store that fails is one line, and the association opens nothing"() {
    const desk = new Desk();
    desk.store.fault = new Error("nvs set fail");
    equal(desk.say(`key 1 ${HEX}`), ["key 1: not stored: Error: nvs set fail"], "answer");
    holds(desk.keys.stateOf(1) !== ACTIVE, "no key");
    desk.store.fault = undefined;
    equal(desk.say(`key 1 ${HEX}`), ["key 1: stored, id -, active"].map(withId(desk, 1)), "later");
  },

  "key console: a line that is too long is one answer, however long it is, and the next is read"() {
    const desk = new Desk();
    const longest = `key 1 ${HEX}${" ".repeat(MAX_LINE - HEX.length - 6)}`;
    equal(desk.say(`${longest} `), [`not understood: a line has at most ${MAX_LINE} characters`], "one too many");
    equal(desk.say("x".repeat(10_000)), [`not understood: a line has at most ${MAX_LINE} characters`], "ten thousand");
    equal(desk.say(longest), ["key 1: stored, id -, active"].map(withId(desk, 1)), "the longest");
  },

  "key console: lines end with either octet or both, and empty ones mean nothing"() {
    const desk = new Desk("1=commander");
    for (const end of ["\n", "\r", "\r\n", "\n\r", "\n\n\n"]) {
      desk.now += LINE_PAUSE_MS;
      desk.send(`keys${end}`);
      equal(desk.answers(), ["SPI 1: commander, empty"], `answers to a line that ends with ${JSON.stringify(end)}`);
    }
  },

  "key console: too many lines in too short a time are passed over, which is said once"() {
    const desk = new Desk();
    desk.now += 1000;
    desk.send(`keys\nretire 1\n`);
    equal(desk.answers().length, 4, "lines: what comes while one is answered is passed over");
    desk.send("retire 1\nretire 1\n");
    equal(desk.answers(), [`passed over: one line every ${LINE_PAUSE_MS} ms`], "first");
    desk.send(`key 1 ${HEX}\n`);
    equal([desk.answers(), desk.keys.stateOf(1)], [[], EMPTY], "then nothing is said, or done");
    desk.now += LINE_PAUSE_MS - 1;
    desk.send(`key 1 ${HEX}\n`);
    equal([desk.answers(), desk.keys.stateOf(1)], [[], EMPTY], "a moment too early");
    equal(desk.say(`key 1 ${HEX}`), ["key 1: stored, id -, active"].map(withId(desk, 1)), "in time");
    desk.send("keys\n");
    equal(desk.answers(), [`passed over: one line every ${LINE_PAUSE_MS} ms`], "it is said again");
  },

  "key console: noise is answered four times a second at most, stores nothing, and breaks nothing"() {
    const desk = new Desk();
    let state = 12345;
    let answers = 0;
    for (let k = 0; k < 100_000; k++) {
      state = (state * 1103515245 + 12345) % 2147483648;
      desk.now += 1;
      desk.console.take((state >> 16) & 0xff);
      answers += desk.answers().length;
    }
    holds(answers > 0 && answers <= 2 * (100_000 / LINE_PAUSE_MS), `at most two in each pause, not ${answers}`);
    equal(desk.store.saved, [], "names saved");
    // Ends what stands there.
    desk.say("");
    equal(desk.say(`key 1 ${HEX}`), ["key 1: stored, id -, active"].map(withId(desk, 1)), "a line afterwards");
  },
};

const serialCases: Cases = {
  ...Object.fromEntries(
    [true, false].map((isByOctet) => [
      `serial console, ${isByOctet ? "octet by octet" : "by buffers"}: answers go out as there is room for them`,
      () => {
        const { keys } = new Desk();
        const { port, Serial } = fakeSerial(isByOctet);
        const where = isByOctet ? "0:3:1" : "/dev/ttyS0";
        equal(open(keys, where, Serial), [`key console: on ${where}, 115200 baud`], "log");
        const { baud, format, port: uart, receive, transmit, device } = port.options!;
        equal(
          [baud, format, uart, receive, transmit, device],
          isByOctet
            ? [115200, "number", 0, 3, 1, undefined]
            : [115200, "buffer", undefined, undefined, undefined, where],
          "options",
        );
        port.receive(`key 1 ${HEX}\r\n`);
        equal(port.written, "", "written without room");
        const answer = `key 1: stored, ${idOf({ keys }, 1)}, active\r\n`;
        port.writable(7);
        equal(port.written, answer.slice(0, 7), "written, with room for seven octets");
        for (let k = 0; k < 100; k++) {
          port.writable(1);
        }
        equal(port.written, answer, "written in the end");
        equal(port.unread, [], "unread");
      },
    ]),
  ),

  "serial console: all lines of a list go out, and octets that were read are wiped"() {
    const { keys } = new Desk();
    const { port, Serial } = fakeSerial(false);
    open(keys, "/dev/ttyS0", Serial);
    port.writable(1024);
    const octets = Uint8Array.from({ length: 5 }, (_, i) => "keys\n".charCodeAt(i));
    port.unread = [octets.buffer];
    port.call("onReadable", 5);
    port.writable(1024);
    for (let k = 0; k < 5; k++) {
      port.writable(1024);
    }
    equal(
      port.written,
      "SPI 1: commander, empty\r\nSPI 2: commander, empty\r\nSPI 3: operator:17, empty\r\nSPI 9: telemetry, empty\r\n",
      "written",
    );
    equal([...octets], [0, 0, 0, 0, 0], "octets");
  },

  "serial console: a port that fails throws nothing into the platform"() {
    const { port, Serial } = fakeSerial(true);
    open(new Desk().keys, "1:16:17", Serial);
    port.fails = true;
    port.receive("keys\n");
    port.fails = false;
    port.receive("keys\n");
    // The port promised room that it has not.
    port.call("onWritable", 50);
    equal(port.written, "", "written");
  },

  "serial console: what is longer than a line may be is cut, and text beyond ASCII is replaced"() {
    const desk = new Desk();
    desk.store.fault = new Error(`\u00fc${"x".repeat(500)}`);
    const { port, Serial } = fakeSerial(true);
    open(desk.keys, "0:3:1", Serial);
    port.receive(`key 1 ${HEX}\n`);
    port.writable(10_000);
    const beginning = "key 1: not stored: Error: ?";
    equal(port.written, `${beginning}${"x".repeat(158 - beginning.length)}\r\n`, "written");
  },

  "serial console: where there is none, or nothing for it to do, is one line or nothing"() {
    const { keys } = new Desk();
    const { port, Serial } = fakeSerial(true);
    equal(open(undefined, "0:3:1", Serial), [], "without keys");
    equal(open(keys, "off", Serial), [], "off");
    equal(port.options, undefined, "ports opened");
    equal(
      open(keys, undefined, Serial),
      ["key console: none, because nobody said where; console=UART:RECEIVE:TRANSMIT does"],
      "nobody said where",
    );
    equal(open(keys, "0:3:1"), ["key console: none on 0:3:1: Error: this platform has no serial ports"], "no ports");
    class Used {
      constructor() {
        throw new Error("in use");
      }
    }
    equal(
      open(keys, "0:3:1", Used as unknown as SerialClass),
      ["key console: none on 0:3:1: Error: in use"],
      "a port that is used otherwise",
    );
  },

  "serial console: a place is a UART and two pins, or a device; anything else is a wrong setting"() {
    equal(serialPlace("2:16:17"), { port: 2, receive: 16, transmit: 17 }, "pins");
    equal(serialPlace("/dev/ttyUSB0"), { device: "/dev/ttyUSB0" }, "device");
    for (const wrong of ["", "on", "0", "0:3", "0:3:1:5", "a:b:c", "0:3:100", "-1:3:1"]) {
      equal(
        thrownBy(() =>
          openConsole({ where: wrong, keys: undefined, serial: () => undefined, clock: Date.now, log() {} }),
        ),
        `TypeError: console must be off, or UART:RECEIVE:TRANSMIT, the number of a UART and its pins, as in 0:3:1, not "${wrong}"`,
        `place "${wrong}"`,
      );
    }
  },
};

const imageCases: Cases = {
  "keys in the image: without key_in_image=yes it is an error that says why, and not which key"() {
    const error = thrownBy(() => imageKeys({ spi1_key: HEX }));
    holds(error.startsWith("TypeError: spi1_key is set, but not key_in_image=yes: "), error);
    holds(error.includes("anyone who has the image has the key"), error);
    holds(!error.includes(HEX.slice(0, 8)), "no key in it");
    equal(
      thrownBy(() => imageKeys({ spi1_key: HEX, key_in_image: "no" })),
      error,
      "with another value",
    );
    const wrong = thrownBy(() => imageKeys({ spi12_key: `${HEX}0`, key_in_image: "yes" }));
    equal(wrong, "TypeError: spi12_key must be 64 hexadecimal digits", "a wrong one");
    equal(imageKeys({ spi1_key: "", key_in_image: "no", spiX_key: "1", sntp: "" }), [], "none");
  },

  "keys in the image: an SPI without a key gets its own once; whatever became of it then stays"() {
    const desk = new Desk();
    const config = { spi1_key: HEX, spi2_key: OTHER, key_in_image: "yes" };
    const lines: string[] = [];
    const store = (security: BoardSecurity | undefined): void =>
      storeImageKeys(imageKeys(config), security, (line) => lines.push(line));
    store(desk.keys);
    equal([desk.keys.stateOf(1), desk.keys.stateOf(2)], [ACTIVE, READY], "states");
    equal(
      lines,
      [1, 2].map((n) => `spi${n}_key: SPI ${n} has the key that is in the image; anyone who has the image has it, too`),
      "lines",
    );
    desk.say("retire 1");
    const restarted = new Desk(undefined, desk.store);
    store(restarted.keys);
    equal([restarted.keys.stateOf(1), restarted.keys.stateOf(2)], [RETIRED, READY], "states after a restart");
    equal(lines.length, 2, "lines after a restart");
  },

  "keys in the image: a key that cannot be its SPI's keeps the board from starting, and is wiped all the same"() {
    const keys = imageKeys({ spi1_key: HEX, spi2_key: HEX, key_in_image: "yes" });
    equal(
      thrownBy(() => storeImageKeys(keys, new Desk().keys, () => {})),
      "Error: spi2_key: another SPI has this key: each needs one of its own",
      "twice the same",
    );
    equal(
      thrownBy(() => storeImageKeys(imageKeys({ spi8_key: HEX, key_in_image: "yes" }), new Desk().keys, () => {})),
      "Error: spi8_key: the setting security names no such SPI",
      "an SPI that is not named",
    );
    equal(
      thrownBy(() => storeImageKeys(imageKeys({ spi1_key: HEX, key_in_image: "yes" }), undefined, () => {})),
      "Error: spi1_key is set, but security is empty, or this platform has nowhere to keep keys",
      "no keys at all",
    );
    const [first] = keys;
    equal([...first!.octets], new Array(32).fill(0), "the first key");
  },
};

export const keyConsoleCases: Cases = { ...consoleCases, ...serialCases, ...imageCases };

function idOf({ keys }: { keys: BoardSecurity }, spi: number): string {
  return `id ${Array.from(keys.idOf(spi) ?? [], (octet) => octet.toString(16).padStart(2, "0")).join("")}`;
}

/** Puts the identifier into an answer that is expected. */
function withId(desk: Desk, spi: number): (answer: string) => string {
  return (answer) => answer.replace(/id [^,]*/, idOf(desk, spi));
}
