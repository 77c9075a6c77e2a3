import test from "ava";
import { ASSOCIATED, CONNECTING, DISCONNECTED, READY, station } from "./fake-wifi.js";

test("boots: joins at once with name and password, and is up when there is an address", (t) => {
  const { station: made, wifi, events, lines } = station();
  t.deepEqual(wifi.calls, ['connect {"SSID":"lab","password":"long enough"}']);
  wifi.become(CONNECTING);
  wifi.become(ASSOCIATED);
  t.deepEqual([made.isUp, events], [false, []]);
  wifi.become(READY);
  t.deepEqual([made.isUp, events], [true, ["up 192.0.2.7"]]);
  t.deepEqual(lines, ['Wi-Fi: joining "lab"', 'Wi-Fi: 192.0.2.7 on "lab"']);
});

test("an open network: no password is given", (t) => {
  const { wifi } = station({ ssid: "open", password: undefined });
  t.deepEqual(wifi.calls, ['connect {"SSID":"open"}']);
});

test("the access point is absent at boot: attempts after 1, 2, 4 and so on up to 60 seconds, for ever", (t) => {
  const { wifi, time, events, lines } = station();
  const waits: number[] = [];
  for (let attempt = 1; attempt <= 10; attempt++) {
    wifi.become(DISCONNECTED);
    const since = time.now;
    while (wifi.attempts === attempt) {
      time.advance(500);
      t.true(time.now - since <= 60_500);
    }
    waits.push((time.now - since) / 1000);
  }
  t.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
  t.deepEqual(events, []);
  t.is(lines[1], 'Wi-Fi: cannot join "lab"; trying again in 1 s');
  wifi.become(READY);
  t.deepEqual(events, ["up 192.0.2.7"]);
});

test("an attempt gives nothing for 30 seconds: given up, and tried again", (t) => {
  const { wifi, time, lines } = station();
  time.advance(29_500);
  t.deepEqual(wifi.calls.slice(1), []);
  time.advance(500);
  t.is(wifi.calls[1], "disconnect");
  t.is(lines.at(-1), 'Wi-Fi: no answer from "lab" for 30 s; trying again in 1 s');
  time.advance(1000);
  t.is(wifi.attempts, 2);
});

test("a platform that tells of the disconnect asked for: the wait is not doubled for it", (t) => {
  const { wifi, time } = station();
  const disconnect = wifi.disconnect.bind(wifi);
  wifi.disconnect = () => {
    disconnect();
    wifi.become(DISCONNECTED);
  };
  time.advance(30_000);
  time.advance(1000);
  t.is(wifi.attempts, 2);
});

test("the connection drops: told, joined again after a second, and up again", (t) => {
  const { station: made, wifi, time, events } = station();
  wifi.become(READY);
  time.advance(3_600_000);
  wifi.become(DISCONNECTED);
  t.deepEqual([made.isUp, events], [false, ["up 192.0.2.7", "down"]]);
  time.advance(500);
  t.is(wifi.attempts, 1);
  time.advance(500);
  t.is(wifi.attempts, 2);
  wifi.become(READY);
  t.deepEqual(events, ["up 192.0.2.7", "down", "up 192.0.2.7"]);
});

test("after success the waits begin at one second again", (t) => {
  const { wifi, time } = station();
  for (const wait of [1000, 2000, 4000]) {
    wifi.become(DISCONNECTED);
    time.advance(wait);
  }
  t.is(wifi.attempts, 4);
  wifi.become(READY);
  wifi.become(DISCONNECTED);
  time.advance(1000);
  t.is(wifi.attempts, 5);
});

test("the address is lost, the access point is not: told, and up again when there is one", (t) => {
  const { wifi, time, events } = station();
  wifi.become(READY);
  wifi.become(ASSOCIATED);
  t.deepEqual(events, ["up 192.0.2.7", "down"]);
  time.advance(10_000);
  t.is(wifi.attempts, 1);
  wifi.become(READY);
  t.deepEqual(events, ["up 192.0.2.7", "down", "up 192.0.2.7"]);
  wifi.become(ASSOCIATED);
  time.advance(31_000);
  t.is(wifi.attempts, 2);
});

test("connect throws: tried again with the same waits", (t) => {
  const { wifi, time, lines } = station();
  wifi.connectThrows = 2;
  wifi.become(DISCONNECTED);
  time.advance(1000);
  t.is(wifi.attempts, 2);
  t.is(lines.at(-1), "Wi-Fi: Error: already connecting; trying again in 2 s");
  time.advance(2000);
  time.advance(4000);
  t.is(wifi.attempts, 4);
  t.is(wifi.connection, CONNECTING);
});

test("the application cannot start, say because a port is taken: nothing is thrown, and it gets another chance", (t) => {
  let fails = 2;
  let started = 0;
  const {
    station: made,
    wifi,
    time,
    lines,
  } = station({
    onUp() {
      if (fails-- > 0) {
        throw new Error("bind failed");
      }
      started++;
    },
  });
  t.notThrows(() => wifi.become(READY));
  t.deepEqual([made.isUp, lines.at(-1)], [false, "Wi-Fi: Error: bind failed; trying again in 1 s"]);
  time.advance(1000);
  wifi.become(READY);
  t.is(lines.at(-1), "Wi-Fi: Error: bind failed; trying again in 2 s");
  time.advance(2000);
  wifi.become(READY);
  t.deepEqual([made.isUp, started], [true, 1]);
});

test("the application throws when the network is gone: nothing is thrown on, and it is joined again", (t) => {
  const { wifi, time } = station({
    onDown() {
      throw new Error("down fault");
    },
  });
  wifi.become(READY);
  t.notThrows(() => wifi.become(DISCONNECTED));
  time.advance(1000);
  t.is(wifi.attempts, 2);
});

test("stop: no more attempts", (t) => {
  const { station: made, wifi, time } = station();
  wifi.become(DISCONNECTED);
  made.stop();
  time.advance(100_000);
  t.is(wifi.attempts, 1);
});
