import test from "ava";
import { kindOf, type NumberType, widthOf } from "../../modules/data/field-kinds.js";
import { END_REASONS } from "../../modules/flatsat/link-dictionary.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { buildTelecommand } from "../../modules/pus/build-parse.js";
import { numbers } from "../link/packets.js";
import { Client } from "../link/rig.js";
import { Desk, lastData, messages, telecommand } from "./desk.js";

const PING = telecommand(17, 1);
/** What a ping leads to: acceptance, start, the answer, completion. */
const ANSWERS = ["1,1", "1,3", "17,2", "1,7"];
/** No housekeeping, and no events in the way. */
const QUIET = { beacon_interval_ms: "0" };
const CONNECTED = "5,1";
const RESTART = "5,1";

function word(bytes: Uint8Array, at: number, width: number): number {
  return bytes.slice(at, at + width).reduce((value, byte) => value * 256 + byte, 0);
}

test("the default configuration fits 24 KiB of packet memory, and each region has a name", (t) => {
  const { memory } = new Desk().flatsat;
  t.true(memory.used <= 24576, `${memory.used} bytes`);
  t.is(
    memory.regions.reduce((sum, region) => sum + region.length, 0),
    memory.used,
  );
  t.deepEqual(
    memory.regions.map(({ name }) => name),
    [
      "telemetry log",
      ...[1, 2, 3, 4].flatMap((k) => [
        `client ${k} staging`,
        `client ${k} frame`,
        `client ${k} first bytes`,
        `client ${k} transmit`,
      ]),
      "parameters",
    ],
  );
});

test("memory that cannot hold what is asked for: the error says how much would do, and which settings ask for it", (t) => {
  const settings = { max_clients: "6", log_length: "9000", max_telemetry: "2000" };
  const { message } = t.throws(() => new Desk(settings), { instanceOf: RangeError });
  const [, needed, parameters, client] =
    /^memory must be at least (\d+) bytes, not 24576: log_length 9000, (\d+) for parameters and, for each of max_clients 6, (\d+) bytes for staging, a frame received \(max_telecommand\) and one sent \(max_telemetry\)$/.exec(
      message,
    ) ?? [];
  t.is(Number(needed), 9000 + Number(parameters) + 6 * Number(client));
  const { memory } = new Desk({ ...settings, memory: needed as string }).flatsat;
  t.is(memory.used, memory.capacity);
  t.throws(() => new Desk({ ...settings, memory: String(Number(needed) - 1) }), {
    message: /^memory must be at least/,
  });
});

test("sizes that do not go together are refused, with what would do", (t) => {
  t.throws(() => new Desk({ staging: "1000" }), { message: /power of two.*1000/ });
  t.throws(() => new Desk({ log_length: "1001" }), { message: /at least 1002 bytes, not 1001/ });
  t.throws(() => new Desk({ listen: "cobs:1,max-clients=5" }), {
    message: /max-clients must be from 1 to 4 \(max_clients\), not 5/,
  });
  t.throws(() => new Desk({ max_telemetry: "64" }), {
    instanceOf: RangeError,
    message: /housekeeping report has \d+ bytes, but max_telemetry allows 64: raise it, or name fewer ports/,
  });
});

test("start: every port is told, and the restart event waits for the first client", (t) => {
  const desk = new Desk(QUIET);
  t.deepEqual(desk.events, []);
  desk.flatsat.start();
  t.deepEqual(desk.events, [
    { event: "listening", framing: "space-packets", address: "", port: 7301, role: "tmtc", maxClients: 4 },
    { event: "listening", framing: "cobs", address: "", port: 7302, role: "tmtc", maxClients: 4 },
    { event: "open", ports: [7301, 7302] },
  ]);
  t.deepEqual(messages(desk.connect()), [RESTART, CONNECTED]);
});

test("a ping on either port is answered, and every client hears of it", (t) => {
  const desk = new Desk(QUIET);
  desk.flatsat.start();
  const clients = [desk.connect(0), desk.connect(1)];
  for (const client of clients) {
    client.send(PING);
    desk.network.settle();
  }
  const heard = [CONNECTED, ...ANSWERS, ...ANSWERS];
  t.deepEqual(clients.map(messages), [[RESTART, CONNECTED, ...heard], heard]);
});

