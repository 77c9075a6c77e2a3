import test from "ava";
import { parseConfiguration, parsePorts } from "../../modules/flatsat/configuration.js";
import { SETTINGS } from "../../modules/flatsat/settings.js";

test("without settings, every value is the documented default", (t) => {
  const { ports, ...rest } = parseConfiguration({});
  t.deepEqual(
    ports.map(({ framing, ...port }) => ({ framing: framing.name, packet: framing.maxPacketLength, ...port })),
    [
      {
        framing: "space-packets",
        framingText: "space-packets,crc=check16,packet-ids=0x1800,id-mask=0x1800",
        packet: 1024,
        port: 7301,
        role: "tmtc",
        maxClients: undefined,
        reserve: undefined,
      },
      {
        framing: "cobs",
        framingText: "cobs",
        packet: 1024,
        port: 7302,
        role: "tmtc",
        maxClients: undefined,
        reserve: undefined,
      },
    ],
  );
  t.deepEqual(rest, {
    address: "",
    security: { associations: [], frames: { end: "board", opener: undefined, sealer: undefined } },
    maxClients: 4,
    excessClients: "reject",
    yieldAfterMs: 60_000,
    idleTimeoutMs: 0,
    partialFrameTimeoutMs: 1000,
    memory: 24576,
    logLength: 8192,
    logPolicy: "dropOldest",
    maxTelemetryLength: 1000,
    stagingLength: 1024,
    apid: 2,
    beaconIntervalMs: 1000,
    timeCode: "cds",
    sntp: "",
    acknowledge: "always",
    failureCodeType: "uint16",
  });
});

test("the defaults of the table pass the parser, and each setting has a help text", (t) => {
  t.deepEqual(parseConfiguration(Object.fromEntries(SETTINGS.map(({ name, value }) => [name, value]))).maxClients, 4);
  for (const { name, help } of SETTINGS) {
    t.regex(name, /^[a-z_]+$/);
    t.true(help.length > 10, name);
  }
});

/** Setting, a value at or within each end of its range, and what becomes of it. */
const GOOD: [string, string, string, unknown][] = [
  ["address", "10.0.0.1", "address", "10.0.0.1"],
  ["max_clients", "1", "maxClients", 1],
  ["max_clients", "32", "maxClients", 32],
  ["excess_clients", "replace", "excessClients", "replace"],
  ["yield_after_ms", "0", "yieldAfterMs", 0],
  ["yield_after_ms", "86400000", "yieldAfterMs", 86_400_000],
  ["idle_timeout_ms", "86400000", "idleTimeoutMs", 86_400_000],
  ["idle_timeout_ms", "5000", "idleTimeoutMs", 5000],
  ["idle_timeout_ms", "0", "idleTimeoutMs", 0],
  ["partial_frame_timeout_ms", "500", "partialFrameTimeoutMs", 500],
  ["partial_frame_timeout_ms", "600000", "partialFrameTimeoutMs", 600_000],
  ["memory", "1024", "memory", 1024],
  ["memory", "0x1000000", "memory", 16_777_216],
  ["log_length", "66", "logLength", 66],
  ["log_policy", "refuseNew", "logPolicy", "refuseNew"],
  ["max_telemetry", "64", "maxTelemetryLength", 64],
  ["max_telemetry", "65535", "maxTelemetryLength", 65535],
  ["staging", "8", "stagingLength", 8],
  ["apid", "0", "apid", 0],
  ["apid", "2046", "apid", 2046],
  ["beacon_interval_ms", "0", "beaconIntervalMs", 0],
  ["beacon_interval_ms", "100", "beaconIntervalMs", 100],
  ["beacon_interval_ms", "3600000", "beaconIntervalMs", 3_600_000],
  ["time_code", "cuc", "timeCode", "cuc"],
  ["time_code", "cuc-tai", "timeCode", "cuc-tai"],
  ["acknowledge", "asRequested", "acknowledge", "asRequested"],
  ["failure_code_bytes", "1", "failureCodeType", "uint8"],
  ["failure_code_bytes", "4", "failureCodeType", "uint32"],
];

/** What some need beside them: a log takes the longest telemetry packet. */
const WITH: Record<string, Record<string, string>> = {
  "log_length=66": { max_telemetry: "64" },
  "max_telemetry=65535": { log_length: "65537" },
};

for (const [name, value, key, expected] of GOOD) {
  test(`${name}=${value} is taken`, (t) => {
    const others = WITH[`${name}=${value}`];
    t.is((parseConfiguration({ ...others, [name]: value }) as unknown as Record<string, unknown>)[key], expected);
  });
}

