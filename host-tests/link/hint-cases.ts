/** A client that speaks another framing than the port: what the server says of it. */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import type { BadFrames, Framing } from "../../modules/framing/contract/framing.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { lengthPrefixed } from "../../modules/framing/formats/length-prefixed.js";
import { lines } from "../../modules/framing/formats/lines.js";
import { slip } from "../../modules/framing/formats/slip.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { equal } from "./expect.js";
import { packets } from "./packets.js";
import { type Cases, type Client, Rig } from "./rig.js";

const COBS_ON_SPACE_PACKETS = "looks like COBS; this port is space packets";

class HintRig extends Rig {
  readonly hints: string[] = [];

  constructor(framing: Framing, badFrames?: BadFrames) {
    super({
      framing,
      server: { badFrames, onHint: (hint, info) => this.hints.push(`#${info.connection} ${hint}`) },
    });
  }

  /** Telecommands of PUS, which end with their checksum. */
  speakCoded(framing: Framing, count: number): Client {
    const client = this.connect();
    for (const each of packets(1, count, 20, "tc")) {
      writeCrc16(each, 0, each.length);
      client.sendBytes(encodeFrame(framing, each));
    }
    this.settle();
    return client;
  }

  /** A client sends telecommands in a framing of its own. */
  speak(framing: Framing, count = 1, client: Client = this.connect()): Client {
    for (const each of packets(1, count, 20, "tc")) {
      client.sendBytes(encodeFrame(framing, each));
    }
    this.settle();
    return client;
  }
}

/** Packets of 20 bytes, whose length stands in front of each, the low byte first: no byte of it is an END. */
function length20(): Framing {
  return lengthPrefixed({ endianness: "little" });
}

/** Port, client, and what the one says of the other. */
const PAIRS: readonly (readonly [port: Framing, client: Framing, hint: string])[] = [
  [spacePackets({ packetIds: [0x1042] }), cobs(), COBS_ON_SPACE_PACKETS],
  [spacePackets({ packetIds: [0x1042] }), slip(), "looks like SLIP; this port is space packets"],
  [cobs(), spacePackets(), "looks like space packets; this port is COBS"],
  [cobs(), slip(), "looks like SLIP; this port is COBS"],
  [withCrc(slip(), "crc16"), cobs(), "looks like COBS; this port is SLIP with crc16"],
  [withCrc(cobs(), "crc32"), cobs(), "looks like COBS; this port is COBS with crc32"],
  [withCrc(spacePackets(), "check16"), cobs(), "looks like COBS; this port is space packets with check16"],
];

