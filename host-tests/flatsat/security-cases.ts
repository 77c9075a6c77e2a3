/** A board with keys: who may do what, what is told of it, and what is taken once. Case by case, for Node and for XS. */
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { dictionaryOf } from "../../modules/flatsat/board-dictionary.js";
import { keysOf } from "../../modules/flatsat/board-keys.js";
import { describeEvent } from "../../modules/flatsat/board-log.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { SECURITY_DICTIONARY } from "../../modules/flatsat/security-dictionary.js";
import { securityFunctions } from "../../modules/flatsat/security-functions.js";
import type { FrameSecurity } from "../../modules/framing/contract/frame-security.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { buildTelecommand } from "../../modules/pus/build-parse.js";
import { NOT_ON_THIS_PLATFORM } from "../../modules/pus/failure-codes.js";
import { ACTIVE, RETIRED } from "../../modules/security/association-states.js";
import { KeyRing } from "../../modules/security/key-ring.js";
import { ReceivingAssociation } from "../../modules/security/receiving-association.js";
import { SendingAssociation } from "../../modules/security/sending-association.js";
import { equal, holds } from "../link/expect.js";
import { type Cases, Client } from "../link/rig.js";
import { MemoryStore } from "../security/memory-store.js";
import { APID, Desk, lastData, messages, telecommand } from "./desk.js";

const SETTINGS = {
  beacon_interval_ms: "0",
  listen: "tc-frames:7303,scid=1,sdls=tc cobs:7302",
  security: "1=commander 2=operator:17+20.1+f2 3=none 4=commander",
  max_clients: "2",
};
const SEALED = { ...SETTINGS, listen: "tc-frames:7303,scid=1,sdls=tmtc", security: "1=commander 9=telemetry" };
const SECURED = 7303;
const PING = telecommand(17, 1);
const PONG = ["1,1", "1,3", "17,2", "1,7"];
const OPENED = ["5,1", "5,1"];
const { framesRefused, counterNotKept } = SECURITY_DICTIONARY.events;
const NOT_AUTHORIZED = SECURITY_DICTIONARY.failureCodes["notAuthorized"]!.code;

function key(n: number): Uint8Array {
  return new Uint8Array(32).fill(n);
}

function be(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++) {
    value = value * 256 + bytes[at + i]!;
  }
  return value;
}

/** A ground that has the nth key for its SPI, and telemetry's, if there is one. */
function ground(spi: number, sdls: "tc" | "tmtc" = "tc", n = spi): { framing: Framing; security: FrameSecurity } {
  const store = new MemoryStore();
  store.save("counter", new Uint8Array(12));
  const make = (octets: Uint8Array) => new Aes256Gcm(octets);
  const sealer = new SendingAssociation({ spi, aead: make(key(n)), store, name: "counter" });
  const telemetry = new ReceivingAssociation(9, new MemoryStore(), make);
  telemetry.provision(key(9), ACTIVE);
  const security: FrameSecurity = { end: "ground", opener: new KeyRing([telemetry]), sealer };
  return { framing: tcFrames({ spacecraftId: 1, sdls, security }), security };
}

/** One that sends what it is given as it is, and reads what a board sends in the clear. */
const CLEAR = tcFrames({ spacecraftId: 1 });

/** A board with the keys of every SPI of its setting, started. */
function board(settings: Record<string, string> = SETTINGS, store = new MemoryStore()) {
  const desk = new Desk(settings, { platform: { securityStore: store } });
  const security = desk.flatsat.security!;
  for (const { spi } of security.settings.associations) {
    security.provision(spi, key(spi));
  }
  desk.flatsat.start();
  const connect = (framing: Framing, port = SECURED) => {
    const client = new Client(desk.network.connect(port), framing);
    desk.network.settle();
    return client;
  };
  return { desk, store, security, connect };
}

/** Sends telecommands in frames of their own. @returns the frames */
function send(desk: Desk, client: Client, framing: Framing, ...packets: Uint8Array[]): Uint8Array[] {
  const frames = packets.map((packet) => encodeFrame(framing, packet));
  for (const frame of frames) {
    client.sendBytes(frame);
  }
  desk.network.settle();
  return frames;
}

