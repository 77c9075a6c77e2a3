/** Pings answered: TC[17,1] through the dispatcher and its services, the four reports into the telemetry log. */
import { CDS_SHORT_LENGTH, CdsShort } from "../../modules/ccsds/cds-short.js";
import { type BoardClock, SYNCHRONIZED, TimeStamper } from "../../modules/ccsds/time-code.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { buildTelemetry, parseTelecommand } from "../../modules/pus/build-parse.js";
import { PusDispatcher } from "../../modules/pus/dispatcher.js";
import { ReportWriter } from "../../modules/pus/report-writer.js";
import { VerificationService } from "../../modules/pus/st01-verification.js";
import { TestService } from "../../modules/pus/st17-test.js";
import { ENTRY_HEADER_LENGTH, PacketLog } from "../../modules/tmtc/packet-log.js";
import type { BenchCase } from "./bench-case.js";
import { PING } from "./packets.js";

const APID = 2;
const REPORTS = 4;
const COUNT = 64;
/** 2026-08-21T12:00:00Z. */
const NOW = 1_787_313_600_000;
const LOG_LENGTH = 8192;
/** Reports that the plain board keeps: as many as the ring of the other one holds. */
const KEPT = 256;

const CLOCK: BoardClock = { uptime: () => 0, now: () => NOW };

/** @returns what answers pings, its reports going into the log */
export function pusDispatcher(log: PacketLog): PusDispatcher {
  const reports = new ReportWriter({ log, apid: APID, time: new TimeStamper(new CdsShort(), CLOCK) });
  const verification = new VerificationService(reports);
  const services = [verification.asService(), new TestService(reports).asService()];
  return new PusDispatcher({ reports, verification, services });
}

/** What a board runs, without its sockets. */
class Ours {
  readonly log: PacketLog;
  readonly bytes: Uint8Array;
  readonly #dispatcher: PusDispatcher;
  readonly #at: number;

  constructor() {
    const memory = new FixedMemory(LOG_LENGTH + PING.length);
    this.log = new PacketLog({ memory, length: LOG_LENGTH });
    this.bytes = memory.bytes;
    this.#at = memory.reserve("telecommand", PING.length);
    memory.bytes.set(PING, this.#at);
    this.#dispatcher = pusDispatcher(this.log);
  }

  answer(): void {
    this.#dispatcher.accept(this.bytes, this.#at, this.#at + PING.length, 1);
  }

  /** The oldest packets of the log. */
  reports(): Uint8Array[] {
    const packets: Uint8Array[] = [];
    let at = this.log.oldestAt;
    for (let i = 0; i < REPORTS; i++) {
      const start = at + ENTRY_HEADER_LENGTH;
      at = start + ((this.bytes[at]! << 8) | this.bytes[at + 1]!);
      packets.push(this.bytes.slice(start, at));
    }
    return packets;
  }
}

/** The same made of fresh bytes and objects, as a script would do it. */
export class PlainBoard {
  readonly log: Uint8Array[] = [];
  readonly #timeCode = new CdsShort();
  readonly #counters = new Map<number, number>();
  #count = 0;
  #next = 0;

  /** The reports on the telecommand answered last. */
  latest(): Uint8Array[] {
    return Array.from({ length: REPORTS }, (_, i) => this.log[(this.#next + KEPT - REPORTS + i) % KEPT]!);
  }

  answer(telecommand: Uint8Array): void {
    const { bytes, start, serviceType, messageSubtype } = parseTelecommand(telecommand);
    const requestId = bytes.slice(start, start + 4);
    this.#report(1, 1, requestId);
    this.#report(1, 3, requestId);
    if (serviceType === 17 && messageSubtype === 1) {
      this.#report(17, 2);
    }
    this.#report(1, 7, requestId);
  }

  #report(serviceType: number, messageSubtype: number, sourceData?: Uint8Array): void {
    const timeStamp = new Uint8Array(CDS_SHORT_LENGTH);
    this.#timeCode.write(timeStamp, 0, CLOCK.now());
    const type = serviceType * 256 + messageSubtype;
    const messageTypeCounter = this.#counters.get(type) ?? 0;
    this.#counters.set(type, (messageTypeCounter + 1) & 0xffff);
    const packetSequenceCount = this.#count;
    this.#count = (packetSequenceCount + 1) & 0x3fff;
    this.log[this.#next] = buildTelemetry({
      apid: APID,
      packetSequenceCount,
      timeReferenceStatus: SYNCHRONIZED,
      serviceType,
      messageSubtype,
      messageTypeCounter,
      timeStamp,
      ...(sourceData === undefined ? {} : { sourceData }),
    });
    this.#next = (this.#next + 1) % KEPT;
  }
}

export function pingCases(): BenchCase[] {
  const name = "ping answered by PUS services";
  const ours = new Ours();
  const plain = new PlainBoard();
  const ping = Uint8Array.from(PING);
  return [
    {
      name,
      packetLength: PING.length,
      packets: COUNT,
      baselineName: "fresh packets",
      ours(passes) {
        for (let i = 0; i < passes * COUNT; i++) {
          ours.answer();
        }
      },
      baseline(passes) {
        for (let i = 0; i < passes * COUNT; i++) {
          plain.answer(ping);
        }
      },
      check() {
        const [one, other] = [new Ours(), new PlainBoard()];
        one.answer();
        other.answer(ping);
        if (one.log.count !== REPORTS || String(one.reports()) !== String(other.log)) {
          throw new Error(`${name}: the reports are ${one.reports().join(" / ")}, and not ${other.log.join(" / ")}`);
        }
      },
    },
  ];
}
