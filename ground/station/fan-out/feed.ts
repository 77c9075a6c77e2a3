/**
 * Serves a station from the stream that another one fills: its boards, their packets, how their connections are. It takes the stream
 * from where its archive stands; what the broker no longer has is told.
 */
import type { JsMsg } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { StoredPacket } from "../archive/archive.js";
import type { LinkState } from "../contracts.js";
import { derived, keepDerived } from "../derive-again.js";
import { headersOf } from "../packet-headers.js";
import type { Station } from "../station.js";
import { askOver } from "./ask.js";
import { type Broker, BrokerLink } from "./broker-link.js";
import { Dictionaries } from "./dictionaries.js";
import { FedBoard } from "./fed-board.js";
import { type FedMessage, fedMessage } from "./fed-message.js";
import { FeedStore } from "./feed-store.js";
import type { Nats } from "./load-nats.js";
import type { NatsAddress } from "./nats-address.js";
import { isNotFound } from "./streams.js";
import { ALL_LINKS, ALL_TELEMETRY, boardIn, STATE_STREAM, STREAM } from "./subjects.js";

/** Messages that are on their way from the broker at once. */
const WINDOW = 500;
/** Packets that are stored together. */
const BATCH = 200;
const NO_HEADERS = { stamp: null, synchronized: null, service: null, subtype: null, count: null };

/** A station tells its links every ten seconds. */
const SILENCE_MS = 35_000;

export interface FeedOptions {
  readonly station: Station;
  readonly nats: Nats;
  readonly address: NatsAddress;
  /** After so long without a word, a station is taken for dead. Default: 35 s. */
  readonly silenceMs?: number;
  /** What goes wrong and does not end the station, in one line. */
  report(line: string): void;
}

export class Feed {
  readonly #options: FeedOptions;
  readonly #link: BrokerLink;
  readonly #store: FeedStore;
  readonly #dictionaries: Dictionaries;
  readonly #boards = new Map<string, FedBoard>();
  readonly #report: (line: string) => void;
  readonly #told = new Set<string>();
  #connection: NatsConnection | undefined;
  #silence: NodeJS.Timeout | undefined;