test("housekeeping comes once a second, each parameter at its place", (t) => {
  const desk = new Desk();
  desk.flatsat.start();
  const client = desk.connect();
  client.send(PING, PING);
  desk.advance(5000);
  t.is(messages(client).filter((kind) => kind === "3,25").length, 5);
  const data = lastData(client, "3,25");
  const values: Record<string, number> = {};
  let at = 1;
  const { parameters = {}, structures = {} } = desk.dictionary;
  for (const name of structures["board"]!.parameters) {
    const width = widthOf(kindOf(parameters[name]!.type as NumberType));
    values[name] = word(data, at, width);
    at += width;
  }
  t.is(data[0], 1);
  t.is(at, data.length);
  t.is(values["uptime"], 5000);
  t.is(values["telecommandsAccepted"], 2);
  t.is(values["packetsReceived"], 2);
  t.is(values["clients"], 1);
  t.is(values["logDropped"], 0);
  t.is(values["port1UnknownPacketId"], 0);
});

test("an interval of 0: housekeeping comes only when it is asked for", (t) => {
  const desk = new Desk(QUIET);
  desk.flatsat.start();
  const client = desk.connect();
  desk.advance(10_000);
  t.false(messages(client).includes("3,25"));
  client.send(telecommand(3, 27, [1, 1]));
  desk.network.settle();
  t.true(messages(client).includes("3,25"));
});

test("a client comes and goes: events say so, with port, connection, reason and telecommands", (t) => {
  const desk = new Desk(QUIET);
  desk.flatsat.start();
  const watcher = desk.connect(0);
  const visitor = desk.connect(1);
  const came = lastData(watcher, "5,1");
  t.deepEqual([word(came, 0, 2), word(came, 2, 2), word(came, 4, 4)], [2, 7302, 1]);
  visitor.send(PING);
  desk.network.settle();
  visitor.peer.reset();
  desk.network.settle();
  const left = lastData(watcher, "5,1");
  t.deepEqual(
    [word(left, 0, 2), word(left, 2, 2), word(left, 4, 4), left[8], word(left, 9, 4)],
    [3, 7302, 1, END_REASONS.indexOf("connectionLost"), 1],
  );
});

test("damage on the way: one event a second says how much there was", (t) => {
  const desk = new Desk(QUIET);
  desk.flatsat.start();
  const client = desk.connect(1);
  desk.advance(1000);
  for (let k = 0; k < 3; k++) {
    client.sendBytes(Uint8Array.of(9, 1, 0));
  }
  desk.advance(1000);
  t.is(messages(client).filter((kind) => kind === "5,2").length, 1);
  const damage = lastData(client, "5,2");
  t.deepEqual([word(damage, 0, 2), word(damage, 2, 2), word(damage, 4, 4)], [4, 7302, 3]);
  desk.advance(5000);
  t.is(messages(client).filter((kind) => kind === "5,2").length, 1);
});

test("telemetry lost while nobody was there: the next client is told how much", (t) => {
  const desk = new Desk({ log_length: "2048" });
  desk.flatsat.start();
  desk.advance(60_000);
  const dropped = desk.flatsat.log.dropped;
  t.true(dropped > 30);
  const client = desk.connect();
  desk.advance(1000);
  const event = lastData(client, "5,3");
  t.deepEqual([word(event, 0, 2), word(event, 2, 4)], [5, desk.flatsat.log.dropped]);
});

test("roles: one port takes telecommands only, the other sends telemetry only", (t) => {
  const desk = new Desk({ ...QUIET, listen: "space-packets:1,role=tc cobs:2,role=tm" });
  desk.flatsat.start();
  const commander = desk.connect(0);
  const watcher = desk.connect(1);
  commander.send(PING);
  watcher.send(PING);
  desk.network.settle();
  t.is(commander.received().length, 0);
  t.deepEqual(messages(watcher).slice(-4), ANSWERS);
  t.is(messages(watcher).filter((kind) => kind === "17,2").length, 1);
});

test("two ports of one framing: their names tell them apart", (t) => {
  const { servers } = new Desk({ listen: "cobs:7302 cobs:7303 space-packets:7301" }).flatsat;
  t.deepEqual(
    servers.map(({ name }) => name),
    ["cobs:7302", "cobs:7303", "space-packets"],
  );
});

