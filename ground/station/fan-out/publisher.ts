/**
 * Publishes packets and events out of the archive, in their order, each until the broker has acknowledged it. The archive is the
 * queue: a broker that is slow or away costs a station no memory, only a cursor that stands still.
 */
import type { StoredPacket } from "../archive/archive.js";
import type { EventNews } from "../contracts.js";
import type { Station } from "../station.js";
import { Acknowledged, type Message } from "./acknowledged.js";
import type { Broker } from "./broker-link.js";
import { PublishCursor } from "./cursor.js";
import { dictionarySubject, HEADERS, plainHash, subjectOf, telemetrySubject, token } from "./subjects.js";

/** Packets that are on their way to the broker at once. */
const WINDOW = 500;
const DICTIONARY_MS = 10_000;
/** What the broker tells messages by that come again. */
const MESSAGE_ID = "Nats-Msg-Id";
/** What headers take of the longest message that a broker allows. */
const HEADER_ROOM = 1024;

export class Publisher {
  /** Packets since the station began. */
  published = 0;
  readonly cursor: PublishCursor;
  readonly #station: Station;
  readonly #report: (line: string) => void;
  readonly #names = new Map<number, string>();
  /** Ends the wait for packets. */
  #wake: () => void = () => {};
  #toldLost = 0;

  constructor(station: Station, report: (line: string) => void) {
    this.#station = station;
    this.#report = report;
    this.cursor = new PublishCursor(station.archive);
  }

  /** There may be something to publish. */
  wake(): void {
    this.#wake();
  }

  /**
   * @param ready the dictionaries of all boards are there: whoever hears of a board can read it
   * @throws (rejects) when the broker does not take something: that is published again over the next connection
   */
  async run(broker: Broker, ready: () => void): Promise<void> {
    const { over } = broker;
    const acknowledged = new Acknowledged(broker.connection, broker.nats);
    const dictionaries = new Set<string>();
    await Promise.all(
      this.#station.boards.map(({ name, hash }) => this.#publishDictionary(broker, dictionaries, name, hash)),
    );
    ready();
    const wake = (): void => this.wake();
    over.addEventListener("abort", wake);
    // The first alone: a broker that is not ready yet must not take some of them, and others not.
    let limit = 1;
    while (!over.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const packets = this.cursor.next(limit);
      this.#tellLost();
      if (packets.length === 0) {
        await woken;
        continue;
      }
      for (const { board, dictionary } of packets) {
        await this.#publishDictionary(broker, dictionaries, this.#nameOf(board), dictionary);
      }
      await this.#publish(broker, acknowledged, packets);
      broker.works();
      limit = WINDOW;
    }
  }

  async #publish(broker: Broker, acknowledged: Acknowledged, packets: readonly StoredPacket[]): Promise<void> {
    const events = this.#eventsOf(packets);
    const messages: Message[] = [];
    /** Of each message, the packet that it is about. */
    const rows: number[] = [];
    for (const packet of packets) {
      const event = events.get(packet.id);
      const own = [this.#packetMessage(broker, packet), event && this.#eventMessage(broker, event)];
      for (const message of own.filter((each) => each !== undefined)) {
        messages.push(message);
        rows.push(packet.id);
      }
    }
    const failures = await acknowledged.publish(messages);
    const failed = failures.size === 0 ? undefined : Math.min(...failures.keys());
    // What is stored behind one that is not is published again with it: the broker knows it by its ID.
    const upTo = failed === undefined ? packets.at(-1)!.id : rows[failed]! - 1;
    this.published += Math.max(0, upTo - this.cursor.packet);
    if (upTo > this.cursor.packet) {
      this.cursor.moveTo(upTo);
    }
    if (failed !== undefined) {
      throw new Error(failures.get(failed));
    }
  }

  /** @returns undefined: it is longer than the broker allows */
  #packetMessage({ nats, connection }: Broker, packet: StoredPacket): Message | undefined {
    const { id, received, stamp, synchronized, service, subtype, dictionary, bytes } = packet;
    if (bytes.length + HEADER_ROOM > (connection.info?.max_payload ?? Number.POSITIVE_INFINITY)) {
      this.#report(`packet ${id} has ${bytes.length} octets, more than the broker takes: it is not published`);
      return undefined;
    }
    const board = this.#nameOf(packet.board);
    const headers = nats.transport.headers();
    headers.set(MESSAGE_ID, this.#messageId(board, id));
    headers.set(HEADERS.received, String(received));
    if (stamp !== null) {
      headers.set(HEADERS.stamp, String(stamp));
      headers.set(HEADERS.synchronized, String(synchronized ?? 0));
    }
    headers.set(HEADERS.dictionary, plainHash(dictionary));
    headers.set(HEADERS.archive, this.cursor.archiveId);
    headers.set(HEADERS.row, String(id));
    return { subject: telemetrySubject(board, service, subtype), data: bytes, headers };
  }

  #eventMessage({ nats }: Broker, event: EventNews): Message {
    const { kind: _, ...rest } = event;
    const headers = nats.transport.headers();
    headers.set(MESSAGE_ID, `${this.#messageId(event.board, event.packet)}.event`);
    return { subject: subjectOf(event.board, "event"), data: JSON.stringify(rest), headers };
  }

  /** Once per connection: the broker may be another, or have lost what it had. */
  async #publishDictionary({ stream }: Broker, done: Set<string>, board: string, hash: number): Promise<void> {
    const subject = dictionarySubject(board, hash);
    if (done.has(subject)) {
      return;
    }
    done.add(subject);
    const row = this.#station.archive.statement("SELECT json FROM dictionary WHERE hash = ?").get(hash);
    if (row !== undefined) {
      await stream.publish(subject, (row as { json: string }).json, { timeout: DICTIONARY_MS });
    }
  }

  /** By packet; each packet has one at most. */
  #eventsOf(packets: readonly StoredPacket[]): Map<number, EventNews> {
    const { archive } = this.#station;
    const rows = archive
      .statement("SELECT packet FROM event WHERE packet BETWEEN ? AND ?")
      .all(packets[0]!.id, packets.at(-1)!.id) as { packet: number }[];
    const ids = new Set(rows.map(({ packet }) => packet));
    return new Map(
      packets
        .filter(({ id }) => ids.has(id))
        .flatMap((packet) => this.#station.deriverOf(packet)?.derive(packet).news ?? [])
        .flatMap((news) => (news.kind === "event" ? [[news.packet, news] as const] : [])),
    );
  }

  #messageId(board: string, row: number): string {
    return `${token(board)}.${this.cursor.archiveId}.${row}`;
  }

  #nameOf(board: number): string {
    let name = this.#names.get(board);
    if (name === undefined) {
      const row = this.#station.archive.statement("SELECT name FROM board WHERE id = ?").get(board) as { name: string };
      name = row.name;
      this.#names.set(board, name);
    }
    return name;
  }

  #tellLost(): void {
    const count = this.cursor.lost - this.#toldLost;
    if (count > 0) {
      this.#toldLost = this.cursor.lost;
      this.#report(`the archive forgot ${count} packets before they were published: they are missing there`);
    }
  }
}
