/**
 * A connection to a board that lasts: dialled again when it is lost, with a word about each change, and about a dictionary that is
 * not the board's.
 */
import { CRC16_LENGTH, hasValidCrc16 } from "../../modules/ccsds/crc16.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { framingTitle, GUESS_LENGTH, guessableName, guessFraming } from "../../modules/framing/guess/guess.js";
import type { AttemptFailure, ClientReport } from "../../modules/link/client/client-options.js";
import { HashCheck, hashText } from "../dictionary/hash-check.js";
import { ConnectError, connectError } from "../link/connect-error.js";
import { type LinkClient, linkClient, RECONNECT } from "../link/link-client.js";
import { ClosedError } from "../link/link-errors.js";
import type { LinkChoice } from "../link/link-options.js";
import { lostText } from "../link/lost-text.js";
import { type RejectedBytes, watchRejected } from "../link/rejected-bytes.js";
import { Settlement } from "./settlement.js";

/** The longest that a client takes. */
const MAX_CONNECT_TIMEOUT_MS = 600_000;
/** What is no packet after this time may be another framing. */
const HINT_AFTER_MS = 300;
/** Dialling that takes longer is told. */
const DIALLING_MS = 1000;

/** Something about the link, not about the board's values. */
export interface Notice {
  readonly kind: "link" | "dictionary";
  /** `connected` at once, `back` after attempts that failed or another connection. `wrong`: the dictionary is not the board's. */
  readonly state: "dialling" | "failed" | "connected" | "back" | "lost" | "framing" | "same" | "wrong";
  /** For people, one line. */
  readonly text: string;
  /** Of the dictionary at hand, and the board's. */
  readonly own?: string;
  readonly found?: string;
}

export interface SessionOptions {
  readonly link: LinkChoice;
  readonly board: BoardDictionary;
  /** Dials again, for ever. `lost`: only when a connection was lost; an attempt that fails before is the last. */
  readonly reconnect: boolean | "lost";
  readonly timeoutMs: number;
  notice(notice: Notice): void;
  packet(packet: Uint8Array): void;
  /** What came and is no packet, in its place among the packets. */
  rejected?(rejected: RejectedBytes): void;
}

export class BoardSession {
  readonly hash: HashCheck;
  readonly #options: SessionOptions;
  readonly #client: LinkClient["client"];
  /** Of telecommands that are sealed. */
  readonly #settlement: Settlement | undefined;
  /** Ends `connect`, when no other attempt is to follow. */
  readonly #failed = new AbortController();
  #firstBytes = new Uint8Array(0);
  #hintTimer: NodeJS.Timeout | undefined;
  #hint: string | undefined;
  /** Packets of this connection whose CRC was right. */
  #sound = 0;
  #connections = 0;
  /** Why the last attempt failed: said once. */
  #failure: string | undefined;
  /** Packets that were handed over, of all connections. */
  #packets = 0;
  /** What came behind packets that were not handed over yet. */
  #rejected: RejectedBytes[] = [];