test("two ports of one framing that took any port: what the log says of a client names the port that it came to", (t) => {
  const desk = new Desk({ ...QUIET, listen: "space-packets:0 space-packets:0 cobs:0" });
  const { flatsat } = desk;
  flatsat.start();
  const [first, second] = flatsat.ports.map(({ port }) => port) as [number, number];
  t.true(first > 0 && second > 0 && first !== second);
  t.deepEqual(
    flatsat.servers.map(({ name }) => name),
    [`space-packets:${first}`, `space-packets:${second}`, "cobs"],
  );
  desk.connect(1);
  t.like(
    desk.events.find(({ event }) => event === "connected"),
    { server: `space-packets:${second}` },
  );
  flatsat.stop();
  t.like(
    desk.events.find(({ event }) => event === "disconnected"),
    { server: `space-packets:${second}` },
  );
});

test("one port cannot be had: start says so, nothing listens, and a later start succeeds", (t) => {
  const desk = new Desk(QUIET);
  const squatter = desk.network.listen(7302, undefined);
  t.throws(() => desk.flatsat.start(), { message: /7302/ });
  t.deepEqual(
    desk.flatsat.servers.map(({ isListening }) => isListening),
    [false, false],
  );
  t.throws(() => desk.network.connect(7301), { message: /refused/ });
  t.is(desk.time.timers, 0);
  t.deepEqual(desk.events, []);
  desk.network.unlisten(squatter);
  desk.flatsat.start();
  t.is(desk.told("listening").length, 2);
});

test("the network goes and comes back: connections end, telemetry is kept, and it is no restart", (t) => {
  const desk = new Desk();
  desk.flatsat.start();
  const client = desk.connect();
  desk.advance(2000);
  const before = messages(client).length;
  desk.flatsat.suspend();
  desk.network.settle();
  t.true(client.peer.ended);
  desk.advance(5000);
  t.is(desk.told("disconnected").length, 1);
  desk.flatsat.start();
  const next = desk.connect();
  t.deepEqual(messages(next), ["5,1", ...new Array(5).fill("3,25"), "5,1"]);
  t.is(messages(client).length, before);
  t.deepEqual(word(lastData(next, "5,1"), 0, 2), 2);
});

test("the network comes back and a port is taken: housekeeping goes on into the log", (t) => {
  const desk = new Desk();
  desk.flatsat.start();
  desk.flatsat.suspend();
  const squatter = desk.network.listen(7301, undefined);
  t.throws(() => desk.flatsat.start());
  const before = desk.flatsat.log.next;
  desk.advance(3000);
  t.is(desk.flatsat.log.next - before, 3);
  desk.network.unlisten(squatter);
  desk.flatsat.start();
  const client = desk.connect();
  t.is(messages(client).filter((kind) => kind === "5,1").length, 2);
});

test("stop: connections are reported, then the sums, and nothing runs any more", (t) => {
  const desk = new Desk(QUIET);
  desk.flatsat.start();
  const client = desk.connect();
  client.send(PING);
  desk.network.settle();
  desk.flatsat.stop();
  desk.flatsat.stop();
  t.deepEqual(
    desk.events.slice(3).map(({ event }) => event),
    ["connected", "disconnected", "stopped"],
  );
  t.deepEqual(desk.events.at(-1), { event: "stopped", telecommands: 1, telemetry: 6, telemetryDropped: 0 });
  t.is(desk.time.timers, 0);
});

test("under refuseNew telecommands wait until a client has read: each gets its answers, none is lost", (t) => {
  const desk = new Desk(
    { ...QUIET, log_length: "1200", log_policy: "refuseNew" },
    { network: { peerWindow: 300 }, sendBuffer: 300 },
  );
  desk.flatsat.start();
  const client = desk.connect();
  for (let k = 0; k < 100; k++) {
    client.send(PING);
  }
  desk.network.settle();
  t.true(desk.flatsat.servers[0]!.totals.telecommands < 100);
  for (let k = 0; k < 2000 && messages(client).length < 402; k++) {
    desk.advance(100);
  }
  t.deepEqual(
    messages(client).slice(2),
    numbers(0, 100).flatMap(() => ANSWERS),
  );
  t.is(desk.flatsat.log.dropped, 0);
});

