/** Every kind of telecommand and report, without keeping any: what the allocation test runs on XS. */
import { buildTelecommand } from "../../modules/pus/build-parse.js";
import { MONITORED, MonitoredBoard } from "./monitored-board.js";
import { APID, Board, TestLog } from "./support.js";

const log = new TestLog();
log.keeps = false;
const board = new Board({ log });
const monitored = new MonitoredBoard(log);
const volts = monitored.pool.find(MONITORED.parameters.volts.id);

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

/** For the board that monitors. */
const monitoring: Record<string, Uint8Array> = {
  enableDefinition: telecommand(12, 1, [2, 0, 1, 0, 2]),
  disableDefinition: telecommand(12, 2, [1, 0, 4]),
  reportDefinitions: telecommand(12, 8, [4, 0, 1, 0, 3, 0, 4, 0, 5]),
  reportStatus: telecommand(12, 13, []),
  monitoringOff: telecommand(12, 16, []),
  monitoringOn: telecommand(12, 15, []),
  unknownMonitoring: telecommand(12, 1, [1, 0, 99]),
  timeReportRate: telecommand(9, 1, [0]),
  setTime: telecommand(9, 128, [0x40, 0x60, 0, 1, 2, 3, 4]),
  noTime: telecommand(9, 128, [0x41, 0x60, 0, 1, 2, 3, 4]),
};

/** What happens by itself, without a telecommand. */
const happenings: Record<string, () => void> = {
  event() {
    board.events.raise(2, 1, 2, 3, 4);
  },
  tick() {
    board.clock.bootMs += 1000;
    board.housekeeping.tick();
  },
  "all is within limits"() {
    monitored.celsius = 200;
    monitored.advance(1000);
  },
  "out of limits and back, twice the repetitions"() {
    monitored.celsius = monitored.clock.bootMs % 8000 < 4000 ? -300.5 : 700;
    monitored.pool.set(volts, monitored.clock.bootMs % 4000 < 2000 ? 5.2 : 5);
    monitored.advance(1000);
  },
  "no value"() {
    monitored.celsius = Number.NaN;
    monitored.advance(1000);
  },
  "a jump, and a time report"() {
    monitored.clock.unixMs += 1500.5;
    monitored.advance(1000);
  },
};

export const kinds: readonly string[] = [
  ...Object.keys(telecommands),
  ...Object.keys(monitoring),
  ...Object.keys(happenings),
];

/** Runs one kind `count` times. @returns reports written so far */
export function run(kind: string, count: number): number {
  const packet = telecommands[kind] ?? monitoring[kind];
  const { dispatcher } = kind in telecommands ? board : monitored;
  const happen = happenings[kind];
  for (let i = 0; i < count; i++) {
    if (packet !== undefined) {
      dispatcher.accept(packet, 0, packet.length, 1);
    } else {
      happen!();
    }
  }
  return board.reports.written + monitored.reports.written;
}
