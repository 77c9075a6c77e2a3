/**
 * Server-Sent Events: what is new, as it comes. Who connects again with the last ID is told what was stored since, then goes on,
 * without a gap and without a repetition.
 *
 * An ID is a packet's number in the archive, with `.K` where the packet has more to tell: K says how much of it came before.
 */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { News } from "../contracts.js";
import type { Station } from "../station.js";
import { plainPacketRow } from "./data-routes.js";
import { type Call, choiceIn, HttpError, type Route } from "./route.js";
import { STRING } from "./schemas.js";

/** Packets that are read again at once: in between, boards are served. */
const BATCH = 200;
/** What a client may leave untaken, in bytes; it is ended then, and comes again with its last ID. */
const MAX_BACKLOG = 1 << 20;
/** Proxies and browsers take a silent connection for dead. */
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 1000;
const KINDS = ["values", "event", "command", "alarm", "link", "packet", "rejected"] as const;

/** Names that are wanted. */
type Choice = Pick<ReadonlySet<string>, "has">;
/** Also those that are there later. */
const EVERY: Choice = { has: () => true };

/** Where a client is. */
interface Place {
  readonly packet: number;
  /** How many of the packet's news it has; Infinity: all. */
  readonly count: number;
}

export class Live {
  /** Clients that were ended since they took too little. */
  slowClients = 0;
  readonly #station: Station;
  readonly #clients = new Set<LiveClient>();
  /** Each news is made text once, for all. */
  readonly #texts = new WeakMap<News, string>();

  constructor(station: Station) {
    this.#station = station;
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** @param after the last ID that the client has; undefined: it wants what is new */
  async serve(response: ServerResponse, boards: Choice, kinds: Choice, after: Place | undefined) {
    const client = new LiveClient(this.#station, response, boards, kinds, (news) => this.#textOf(news));
    this.#clients.add(client);
    try {
      await client.run(after);
    } finally {
      this.#clients.delete(client);
      this.slowClients += client.isSlow ? 1 : 0;
    }
  }

  close(): void {
    for (const client of this.#clients) {
      client.end();
    }
  }

  #textOf(news: News): string {
    let text = this.#texts.get(news);
    if (text === undefined) {
      text = `event: ${news.kind}\ndata: ${JSON.stringify(plainNews(news))}\n\n`;
      this.#texts.set(news, text);
    }
    return text;
  }
}

class LiveClient {
  isSlow = false;
  readonly #station: Station;
  readonly #response: ServerResponse;
  readonly #boards: Choice;
  readonly #kinds: Choice;
  readonly #textOf: (news: News) => string;
  readonly #over = new AbortController();
  /** While the archive is read, what it has is not told as it comes. */
  #isReplaying = false;
  #packet = 0;
  #count = 0;

  constructor(
    station: Station,
    response: ServerResponse,
    boards: Choice,
    kinds: Choice,
    textOf: (news: News) => string,
  ) {
    this.#station = station;
    this.#response = response;
    this.#boards = boards;
    this.#kinds = kinds;
    this.#textOf = textOf;
  }

