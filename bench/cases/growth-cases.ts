/** What a lone ping costs by how much else there is: a ratio of 1 says that the rest costs nothing. */

import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { TimeStamper } from "../../modules/ccsds/time-code.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { PusDispatcher } from "../../modules/pus/dispatcher.js";
import { ReportWriter } from "../../modules/pus/report-writer.js";
import type { PusService } from "../../modules/pus/service.js";
import { VerificationService } from "../../modules/pus/st01-verification.js";
import { TestService } from "../../modules/pus/st17-test.js";
import { LogCursor } from "../../modules/tmtc/log-cursor.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import type { BenchCase } from "./bench-case.js";
import { PING } from "./packets.js";

const COUNT = 64;
/** 2026-08-21T12:00:00Z. */
const NOW = 1_787_313_600_000;
const REPORTS = 4;

interface Amounts {
  /** Clients that could come and are not there. */
  places: number;
  logLength: number;
  /** Services beside those that a ping needs. */
  services: number;
}

const LEAST: Amounts = { places: 1, logLength: 2048, services: 0 };

class PingedBoard {
  readonly log: PacketLog;
  readonly #bytes: Uint8Array;
  readonly #at: number;
  readonly #dispatcher: PusDispatcher;

  constructor({ places, logLength, services }: Amounts) {
    const memory = new FixedMemory(logLength + PING.length);
    this.log = new PacketLog({ memory, length: logLength });
    for (let i = 0; i < places; i++) {
      new LogCursor(this.log).close();
    }
    this.#bytes = memory.bytes;
    this.#at = memory.reserve("telecommand", PING.length);
    memory.bytes.set(PING, this.#at);
    const time = new TimeStamper(new CdsShort(), { uptime: () => 0, now: () => NOW });
    const reports = new ReportWriter({ log: this.log, apid: 2, time });
    const verification = new VerificationService(reports);
    const others = Array.from(
      { length: services },
      (_, i): PusService => ({ serviceType: 128 + i, name: `other ${i}`, requests: [] }),
    );
    this.#dispatcher = new PusDispatcher({
      reports,
      verification,
      services: [verification, new TestService(reports), ...others],
    });
  }

  answer(passes: number): void {
    for (let i = 0; i < passes * COUNT; i++) {
      this.#dispatcher.accept(this.#bytes, this.#at, this.#at + PING.length, 1);
      this.log.tick(i);
    }
  }
}

function growthCase(name: string, baselineName: string, amounts: Partial<Amounts>): BenchCase {
  const many = new PingedBoard({ ...LEAST, ...amounts });
  const few = new PingedBoard(LEAST);
  return {
    name,
    packetLength: PING.length,
    packets: COUNT,
    baselineName,
    ours: (passes) => many.answer(passes),
    baseline: (passes) => few.answer(passes),
    check() {
      const before = many.log.next;
      many.answer(1);
      if (many.log.next - before !== COUNT * REPORTS) {
        throw new Error(`${name}: ${many.log.next - before} reports came`);
      }
    },
  };
}

export function growthCases(): BenchCase[] {
  return [
    growthCase("lone ping, 32 places", "1 place", { places: 32 }),
    growthCase("lone ping, log of 64 KiB", "log of 2 KiB", { logLength: 65_536 }),
    growthCase("lone ping, 16 services more", "2 services", { services: 16 }),
  ];
}
