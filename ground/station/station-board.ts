/**
 * One board of a station: its connection, what it sends on its way into the archive, what is sent to it.
 *
 * Packets that came since the last turn of the event loop are stored together. Only then are they read, stored as values, and told.
 */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { BoardSession, type Notice } from "../commands/board-session.js";
import type { PlainValue } from "../dictionary/describe.js";
import type { LinkChoice } from "../link-options.js";
import type { Archive, Derived, PacketRow, StoredPacket } from "./archive/archive.js";
import { latest } from "./archive/history.js";
import type { Bus } from "./bus.js";
import { CommandQueue } from "./command-queue.js";
import type { LinkState, News } from "./contracts.js";
import { Deriver, type Said } from "./derive.js";
import { headersIn } from "./packet-headers.js";
import { RejectedLog } from "./rejected-log.js";

/** Packets that are read again in one go. */
const BATCH = 1000;

export interface StationBoardOptions {
  readonly name: string;
  readonly link: LinkChoice;
  readonly dictionary: BoardDictionary;
  readonly archive: Archive;
  readonly bus: Bus;
  /** UNIX milliseconds; default: the computer's. */
  now?(): number;
  /** The archive takes nothing more, as when the disk is full: packets are told and not kept. */
  onArchiveError(error: Error): void;
  /** The archive took packets. */
  onArchiveWorks(): void;
}

/** A value with where it is from. */
export interface LatestValue extends PlainValue {
  readonly packet: number;
  /** UNIX milliseconds. */
  readonly time: number;
}

export class StationBoard {
  readonly name: string;
  /** In the archive. */
  readonly id: number;
  readonly dictionary: BoardDictionary;
  readonly hash: number;
  readonly queue: CommandQueue;
  /** What comes and is no packet. */
  readonly rejected: RejectedLog;
  /** Packets since the station began. */
  received = 0;
  readonly #options: StationBoardOptions;
  readonly #session: BoardSession;
  readonly #deriver: Deriver;
  readonly #stop = new AbortController();
  readonly #latest = new Map<string, LatestValue>();
  #waiting: PacketRow[] = [];
  #sessionId = 0;
  #link: LinkState;
  #lastPacket: number | undefined;
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
    this.rejected = new RejectedLog(archive, this.id);
    this.#rememberStored();
    this.#session = new BoardSession({
      link,
      board: dictionary,
      reconnect: true,
      timeoutMs: 2000,
      notice: (notice) => this.#noticed(notice),
      packet: (packet) => this.#came(packet),
      rejected: (rejected) => {
        this.#flushSoon();
        this.rejected.add(rejected, this.#now(), this.#waiting.length);
      },
    });
    this.#link = { state: "dialling", since: this.#now(), address: this.#session.where };
    this.queue = new CommandQueue({
      name,
      board: this.id,
      dictionary,
      archive,
      bus,
      send: (packet) => this.#session.send(packet),
      now: () => this.#now(),
      onArchiveError: options.onArchiveError,
    });
  }

  get link(): LinkState {
    return this.#link;
  }

  /** The latest value of each parameter that has one: of an earlier station, too. */
  get values(): readonly LatestValue[] {
    return [...this.#latest.values()];
  }

  /** When the last packet came, UNIX milliseconds. */
  get lastPacket(): number | undefined {
    return this.#lastPacket;
  }

  /** Reads what an earlier station stored and did not come to read, then dials, and goes on for ever. */
  start(): void {
    void this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#session.close();
    this.#flush();
    this.queue.close();
    this.#endSession("the station stopped");
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

  /** The packets that the latest samples are of, read again: the archive has raw numbers. */
  #rememberStored(): void {
    const { archive } = this.#options;
    const ids = Object.values(this.dictionary.parameters ?? {}).map(({ id }) => id);
    const packets = latest(archive, this.id, ids).map(({ packet }) => packet);
    for (const id of [...new Set(packets)].sort((a, b) => a - b)) {
      const packet = archive.packet(id);
      for (const news of packet?.dictionary === this.hash ? this.#deriver.derive(packet).news : []) {
        this.#remember(news);
      }
    }
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  #came(bytes: Uint8Array): void {
    this.received++;
    this.#lastPacket = this.#now();
    this.#flushSoon();
    const headers = headersIn(bytes, this.dictionary.conventions);
    const of = { board: this.id, session: this.#sessionId, dictionary: this.hash };
    this.#waiting.push({ ...of, ...headers, received: this.#lastPacket, bytes });
  }

  #flushSoon(): void {
    if (this.#waiting.length === 0 && this.rejected.isEmpty) {
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
    for (const rejected of this.rejected.flush(ids, this.#options.onArchiveError)) {
      this.#options.bus.tell({ kind: "rejected", board: this.name, rejected });
    }
  }

  #flushPackets(rows: readonly PacketRow[]): readonly StoredPacket[] {
    const packets = this.#store(rows) ?? rows.map((row) => ({ ...row, id: --this.#unstored }));
    const said = packets.map((packet) => this.#deriver.derive(packet));
    if (packets[0]!.id > 0) {
      this.#storeDerived(packets, said);
    }
    for (const { decoded, news } of said) {
      if (decoded !== undefined) {
        this.queue.look(decoded);
      }
      for (const one of news) {
        this.#remember(one);
        this.#options.bus.tell(one);
      }
    }
    return packets;
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
      this.#options.archive.addDerived(derived(packets, said));
    } catch (error) {
      this.#options.onArchiveError(error as Error);
    }
  }

  #remember(news: News): void {
    if (news.kind !== "values") {
      return;
    }
    const { packet, time, values } = news;
    for (const value of values) {
      this.#latest.set(value.name, { ...value, packet, time });
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

  #setLink(link: Pick<LinkState, "state"> & Partial<LinkState>): void {
    const since = link.state === this.#link.state ? this.#link.since : this.#now();
    // The board has told it once, and tells it again where it is another.
    const { dictionary } = this.#link;
    this.#link = { ...(dictionary === undefined ? {} : { dictionary }), ...link, since, address: this.#session.where };
    this.#options.bus.tell({ kind: "link", board: this.name, link: this.#link });
  }
}

/** Reads again what was stored and not read, as after a station was killed in between. @returns packets */
export function deriveAgain(archive: Archive, deriverOf: (packet: PacketRow) => Deriver | undefined): number {
  let count = 0;
  for (;;) {
    const packets = archive.packetsBehind(archive.derivedUpTo, BATCH);
    if (packets.length === 0) {
      return count;
    }
    archive.addDerived(
      derived(
        packets,
        packets.flatMap((packet) => deriverOf(packet)?.derive(packet) ?? []),
        archive.derivedUpTo + 1,
      ),
    );
    count += packets.length;
  }
}

/** @param from packets that are gone count as read */
function derived(packets: readonly StoredPacket[], said: readonly Said[], from = packets[0]!.id): Derived {
  return {
    from,
    upTo: packets.at(-1)!.id,
    samples: said.flatMap(({ samples }) => samples),
    events: said.flatMap(({ events }) => events),
  };
}
