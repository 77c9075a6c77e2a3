/** Every kind of telecommand and report, without keeping any: what the allocation test runs on XS. */
import { buildTelecommand } from "../../modules/pus/build-parse.js";
import { APID, Board, TestLog } from "./support.js";

const log = new TestLog();
log.keeps = false;
const board = new Board({ log });

function telecommand(serviceType: number, messageSubtype: number, data: number[], apid = APID): Uint8Array {
  return buildTelecommand({ apid, serviceType, messageSubtype, applicationData: Uint8Array.from(data) });
}

function damaged(): Uint8Array {
  const packet = telecommand(17, 1, []);
  packet[12] = (packet[12] as number) ^ 1;
  return packet;
}

/** By name; each goes through the dispatcher. */
const telecommands: Record<string, Uint8Array> = {
  ping: telecommand(17, 1, []),
  connectionTest: telecommand(17, 3, [0, 30]),
  failedConnectionTest: telecommand(17, 3, [0, 31]),
  oneShot: telecommand(3, 27, [2, 1, 9]),
  enable: telecommand(3, 5, [1, 1]),
  interval: telecommand(3, 31, [1, 1, 0, 0, 4, 0]),
  enableEvents: telecommand(5, 5, [1, 0, 1]),
  refusedFunction: telecommand(8, 1, [2, 0, 6, 0, 0, 0, 0]),
  reportParameters: telecommand(20, 1, [2, 0, 1, 0, 3]),
  setParameters: telecommand(20, 3, [2, 0, 3, 0, 1, 0, 5, 65, 32, 0, 0]),
  unknownParameter: telecommand(20, 1, [1, 0, 99]),
  unknownService: telecommand(99, 1, []),
  unknownSubtype: telecommand(17, 99, []),
  wrongLength: telecommand(17, 1, [1]),
  otherApid: telecommand(17, 1, [], 99),
  badCrc: damaged(),
};

export const kinds: readonly string[] = [...Object.keys(telecommands), "event", "tick"];

/** Runs one kind `count` times. @returns reports written so far */
export function run(kind: string, count: number): number {
  const packet = telecommands[kind];
  for (let i = 0; i < count; i++) {
    if (packet !== undefined) {
      board.dispatcher.accept(packet, 0, packet.length, 1);
    } else if (kind === "event") {
      board.events.raise(2, 1, 2, 3, 4);
    } else {
      board.clock.bootMs += 1000;
      board.housekeeping.tick();
    }
  }
  return board.reports.written;
}
