/**
 * One board of a station: its connection, what it sends on its way into the archive, what is sent to it.
 *
 * Packets that came since the last turn of the event loop are stored together. Only then are they read, stored as values, and told.
 */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { BoardSession, type Notice } from "../commands/board-session.js";
import { NotConnectedError, NotSentError } from "../link/link-errors.js";
import type { LinkChoice } from "../link/link-options.js";
import type { AlarmBook } from "./alarms/alarm-book.js";
import type { Archive, PacketRow, StoredPacket } from "./archive/archive.js";
import type { Board } from "./board.js";
import type { Bus } from "./bus.js";
import { CommandQueue } from "./command-queue.js";
import type { Alarm, LinkState } from "./contracts.js";
import { Deriver, type Said } from "./derive.js";
import { derived, keepDerived } from "./derive-again.js";
import { type LatestValue, LatestValues } from "./latest-values.js";
import { headersOf } from "./packet-headers.js";
import { RejectedLog } from "./rejected-log.js";

export interface StationBoardOptions {
  readonly name: string;
  readonly link: LinkChoice;
  readonly dictionary: BoardDictionary;
  readonly archive: Archive;
  readonly bus: Bus;
  /** @returns the board's alarms */
  alarms(board: number): AlarmBook;
  /** UNIX milliseconds; default: the computer's. */
  now?(): number;
  /** The archive takes nothing more, as when the disk is full: packets are told and not kept. */
  onArchiveError(error: Error): void;
  /** The archive took packets, or what was rejected. */
  onArchiveWorks(): void;
}

export class StationBoard implements Board {
  readonly name: string;
  /** In the archive. */
  readonly id: number;
  readonly dictionary: BoardDictionary;
  readonly hash: number;
  readonly queue: CommandQueue;
  readonly alarms: AlarmBook;
  readonly #rejected: RejectedLog;
  /** Packets since the station began. */
  received = 0;
  readonly #options: StationBoardOptions;
  readonly #session: BoardSession;
  readonly #deriver: Deriver;
  readonly #stop = new AbortController();
  readonly #latest = new LatestValues();
  #waiting: PacketRow[] = [];
  #sessionId = 0;
  #link: LinkState;
  #lastPacket: number | undefined;
  #tools = 0;
  /** Packets that could not be stored have numbers, too: below those of the archive. */
  #unstored = 0;

