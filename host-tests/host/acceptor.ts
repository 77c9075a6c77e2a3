/** A listener whose connections wait until a test takes them. Knows no platform: also runs inside XS. */
import type { Io, ListenerSocket, TcpSocket } from "../../modules/link/connection/io.js";

export class Acceptor {
  readonly listener: ListenerSocket;
  /** Connections announced and not yet taken. */
  #waiting = 0;

  constructor(io: Io, port = 0) {
    this.listener = new io.Listener<Acceptor>({
      port,
      address: "127.0.0.1",
      target: this,
      onReadable(count) {
        this.target.#waiting = count;
      },
    });
  }

  get port(): number {
    return this.listener.port;
  }

  /** The next connection; undefined when none waits. */
  next(): TcpSocket | undefined {
    if (this.#waiting === 0) {
      return undefined;
    }
    this.#waiting--;
    return this.listener.read();
  }
}
