/** What real Wi-Fi does to a station, case by case, for Node and for XS. */
import { equal, holds } from "../link/expect.js";
import type { Cases } from "../link/rig.js";
import { ADDRESS, ASSOCIATED, CONNECTING, DISCONNECTED, READY, station } from "./fake-wifi.js";

function refusal(options: Parameters<typeof station>[0]): string {
  try {
    station(options);
  } catch (error) {
    return String(error);
  }
  return "taken";
}

const UP = `up ${ADDRESS}`;

export const stationCases: Cases = {
  "the name of a network has 1 to 32 octets in UTF-8, however many characters these are"() {
    equal(refusal({ ssid: "" }), "TypeError: wifi_ssid must have 1 to 32 octets, not 0", "no name");
    equal(refusal({ ssid: "x".repeat(33) }), "TypeError: wifi_ssid must have 1 to 32 octets, not 33", "33 letters");
    equal(
      refusal({ ssid: "é".repeat(20) }),
      "TypeError: wifi_ssid must have 1 to 32 octets, not 40",
      "20 letters of 2",
    );
    equal(refusal({ ssid: "\u{1f6f0}".repeat(9) }), "TypeError: wifi_ssid must have 1 to 32 octets, not 36", "9 of 4");
    equal(refusal({ ssid: "x".repeat(32) }), "taken", "32 letters");
    equal(refusal({ ssid: "\u{1f6f0}".repeat(8) }), "taken", "8 of 4");
  },

  "a passphrase has 8 to 63 octets in UTF-8; 64 hexadecimal digits are a key, and what is refused is not repeated"() {
    const wrong = (octets: number) =>
      `TypeError: wifi_password must have 8 to 63 octets, or be a key of 64 hexadecimal digits, not ${octets} octets`;
    equal(refusal({ password: "seven77" }), wrong(7), "7 letters");
    equal(refusal({ password: "x".repeat(64) }), wrong(64), "64 letters");
    equal(refusal({ password: "0".repeat(65) }), wrong(65), "65 digits");
    equal(refusal({ password: `${"0".repeat(63)}g` }), wrong(64), "a letter that is no digit");
    equal(refusal({ password: "é".repeat(32) }), wrong(64), "32 letters of 2");
    equal(refusal({ password: "ééé" }), wrong(6), "3 letters of 2");
    equal(refusal({ password: "éééé" }), "taken", "4 letters of 2");
    equal(refusal({ password: "x".repeat(63) }), "taken", "63 letters");
    equal(refusal({ password: "0123456789abcdef0123456789ABCDEF".repeat(2) }), "taken", "64 digits");
  },

  "the platform has no Wi-Fi to give: its fault is thrown, and no timer runs"() {
    let timers = 0;
    const thrown = refusal({
      WiFi: class {
        connection = DISCONNECTED;
        address = undefined;
        constructor() {
          throw new Error("no memory");
        }
        connect(): void {}
        disconnect(): void {}
      },
      ticker: {
        start() {
          timers++;
          return { stop() {} };
        },
      },
    });
    equal([thrown, timers], ["Error: no memory", 0], "thrown, timers");
  },

  "told of a change while it is being made: nothing comes of it but the first attempt"() {
    const { wifi, lines, time } = station({}, (each) => each.become(DISCONNECTED));
    equal([wifi.attempts, lines], [1, ['Wi-Fi: joining "lab"']], "attempts and lines");
    time.advance(29_000);
    equal(wifi.attempts, 1, "attempts");
  },

  "connected already when it is made: joined anew, and up"() {
    const { wifi, time, events } = station({}, (each) => {
      each.quietly(READY);
      each.connectThrows = 1;
    });
    time.advance(1000);
    wifi.become(READY);
    equal([wifi.attempts, events], [2, [UP]], "attempts and events");
  },

  "connected while connect is under way: up, once"() {
    const {
      station: made,
      wifi,
      time,
      events,
    } = station({}, (each) => {
      each.duringConnect = () => each.become(READY);
    });
    time.advance(60_000);
    equal([made.isUp, events, wifi.attempts], [true, [UP], 1], "up, events, attempts");
  },

  "refused while connect is under way: tried again with the usual wait"() {
    const { wifi, time, events } = station({}, (each) => {
      each.duringConnect = () => each.become(DISCONNECTED);
    });
    time.advance(500);
    equal(wifi.attempts, 1, "attempts after half a second");
    time.advance(500);
    equal([wifi.attempts, events], [2, []], "attempts and events");
  },

  "connected while connect is under way, which throws all the same: what was up is told to be down"() {
    const { wifi, time, events } = station({}, (each) => {
      each.duringConnect = () => each.become(READY);
      each.connectThrows = 1;
    });
    equal(events, [UP, "down"], "events");
    time.advance(1000);
    equal([wifi.attempts, events], [2, [UP, "down", UP]], "attempts and events");
  },

  "another address while up: connections to the old one are over, so it is down and up"() {
    const { wifi, events, lines } = station();
    wifi.become(READY);
    wifi.changeAddress(ADDRESS);
    equal(events, [UP], "the same address told again");
    wifi.changeAddress("192.0.2.8");
    equal(events, [UP, "down", "up 192.0.2.8"], "events");
    equal(lines[lines.length - 1], 'Wi-Fi: 192.0.2.8 on "lab"', "the last line");
    equal(wifi.attempts, 1, "attempts");
  },

  "the address goes while the connection stands: no news until there is another"() {
    const { wifi, events } = station();
    wifi.become(READY);
    wifi.changeAddress(undefined);
    equal(events, [UP], "events");
    wifi.changeAddress("192.0.2.8");
    equal(events, [UP, "down", "up 192.0.2.8"], "events");
  },

  "a drop that nobody tells of is seen within half a second"() {
    const { wifi, time, events } = station();
    wifi.become(READY);
    time.advance(10_000);
    wifi.quietly(DISCONNECTED);
    time.advance(500);
    equal(events, [UP, "down"], "events");
    time.advance(1000);
    equal(wifi.attempts, 2, "attempts");
  },

  "a connection that nobody tells of is seen within half a second"() {
    const { station: made, wifi, time, events } = station();
    wifi.quietly(READY);
    time.advance(500);
    equal([made.isUp, events], [true, [UP]], "up, events");
  },

  "an attempt that does not show yet is not taken for a refusal"() {
    const { wifi, time } = station();
    wifi.quietly(DISCONNECTED);
    time.advance(29_000);
    equal(wifi.attempts, 1, "attempts");
    wifi.become(READY);
    time.advance(1000);
    equal(wifi.attempts, 1, "attempts");
  },

  "the connection cannot be looked at while up: nothing is thrown, it is down, and joined again"() {
    const { station: made, wifi, time, events, lines } = station();
    wifi.become(READY);
    wifi.looksThrow = 1;
    time.advance(500);
    equal([made.isUp, events], [false, [UP, "down"]], "up, events");
    equal(lines[lines.length - 1], "Wi-Fi: Error: no connection to look at; trying again in 1 s", "the last line");
    time.advance(1000);
    wifi.become(READY);
    equal(events, [UP, "down", UP], "events");
  },

  "nothing of it works, for an hour: nothing is thrown, the waits grow to a minute, and it is up when it works again"() {
    const { wifi, time, events, lines } = station();
    wifi.connectThrows = 1e6;
    wifi.disconnectThrows = 1e6;
    wifi.looksThrow = 1e6;
    wifi.become(DISCONNECTED);
    time.advance(3_600_000);
    holds(lines.length > 60 && lines.length < 200, `a line or two a minute, not ${lines.length}`);
    wifi.connectThrows = 0;
    wifi.disconnectThrows = 0;
    wifi.looksThrow = 0;
    time.advance(60_500);
    wifi.become(CONNECTING);
    wifi.become(READY);
    equal(events, [UP], "events");
  },

  "the application throws when the network is gone: told of, and the network is joined again all the same"() {
    let fails = 1;
    const { wifi, time, events, lines } = station({
      onDown() {
        if (fails-- > 0) {
          throw new Error("down fault");
        }
      },
    });
    wifi.become(READY);
    wifi.become(ASSOCIATED);
    equal(lines[lines.length - 1], "Wi-Fi: Error: down fault; trying again in 1 s", "the last line");
    time.advance(1000);
    wifi.become(READY);
    equal(events, [UP, UP], "events");
  },

  "flapping for a day: ups and downs take turns"() {
    const { wifi, time, events } = station();
    for (let k = 0; k < 1000; k++) {
      wifi.become(READY);
      time.advance(20_000);
      wifi.become(k % 3 === 0 ? ASSOCIATED : DISCONNECTED);
      time.advance(66_400);
    }
    equal(events.length, 2000, "events");
    for (let k = 0; k < events.length; k++) {
      equal(events[k], k % 2 === 0 ? UP : "down", `event ${k}`);
    }
  },

  "the signal: of the connection while it is up, 0 otherwise or where the platform does not know"() {
    const { station: made, wifi } = station();
    equal(made.rssi, 0, "before");
    wifi.become(READY);
    equal(made.rssi, -61, "while up");
    wifi.RSSI = undefined;
    equal(made.rssi, 0, "unknown");
    wifi.become(DISCONNECTED);
    equal(made.rssi, 0, "after");
  },
};
