/** The bytes that a socket has for its connection: socket -> staging area. The stream's first ones are kept for the hint. */
import type { FrameDecoder } from "../../framing/contract/framing.js";
import { GUESS_LENGTH } from "../../framing/guess/guess.js";
import type { ReceiveArea } from "../../memory/socket-areas.js";
import { type ByteSource, NOTHING_NOW, STREAM_OVER } from "./inbound.js";
import type { TcpSocket } from "./io.js";
import type { StreamHint } from "./stream-hint.js";

/*
 * OPEN  bytes may come
 *   -> OVER  the peer has shut down its side, or the socket is gone
 */
const OPEN = 0;
const OVER = 1;

export class SocketSource implements ByteSource {
  #staging: ReceiveArea;
  #hint: StreamHint;
  #decoder: FrameDecoder;
  #clock: () => number;
  #socket: TcpSocket | undefined;
  /** Bytes that the socket still has for us. */
  #unread = 0;
  #stream: typeof OPEN | typeof OVER = OPEN;

  constructor(staging: ReceiveArea, hint: StreamHint, decoder: FrameDecoder, clock: () => number) {
    this.#staging = staging;
    this.#hint = hint;
    this.#decoder = decoder;
    this.#clock = clock;
  }

  get start(): number {
    return this.#staging.start;
  }

  open(socket: TcpSocket): void {
    this.#socket = socket;
    this.#unread = 0;
    this.#stream = OPEN;
    this.#hint.clear();
  }

  /** So many bytes wait in the socket. */
  announced(count: number): void {
    this.#unread = count;
  }

  /** No more bytes will come than were announced. */
  end(): void {
    this.#stream = OVER;
  }

  /** The socket is gone, with what it had. */
  close(): void {
    this.#socket = undefined;
    this.#unread = 0;
    this.#stream = OVER;
  }

  receive(): number {
    const socket = this.#socket;
    if (this.#unread === 0 || socket === undefined) {
      if (this.#stream === OPEN) {
        return NOTHING_NOW;
      }
      this.#hint.lookLast(this.#decoder);
      return STREAM_OVER;
    }
    const staging = this.#staging;
    const count = this.#unread < staging.capacity ? this.#unread : staging.capacity;
    staging.receive(socket, count);
    this.#unread -= count;
    if (this.#hint.kept < GUESS_LENGTH) {
      this.#hint.keep(staging.start, staging.end, this.#clock());
    }
    return count;
  }
}
