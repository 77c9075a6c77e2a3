/**
 * The firmware for the ESP32 and its kin, as far as XS goes: compiled, and linked with Wi-Fi, SNTP and all else that a board
 * has. ESP-IDF's place is taken by an empty one, so that only its C compiler is missing.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import test from "ava";
import { PROJECT, projectFile } from "../project.js";
import { whyNot } from "./simulator.js";

const skipped = whyNot();
const firmwareTest = skipped === undefined ? test.serial : test.serial.skip;
const TOOLS = join(process.env["MODDABLE"] ?? "", "build", "bin", "lin", "release");

/** What `mcconfig -p` is given, and the chip. */
const TARGETS = [
  ["esp32", "esp32"],
  ["esp32/esp32s3", "esp32s3"],
  ["esp32/esp32c3", "esp32c3"],
] as const;

/** Native functions that must be linked: what a board has. */
const NATIVE = [
  "xs_flatlink_free_slots",
  "xs_flatlink_free_chunks",
  "xs_wifi419",
  "xs_sntp_packet",
  "xs_esp32_reset_reason",
  "xs_system_restart",
  "xs_preference_set",
  "xs_serial_constructor",
];

/** An ESP-IDF that does nothing: a repository with the version that the SDK asks for, and its command. */
function emptyIdf(directory: string): string {
  const idf = join(directory, "idf");
  mkdirSync(idf);
  for (const args of [
    ["init", "--quiet"],
    ["-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "--allow-empty", "-m", "empty"],
    ["tag", "v6.0"],
  ]) {
    spawnSync("git", args, { cwd: idf });
  }
  writeFileSync(join(idf, "idf.py"), "#!/bin/sh\n");
  chmodSync(join(idf, "idf.py"), 0o755);
  return idf;
}

/** The project, and a board of one's own: folder, and what it has beside. */
const PROGRAMS = [
  ["the firmware", PROJECT, []],
  ["the thermometer", join(PROJECT, "examples", "thermometer"), ["xs_analog_read_", "xs_digitalbank_write"]],
] as const;

for (const [[target, chip], [what, folder, more]] of TARGETS.flatMap((each) => {
  // One chip will do for what differs in its modules only.
  const programs = each[0] === "esp32" ? PROGRAMS : PROGRAMS.slice(0, 1);
  return programs.map((program) => [each, program] as const);
})) {
  firmwareTest(`${target}: ${what} links as far as XS goes, without a warning, and its watchdogs are on`, async (t) => {
    t.timeout(900_000);
    const directory = mkdtempSync(join(tmpdir(), "flatlink-target-"));
    t.teardown(() => rmSync(directory, { recursive: true, force: true }));
    const idf = emptyIdf(directory);
    const place = join(directory, "tmp", target, "release", basename(folder));
    const project = join(place, `xsProj-${chip}`);
    mkdirSync(join(project, "build", "config"), { recursive: true });
    writeFileSync(join(project, "build", "config", "sdkconfig.h"), "");
    const settings = ["wifi_ssid=lab", "wifi_password=secret-enough", "sntp=time.example"];
    const program = join(place, "mc.xs.c");
    // Not in one call: it would keep back what AVA is told of how long this may take.
    const run = spawn("mcconfig", ["-m", "-p", target, "-o", directory, "-t", program, ...settings], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, IDF_PATH: idf, PATH: `${TOOLS}:${idf}:${process.env["PATH"]}` },
    });
    let log = "";
    for (const stream of [run.stdout, run.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (log += text));
    }
    const [status] = (await once(run, "close")) as [number];
    t.is(status, 0, log);
    t.deepEqual(
      log.split("\n").filter((line) => line.includes("warning") && /modules\/(?!io\/)|main|thermometer/.test(line)),
      [],
    );
    const linked = readFileSync(program, "utf8");
    for (const name of [...NATIVE, ...more]) {
      t.true(linked.includes(`{ ${name}, `), name);
    }
    // It would join a network before our program runs, once and never again.
    t.false(linked.includes("setup/network"));
    const merged = readFileSync(join(project, "sdkconfig.mc"), "utf8").split("\n");
    for (const option of projectFile("modules/flatsat/sdkconfig/sdkconfig.defaults.release").split("\n")) {
      if (option.startsWith("CONFIG_")) {
        const [name] = option.split("=") as [string];
        // The last one counts.
        t.is(merged.filter((line) => line.startsWith(`${name}=`)).at(-1), option);
      }
    }
  });
}
