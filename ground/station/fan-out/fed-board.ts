/** A board that another station is connected to: what that one publishes of it. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { AlarmBook } from "../alarms/alarm-book.js";
import type { StoredPacket } from "../archive/archive.js";
import type { Board } from "../board.js";
import type { Alarm, LinkState, News } from "../contracts.js";
import { Deriver } from "../derive.js";
import { type LatestValue, LatestValues } from "../latest-values.js";
import type { Station } from "../station.js";
import { type Ask, RemoteCommands } from "./remote-commands.js";

export interface FedBoardOptions {
  readonly name: string;
  readonly dictionary: BoardDictionary;
  readonly hash: number;
  readonly station: Station;
  /** The broker. */
  readonly address: string;
  readonly ask: Ask;
}

export class FedBoard implements Board {
  readonly name: string;
  readonly id: number;
  received = 0;
  /** The other station has them. */
  readonly rejectedOctets = 0;
  lastPacket: number | undefined;
  readonly #options: FedBoardOptions;
  #latest = new LatestValues();
  #dictionary: BoardDictionary;
  #hash: number;
  #alarms: AlarmBook;
  #queue: RemoteCommands;
  /** Of dictionaries before this one, too: their commands are under way. */
  readonly #queues: RemoteCommands[] = [];
  #link: LinkState;
  /** When the other station said something of the connection, by this computer's clock. */
  #heard = 0;

  constructor(options: FedBoardOptions) {
    const { name, dictionary, hash, station, address } = options;
    this.#options = options;
    this.name = name;
    this.id = station.archive.board(name);
    this.#dictionary = dictionary;
    this.#hash = hash;
    this.#alarms = station.alarmBook(this.id, dictionary);
    this.recall();
    this.#queue = this.#makeQueue();
    this.#link = { state: "dialling", since: Date.now(), address };
  }

  get dictionary(): BoardDictionary {
    return this.#dictionary;
  }

  get hash(): number {
    return this.#hash;
  }

  get alarms(): AlarmBook {
    return this.#alarms;
  }

  get queue(): RemoteCommands {
    return this.#queue;
  }

  get link(): LinkState {
    return this.#link;
  }

  get values(): readonly LatestValue[] {
    return this.#latest.all;
  }

  start(): void {}

  close(): Promise<void> {
    for (const queue of this.#queues) {
      queue.close();
    }
    return Promise.resolve();
  }

  /** The other station has another dictionary now. */
  use(dictionary: BoardDictionary, hash: number): void {
    if (hash !== this.#hash) {
      this.#dictionary = dictionary;
      this.#hash = hash;
      this.#alarms = this.#options.station.alarmBook(this.id, dictionary);
      this.#queue = this.#makeQueue();
      this.recall();
    }
  }

  /** The latest values as the archive has them: of packets that came with the dictionary as it is now. */
  recall(): void {
    const { name, station } = this.#options;
    this.#latest = new LatestValues();
    const deriver = new Deriver(name, this.#dictionary);
    this.#latest.recall(station.archive, this.id, this.#dictionary, this.#hash, deriver);
  }

  /** A packet is stored, and the alarms that it raised or changed. */
  came(packet: StoredPacket, news: readonly News[], alarms: readonly Alarm[]): void {
    this.received++;
    this.lastPacket = packet.received;
    this.tell(packet, news, alarms);
  }

  /** What a packet says: it is known only now, if its dictionary was missing. */
  tell({ dictionary }: StoredPacket, news: readonly News[], alarms: readonly Alarm[]): void {
    for (const one of news) {
      // Of another dictionary, parameters may be gone.
      if (dictionary === this.#hash) {
        this.#latest.remember(one);
      }
      this.#options.station.bus.tell(one);
    }
    for (const alarm of alarms) {
      this.#tellAlarm(alarm);
    }
  }

  /** At this station: the other one has its own. */
  acknowledge(alarm: number, user: string): Alarm | undefined {
    const known = this.#alarms.acknowledge(alarm, user, Date.now());
    if (known !== undefined) {
      this.#tellAlarm(known);
    }
    return known;
  }

  /** The other station says how its connection is: now and then, also where nothing is new. */
  linkTold(link: LinkState): void {
    this.#heard = Date.now();
    const { state, since, text, dictionary } = this.#link;
    if (link.state !== state || link.since !== since || link.text !== text || link.dictionary !== dictionary) {
      this.#setLink(link);
    }
  }

  /** Whoever was killed does not say so. */
  checkSilence(silenceMs: number): void {
    if (this.#link.state === "connected" && Date.now() - this.#heard > silenceMs) {
      this.setAway("nothing is heard of the station that has it");
    }
  }

  /** The broker is away. */
  setAway(text: string): void {
    if (this.#link.state !== "lost" || this.#link.text !== text) {
      this.#setLink({ state: "lost", since: Date.now(), address: this.#options.address, text });
    }
  }

  #tellAlarm(alarm: Alarm): void {
    this.#options.station.bus.tell({ kind: "alarm", board: this.name, alarm });
  }

  #setLink(link: LinkState): void {
    this.#link = link;
    this.#options.station.bus.tell({ kind: "link", board: this.name, link });
  }

  #makeQueue(): RemoteCommands {
    const { name, station, ask } = this.#options;
    const queue = new RemoteCommands({ name, board: this.id, dictionary: this.#dictionary, station, ask });
    this.#queues.push(queue);
    return queue;
  }
}