test("the ground resets the counters: open connections count from 0 too, and go on", (t) => {
  const desk = new Desk(QUIET);
  desk.flatsat.start();
  const client = desk.connect();
  client.send(PING, PING);
  client.sendBytes(Uint8Array.of(0xff, 0xff));
  desk.network.settle();
  client.send(telecommand(8, 1, [1]));
  desk.network.settle();
  t.is(desk.value("packetsReceived"), 1, "the telecommand that did it is counted when it is over");
  client.send(PING);
  desk.network.settle();
  t.is(desk.value("packetsReceived"), 2);
  client.peer.end();
  desk.network.settle();
  t.is(desk.value("packetsReceived"), 2);
  t.like(desk.told("disconnected")[0], { telecommands: 4 });
  desk.flatsat.stop();
  t.like(desk.told("stopped")[0], { telecommands: 4 });
});

test("the ground sets the idle timeout: silent clients are disconnected from then on", (t) => {
  const desk = new Desk(QUIET);
  desk.flatsat.start();
  const client = desk.connect();
  desk.advance(10_000);
  client.send(telecommand(20, 3, [1, 0, 32, 0, 0, 0x13, 0x88]));
  desk.network.settle();
  desk.advance(4900);
  t.false(client.peer.ended);
  desk.advance(200);
  t.true(client.peer.ended);
  t.like(desk.told("disconnected")[0], { reason: "idle" });
});

test("the ground cannot lock itself out: an idle timeout too short to set it back is refused, and 0 is taken", (t) => {
  const desk = new Desk(QUIET);
  desk.flatsat.start();
  const client = desk.connect();
  for (const tooShort of [1, 100, 4999]) {
    client.send(telecommand(20, 3, [1, 0, 32, 0, 0, tooShort >> 8, tooShort & 0xff]));
    desk.network.settle();
    t.deepEqual([...lastData(client, "1,8").slice(4)], [0, 32, 0, 0, 0, 32], `${tooShort}`);
  }
  desk.advance(5000);
  t.false(client.peer.ended);
  client.send(telecommand(20, 3, [1, 0, 32, 0, 0, 0, 0]));
  desk.network.settle();
  t.is(messages(client).at(-1), "1,7");
});

test("a telecommand in two segments arrives whole, whatever partial-frame timeout the ground may set", (t) => {
  const desk = new Desk(QUIET);
  desk.flatsat.start();
  const client = desk.connect();
  for (const tooShort of [0, 1, 499]) {
    client.send(telecommand(20, 3, [1, 0, 33, 0, 0, tooShort >> 8, tooShort & 0xff]));
    desk.network.settle();
    t.deepEqual([...lastData(client, "1,4").slice(4)], [0, 21, 0, 0, 0, 33], `${tooShort}`);
  }
  client.send(telecommand(20, 3, [1, 0, 33, 0, 0, 500 >> 8, 500 & 0xff]));
  desk.network.settle();
  t.is(messages(client).at(-1), "1,7");
  client.peer.send(PING.slice(0, 8));
  desk.advance(400);
  client.peer.send(PING.slice(8));
  desk.network.settle();
  t.deepEqual(messages(client).slice(-4), ["1,1", "1,3", "17,2", "1,7"]);
});

test("counters of a storm: what is more than two octets hold is reported, and four octets stop at their maximum", (t) => {
  const desk = new Desk(QUIET);
  desk.flatsat.start();
  const client = desk.connect();
  const { servers, process } = desk.flatsat;
  const { totals } = servers[0]!;
  const shown = (id: number): number => {
    client.send(telecommand(20, 1, [1, id >> 8, id & 0xff]));
    desk.network.settle();
    const data = lastData(client, "20,2");
    return word(data, 3, data.length - 3);
  };
  totals.refusedClients = 70_000;
  totals.errors = 80_000;
  process.extraction.missing = 0x1_0000_0005;
  t.is(shown(10), 70_000);
  t.is(shown(11), 80_000);
  t.is(shown(6), 0xffffffff);
  const short = Object.entries(desk.dictionary.parameters!).flatMap(([name, { type }]) =>
    type === "uint32" ? [] : [name],
  );
  t.deepEqual(short, ["clients", "rssi"], "what counts, framing rejections too, has four octets");
});

test("a gap in the telecommands' sequence counts is counted, a damaged header's is not", (t) => {
  const desk = new Desk(QUIET);
  desk.flatsat.start();
  const client = desk.connect();
  const counted = (packetSequenceCount: number) =>
    buildTelecommand({ apid: 2, serviceType: 17, messageSubtype: 1, packetSequenceCount });
  const damaged = counted(9000);
  damaged[12] = (damaged[12] as number) ^ 1;
  client.send(counted(10), counted(11), damaged, counted(14));
  desk.network.settle();
  t.is(desk.flatsat.process.extraction.missing, 2);
});