  constructor(options: SessionOptions) {
    const { link, board, reconnect, timeoutMs } = options;
    this.#options = options;
    this.hash = new HashCheck(board);
    const { client, events, sealing } = linkClient(
      {
        ...link,
        framing:
          options.rejected === undefined
            ? link.framing
            : watchRejected(link.framing, (rejected) => this.#rejectedCame(rejected)),
      },
      {
        connectTimeoutMs: Math.min(Math.max(100, timeoutMs), MAX_CONNECT_TIMEOUT_MS),
        ...(reconnect === false ? {} : { reconnect: RECONNECT }),
      },
      { onData: (bytes, start, end) => this.#keepFirst(bytes, start, end) },
    );
    this.#client = client;
    this.#settlement = sealing && new Settlement(sealing, board, link.key!.spi);
    events.on("notSent", () => {});
    events.on("connect", () => this.#connected());
    events.on("disconnect", (report) => this.#lost(report));
    events.on("attemptFailed", (failure) => this.#attemptFailed(failure));
  }

  /** What the board says of the telecommands that it took; undefined: they are not sealed, and it says nothing. */
  get settlement(): Settlement | undefined {
    return this.#settlement;
  }

  /** There is a connection. */
  get isConnected(): boolean {
    return this.#client.connected;
  }

  /** As people read it: `127.0.0.1 port 7301, cobs`. */
  get where(): string {
    const { host, port, framing } = this.#options.link;
    return `${host} port ${port}, ${framing.name}`;
  }

  /** @throws (rejects) ConnectError when there is no connection to be had; where it is tried for ever, only when it is stopped */
  async connect(stop: AbortSignal): Promise<void> {
    const dialling = setTimeout(
      () => this.#notice({ kind: "link", state: "dialling", text: `dialling ${this.where} ...` }),
      DIALLING_MS,
    );
    try {
      await this.#client.connect({ signal: AbortSignal.any([stop, this.#failed.signal]) });
    } catch (error) {
      const { host, port } = this.#options.link;
      throw stop.aborted ? new ConnectError(host, port, "ECANCELED") : error;
    } finally {
      clearTimeout(dialling);
    }
  }

  /** Hands over what comes, until the session is closed or, without `reconnect`, the connection has ended. */
  async read(): Promise<void> {
    for (;;) {
      let packet: Uint8Array;
      try {
        packet = await this.#client.receive();
      } catch (error) {
        if (error instanceof ClosedError) {
          return;
        }
        throw error;
      }
      if (packet.length > CRC16_LENGTH && hasValidCrc16(packet, 0, packet.length)) {
        this.#sound++;
      }
      const isSame = this.hash.look(packet);
      if (isSame !== undefined) {
        this.#hashTold(isSame);
      }
      const { own, found = own } = this.hash;
      this.#settlement?.look(packet, found === own);
      this.#options.packet(packet);
      this.#packets++;
      this.#tellRejected();
    }
  }

  /**
   * Sealed, a telecommand waits for the next connection, and is sent again until the board took it.
   * @returns (resolves) when a socket took it: the counter that it was sealed with; undefined: it was not sealed
   * @throws (rejects) NotSentError
   */
  async send(packet: Uint8Array): Promise<number | undefined> {
    const number = await this.#client.send(packet);
    if (this.#settlement === undefined) {
      return undefined;
    }
    this.#settlement.sent(packet, number);
    return number;
  }

  close(): void {
    clearTimeout(this.#hintTimer);
    void this.#client.close();
  }

  /** The decoder is ahead of whoever takes the packets. */
  #rejectedCame(rejected: RejectedBytes): void {
    this.#rejected.push(rejected);
    this.#tellRejected();
  }

  #tellRejected(): void {
    while (this.#rejected.length > 0 && this.#rejected[0]!.packets <= this.#packets) {
      this.#options.rejected?.(this.#rejected.shift()!);
    }
  }

  #connected(): void {
    const isFirst = this.#connections++ === 0;
    this.#settlement?.begin();
    const state = isFirst && this.#failure === undefined ? "connected" : "back";
    this.#failure = undefined;
    this.#firstBytes = new Uint8Array(0);
    this.#sound = 0;
    this.#notice({ kind: "link", state, text: `connected${isFirst ? "" : " again"} to ${this.where}` });
  }

  #lost(report: ClientReport): void {
    if (report.reason === "closed") {
      return;
    }
    this.#tellHint();
    const next = report.retryInMs === undefined ? "" : `; dialling ${this.where} again`;
    this.#notice({ kind: "link", state: "lost", text: lostText(report) + next });
  }

  #attemptFailed(attempt: AttemptFailure): void {
    const failure = connectError(attempt);
    if (this.#options.reconnect === "lost" && this.#connections === 0) {
      this.#failed.abort(failure);
      return;
    }
    const { message } = failure;
    // Without another attempt, whoever waits is told.
    if (attempt.retryInMs !== undefined && message !== this.#failure) {
      this.#failure = message;
      this.#notice({ kind: "link", state: "failed", text: `${message}; trying again` });
    }
  }

  #hashTold(isSame: boolean): void {
    const own = hashText(this.hash.own);
    const found = hashText(this.hash.found!);
    const text = isSame
      ? `the board's dictionary is this one, ${own}`
      : `WRONG DICTIONARY: the board's is ${found}, and this one is ${own}; values and commands may be wrong. Give --board, --listen (all of the board's ports) and the other settings as the board has them`;
    this.#notice({ kind: "dictionary", state: isSame ? "same" : "wrong", text, own, found });
  }

  #notice(notice: Notice): void {
    this.#options.notice(notice);
  }

  #keepFirst(bytes: Uint8Array, start: number, end: number): void {
    const room = GUESS_LENGTH - this.#firstBytes.length;
    if (room > 0) {
      this.#firstBytes = Buffer.concat([this.#firstBytes, bytes.subarray(start, Math.min(end, start + room))]);
    }
    if (this.#sound === 0) {
      // Not now: it has not been decoded yet.
      this.#hintTimer ??= setTimeout(() => {
        this.#hintTimer = undefined;
        this.#tellHint();
      }, HINT_AFTER_MS);
    }
  }

  /** Once: what came looks like another framing. */
  #tellHint(): void {
    if (this.#sound > 0 || this.#firstBytes.length === 0) {
      return;
    }
    const guess = guessFraming(this.#firstBytes, 0, this.#firstBytes.length);
    const own = guessableName(this.#options.link.framing);
    if (guess === undefined || guess === own) {
      return;
    }
    const hint = `what came looks like ${framingTitle(guess)}, not like ${framingTitle(own)}: see --framing`;
    if (hint !== this.#hint) {
      this.#hint = hint;
      this.#notice({ kind: "link", state: "framing", text: hint });
    }
  }
}