test("max_telecommand is the longest packet of every framing that does not say otherwise", (t) => {
  const { ports } = parseConfiguration({
    max_telecommand: "300",
    listen: "cobs:1 cobs:2,max-packet=50 space-packets:3",
  });
  t.deepEqual(
    ports.map(({ framing }) => framing.maxPacketLength),
    [300, 50, 300],
  );
});

/** Setting, a value that is wrong, and what the error says: the setting, what it may be, and the value. */
const BAD: [string, string, string][] = [
  ["max_clients", "0", "max_clients must be from 1 to 32, not 0"],
  ["max_clients", "33", "max_clients must be from 1 to 32, not 33"],
  ["max_clients", "four", 'max_clients must be a whole number from 1 to 32, not "four"'],
  ["max_clients", "", 'max_clients must be a whole number from 1 to 32, not ""'],
  ["max_clients", "-1", 'max_clients must be a whole number from 1 to 32, not "-1"'],
  ["max_clients", "1.5", 'max_clients must be a whole number from 1 to 32, not "1.5"'],
  ["max_clients", " 4", 'max_clients must be a whole number from 1 to 32, not " 4"'],
  ["excess_clients", "queue", 'excess_clients must be reject or replace, not "queue"'],
  ["yield_after_ms", "-1", 'yield_after_ms must be a whole number from 0 to 86400000 ms, not "-1"'],
  ["idle_timeout_ms", "86400001", "idle_timeout_ms must be from 5000 to 86400000 ms, or 0, not 86400001"],
  ["idle_timeout_ms", "4999", "idle_timeout_ms must be from 5000 to 86400000 ms, or 0, not 4999"],
  ["partial_frame_timeout_ms", "0", "partial_frame_timeout_ms must be from 500 to 600000 ms, not 0"],
  ["partial_frame_timeout_ms", "499", "partial_frame_timeout_ms must be from 500 to 600000 ms, not 499"],
  ["memory", "1023", "memory must be from 1024 to 16777216 bytes, not 1023"],
  ["log_length", "65", "log_length must be from 66 to 8388608 bytes, not 65"],
  ["log_policy", "dropNewest", 'log_policy must be dropOldest or refuseNew, not "dropNewest"'],
  ["max_telecommand", "6", "max_telecommand must be from 7 to 65542 bytes, not 6"],
  ["max_telemetry", "63", "max_telemetry must be from 64 to 65535 bytes, not 63"],
  ["max_telemetry", "65536", "max_telemetry must be from 64 to 65535 bytes, not 65536"],
  ["staging", "7", "staging must be from 8 to 65536 bytes, not 7"],
  ["staging", "1000", "staging must be a power of two from 8 to 65536 bytes, not 1000"],
  [
    "log_length",
    "1001",
    "log_length must be at least 1002 bytes, not 1001: a packet of max_telemetry, 1000 bytes, must fit",
  ],
  [
    "max_telemetry",
    "8191",
    "log_length must be at least 8193 bytes, not 8192: a packet of max_telemetry, 8191 bytes, must fit",
  ],
  ["apid", "2047", "apid must be from 0 to 2046, not 2047"],
  ["beacon_interval_ms", "99", "beacon_interval_ms must be from 100 to 3600000 ms, or 0, not 99"],
  ["beacon_interval_ms", "3600001", "beacon_interval_ms must be from 100 to 3600000 ms, or 0, not 3600001"],
  ["time_code", "utc", 'time_code must be cds or cuc or cuc-tai, not "utc"'],
  ["acknowledge", "never", 'acknowledge must be always or asRequested, not "never"'],
  ["failure_code_bytes", "3", 'failure_code_bytes must be 1 or 2 or 4, not "3"'],
];

for (const [name, value, message] of BAD) {
  test(`${name}="${value}" is refused`, (t) => {
    t.is(t.throws(() => parseConfiguration({ [name]: value }))?.message, message);
  });
}

test("a setting that does not exist is refused, and those that do are listed", (t) => {
  const message = t.throws(() => parseConfiguration({ max_client: "4" }), { instanceOf: TypeError })?.message ?? "";
  t.true(message.startsWith('no setting is called "max_client"; there are listen, address, security, max_clients'));
});