test("telecommands of other APIDs, however many, hide no gap in the board's own", (t) => {
  const desk = new Desk(QUIET);
  desk.flatsat.start();
  const client = desk.connect();
  const counted = (apid: number, packetSequenceCount: number) =>
    buildTelecommand({ apid, serviceType: 17, messageSubtype: 1, packetSequenceCount });
  for (let apid = 100; apid < 400; apid++) {
    client.send(counted(apid, 3), counted(apid, 9));
    desk.network.settle();
  }
  client.send(counted(2, 10), counted(2, 15));
  desk.network.settle();
  t.is(desk.flatsat.process.extraction.missing, 4);
});

test("telecommands in a crowd: all that one client sent are answered, however little of it a socket takes at once", (t) => {
  const desk = new Desk({ ...QUIET, log_length: "2048" }, { network: { peerWindow: 512 }, sendBuffer: 512 });
  desk.flatsat.start();
  const client = desk.connect();
  client.send(...new Array<Uint8Array>(1000).fill(PING));
  for (let k = 0; k < 2000 && messages(client).length < 4002; k++) {
    desk.network.settle();
  }
  t.is(messages(client).filter((message) => message === "17,2").length, 1000);
  t.is(desk.flatsat.log.dropped, 0);
});

test("telecommands in a crowd, and others who read: every one gets all answers", (t) => {
  const desk = new Desk({ ...QUIET, log_length: "2048" }, { network: { peerWindow: 512 }, sendBuffer: 512 });
  desk.flatsat.start();
  const clients = [desk.connect(), desk.connect(), desk.connect()];
  for (const client of clients) {
    client.send(...new Array<Uint8Array>(100).fill(PING));
  }
  const answers = (client: (typeof clients)[number]): number =>
    messages(client).filter((message) => message === "17,2").length;
  for (let k = 0; k < 4000 && answers(clients[2]!) < 300; k++) {
    desk.network.settle();
    clients.forEach(messages);
  }
  t.deepEqual(clients.map(answers), [300, 300, 300]);
  desk.flatsat.stop();
  t.deepEqual(
    desk.told("disconnected").map((event) => "telemetrySkipped" in event && event.telemetrySkipped),
    [0, 0, 0],
  );
});

test("one who reads nothing does not hold up others for long", (t) => {
  const desk = new Desk({ ...QUIET, log_length: "2048" }, { sendBuffer: 64 });
  desk.flatsat.start();
  const silent = desk.connect();
  silent.peer.pauseReading();
  const client = desk.connect();
  for (let k = 0; k < 50; k++) {
    client.send(PING);
    desk.advance(100);
    messages(client);
  }
  desk.advance(1000);
  t.is(messages(client).filter((message) => message === "17,2").length, 50);
});

test("under refuseNew a client that reads nothing is ended after five seconds, and the others go on", (t) => {
  const desk = new Desk({ ...QUIET, log_length: "1200", log_policy: "refuseNew" }, { sendBuffer: 64 });
  desk.flatsat.start();
  const silent = desk.connect();
  silent.peer.pauseReading();
  const client = desk.connect();
  client.send(...new Array<Uint8Array>(60).fill(PING));
  desk.advance(4000);
  t.true(messages(client).filter((message) => message === "17,2").length < 60);
  for (let k = 0; k < 100; k++) {
    desk.advance(100);
    messages(client);
  }
  t.is(messages(client).filter((message) => message === "17,2").length, 60);
  t.like(desk.told("disconnected")[0], { connection: 1, reason: "idle" });
});

test("a client that reads nothing holds up telecommands for a second; from then on the oldest reports are dropped", (t) => {
  const desk = new Desk({ ...QUIET, log_length: "2048" }, { sendBuffer: 64 });
  desk.flatsat.start();
  const client = desk.connect();
  client.peer.pauseReading();
  client.send(...new Array<Uint8Array>(60).fill(PING));
  const { dispatcher } = desk.flatsat.process;
  desk.advance(900);
  t.true(dispatcher.accepted < 60);
  t.is(desk.flatsat.log.dropped, 0);
  desk.advance(2000);
  t.is(dispatcher.accepted, 60);
  t.true(desk.flatsat.log.dropped > 0);
});