  /** @throws Error when the archive takes nothing */
  constructor(options: FeedOptions) {
    const { station, nats, address } = options;
    this.#options = options;
    this.#report = (line) => options.report(`${address.shown}: ${line}`);
    this.#store = new FeedStore(station.archive);
    this.#dictionaries = new Dictionaries(station.archive, this.#report);
    this.#recallBoards();
    this.#link = new BrokerLink({
      nats,
      address,
      name: "flatlink station, served from here",
      report: this.#report,
      lost: (why) => this.#lost(why),
      serve: (broker) => this.#serve(broker),
    });
  }

  start(): void {
    const { silenceMs = SILENCE_MS } = this.#options;
    this.#silence = setInterval(() => {
      for (const board of this.#boards.values()) {
        board.checkSilence(silenceMs);
      }
    }, silenceMs / 7);
    this.#link.start();
  }

  /** To be called before the station is closed: its archive is used. */
  close(): Promise<void> {
    clearInterval(this.#silence);
    return this.#link.close();
  }

  /** Those that the archive knows. */
  #recallBoards(): void {
    const rows = this.#options.station.archive
      .statement(
        "SELECT name, (SELECT dictionary FROM packet WHERE board = board.id ORDER BY received DESC LIMIT 1) AS hash FROM board ORDER BY id",
      )
      .all() as { name: string; hash: number | null }[];
    for (const { name, hash } of rows) {
      const known = hash === null ? undefined : this.#options.station.archive.dictionary(hash);
      if (known !== undefined && hash !== null) {
        this.#boardOf(name, known, hash);
      }
    }
  }

  /** What is wrong with one board is its own matter: it is told once, and the others are served. */
  #contained<Result>(name: string, work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      const line = `${name} cannot be served: ${(error as Error).message}`;
      if (!this.#told.has(line)) {
        this.#told.add(line);
        this.#report(line);
      }
      return undefined;
    }
  }

  #boardOf(name: string, dictionary: BoardDictionary, hash: number): FedBoard | undefined {
    return this.#boards.get(name) ?? this.#contained(name, () => this.#addBoard(name, dictionary, hash));
  }

  #addBoard(name: string, dictionary: BoardDictionary, hash: number): FedBoard {
    const { station, address } = this.#options;
    const ask = askOver(() => this.#connection);
    const board = new FedBoard({ name, dictionary, hash, station, address: address.shown, ask });
    this.#boards.set(name, board);
    station.boards.push(board);
    return board;
  }

  #lost(why: string): void {
    for (const board of this.#boards.values()) {
      board.setAway(why);
    }
  }

  async #serve(broker: Broker): Promise<void> {
    this.#connection = broker.connection;
    try {
      await Promise.race([this.#takeLinks(broker), this.#takePackets(broker)]);
    } catch (error) {
      throw isNotFound(error) ? new Error("there is no stream yet: no station publishes there with --nats") : error;
    } finally {
      this.#connection = undefined;
    }
  }

  async #takeLinks({ nats, stream, manager, over }: Broker): Promise<void> {
    const consumer = await stream.consumers.get(STATE_STREAM, {
      filter_subjects: ALL_LINKS,
      deliver_policy: nats.jetStream.DeliverPolicy.LastPerSubject,
    });
    const messages = await consumer.consume({ max_messages: WINDOW });
    over.addEventListener("abort", () => messages.stop());
    for await (const message of messages) {
      const name = boardIn(message.subject);
      const link = linkIn(message);
      if (name !== undefined && link !== undefined) {
        const dictionary = await this.#dictionaries.find(manager, name, link.hash);
        const board = dictionary && this.#boardOf(name, dictionary, link.hash);
        if (board !== undefined) {
          this.#contained(name, () => board.use(dictionary!, link.hash));
          board.linkTold({ ...link.state, address: `${link.state.address}, through ${this.#options.address.shown}` });
          this.#readLate(dictionary!, link.hash);
        }
      }
    }
  }

  async #takePackets({ nats, stream, manager, over, works }: Broker): Promise<void> {
    const { created, state } = await manager.streams.info(STREAM);
    const identity = `${STREAM} ${created}`;
    const position = this.#store.position(identity);
    const gone = state.first_seq - position - 1;
    if (position > 0 && gone > 0) {
      this.#report(`the stream forgot ${gone} messages before this station took them`);
    }
    works();
    const consumer = await stream.consumers.get(STREAM, {
      filter_subjects: ALL_TELEMETRY,
      deliver_policy: nats.jetStream.DeliverPolicy.StartSequence,
      opt_start_seq: position + 1,
    });
    const messages = await consumer.consume({ max_messages: WINDOW, abort_on_missing_resource: true });
    over.addEventListener("abort", () => messages.stop());
    let batch: JsMsg[] = [];
    for await (const message of messages) {
      batch.push(message);
      // Behind it others are on their way: they are stored together.
      if (message.info.pending === 0 || batch.length >= BATCH) {
        await this.#take(manager, identity, batch);
        batch = [];
      }
    }
  }

  /** @throws (rejects) when the archive takes nothing: the same is taken again later */
  async #take(manager: Broker["manager"], identity: string, messages: readonly JsMsg[]): Promise<void> {
    const { station } = this.#options;
    const packets: FedMessage[] = [];
    for (const message of messages) {
      const packet = fedMessage(message);
      if (packet === undefined) {
        this.#report(`a message on ${message.subject} is no station's packet`);
        continue;
      }
      packets.push(packet);
      const known = await this.#dictionaries.find(manager, packet.board, packet.dictionary);
      if (known !== undefined) {
        this.#boardOf(packet.board, known, packet.dictionary);
        this.#readLate(known, packet.dictionary);
      }
    }
    try {
      const stored = this.#store.take(
        packets.map((packet) => this.#fed(packet)),
        identity,
        messages.at(-1)!.seq,
      );
      station.archiveWorks();
      this.#tell(stored);
    } catch (error) {
      station.archiveFailed(error as Error);
      throw error;
    }
  }

  #fed({ board, received, dictionary, archive, row, bytes }: FedMessage) {
    const { archive: own } = this.#options.station;
    const known = this.#dictionaries.known(dictionary);
    const headers = (known && this.#contained(board, () => headersOf(known, bytes))) ?? NO_HEADERS;
    return {
      row: { board: own.board(board), session: 0, dictionary, received, ...headers, bytes },
      origin: { archive, row },
      isUnread: known === undefined,
    };
  }

  /** Packets that were stored while their dictionary was missing: it is there now. */
  #readLate(dictionary: BoardDictionary, hash: number): void {
    const { station } = this.#options;
    const { archive } = station;
    const first = this.#store.firstUnread(hash);
    if (first === undefined) {
      return;
    }
    try {
      let at = first - 1;
      for (;;) {
        const next = archive.packetsBehind(at, BATCH);
        if (next.length === 0) {
          break;
        }
        at = next.at(-1)!.id;
        const packets = next
          .filter((packet) => packet.dictionary === hash && packet.service === null)
          .map((packet) => ({ ...packet, ...headersOf(dictionary, packet.bytes) }));
        const { said, told, books } = this.#look(packets);
        const upTo = archive.derivedUpTo;
        keepDerived(archive, { ...derived(next, said, upTo + 1), upTo }, books, () => this.#store.keepHeaders(packets));
        for (const { board, packet, news, alarms } of told) {
          board.tell(packet, news, alarms);
        }
      }
      this.#store.forgetUnread(hash);
      for (const board of this.#boards.values()) {
        if (board.hash === hash) {
          board.recall();
        }
      }
    } catch (error) {
      // It is tried again with the next that comes.
      station.archiveFailed(error as Error);
    }
  }

  #tell(stored: readonly StoredPacket[]): void {
    const { station } = this.#options;
    if (stored.length === 0) {
      return;
    }
    const { said, told, books } = this.#look(stored);
    try {
      keepDerived(station.archive, derived(stored, said), books);
    } catch (error) {
      // The packets are stored, and told now; what they say is read again when the archive takes something.
      station.archiveFailed(error as Error);
    }
    for (const { board, packet, news, alarms } of told) {
      board.came(packet, news, alarms);
    }
  }

  /** What packets say, and the alarms that come of it. */
  #look(packets: readonly StoredPacket[]) {
    const byId = new Map([...this.#boards.values()].map((board) => [board.id, board]));
    const all = packets.map((packet) => {
      const board = byId.get(packet.board);
      const name = board?.name ?? `board ${packet.board}`;
      const one = this.#contained(name, () => this.#options.station.deriverOf(packet)?.derive(packet));
      const news = one?.news ?? [];
      return { one, board, packet, news, alarms: board?.alarms.look(news) ?? [] };
    });
    return {
      said: all.flatMap(({ one }) => one ?? []),
      told: all.flatMap(({ board, packet, news, alarms }) => (board ? [{ board, packet, news, alarms }] : [])),
      books: [...byId.values()].map(({ alarms }) => alarms),
    };
  }
}

/** @returns undefined: no station has sent it */
function linkIn(message: JsMsg): { readonly state: LinkState; readonly hash: number } | undefined {
  try {
    const { state, since, address, text, dictionary, hash } = message.json<LinkState & { hash: string }>();
    if (!["dialling", "connected", "lost"].includes(state) || !/^[0-9a-f]{8}$/.test(hash)) {
      return undefined;
    }
    return {
      state: {
        state,
        since: Number(since),
        address: String(address),
        ...(text === undefined ? {} : { text: String(text) }),
        ...(dictionary === "same" || dictionary === "wrong" ? { dictionary } : {}),
      },
      hash: Number.parseInt(hash, 16),
    };
  } catch {
    return undefined;
  }
}
