/** The thermometer of `examples/`, with the time in the test's hand. Knows no platform: also runs inside XS. */

import { CdsShort } from "../../modules/ccsds/cds-short.js";
import type { AnyBoardModule } from "../../modules/flatsat/board-module.js";
import { parseTelemetry } from "../../modules/pus/build-parse.js";
import { Desk, telecommand } from "../flatsat/desk.js";
import { toHex } from "../pus/support.js";

const TIME_CODE = new CdsShort();

interface Message {
  readonly kind: string;
  readonly data: Uint8Array;
}

/** Warms a room, too fast. @returns what the ground heard, line by line */
export function warm(board: AnyBoardModule): string[] {
  const desk = new Desk({ beacon_interval_ms: "0" }, { board });
  desk.flatsat.start();
  const client = desk.connect();
  let heard = 0;
  const since = (): Message[] => {
    const packets = client.packets();
    const some = packets.slice(heard).map((packet): Message => {
      const { serviceType, messageSubtype, sourceDataStart, sourceDataEnd } = parseTelemetry(packet, TIME_CODE);
      const start = sourceDataStart + (serviceType === 1 ? 4 : 0);
      return { kind: `${serviceType},${messageSubtype}`, data: packet.slice(start, sourceDataEnd) };
    });
    heard = packets.length;
    return some;
  };
  const lines: string[] = [];
  const send = (serviceType: number, subtype: number, data: number[]): void => {
    since();
    client.send(telecommand(serviceType, subtype, data));
    desk.network.settle();
    lines.push(
      since()
        .map(({ kind, data: octets }) => `${kind} ${toHex(octets)}`.trim())
        .join("; "),
    );
  };
  desk.advance(10_000);
  const calm = since().filter(({ kind }) => kind === "3,25");
  lines.push(
    `${calm.length} reports in 10 s, of ${calm[0]!.data.length} octets; mode and set-point ${toHex(calm.at(-1)!.data.slice(5))}`,
  );
  // Set-point 30, then 31; read it; switch on with 1, then with 2.
  send(20, 3, [1, 1, 3, 30]);
  send(20, 3, [1, 1, 3, 31]);
  send(20, 1, [1, 1, 3]);
  send(20, 3, [1, 1, 2, 1]);
  send(8, 1, [16, 2]);
  send(8, 1, [16, 1]);
  let hot: Message | undefined;
  let tenths = 0;
  const rooms: number[] = [];
  while (hot === undefined && tenths < 6000) {
    desk.advance(100);
    tenths++;
    for (const message of since()) {
      if (message.kind === "3,25") {
        rooms.push(message.data[1]! * 256 + message.data[2]!);
      } else if (message.kind === "5,3") {
        hot = message;
      }
    }
  }
  lines.push(`hot after ${tenths / 10} s: ${hot === undefined ? "never" : toHex(hot.data)}`);
  lines.push(`the room only warmed: ${rooms.every((room, k) => k === 0 || room >= rooms[k - 1]!)}, to ${rooms.at(-1)}`);
  // It is too hot to be switched on; off it may be.
  send(8, 1, [16, 1]);
  send(8, 1, [16, 0]);
  desk.advance(300_000);
  since();
  send(8, 1, [16, 1]);
  lines.push(`errors: ${desk.events.filter(({ event }) => event === "error").length}`);
  desk.flatsat.stop();
  return lines;
}

Object.assign(globalThis, {
  warm: async (path: string) => JSON.stringify(warm((await import(path)) as AnyBoardModule)),
});