/** XS has no TextEncoder. */
function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export const hintCases: Cases = {
  "hint: what a client seems to speak is said once, some time after it fell silent, and in its report"() {
    for (const [port, framing, hint] of PAIRS) {
      const rig = new HintRig(port);
      const client = rig.speak(framing);
      equal(rig.hints, [], "hints at once");
      rig.advance(3000);
      equal(rig.hints, [`#1 ${hint}`], "hints");
      rig.speak(framing, 5, client);
      rig.advance(5000);
      equal(rig.hints, [`#1 ${hint}`], "hints, once");
      client.peer.end();
      rig.settle();
      equal(rig.reports[0]!.hint, hint, "the report");
      equal(rig.inbox.numbers, [], "packets");
    }
  },

  "hint: a client that leaves at once is told of in its report alone"() {
    const rig = new HintRig(cobs());
    rig.speak(spacePackets()).peer.end();
    rig.settle();
    equal(rig.hints, [], "hints");
    equal(rig.reports[0]!.hint, "looks like space packets; this port is COBS", "the report");
  },

  "hint: a server that stops, or a client that is reset, a moment after the client spoke: the report says it all the same"() {
    for (const end of ["stop", "reset"] as const) {
      const rig = new HintRig(cobs());
      const client = rig.speak(spacePackets());
      if (end === "stop") {
        rig.server.stop();
      } else {
        client.peer.reset();
      }
      rig.settle();
      equal(
        rig.reports.map(({ hint }) => hint),
        ["looks like space packets; this port is COBS"],
        end,
      );
    }
  },

  "hint: a port on which no frame ends says what it hears, after a second of silence or at the end"() {
    for (const [port, framing, hint] of [
      [slip(), length20(), "looks like length-prefixed packets; this port is SLIP"],
      [slip(), spacePackets(), "looks like space packets; this port is SLIP"],
      [lines(), cobs(), "looks like COBS; this port is lines of text"],
    ] as const) {
      const rig = new HintRig(port);
      const client = rig.speakCoded(framing, 2);
      equal(rig.hints, [], "hints at once");
      rig.advance(1500);
      equal(rig.hints, [`#1 ${hint}`], "hints");
      client.peer.end();
      rig.settle();
      equal(rig.reports[0]!.hint, hint, "the report");
      rig.speakCoded(framing, 2).peer.end();
      rig.settle();
      equal(rig.reports[1]!.hint, hint, "the report of one that left at once");
    }
  },

  "hint: a port that finds packets in another framing's by chance says what it hears"() {
    for (const [port, framing, hint] of [
      [slip(), spacePackets(), "looks like space packets; this port is SLIP"],
      [slip(), cobs(), "looks like COBS; this port is SLIP"],
      [spacePackets(), cobs(), COBS_ON_SPACE_PACKETS],
    ] as const) {
      const rig = new HintRig(port);
      rig.speakCoded(framing, 4).peer.end();
      rig.settle();
      equal(rig.reports[0]!.hint, hint, "the report");
      rig.speakCoded(framing, 12);
      rig.advance(1500);
      equal(rig.hints, [`#2 ${hint}`], "hints");
    }
  },

  "hint: what came is looked at before the decoder searches it to its end, and finds what passes for packets"() {
    // The first two bytes of a COBS frame claim more than came; a zero and the first byte of the next one are a length.
    const rig = new HintRig(lengthPrefixed({ maxPacketLength: 1500 }), "search");
    const client = rig.speakCoded(cobs(), 4);
    equal([rig.hints, rig.inbox.packets.length], [[], 0], "hints and packets while it is there");
    client.peer.end();
    rig.settle();
    equal(rig.inbox.packets.length > 0, true, "packets at the end");
    equal(rig.reports[0]!.hint, "looks like COBS; this port is length-prefixed packets", "the report");
  },

  "hint: none for a sound client whose packets the sink refuses, whatever the checksum"() {
    for (const framing of [withCrc(cobs(), "crc16"), withCrc(spacePackets(), "crc32"), slip()]) {
      const rig = new HintRig(framing);
      rig.inbox.refuse = 1000;
      const client = rig.speak(framing, 2);
      rig.advance(3000);
      client.peer.reset();
      rig.settle();
      rig.server.stop();
      equal([rig.hints, rig.reports.map(({ hint }) => hint)], [[], rig.reports.map(() => undefined)], "hints");
      equal(rig.reports.length, 1, "reports");
    }
  },

  "hint: a client that never stops sending is told of too"() {
    const rig = new HintRig(cobs());
    const client = rig.connect();
    for (let k = 0; k < 5; k++) {
      rig.speak(spacePackets(), 1, client);
      rig.advance(100);
    }
    equal(rig.hints.length, 1, "hints");
  },

  "hint: none when a frame was accepted, whatever comes behind it"() {
    const rig = new HintRig(cobs());
    const client = rig.speak(cobs());
    rig.speak(spacePackets(), 10, client);
    rig.advance(5000);
    client.peer.end();
    rig.settle();
    equal([rig.hints, rig.reports[0]!.hint], [[], undefined], "hints");
  },

  "hint: none for a client that says nothing, too little, or what looks like nothing"() {
    const noise = Uint8Array.from({ length: 300 }, (_, i) => 1 + ((i * i * 97 + i * 31) % 255));
    for (const bytes of [new Uint8Array(0), Uint8Array.of(5, 0), ascii("hi"), noise]) {
      const rig = new HintRig(cobs());
      const client = rig.connect();
      client.sendBytes(bytes);
      rig.settle();
      rig.advance(5000);
      client.peer.end();
      rig.settle();
      equal([rig.hints, rig.reports[0]!.hint], [[], undefined], "hints");
    }
  },

  "hint: none while the sink refuses; the next client of the same memory starts anew"() {
    const rig = new HintRig(cobs());
    rig.inbox.refuse = 1000;
    const client = rig.speak(cobs());
    rig.advance(5000);
    equal(rig.hints, [], "hints");
    client.peer.reset();
    rig.settle();
    rig.inbox.refuse = 0;
    rig.advance(1000);
    const next = rig.speak(spacePackets());
    rig.advance(3000);
    equal(rig.hints, ["#2 looks like space packets; this port is COBS"], "hints");
    next.peer.end();
    rig.settle();
    rig.connect().peer.end();
    rig.settle();
    equal(rig.reports.at(-1)!.hint, undefined, "the report of a client that said nothing");
  },

  "hint: text on a port for packets"() {
    const rig = new HintRig(cobs());
    const client = rig.connect();
    client.sendBytes(ascii("GET / HTTP/1.1\r\nHost: board\r\nAccept: text/html, application/json\r\n\r\n"));
    rig.settle();
    rig.advance(200);
    equal(rig.hints, ["#1 looks like lines of text; this port is COBS"], "hints");
  },

  "hint: an exception of who is told is caught, and ends nothing"() {
    const rig = new Rig({
      framing: lines({ maxPacketLength: 10 }),
      server: {
        onHint: () => {
          throw new Error("no printer");
        },
      },
    });
    const client = rig.connect();
    for (const each of packets(1, 5, 20, "tc")) {
      client.sendBytes(encodeFrame(spacePackets(), each));
    }
    rig.settle();
    rig.advance(2000);
    equal(rig.errors, ["Error: no printer @ 1"], "errors");
    equal(rig.server.totals.clients, 1, "clients");
  },
};
