/** Starting a board, and every way in which that can fail. Case by case, for Node and for XS. */
import { createIo } from "../../host/engine/io.js";
import { LoopbackNetwork } from "../../host/engine/loopback.js";
import { abortHook } from "../../modules/flatsat/abort-hook.js";
import { type BoardOptions, startBoard } from "../../modules/flatsat/board.js";
import type { AnyBoard } from "../../modules/flatsat/board-module.js";
import { LINK_DICTIONARY } from "../../modules/flatsat/link-dictionary.js";
import type { Ticker } from "../../modules/link/connection/io.js";
import { equal, holds } from "../link/expect.js";
import { type Cases, ManualTime } from "../link/rig.js";
import { ADDRESS, DISCONNECTED, type FakeWiFi, fakeWiFi, READY } from "./fake-wifi.js";

class Bench {
  readonly time = new ManualTime();
  readonly network = new LoopbackNetwork();
  readonly lines: string[] = [];
  wifi: FakeWiFi | undefined;

  /** Starts a board; nothing may be thrown. */
  start(config: Record<string, unknown>, options: Partial<BoardOptions> = {}): this {
    startBoard({
      config,
      io: createIo(this.network),
      ticker: this.time.ticker,
      clock: this.time.clock,
      now: () => Number.NaN,
      log: (line) => this.lines.push(line),
      wifi: () =>
        fakeWiFi((wifi) => {
          this.wifi = wifi;
        }),
      ...options,
    });
    return this;
  }

  /** What was said, but for the memory. */
  get said(): string[] {
    return this.lines.filter((line) => !line.startsWith("memory: "));
  }

  get listens(): boolean {
    try {
      this.network.connect(7301);
      return true;
    } catch {
      return false;
    }
  }
}

const LISTENING = [
  "listening on port 7301, space-packets, up to 4 clients",
  "listening on port 7302, cobs, up to 4 clients",
  "anyone on the network commands this board: ports 7301 and 7302 take telecommands without a key",
];
const NETWORK = { wifi_ssid: "lab", wifi_password: "long enough" };

/** One line that begins so, nothing that listens, and no timer. */
function refused(what: string, bench: Bench, line: string): void {
  equal(bench.said, [`cannot start: ${line}`], what);
  equal([bench.listens, bench.time.timers], [false, 0], `${what}: listening, timers`);
}