test("listen: several ports, roles, limits and framing options", (t) => {
  const ports = parsePorts(
    "  cobs:0,role=tc   cobs:0,role=tm,delimiter=both space-packets:65535,max-clients=2,packet-ids=0x1801/6146 ",
    1024,
  );
  t.deepEqual(
    ports.map(({ framing, port, role, maxClients }) => [framing.name, port, role, maxClients]),
    [
      ["cobs", 0, "tc", undefined],
      ["cobs", 0, "tm", undefined],
      ["space-packets", 65535, "tmtc", 2],
    ],
  );
});

/** What is wrong with `listen`, and the words that the error must have. */
const BAD_LISTEN: [string, RegExp][] = [
  ["", /listen: no port is named; give FRAMING:PORT/],
  ["   ", /listen: no port is named/],
  ["cobs", /listen: "cobs" must be FRAMING:PORT/],
  ["cobs:1:2", /listen: "cobs:1:2" must be FRAMING:PORT/],
  ["cobs:", /^listen: "cobs:": the port must be a whole number from 0 to 65535, not ""$/],
  ["cobs:x", /^listen: "cobs:x": the port must be a whole number from 0 to 65535, not "x"$/],
  ["cobs:65536", /^listen: "cobs:65536": the port must be from 0 to 65535, not 65536$/],
  ["slipp:7301", /^listen: "slipp:7301": no framing is called "slipp"; there are space-packets, cobs/],
  ["cobs:1 space-packets:1", /listen: port 1 is named twice/],
  ["cobs:1,role", /^listen: .*: role needs a value behind a "=", as in role=tm/],
  [
    "cobs:1,rule=tm",
    /^listen: .*: "rule=tm" is no option of cobs; there are role, max-clients, reserve, bad-frames, max-packet, delimiter/,
  ],
  ["tc-frames:1,scid=1,sdls=tc,bad-frames=search", /^listen: .*: bad-frames=search gives frames up: with sdls/],
  ["cobs:1,role=tm=tc", /^listen: .*: "role=tm=tc" is no option of cobs/],
  ["cobs:1,colour=red", /^listen: .*: "colour=red" is no option of cobs/],
  ["cobs:1,packet-ids=1", /^listen: .*: "packet-ids=1" is no option of cobs/],
  ["cobs:1,role=tt", /^listen: "cobs:1,role=tt": role must be tmtc or tc or tm, not "tt"$/],
  ["cobs:1,max-clients=0", /^listen: .*: max-clients must be from 1 to 4 \(max_clients\), not 0$/],
  [
    "cobs:1,max-clients=many",
    /^listen: .*: max-clients must be a whole number from 1 to 4 \(max_clients\), not "many"$/,
  ],
  ["cobs:1,delimiter=none", /^listen: "cobs:1,delimiter=none": delimiter must be trailing or both, not "none"/],
  ["cobs:1,max-clients=5", /^listen: "cobs:1,max-clients=5": max-clients must be from 1 to 4 \(max_clients\), not 5$/],
  ["cobs:1,reserve=5", /^listen: "cobs:1,reserve=5": reserve must be from 0 to 4 \(max_clients\), not 5$/],
  ["cobs:1,max-clients=2,reserve=3", /^listen: .*: reserve must be from 0 to 2 \(max-clients\), not 3$/],
  ["cobs:1,reserve=-1", /^listen: .*: reserve must be a whole number from 0 to 4 \(max_clients\), not "-1"$/],
  ["cobs:1,role=tm,role=tc", /^listen: "cobs:1,role=tm,role=tc": role is given twice: tm and tc$/],
  ["cobs:1,max-packet=0", /^listen: "cobs:1,max-packet=0": max-packet \(bytes\) must be from 1 to 65542, not 0$/],
  [
    "slip:1 fixed:1,length=2000",
    /^listen: "fixed:1,length=2000": .* not 2000; max-packet is max_telecommand, 1024, unless/,
  ],
  [
    "fixed:1,length=2000,max-packet=1500",
    /^listen: .*: length \(bytes, strip and max-packet allow\) .* 1500, not 2000$/,
  ],
  ["space-packets:1,max-packet=6", /: max-packet \(bytes\) must be from 7 to 65542, not 6$/],
  ["space-packets:1,packet-ids=0x1801,0x1802", /^listen: .*: "0x1802" is no option of space-packets/],
  ["space-packets:1,packet-ids=8192", /: packet-ids: packet ID must be from 0 to 8191, not 8192/],
];

for (const [text, message] of BAD_LISTEN) {
  test(`listen="${text}" is refused`, (t) => {
    t.throws(() => parseConfiguration({ listen: text }), { message });
  });
}
