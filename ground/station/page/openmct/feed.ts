/** The station's live stream, shared by all that Open MCT shows: a browser opens few connections to one station. */
import type { EventNews, ValuesNews } from "../../contracts.js";
import { address } from "../query.js";

const AGAIN_MS = 1000;

type Take<News> = (news: News) => void;

export class Feed {
  readonly #values = new Map<string, Set<Take<ValuesNews>>>();
  readonly #events = new Map<string, Set<Take<EventNews>>>();

  /** Behind a broken connection the browser goes on where it was. */
  open(): void {
    const source = new EventSource(address(["live"], { kind: ["values", "event"] }));
    source.onerror = () => {
      // Not after an answer that is no stream.
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(() => this.open(), AGAIN_MS);
      }
    };
    source.addEventListener("values", ({ data }: MessageEvent<string>) => {
      const news = JSON.parse(data) as ValuesNews;
      for (const { name } of news.values) {
        tell(this.#values, `${news.board} ${name}`, news);
      }
    });
    source.addEventListener("event", ({ data }: MessageEvent<string>) => {
      const news = JSON.parse(data) as EventNews;
      tell(this.#events, news.board, news);
    });
  }

  /** @returns what ends it */
  values(board: string, parameter: string, take: Take<ValuesNews>): () => void {
    return listen(this.#values, `${board} ${parameter}`, take);
  }

  /** @returns what ends it */
  events(board: string, take: Take<EventNews>): () => void {
    return listen(this.#events, board, take);
  }
}

function tell<News>(all: ReadonlyMap<string, ReadonlySet<Take<News>>>, key: string, news: News): void {
  for (const take of all.get(key) ?? []) {
    take(news);
  }
}

function listen<News>(all: Map<string, Set<Take<News>>>, key: string, take: Take<News>): () => void {
  const listeners = all.get(key) ?? new Set();
  all.set(key, listeners.add(take));
  return () => {
    listeners.delete(take);
  };
}
