/**
 * The alarms of one board that are not gone. They are in memory: a value within its limits costs one look into a map, and something is
 * written only when a state changes, with the packets that changed it. So a station that is killed has both or neither.
 */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import {
  acknowledgeEvents,
  lastAlarmId,
  lastAlarmPacket,
  openAlarms,
  storeAlarm,
  storedAlarm,
} from "../archive/alarms.js";
import type { Archive } from "../archive/archive.js";
import type { Alarm, AlarmLevel, AlarmValue, EventNews, News, ValuesNews } from "../contracts.js";
import { type Happening, isWaiting, levelOf, nextState, severityLevel } from "./alarm-state.js";
import { upToDate } from "./up-to-date.js";
import { alarmValue, isWorse } from "./worst.js";

export interface AlarmBookOptions {
  readonly archive: Archive;
  /** In the archive. */
  readonly board: number;
  readonly dictionary: BoardDictionary;
  /** Alarms of all boards have numbers of their own. */
  readonly numbers: AlarmNumbers;
}

/** Numbers are given without asking the archive, which may take nothing. */
export class AlarmNumbers {
  #last: number;

  constructor(archive: Archive) {
    this.#last = lastAlarmId(archive);
  }

  next(): number {
    return ++this.#last;
  }
}

/** What came of a subject. */
interface Sign {
  readonly source: Alarm["source"];
  readonly subject: number;
  readonly name: string;
  readonly unit: string | null;
  readonly packet: number;
  /** Undefined: it is within its limits. */
  readonly level: AlarmLevel | undefined;
  readonly value: AlarmValue;
}

export class AlarmBook {
  readonly #options: AlarmBookOptions;
  /** Parameters by name; events with a word in front, which no name of a parameter has. */
  readonly #open = new Map<string, Alarm>();
  /** By number: what the archive does not have yet. */
  readonly #unstored = new Map<number, Alarm>();
  /** Packets up to this one were looked at before the archive was opened. */
  readonly #seen: number;

  constructor(options: AlarmBookOptions) {
    this.#options = options;
    const { archive, board, dictionary } = options;
    this.#seen = lastAlarmPacket(archive, board);
    for (const stored of openAlarms(archive, board)) {
      const alarm = upToDate(archive, board, dictionary, stored);
      this.#keep(alarm);
      if (alarm.state !== stored.state) {
        this.#unstored.set(alarm.id, alarm);
      }
    }
    if (this.#unstored.size > 0) {
      archive.transaction(() => this.store());
      this.stored();
    }
  }

