/** A client on the wrong port is told of: in an event while it is there, and in its report. */
import test from "ava";
import { Report } from "../../host/report.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { Desk, telecommand } from "./desk.js";

const COMMON = { maxPacketLength: 1024 };

for (const [listen, speaks, hint] of [
  ["space-packets:1,crc=check16", "cobs", "looks like COBS; this port is space packets with check16"],
  ["cobs:1", "space-packets", "looks like space packets; this port is COBS"],
  ["slip:1,crc=crc16", "length-prefixed", "looks like length-prefixed packets; this port is SLIP with crc16"],
] as const) {
  test(`${speaks} on ${listen}: ${hint}`, (t) => {
    const desk = new Desk({ listen, memory: "40000" });
    desk.flatsat.start();
    const client = desk.connect();
    client.sendBytes(encodeFrame(parseFraming("framing", speaks, COMMON), telecommand(17, 1)));
    desk.advance(5000);
    const [event, ...more] = desk.told("hint");
    t.like(event, { event: "hint", hint, connection: 1 });
    t.deepEqual(more, []);
    client.peer.end();
    desk.advance(100);
    t.like(desk.told("disconnected")[0], { hint });
    const lines: string[] = [];
    const report = new Report({ json: false, quiet: false, write: (line) => lines.push(line) });
    desk.events.forEach((each) => {
      report.log(each);
    });
    t.is(lines.filter((line) => line.endsWith(` hint ${listen.split(":")[0]} #1: ${hint}`)).length, 1);
    t.is(lines.filter((line) => line.includes(" disconnected ") && line.endsWith(`, ${hint}`)).length, 1);
  });
}
