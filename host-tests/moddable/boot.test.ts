/** A board's start with a real Moddable SDK: each wrong setting is one line, and a Wi-Fi that comes and goes. */
import { once } from "node:events";
import { connect } from "node:net";
import test from "ava";
import { portToKeep } from "../project.js";
import { Commander } from "./commander.js";
import { build, Simulator, whyNot } from "./simulator.js";

const skipped = whyNot();
if (skipped !== undefined) {
  console.log(`Firmware tests skipped: ${skipped}`);
}
const firmwareTest = skipped === undefined ? test.serial : test.serial.skip;

const KEY = "5a".repeat(32);

/** The settings of `mcconfig`, and the beginning of the one line about them. */
const WRONG: readonly [Record<string, string>, string][] = [
  [{ listen: "cobs" }, 'TypeError: listen: "cobs"'],
  [{ listen: "cobs:99999" }, 'RangeError: listen: "cobs:99999": the port must be from 0 to 65535, not 99999'],
  [{ listen: "morse:7301" }, "TypeError: listen: "],
  [{ listen: "cobs:7301,C=1" }, "TypeError: listen: "],
  [{ listen: "cobs:7301,delimiter=none" }, "TypeError: listen: "],
  [{ listen: "length-prefixed:7301,size=5" }, ""],
  [{ listen: "cobs:7301 cobs:7301" }, "RangeError: listen: port 7301 is named twice"],
  [{ max_clients: "0" }, "RangeError: max_clients must be from 1 to 32"],
  [{ max_clients: "four" }, "TypeError: max_clients must be"],
  [{ memory: "1024" }, "RangeError: memory must be at least "],
  [{ log_length: "500" }, "RangeError: "],
  [{ log_policy: "never" }, "TypeError: log_policy must be"],
  [{ staging: "1000" }, "RangeError: staging must be"],
  [{ apid: "2047" }, "RangeError: apid must be from 0 to 2046"],
  [{ beacon_interval_ms: "99" }, "RangeError: beacon_interval_ms must be"],
  [{ time_code: "iso" }, "TypeError: time_code must be"],
  [{ acknowledge: "never" }, "TypeError: acknowledge must be"],
  [{ failure_code_bytes: "3" }, "TypeError: failure_code_bytes must be"],
  [{ sntp: "time.example" }, "TypeError: sntp is set, but this platform has no way to ask a time server"],
  [{ wifi_ssid: "x".repeat(33) }, ""],
  [{ wifi_ssid: "lab", wifi_password: "short" }, ""],
  [{ wifi_password: "long enough" }, "TypeError: wifi_password is set, but no wifi_ssid"],
  [{ wifi_ssid: "lab" }, "Error: wifi_ssid is set, but this platform has no Wi-Fi"],
  [
    { spi1_key: KEY },
    "TypeError: spi1_key is set, but not key_in_image=yes: anyone who has the image has the key, and can command the board",
  ],
  [{ spi1_key: KEY.slice(1), key_in_image: "yes" }, "TypeError: spi1_key must be 64 hexadecimal digits"],
  [{ spi1_key: KEY, key_in_image: "yes" }, "Error: spi1_key is set, but security is empty, or this platform has"],
  [{ console: "on" }, "TypeError: console must be off, or UART:RECEIVE:TRANSMIT, the number of a UART and its pins"],
];

firmwareTest("each wrong setting is one line, and the board goes on", async (t) => {
  t.timeout(900_000);
  const port = await portToKeep();
  const right = { listen: `cobs:${port}`, beacon_interval_ms: "0" };
  const boots = [...WRONG.map(([settings]) => settings), right];
  const made = build("lin", [`boots=${encodeURIComponent(JSON.stringify(boots))}`], "boot");
  t.teardown(() => made.remove());
  t.is(made.status, 0, made.log);
  const simulator = new Simulator(made);
  t.teardown(() => simulator.stop());
  await simulator.until("the end", () => simulator.lines.find((line) => line === "all have started"));

  // What XS itself says of exceptions, caught or not, is for whoever debugs.
  const lines = simulator.lines.filter((line) => !/^(Exception|memory:) /.test(line));
  const said = (number: number): string[] =>
    lines.slice(lines.indexOf(`boot ${number}`) + 1, lines.indexOf(`boot ${number + 1}`));
  for (const [number, [settings, beginning]] of WRONG.entries()) {
    const [line, ...others] = said(number);
    t.true(line?.startsWith(`cannot start: ${beginning}`), `${JSON.stringify(settings)}: ${line}`);
    t.regex(line as string, new RegExp(Object.keys(settings).at(0) as string), "the line names the setting");
    t.deepEqual(others, []);
  }
  t.false(lines.join("\n").includes(KEY.slice(0, 16)), "no key is logged");
  const ground = new Commander("cobs", port);
  await ground.ping();
  await ground.close();
});

firmwareTest(
  "a Wi-Fi that refuses, fails, joins, drops and returns: the board follows, and serves when it can",
  async (t) => {
    t.timeout(900_000);
    const [port, control] = [await portToKeep(), await portToKeep()];
    const wifi = ["wifi_ssid=lab", "wifi_password=long-enough", `wifi_control=${control}`];
    const made = build("lin", [`listen=cobs:${port}`, "beacon_interval_ms=0", ...wifi]);
    t.teardown(() => made.remove());
    t.is(made.status, 0, made.log);
    const simulator = new Simulator(made);
    t.teardown(() => simulator.stop());
    const listening = (times: number): Promise<unknown> =>
      simulator.until(`listening, ${times} times`, () =>
        simulator.lines.filter((line) => line.startsWith(`listening on port ${port}`)).length === times
          ? true
          : undefined,
      );
    for (let times = 1; times <= 3; times++) {
      await listening(times);
      const ground = new Commander("cobs", port);
      await ground.ping();
      if (times < 3) {
        await once(connect(control, "127.0.0.1").resume(), "close");
        // Who is connected hears of it.
        await ground.closed;
      } else {
        await ground.close();
      }
    }
    const asked = ['Wi-Fi: joining "lab"', "asked for lab with long-enough"];
    const joined = ['Wi-Fi: 192.0.2.7 on "lab"', "listening on port"];
    const dropped = ["Wi-Fi: the connection dropped; trying again in 1 s", "cobs: connection"];
    t.deepEqual(
      simulator.lines
        .filter((line) => /^(Wi-Fi|asked|listening|.*abort)/.test(line))
        .map((line) => line.replace(/^listening on port.*/, "listening on port")),
      [
        ...asked,
        "Wi-Fi: Error: not now; trying again in 1 s",
        ...asked,
        'Wi-Fi: cannot join "lab"; trying again in 2 s',
        ...asked,
        ...joined,
        ...[1, 2].flatMap(() => [dropped[0] as string, ...asked, ...joined]),
      ],
    );
  },
);