export const bootCases: Cases = {
  "no network is named: the board listens at once, and says what its memory is for"() {
    const bench = new Bench().start({ format: "rgb565le", rotation: 0, sntp: "" });
    equal([bench.said, bench.listens], [LISTENING, true], "said, listens");
    equal(bench.lines[0], "memory: telemetry log 8192 bytes", "the first line");
    holds(
      bench.lines.some((line) => /^memory: \d+ of 24576 bytes used$/.test(line)),
      "memory used in all",
    );
  },

  "what a board of one's own says is a line of the trace"() {
    const dictionary = { name: "talker" } as const;
    const bind = (board: AnyBoard) => {
      board.log("hello");
      return {};
    };
    const bench = new Bench().start({}, { board: { dictionary, bind } });
    equal(bench.said, ["board: hello", ...LISTENING], "said");
  },

  "a network is named: the board listens when it is on it, and no more when it is not"() {
    const bench = new Bench().start(NETWORK);
    equal([bench.said, bench.listens], [['Wi-Fi: joining "lab"'], false], "said, listens");
    bench.wifi?.become(READY);
    equal([bench.said.slice(1), bench.listens], [[`Wi-Fi: ${ADDRESS} on "lab"`, ...LISTENING], true], "when up");
    bench.wifi?.become(DISCONNECTED);
    equal(bench.listens, false, "when down");
  },

  "settings are text, whatever the configuration holds"() {
    const bench = new Bench().start({ max_clients: 2, listen: "cobs:7301", memory: 20_000 });
    equal(
      bench.said,
      [
        "listening on port 7301, cobs, up to 2 clients",
        "anyone on the network commands this board: port 7301 takes telecommands without a key",
      ],
      "said",
    );
  },

  "Moddable's usual keys, ssid and password, are taken for ours"() {
    const bench = new Bench().start({ ssid: "lab", password: "long enough" });
    equal(bench.said, ['Wi-Fi: joining "lab"'], "said");
    equal(bench.wifi?.calls, ['connect {"SSID":"lab","password":"long enough"}'], "calls");
    const both = new Bench().start({ ...NETWORK, ssid: "lab", password: "" });
    equal(both.wifi?.calls, bench.wifi?.calls, "calls with both");
  },

  "wrong settings, each in one line, and nothing listens"() {
    const cases: [string, Record<string, unknown>, string][] = [
      [
        "port",
        { listen: "cobs:99999" },
        'RangeError: listen: "cobs:99999": the port must be from 0 to 65535, not 99999',
      ],
      ["memory", { memory: "1024" }, "RangeError: memory must be at least "],
      ["name", { wifi_ssid: "x".repeat(33) }, "TypeError: wifi_ssid must have 1 to 32 octets, not 33"],
      ["password", { wifi_ssid: "lab", wifi_password: "short" }, "TypeError: wifi_password must have 8 to 63 octets"],
      ["no name", { wifi_password: "long enough" }, "TypeError: wifi_password is set, but no wifi_ssid"],
      ["no ssid", { password: "long enough" }, "TypeError: wifi_password is set, but no wifi_ssid"],
      ["two names", { wifi_ssid: "lab", ssid: "office" }, "TypeError: wifi_ssid and ssid are both set, to different"],
      ["two passwords", { ...NETWORK, password: "another one" }, "TypeError: wifi_password and password are both set"],
      ["time", { sntp: "time.example" }, "TypeError: sntp is set, but this platform has no way to ask a time server"],
    ];
    for (const [what, config, line] of cases) {
      const bench = new Bench().start(config);
      equal(bench.said.length, 1, `${what}: lines`);
      refused(what, bench, `${line}${bench.said[0]?.slice("cannot start: ".length + line.length)}`);
    }
  },

  "the password is in no line"() {
    for (const password of ["secret", "secret".repeat(11)]) {
      const bench = new Bench().start({ wifi_ssid: "lab", wifi_password: password });
      equal(
        bench.lines.filter((line) => line.includes("secret")),
        [],
        "lines",
      );
    }
  },

  "the platform has no Wi-Fi, or its Wi-Fi cannot be had"() {
    refused(
      "no module",
      new Bench().start(NETWORK, { wifi: () => undefined }),
      "Error: wifi_ssid is set, but this platform has no Wi-Fi",
    );
    const fails = (): never => {
      throw new Error("module not found");
    };
    refused("module", new Bench().start(NETWORK, { wifi: fails }), "Error: module not found");
    const throwing = fakeWiFi(() => {
      throw new Error("no memory");
    });
    refused("constructor", new Bench().start(NETWORK, { wifi: () => throwing }), "Error: no memory");
  },

  "the platform has no timer, no clock, no sockets"() {
    const fails = (): never => {
      throw new Error("out of timers");
    };
    const ticker = { start: fails };
    refused("timer", new Bench().start(NETWORK, { ticker }), "Error: out of timers");
    refused("timer without Wi-Fi", new Bench().start({}, { ticker }), "Error: out of timers");
    for (let good = 0; good < 3; good++) {
      const bench = new Bench();
      let left = good;
      const some: Ticker = {
        start: (intervalMs, callback) => (left-- > 0 ? bench.time.ticker.start(intervalMs, callback) : fails()),
      };
      refused(`timer ${good + 1} of three`, bench.start({}, { ticker: some }), "Error: out of timers");
    }
    refused("clock", new Bench().start(NETWORK, { clock: fails }), "Error: out of timers");
    refused("platform", new Bench().start({}, { platform: fails }), "Error: out of timers");
    const bench = new Bench();
    class Listener {
      constructor() {
        fails();
      }
    }
    refused(
      "sockets",
      bench.start({}, { io: { ...createIo(bench.network), Listener } as never }),
      "Error: out of timers",
    );
  },

  "a service of one's own cannot be made"() {
    refused(
      "services",
      new Bench().start(
        {},
        {
          services() {
            throw new TypeError("no sensor");
          },
        },
      ),
      "TypeError: no sensor",
    );
  },

  "a port is taken: said; on Wi-Fi tried again until it is free"() {
    const wired = new Bench();
    wired.network.listen(7302, undefined);
    wired.start({});
    equal(wired.said.length, 1, "lines");
    holds(/^cannot start: .*7302/.test(wired.said[0] as string), `the port, not "${wired.said[0]}"`);
    const bench = new Bench();
    const squatter = bench.network.listen(7302, undefined);
    bench.start(NETWORK);
    bench.wifi?.become(READY);
    holds(/^Wi-Fi: .*7302.*; trying again in 1 s$/.test(bench.said[2] as string), `the port, not "${bench.said[2]}"`);
    bench.network.unlisten(squatter);
    bench.time.advance(1000);
    bench.wifi?.become(READY);
    equal([bench.said.slice(-3), bench.listens], [LISTENING, true], "said, listens");
  },

  "the log fails: the board starts all the same"() {
    const bench = new Bench().start(
      {},
      {
        log: () => {
          throw new Error("no console");
        },
      },
    );
    equal(bench.listens, true, "listens");
  },

  "the signal of the network that was joined is a parameter"() {
    let read = (): number => -1;
    const bench = new Bench().start(NETWORK, {
      services({ pool }) {
        const rssi = pool.find(LINK_DICTIONARY.parameters.rssi.id);
        read = () => {
          pool.refresh(rssi);
          return pool.get(rssi);
        };
        return [];
      },
    });
    equal(read(), 0, "before");
    bench.wifi?.become(READY);
    equal(read(), -61, "on the network");
  },

  "the last word: the reason, and what was thrown where the engine goes on; nothing else is looked at"() {
    let written = "";
    const abort = abortHook((text) => {
      written += text;
    });
    const untouchable = new Proxy(
      {},
      {
        get() {
          throw new Error("looked at");
        },
        getPrototypeOf() {
          throw new Error("looked at");
        },
      },
    );
    equal([abort("memory full", untouchable), written], [undefined, "abort: memory full\n"], "memory full");
    written = "";
    equal(abort("unhandled exception", new Error("a fault")), false, "answer to an exception");
    equal(abort("unhandled rejection", "text"), false, "answer to a rejection");
    equal(written, "abort: unhandled exception: a fault\nabort: unhandled rejection\n", "written");
  },
};