  async run(after: Place | undefined): Promise<void> {
    const { signal } = this.#over;
    this.#response.writeHead(200, {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    });
    this.#response.on("close", () => this.#over.abort());
    this.#response.write(`retry: ${RETRY_MS}\n\n`);
    for (const { name: board, link } of this.#station.boards) {
      this.#tell({ kind: "link", board, link });
    }
    const heartbeat = setInterval(() => this.#write(": still here\n\n"), HEARTBEAT_MS);
    const end = this.#station.bus.listen((news) => this.#tell(news));
    const isOver = once(signal, "abort");
    try {
      if (after !== undefined) {
        await this.#replay(after);
      }
      await isOver;
    } catch (error) {
      if (!signal.aborted) {
        throw error;
      }
    } finally {
      end();
      clearInterval(heartbeat);
    }
  }

  end(): void {
    this.#response.end();
    this.#over.abort();
  }

  async #replay({ packet, count }: Place): Promise<void> {
    const { archive } = this.#station;
    this.#isReplaying = true;
    let seen = packet;
    // Of the last packet, what did not come.
    const last = count === Number.POSITIVE_INFINITY ? undefined : archive.packet(packet);
    if (last !== undefined) {
      await this.#again(this.#station.deriverOf(last)?.derive(last).news ?? [], count);
    }
    for (;;) {
      const packets = archive.packetsBehind(seen, BATCH);
      if (packets.length === 0) {
        // In one turn: whatever is stored from here on is told as it comes.
        this.#isReplaying = false;
        return;
      }
      for (const stored of packets) {
        await this.#again(this.#station.deriverOf(stored)?.derive(stored).news ?? [], 0);
        seen = stored.id;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** @throws (rejects) when the client is gone */
  async #again(news: readonly News[], from: number): Promise<void> {
    for (const [k, one] of news.entries()) {
      const text = this.#numbered(one);
      if (k >= from && text !== undefined && !this.#response.write(text)) {
        await once(this.#response, "drain", { signal: this.#over.signal });
      }
    }
    this.#over.signal.throwIfAborted();
  }

  #tell(news: News): void {
    const isStored = "packet" in news && (news.kind === "packet" ? news.packet.id : news.packet) > 0;
    if (isStored && this.#isReplaying) {
      return;
    }
    const text = this.#numbered(news);
    if (text !== undefined) {
      this.#write(text);
    }
  }

  /** @returns undefined: it is not wanted */
  #numbered(news: News): string | undefined {
    const id = this.#nextId(news);
    return this.#boards.has(news.board) && this.#kinds.has(news.kind) ? id + this.#textOf(news) : undefined;
  }

  /** Counted whether it is wanted or not: what is wanted may be another the next time. */
  #nextId(news: News): string {
    if (!("packet" in news)) {
      return "";
    }
    const packet = news.kind === "packet" ? news.packet.id : news.packet;
    if (packet <= 0) {
      return "";
    }
    this.#count = packet === this.#packet ? this.#count + 1 : 1;
    this.#packet = packet;
    return `id: ${packet}.${this.#count}\n`;
  }

  #write(text: string): void {
    const response = this.#response;
    if (this.#over.signal.aborted) {
      return;
    }
    response.write(text);
    // What is told beside a replay waits with it: the replay itself goes on only when all was taken.
    if (response.writableLength > MAX_BACKLOG) {
      this.isSlow = true;
      response.destroy();
      this.#over.abort();
    }
  }
}

export function liveRoute(station: Station, live: Live): Route {
  return {
    method: "GET",
    path: "/api/v1/live",
    summary: "What is new, as Server-Sent Events: values, event, command, alarm, link, packet, rejected",
    access: "read",
    query: [
      { name: "board", description: "its name; repeatable; default: all", schema: STRING },
      { name: "kind", description: `${KINDS.join(", ")}; repeatable; default: all`, schema: { enum: KINDS } },
      { name: "after", description: "the last ID, in place of the header Last-Event-ID", schema: STRING },
    ],
    status: 200,
    contentType: "text/event-stream",
    async stream(call) {
      const { query, request, response } = call;
      const known = station.boards.map(({ name }) => name);
      const header = request.headers["last-event-id"];
      const after = typeof header === "string" && header !== "" ? header : query.get("after");
      await live.serve(
        response,
        choiceOf(call, "board", known),
        choiceOf(call, "kind", KINDS),
        after === null ? undefined : placeIn(after),
      );
    },
  };
}

/** @throws HttpError */
function choiceOf(call: Call, argument: string, known: readonly string[]): Choice {
  return call.query.has(argument) ? choiceIn(call, argument, known, known) : EVERY;
}

/** @throws HttpError */
function placeIn(text: string): Place {
  const match = /^(\d{1,15})(?:\.(\d{1,3}))?$/.exec(text);
  if (match === null) {
    throw new HttpError(400, `"${text.slice(0, 40)}" is no ID of an event`, { argument: "after" });
  }
  return { packet: Number(match[1]), count: match[2] === undefined ? Number.POSITIVE_INFINITY : Number(match[2]) };
}

/** As JSON has it. */
export function plainNews(news: News): object {
  if (news.kind !== "packet") {
    return news;
  }
  const { kind, board, packet, error } = news;
  return { kind, board, packet: plainPacketRow(packet), ...(error === undefined ? {} : { error }) };
}