  /** Those that are not gone, the latest first. */
  get open(): readonly Alarm[] {
    return [...this.#open.values()].sort((a, b) => b.id - a.id);
  }

  /** @returns alarms that are to be told: raised, worse, again, or over */
  look(news: readonly News[]): Alarm[] {
    const told = new Map<number, Alarm>();
    for (const one of news) {
      if (one.kind === "values") {
        this.#lookAtValues(one, told);
      } else if (one.kind === "event") {
        this.#lookAtEvent(one, told);
      }
    }
    return [...told.values()];
  }

  /** As one part of a transaction; when that has come about, `stored` is called. */
  store(): void {
    for (const alarm of this.#unstored.values()) {
      storeAlarm(this.#options.archive, this.#options.board, alarm);
    }
  }

  stored(): void {
    this.#unstored.clear();
  }

  /**
   * All that is open, as it is now: the next station need not look through samples and events.
   * @throws Error when the archive takes nothing
   */
  storeOpen(): void {
    for (const alarm of this.#open.values()) {
      this.#unstored.set(alarm.id, alarm);
    }
    this.#options.archive.transaction(() => this.store());
    this.stored();
  }

  /**
   * Somebody has seen it, and the events that it is of.
   * @returns as it is then: who was first stays; undefined: there is none of this number
   * @throws Error when the archive takes nothing: then it is as before
   */
  acknowledge(id: number, user: string, time: number): Alarm | undefined {
    const { archive, board } = this.#options;
    const alarm = this.open.find((each) => each.id === id);
    if (alarm === undefined || !isWaiting(alarm.state)) {
      return alarm ?? storedAlarm(archive, board, id);
    }
    const acknowledged = {
      ...alarm,
      version: alarm.version + 1,
      state: nextState(alarm.state, "acknowledge"),
      changed: time,
      acknowledged: { user, time },
    };
    archive.transaction(() => {
      this.store();
      storeAlarm(archive, board, acknowledged);
      if (alarm.source === "event") {
        acknowledgeEvents(archive, board, acknowledged, user);
      }
    });
    this.stored();
    this.#keep(acknowledged);
    return acknowledged;
  }

  /** The open alarm that an event of this packet is of. */
  ofEvent(packet: number, event: number): Alarm | undefined {
    return this.open.find(
      ({ source, subject, firstPacket, lastPacket }) =>
        source === "event" && subject === event && firstPacket <= packet && packet <= lastPacket,
    );
  }

  #lookAtValues({ packet, time, values }: ValuesNews, told: Map<number, Alarm>): void {
    for (const { name, value, limit, unit } of values) {
      // Most are so, all the time.
      if (limit === undefined || (limit === "ok" && !this.#open.has(name))) {
        continue;
      }
      const subject = this.#options.dictionary.parameters?.[name]?.id ?? 0;
      const found = { time, value: alarmValue(value), limit };
      const level = levelOf(limit);
      this.#take([{ source: "parameter", subject, name, unit: unit ?? null, packet, level, value: found }], told);
    }
  }

  #lookAtEvent({ packet, time, event, name, severity, text }: EventNews, told: Map<number, Alarm>): void {
    const level = severityLevel(severity);
    if (level === undefined) {
      return;
    }
    const value = { time, value: text, limit: "ok" } as const;
    const sign: Sign = { source: "event", subject: event, name, unit: null, packet, level, value };
    // Over as soon as it has come.
    this.#take([sign, { ...sign, level: undefined }], told);
  }

  /** What happened to one subject, in its order. */
  #take(signs: readonly [Sign, ...Sign[]], told: Map<number, Alarm>): void {
    const [first] = signs;
    if (first.packet > 0 && first.packet <= this.#seen) {
      return;
    }
    const known = this.#open.get(keyOf(first));
    let alarm = known;
    for (const sign of signs) {
      alarm = alarm === undefined ? this.#raised(sign) : changedBy(alarm, sign);
    }
    if (alarm === undefined) {
      return;
    }
    const isOther = known?.state !== alarm.state || known.level !== alarm.level;
    const isTold = isOther || isMore(alarm, known);
    const kept = {
      ...alarm,
      version: known === undefined ? 1 : known.version + (isTold ? 1 : 0),
      changed: known?.state === alarm.state ? known.changed : alarm.changed,
    };
    this.#keep(kept);
    if (isOther || this.#unstored.has(kept.id)) {
      this.#unstored.set(kept.id, kept);
    }
    if (isTold) {
      told.set(kept.id, kept);
    }
  }

  #raised({ source, subject, name, unit, packet, level, value }: Sign): Alarm | undefined {
    return level === undefined
      ? undefined
      : {
          id: this.#options.numbers.next(),
          version: 1,
          source,
          subject,
          name,
          state: "active",
          level,
          first: value.time,
          changed: value.time,
          count: 1,
          worst: value,
          latest: value,
          unit,
          acknowledged: null,
          firstPacket: stored(packet),
          lastPacket: stored(packet),
        };
  }

  #keep(alarm: Alarm): void {
    if (alarm.state === "gone") {
      this.#open.delete(keyOf(alarm));
    } else {
      this.#open.set(keyOf(alarm), alarm);
    }
  }
}

function changedBy(alarm: Alarm, { packet, level, value }: Sign): Alarm {
  const happening: Happening =
    level === undefined ? "within" : level === "critical" && alarm.level === "warning" ? "worse" : "out";
  const state = nextState(alarm.state, happening);
  const isChanged = state !== alarm.state;
  return {
    ...alarm,
    state,
    level: happening === "worse" ? "critical" : alarm.level,
    changed: isChanged ? value.time : alarm.changed,
    count: alarm.count + (alarm.state === "returned" && level !== undefined ? 1 : 0),
    worst: isWorse(value, alarm.worst) ? value : alarm.worst,
    latest: value,
    // Of what was not so bad.
    acknowledged: state === "active" ? null : alarm.acknowledged,
    firstPacket: alarm.firstPacket === 0 ? stored(packet) : alarm.firstPacket,
    lastPacket: Math.max(alarm.lastPacket, stored(packet)),
  };
}

/** Those that could not be stored have numbers below 0, which the archive does not know. @returns 0: it is none of the archive */
function stored(packet: number): number {
  return Math.max(packet, 0);
}

function isMore(alarm: Alarm, known: Alarm | undefined): boolean {
  return alarm.count !== known?.count || alarm.worst !== known.worst;
}

function keyOf({ source, name }: Pick<Alarm, "source" | "name">): string {
  return source === "parameter" ? name : `event ${name}`;
}