  constructor(options: StationBoardOptions) {
    const { name, link, dictionary, archive, bus } = options;
    this.#options = options;
    this.name = name;
    this.dictionary = dictionary;
    this.id = archive.board(name);
    this.hash = archive.keepDictionary(dictionary);
    this.#deriver = new Deriver(name, dictionary);
    this.alarms = options.alarms(this.id);
    this.#rejected = new RejectedLog(archive, this.id);
    this.#latest.recall(archive, this.id, dictionary, this.hash, this.#deriver);
    this.#session = new BoardSession({
      link,
      board: dictionary,
      reconnect: true,
      timeoutMs: 2000,
      notice: (notice) => this.#noticed(notice),
      packet: (packet) => this.#came(packet),
      rejected: (rejected) => {
        this.#flushSoon();
        this.#rejected.add(rejected, this.#now(), this.#waiting.length);
      },
    });
    this.#link = { state: "dialling", since: this.#now(), address: this.#session.where };
    this.queue = new CommandQueue({
      name,
      board: this.id,
      dictionary,
      archive,
      bus,
      send: (packet) => this.#send(packet),
      now: () => this.#now(),
      onArchiveError: options.onArchiveError,
    });
  }

  get link(): LinkState {
    return this.#link;
  }

  /** How many tools are connected to its relay ports. */
  set tools(count: number) {
    this.#tools = count;
    this.#setLink(this.#link);
  }

  /** The latest value of each parameter that has one: of an earlier station, too. */
  get values(): readonly LatestValue[] {
    return this.#latest.all;
  }

  get rejectedOctets(): number {
    return this.#rejected.octets;
  }

  /** When the last packet came, UNIX milliseconds. */
  get lastPacket(): number | undefined {
    return this.#lastPacket;
  }

  /** Dials, and goes on for ever. */
  start(): void {
    void this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#session.close();
    this.#flush();
    this.queue.close();
    this.#endSession("the station stopped");
    this.#storeAlarms();
  }

  async #run(): Promise<void> {
    try {
      await this.#session.connect(this.#stop.signal);
      await this.#session.read();
    } catch (error) {
      if (!this.#stop.signal.aborted) {
        this.#setLink({ state: "lost", text: (error as Error).message });
      }
    }
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  /** A command that waits for a connection may be wrong by then. What was sealed and given to a socket is sent again. */
  async #send(packet: Uint8Array): Promise<number | undefined> {
    if (!this.#session.isConnected) {
      throw new NotSentError("unsent", new NotConnectedError());
    }
    return this.#session.send(packet);
  }

  #came(bytes: Uint8Array): void {
    this.received++;
    this.#lastPacket = this.#now();
    this.#flushSoon();
    this.#waiting.push({
      board: this.id,
      session: this.#sessionId,
      dictionary: this.hash,
      received: this.#lastPacket,
      ...headersOf(this.dictionary, bytes),
      bytes,
    });
  }

  #flushSoon(): void {
    if (this.#waiting.length === 0 && this.#rejected.isEmpty) {
      setImmediate(() => this.#flush());
    }
  }

  #flush(): void {
    const rows = this.#waiting;
    this.#waiting = [];
    this.#flushRejected(rows.length === 0 ? [] : this.#flushPackets(rows));
  }

  #flushRejected(packets: readonly StoredPacket[]): void {
    const ids = packets.map(({ id }) => id);
    const { bus, onArchiveError, onArchiveWorks } = this.#options;
    for (const rejected of this.#rejected.flush(ids, onArchiveError, onArchiveWorks)) {
      bus.tell({ kind: "rejected", board: this.name, rejected });
    }
  }

  #flushPackets(rows: readonly PacketRow[]): readonly StoredPacket[] {
    const packets = this.#store(rows) ?? rows.map((row) => ({ ...row, id: --this.#unstored }));
    const said = packets.map((packet) => this.#deriver.derive(packet));
    const alarms = said.flatMap(({ news }) => this.alarms.look(news));
    if (packets[0]!.id > 0) {
      this.#storeDerived(packets, said);
    }
    for (const { decoded, news } of said) {
      if (decoded !== undefined) {
        this.queue.look(decoded);
      }
      for (const one of news) {
        this.#latest.remember(one);
        this.#options.bus.tell(one);
      }
    }
    for (const alarm of alarms) {
      this.#tellAlarm(alarm);
    }
    // Behind the reports: what they say is more.
    this.queue.taken(this.#session.settlement?.taken ?? -1);
    return packets;
  }

  acknowledge(alarm: number, user: string): Alarm | undefined {
    const known = this.alarms.acknowledge(alarm, user, this.#now());
    if (known !== undefined) {
      this.#tellAlarm(known);
    }
    return known;
  }

  #tellAlarm(alarm: Alarm): void {
    this.#options.bus.tell({ kind: "alarm", board: this.name, alarm });
  }

  /** @returns undefined: the archive takes nothing */
  #store(rows: readonly PacketRow[]): StoredPacket[] | undefined {
    const { archive, onArchiveError, onArchiveWorks } = this.#options;
    try {
      const stored = archive.addPackets(rows);
      onArchiveWorks();
      return stored;
    } catch (error) {
      onArchiveError(error as Error);
      return undefined;
    }
  }

  #storeDerived(packets: readonly StoredPacket[], said: readonly Said[]): void {
    try {
      keepDerived(this.#options.archive, derived(packets, said), [this.alarms]);
    } catch (error) {
      this.#options.onArchiveError(error as Error);
    }
  }

  #noticed({ kind, state, text }: Notice): void {
    if (kind === "dictionary") {
      this.#setLink({ ...this.#link, dictionary: state === "wrong" ? "wrong" : "same" });
      return;
    }
    switch (state) {
      case "connected":
      case "back":
        this.#flush();
        this.#beginSession();
        this.#setLink({ state: "connected" });
        break;
      case "lost":
        this.#flush();
        this.#endSession(text);
        this.#setLink({ state: "lost", text });
        break;
      case "framing":
        this.#setLink({ ...this.#link, text });
        break;
      case "dialling":
        // Why the last attempt failed says more.
        this.#setLink({ state: "dialling", text: this.#link.text ?? text });
        break;
      default:
        this.#setLink({ state: "dialling", text });
    }
  }

  #beginSession(): void {
    const { archive, onArchiveError } = this.#options;
    try {
      this.#sessionId = archive.beginSession(this.id, this.#now(), this.#session.where);
    } catch (error) {
      onArchiveError(error as Error);
    }
  }

  #endSession(reason: string): void {
    const { archive, onArchiveError } = this.#options;
    try {
      if (this.#sessionId !== 0) {
        archive.endSession(this.#sessionId, this.#now(), reason);
      }
    } catch (error) {
      onArchiveError(error as Error);
    }
    this.#sessionId = 0;
  }

  #storeAlarms(): void {
    try {
      this.alarms.storeOpen();
    } catch (error) {
      this.#options.onArchiveError(error as Error);
    }
  }

  #setLink(link: Pick<LinkState, "state"> & Partial<LinkState>): void {
    const since = link.state === this.#link.state ? this.#link.since : this.#now();
    // The board has told it once, and tells it again where it is another.
    const { dictionary } = this.#link;
    const { tools: _, ...rest } = link;
    this.#link = {
      ...(dictionary === undefined ? {} : { dictionary }),
      ...rest,
      ...(this.#tools === 0 ? {} : { tools: this.#tools }),
      since,
      address: this.#session.where,
    };
    this.#options.bus.tell({ kind: "link", board: this.name, link: this.#link });
  }
}
