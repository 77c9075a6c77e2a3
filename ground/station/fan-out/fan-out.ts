/**
 * A station's way out to a broker, NATS with JetStream: packets and events from a cursor over the archive, values and links as they
 * are, commands in where that is wanted.
 */
import type { LinkState, News } from "../contracts.js";
import type { Metric } from "../metric.js";
import type { Station } from "../station.js";
import { type Broker, BrokerLink } from "./broker-link.js";
import { CommandDesk } from "./command-desk.js";
import { LiveOutlet } from "./live-outlet.js";
import type { Nats } from "./load-nats.js";
import type { NatsAddress } from "./nats-address.js";
import { Publisher } from "./publisher.js";
import { makeStreams } from "./streams.js";
import { plainHash, subjectOf, valueSubject } from "./subjects.js";

/** Who is served from the broker knows then that the station lives. */
const LINKS_MS = 10_000;

export interface FanOutOptions {
  readonly station: Station;
  readonly nats: Nats;
  readonly address: NatsAddress;
  /** Whether whoever may publish there commands the boards. */
  readonly takesCommands: boolean;
  /** What goes wrong and does not end the station, in one line. */
  report(line: string): void;
}

export class FanOut {
  readonly #options: FanOutOptions;
  readonly #link: BrokerLink;
  readonly #publisher: Publisher;
  readonly #outlet = new LiveOutlet();
  readonly #desk: CommandDesk | undefined;
  #links: NodeJS.Timeout | undefined;

  /** @throws Error when the archive takes nothing */
  constructor(options: FanOutOptions) {
    const { station, nats, address, takesCommands } = options;
    const report = (line: string): void => options.report(`${address.shown}: ${line}`);
    this.#options = options;
    this.#publisher = new Publisher(station, report);
    this.#desk = takesCommands ? new CommandDesk(station, address.shown, report) : undefined;
    this.#link = new BrokerLink({
      nats,
      address,
      name: "flatlink station",
      report,
      serve: (broker) => this.#serve(broker),
    });
    station.bus.listen((news) => this.#tell(news));
    station.caughtUp.push(() => this.#publisher.wake());
    station.metrics.push(() => this.#metrics());
  }

  /** Packets that the broker acknowledged since the station began. */
  get published(): number {
    return this.#publisher.published;
  }

  /** Packets that are stored and not acknowledged by the broker. */
  get lag(): number {
    return this.#publisher.cursor.lag;
  }

  start(): void {
    this.#link.start();
    this.#links = setInterval(() => this.#tellLinks(), LINKS_MS);
  }

  /** To be called before the station is closed: its archive is used. */
  async close(): Promise<void> {
    clearInterval(this.#links);
    for (const { name, link } of this.#options.station.boards) {
      this.#tellLink(name, { ...link, state: "lost", text: "the station stopped" });
    }
    await this.#link.close();
  }

  async #serve(broker: Broker): Promise<void> {
    await makeStreams(broker.manager, broker.nats);
    try {
      await this.#publisher.run(broker, () => {
        this.#outlet.attach(broker.connection);
        this.#tellLinks();
        this.#desk?.listen(broker);
      });
    } finally {
      this.#outlet.detach();
    }
  }

  #tell(news: News): void {
    switch (news.kind) {
      case "packet":
        this.#publisher.wake();
        break;
      case "values":
        for (const value of news.values) {
          const { time, packet, board } = news;
          this.#outlet.publish(valueSubject(board, value.name), JSON.stringify({ board, ...value, time, packet }));
        }
        break;
      case "link":
        this.#tellLink(news.board, news.link);
        break;
      default:
      // Events go with their packets.
    }
  }

  #tellLinks(): void {
    for (const { name, link } of this.#options.station.boards) {
      this.#tellLink(name, link);
    }
  }

  #tellLink(board: string, link: LinkState): void {
    const known = this.#options.station.board(board);
    const hash = known === undefined ? {} : { hash: plainHash(known.hash) };
    this.#outlet.publish(subjectOf(board, "link"), JSON.stringify({ board, ...link, ...hash }));
  }

  #metrics(): Metric[] {
    const { cursor, published } = this.#publisher;
    return [
      {
        name: "flatlink_nats_connected",
        type: "gauge",
        help: "Whether the broker is connected.",
        value: this.#link.state === "connected" ? 1 : 0,
      },
      {
        name: "flatlink_nats_lag_packets",
        type: "gauge",
        help: "Packets that are stored and not published.",
        value: cursor.lag,
      },
      {
        name: "flatlink_nats_published_total",
        type: "counter",
        help: "Packets that the broker acknowledged.",
        value: published,
      },
      {
        name: "flatlink_nats_lost_total",
        type: "counter",
        help: "Packets that the archive forgot before they were published.",
        value: cursor.lost,
      },
      {
        name: "flatlink_nats_dropped_total",
        type: "counter",
        help: "Values that the broker was too slow for.",
        value: this.#outlet.dropped,
      },
    ];
  }
}