test("a telecommand behind a wrong length is passed over with it, unless the port searches bad frames", (t) => {
  const listen = "space-packets:7301,crc=check16,packet-ids=0x1800,id-mask=0x1800";
  for (const [port, isAnswered] of [
    [listen, false],
    [`${listen},bad-frames=search`, true],
  ] as const) {
    const desk = new Desk({ ...QUIET, listen: port });
    desk.flatsat.start();
    const client = desk.connect();
    client.sendBytes(Uint8Array.of(0x18, 0x02, 0xc0, 0x00, 0x03, 0xe0, ...PING));
    client.peer.end();
    desk.network.settle();
    t.is(messages(client).includes("17,2"), isAnswered, port);
  }
});

test("bytes that are no space packet are counted as rejected", (t) => {
  const desk = new Desk(QUIET);
  desk.flatsat.start();
  desk.connect(1).send(Uint8Array.of(0xaa, 0xbb, 0xcc));
  desk.network.settle();
  t.is(desk.value("packetsRejected"), 1);
});

test("a handler that throws is reported and counted", (t) => {
  const desk = new Desk(QUIET, {
    services: () => [
      {
        name: "faulty",
        definition: { type: 128, requests: { fail: { subtype: 1 } } },
        requests: {
          fail: {
            execute() {
              throw new Error("the fault");
            },
          },
        },
      },
    ],
  });
  desk.flatsat.start();
  const client = desk.connect();
  client.send(telecommand(128, 1));
  desk.network.settle();
  t.deepEqual(messages(client).slice(-3), ["1,1", "1,3", "1,8"]);
  t.like(desk.told("error")[0], { message: "request 128,1: Error: the fault" });
});

test("a client that vanished while the log waits for it does not lock the board out of its other clients", (t) => {
  const desk = new Desk({ ...QUIET, log_policy: "refuseNew", log_length: "1100" }, { sendBuffer: 64 });
  desk.flatsat.start();
  const gone = desk.connect();
  gone.peer.pauseReading();
  gone.send(...new Array<Uint8Array>(60).fill(PING));
  desk.network.settle();
  gone.peer.reset();
  desk.advance(7000);
  t.is(desk.flatsat.servers[0]?.totals.clients, 0);
  const client = desk.connect();
  desk.advance(1000);
  client.send(PING);
  desk.advance(1000);
  t.true(messages(client).includes("17,2"));
});

test("the default ports keep a place for a client that commands: four that only read do not lock it out", (t) => {
  const desk = new Desk();
  desk.flatsat.start();
  const readers = [desk.connect(0), desk.connect(1), desk.connect(1), desk.connect(0)];
  desk.advance(10_000);
  const commander = desk.connect(1);
  commander.send(PING);
  desk.network.settle();
  t.true(messages(commander).includes("17,2"));
  t.deepEqual(
    desk.told("disconnected").map((event) => [(event as { reason?: string }).reason]),
    [["reserved"]],
  );
  t.true(readers[3]!.peer.ended || readers[3]!.peer.wasReset);
});

test("reserve=0, or one place for all: nobody who reads makes room", (t) => {
  for (const settings of [{ listen: "cobs:7302,reserve=0" }, { listen: "cobs:7302", max_clients: "1" }]) {
    const desk = new Desk(settings);
    desk.flatsat.start();
    const { maxClients } = desk.flatsat.servers[0]!;
    for (let k = 0; k <= maxClients; k++) {
      desk.advance(20_000);
      const client = new Client(desk.network.connect(7302), cobs());
      desk.network.settle();
      t.is(client.peer.ended, false);
    }
    t.is(desk.flatsat.servers[0]!.totals.refusedClients, 1);
    t.deepEqual(desk.told("disconnected"), []);
  }
});

test("yield_after_ms: a board that is quiet, and full of the silent, lets one more in after that time", (t) => {
  const desk = new Desk({ listen: "cobs:7302,role=tc", max_clients: "2", yield_after_ms: "5000" });
  desk.flatsat.start();
  const clients = [0, 1].map(() => new Client(desk.network.connect(7302), cobs()));
  desk.network.settle();
  desk.advance(4900);
  desk.network.connect(7302);
  desk.network.settle();
  t.is(desk.told("disconnected").length, 0);
  desk.advance(100);
  const next = new Client(desk.network.connect(7302), cobs());
  next.send(PING);
  desk.network.settle();
  t.is(desk.flatsat.process.dispatcher.accepted, 1);
  t.true(clients[0]!.peer.ended);
});