/** Failure code and data of the last report of a refusal. */
function refusal(client: Client, kind = "1,2"): [number, number] {
  const data = lastData(client, kind);
  return [be(data, 4, 2), be(data, 6, 4)];
}

/** Values of the last event of severity medium or high. */
function lastEvent(client: Client, kind: "5,3" | "5,4"): number[] {
  const data = lastData(client, kind);
  const values = [be(data, 0, 2), be(data, 2, 2)];
  for (let at = 4; at < data.length; at += 4) {
    values.push(be(data, at, 4));
  }
  return values;
}

export const securityCases: Cases = {
  "a ping in an authenticated frame is answered; the same frame again is not, and is counted"() {
    const { desk, connect } = board();
    const { framing } = ground(1);
    const client = connect(CLEAR);
    const [frame] = send(desk, client, framing, PING);
    equal(messages(client), [...OPENED, ...PONG], "answers");
    equal(desk.value("spi1Counter"), 1, "the counter");
    client.sendBytes(frame!);
    desk.network.settle();
    equal(messages(client), [...OPENED, ...PONG], "after the replay");
    equal([desk.value("port1Replayed"), desk.value("spi1Counter")], [1, 1], "replays, the counter");
    equal(desk.value("telecommandsAccepted"), 1, "accepted");
  },

  "a telecommand in the clear, or under another key, is not answered"() {
    const { desk, connect } = board();
    const client = connect(CLEAR);
    client.send(PING);
    send(desk, client, ground(1, "tc", 7).framing, PING, PING);
    send(desk, client, ground(5).framing, PING);
    equal(messages(client), OPENED, "what came");
    equal(
      [desk.value("port1NoSecurityHeader"), desk.value("port1BadMac"), desk.value("port1UnknownSpi")],
      [1, 2, 1],
      "causes",
    );
    equal(desk.value("telecommandsRefused"), 0, "no report of a refusal");
  },

  "what is refused is told once a second, and is no damage"() {
    const { desk, connect } = board();
    const { framing } = ground(1);
    const client = connect(CLEAR);
    const [frame] = send(desk, client, framing, PING);
    client.sendBytes(frame!);
    client.sendBytes(frame!);
    send(desk, client, ground(5).framing, PING);
    send(desk, client, ground(1, "tc", 7).framing, PING);
    send(desk, client, ground(2, "tc", 7).framing, PING, PING, PING);
    desk.advance(2000);
    // The ground's first IV under SPI 1 was taken.
    equal(lastEvent(client, "5,3"), [framesRefused.id, SECURED, 1, 3, 3], "unknown, forged, replayed");
    equal(messages(client).filter((each) => each === "5,3").length, 1, "events");
    equal(messages(client).filter((each) => each === "5,2").length, 0, "of damage");
    client.sendBytes(frame!);
    desk.advance(2000);
    equal(lastEvent(client, "5,3"), [framesRefused.id, SECURED, 0, 0, 1], "since then");
    desk.advance(5000);
    equal(messages(client).filter((each) => each === "5,3").length, 2, "no more events");
  },

  "the counter cannot be kept: nothing is carried out, nothing answered, and an event says so"() {
    const { desk, connect, store } = board();
    const { framing } = ground(1);
    const client = connect(CLEAR);
    store.fault = new Error("worn out");
    const [frame] = send(desk, client, framing, PING);
    equal(messages(client), OPENED, "what came");
    // The connection was ended: what is behind the frame must not be taken in front of it.
    const next = connect(CLEAR);
    desk.advance(2000);
    equal(messages(next), [...OPENED, "5,4"], "what the next one gets");
    equal(lastEvent(next, "5,4"), [counterNotKept.id, SECURED, 1], "the event");
    const { accepted, refused } = desk.flatsat.process.dispatcher;
    equal([accepted, refused], [0, 0], "accepted, refused");
    store.fault = undefined;
    next.sendBytes(frame!);
    desk.network.settle();
    equal(messages(next).slice(-4), PONG, "the same frame, when it can be kept");
  },

  "the counter is kept before the telecommand is carried out"() {
    const store = new MemoryStore();
    const writes: number[] = [];
    const desk = new Desk(SETTINGS, {
      platform: { securityStore: store },
      services: () => [
        {
          name: "witness",
          definition: { type: 200, requests: { look: { subtype: 1 } } },
          requests: {
            look: {
              execute() {
                writes.push(store.saved.length);
                return 0;
              },
            },
          },
        },
      ],
    });
    desk.flatsat.security?.provision(1, key(1));
    desk.flatsat.start();
    const client = new Client(desk.network.connect(SECURED), CLEAR);
    const before = store.saved.length;
    send(desk, client, ground(1).framing, telecommand(200, 1));
    equal(writes, [before + 1], "writes when it is carried out");
    equal(store.saved.length, before + 1, "writes in all");
  },

  "an operator may do what its list says, and is told what it may not"() {
    const { desk, connect } = board();
    const { framing } = ground(2);
    const client = connect(CLEAR);
    send(desk, client, framing, PING, telecommand(8, 1, [2, 0, 0, 0, 5]));
    equal(messages(client).slice(2), [...PONG, "1,1", "1,3", "5,1", "1,7"], "what it may");
    for (const [type, subtype, data] of [
      [8, 1, [1]],
      [8, 1, [3]],
      [8, 1, []],
      [20, 3, [1, 0, 34, 0, 0, 0, 1]],
      [3, 27, [1, 1]],
      [99, 7, []],
    ] as const) {
      send(desk, client, framing, telecommand(type, subtype, [...data]));
      equal(messages(client).at(-1), "1,2", `${type},${subtype}`);
      equal(refusal(client), [NOT_AUTHORIZED, type * 256 + subtype], `${type},${subtype}: code and data`);
    }
    send(desk, client, framing, telecommand(20, 1, [1, 0, 1]));
    equal(messages(client).slice(-4), ["1,1", "1,3", "20,2", "1,7"], "20,1");
    // A frame that was refused is taken, too: it would be refused again.
    equal(desk.value("spi2Counter"), 9, "the counter");
  },

  "none may do nothing, and a telecommand for another application process is refused as ever"() {
    const { desk, connect } = board();
    const { framing } = ground(3);
    const client = connect(CLEAR);
    send(desk, client, framing, PING);
    equal(refusal(client), [NOT_AUTHORIZED, 17 * 256 + 1], "a ping");
    send(desk, client, framing, buildTelecommand({ apid: APID + 1, serviceType: 17, messageSubtype: 1 }));
    equal(messages(client).at(-1), "1,10", "of another APID");
  },

  "a frame is taken once, whoever refuses what is in it"() {
    const { desk, connect } = board();
    const { framing } = ground(1);
    const client = connect(CLEAR);
    const frames = send(
      desk,
      client,
      framing,
      buildTelecommand({ apid: APID + 1, serviceType: 17, messageSubtype: 1 }),
      telecommand(99, 1),
      telecommand(17, 1, [1]),
    );
    equal(messages(client).slice(2), ["1,10", "1,2", "1,2"], "refused");
    for (const frame of frames) {
      client.sendBytes(frame);
    }
    desk.network.settle();
    equal(messages(client).length, 5, "nothing is answered the second time");
    equal([desk.value("port1Replayed"), desk.value("spi1Counter")], [3, 3], "replays, the counter");
  },

  "a port without keys takes telecommands as ever, but does not decide who has keys"() {
    const { desk, connect } = board();
    const client = desk.connect(1);
    client.send(PING, telecommand(8, 1, [9, 0, 4]), telecommand(8, 1, [8, 0, 4]));
    desk.network.settle();
    equal(messages(client).slice(2), [...PONG, "1,2", "1,2"], "answers");
    equal(refusal(client), [NOT_AUTHORIZED, 8 * 256 + 1], "code and data");
    connect(CLEAR);
  },

  "keys are rotated by telecommands of a commander"() {
    const { desk, connect, security } = board();
    const client = connect(CLEAR);
    const [first, second] = [ground(1).framing, ground(4).framing];
    send(desk, client, second, PING);
    equal(messages(client), OPENED, "the second is not active yet");
    const retire = (spi: number) => telecommand(8, 1, [9, 0, spi]);
    const activate = (spi: number) => telecommand(8, 1, [8, 0, spi]);
    send(desk, client, first, retire(1));
    equal([messages(client).at(-1), refusal(client, "1,8")], ["1,8", [39, 1]], "the last commander");
    send(desk, client, first, activate(6), activate(4), activate(4));
    equal(messages(client).slice(-9), ["1,1", "1,3", "1,8", "1,1", "1,3", "1,7", "1,1", "1,3", "1,7"], "activated");
    equal(refusal(client, "1,8"), [37, 6], "an SPI that there is not");
    send(desk, client, second, PING, retire(1), activate(1));
    equal(refusal(client, "1,8"), [38, 1], "its key is gone");
    equal(desk.value("spi1State"), RETIRED, "the state");
    equal([security.stateOf(1), security.stateOf(4)], [RETIRED, ACTIVE], "states");
    const { length } = messages(client);
    send(desk, client, first, PING);
    equal(messages(client).length, length, "the first one's are not taken any more");
    equal(desk.value("port1UnknownSpi"), 2, "unknown SPI");
  },

  "what the store cannot keep is a failure of the function"() {
    const { desk, connect, store, security } = board();
    const client = connect(CLEAR);
    // The counter of the frame is kept, the state of the association is not.
    const save = store.save.bind(store);
    store.save = (name, octets) => {
      if (name.endsWith("state")) {
        throw new Error("worn out");
      }
      save(name, octets);
    };
    send(desk, client, ground(1).framing, telecommand(8, 1, [8, 0, 4]));
    equal(messages(client).at(-1), "1,8", "the answer");
    holds(security.stateOf(4) !== ACTIVE, "it is not active");
    equal(desk.told("error").length, 1, "told");
  },

  "telemetry is sealed, and opened by who has its key"() {
    const { desk, connect } = board(SEALED);
    const { framing } = ground(1, "tmtc");
    const client = connect(framing);
    send(desk, client, framing, PING);
    const octets = client.received();
    equal([be(octets, 5, 2), be(octets, 7, 12)], [9, 1], "SPI and IV of the first frame");
    equal(messages(client), [...OPENED, ...PONG], "what came");
  },

  "without a store there are no keys: nothing is taken, and the functions say so"() {
    const desk = new Desk(SETTINGS);
    desk.flatsat.start();
    equal(desk.flatsat.security, undefined, "security");
    const client = new Client(desk.network.connect(SECURED), CLEAR);
    desk.network.settle();
    send(desk, client, ground(1).framing, PING);
    equal([messages(client), desk.value("port1UnknownSpi")], [OPENED, 1], "what came");
    equal([desk.value("spi1State"), desk.value("spi1Counter")], [0, 0], "state, counter");
  },

  "the functions say which SPI a failure is about, and nothing where it is about none"() {
    const told: number[] = [];
    const tell = (data: number): number => told.push(data);
    equal(securityFunctions(undefined, tell).activateAssociation(4, 0, 0, 0), NOT_ON_THIS_PLATFORM, "no keys");
    equal(securityFunctions(board().security, tell).activateAssociation(4, 0, 0, 0), 0, "done");
    equal(told, [], "of none");
    equal(securityFunctions(board().security, tell).activateAssociation(6, 0, 0, 0), 37, "no such SPI");
    equal(told, [6], "of an SPI");
  },

  "settings that served a board with keys have none on a board without"() {
    const configuration = parseConfiguration(SETTINGS);
    const { frames } = configuration.security;
    const keys = keysOf(configuration, { securityStore: new MemoryStore() });
    holds(keys !== undefined && frames.opener === keys.ring, "with a store");
    equal([keysOf(configuration), frames.opener, frames.sealer], [undefined, undefined, undefined], "without one");
    equal(keysOf(parseConfiguration({}), { securityStore: new MemoryStore() }), undefined, "without the setting");
  },

  "a platform's own AES takes the place of ours"() {
    const made: number[] = [];
    const makeAead = (octets: Uint8Array) => {
      made.push(octets[0]!);
      return new Aes256Gcm(octets);
    };
    const platform = { securityStore: new MemoryStore(), makeAead };
    const desk = new Desk(SETTINGS, { platform });
    desk.flatsat.security?.provision(1, key(1));
    holds(made.length > 0 && made.every((octet) => octet === 1), "it is asked for the key");
  },

  "people are told of ports without keys, and of keys that are missing"() {
    const said = (settings: Record<string, string>, keys: readonly number[]) => {
      const desk = new Desk(settings, { platform: { securityStore: new MemoryStore() } });
      for (const spi of keys) {
        desk.flatsat.security?.provision(spi, key(spi));
      }
      desk.flatsat.start();
      desk.flatsat.suspend();
      desk.flatsat.start();
      return [...desk.told("open"), ...desk.told("noKey")].map(describeEvent);
    };
    const open = "anyone on the network commands this board: port 7302 takes telecommands without a key";
    const none = "no key is provisioned: port 7303 takes no telecommand";
    const mute = "no key is provisioned: port 7303 sends no telemetry";
    equal(said(SETTINGS, []), [open, none], "no keys");
    equal(said(SETTINGS, [1]), [open], "a key");
    equal(said({ ...SETTINGS, address: "127.0.0.1" }, []), [none], "on this machine only");
    equal(said({ ...SETTINGS, address: "10.0.0.1" }, [1]), [open], "on one address");
    equal(said(SEALED, []), [none, mute], "no keys, telemetry is sealed");
    equal(said(SEALED, [9]), [none], "telemetry's key");
    equal(said(SEALED, [1, 9]), [], "both keys");
    equal(said({ ...SEALED, listen: "tc-frames:7303,scid=1,sdls=tmtc,role=tc" }, [1]), [], "telecommands only");
    equal(
      said({ listen: "cobs:7302,role=tm tc-frames:7303,scid=1,sdls=tmtc,role=tm", security: "9=telemetry" }, [9]),
      [],
      "telemetry only",
    );
    equal(said({}, []), [open.replace("port 7302 takes", "ports 7301 and 7302 take")], "the default ports");
  },

  "what a port needs of the setting is said when it is missing"() {
    const refused = (settings: Record<string, string>) => {
      try {
        parseConfiguration({ ...SETTINGS, ...settings });
        return "nothing";
      } catch (error) {
        return (error as Error).message;
      }
    };
    const commander =
      'security must name who commands, as in 1=commander: listen has "tc-frames,scid=1,sdls=tc", which takes telecommands with a key only';
    equal(refused({ security: "" }), commander, "no SPI");
    equal(refused({ security: "9=telemetry" }), commander, "none that sends telecommands");
    const tmtc = "tc-frames:7303,scid=1,sdls=tmtc";
    equal(
      refused({ listen: tmtc }),
      'security must name an SPI for telemetry, as in 9=telemetry: listen has "tc-frames,scid=1,sdls=tmtc", which seals telemetry',
      "none for telemetry",
    );
    equal(refused({ listen: `${tmtc},role=tc` }), "nothing", "telecommands only");
    equal(refused({ listen: `${tmtc},role=tm`, security: "9=telemetry" }), "nothing", "telemetry only");
    equal(refused({}), "nothing", "all is there");
  },

  "a board without the setting has nothing of it in its dictionary"() {
    const without = dictionaryOf(parseConfiguration({}));
    const { events = {}, functions = {}, failureCodes = {} } = SECURITY_DICTIONARY;
    for (const name of [...Object.keys({ ...events, ...functions, ...failureCodes }), "spi1Counter", "spi1State"]) {
      const kinds = [without.parameters, without.events, without.functions, without.failureCodes];
      holds(!kinds.some((entries) => Object.hasOwn(entries ?? {}, name)), `no ${name}`);
    }
    const { parameters = {}, structures = {} } = dictionaryOf(parseConfiguration(SETTINGS));
    equal(
      structures["board"]!.parameters.filter((name) => name.startsWith("spi")),
      ["spi1Counter", "spi1State", "spi2Counter", "spi2State", "spi3Counter", "spi3State", "spi4Counter", "spi4State"],
      "reported",
    );
    equal([parameters["spi2Counter"]!.id, parameters["spi2State"]!.id], [65, 73], "IDs");
  },
};
