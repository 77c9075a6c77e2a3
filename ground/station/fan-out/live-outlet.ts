/** What is of interest now or never, on its way to the broker: nothing waits for a broker that is away, and little for one that is slow. */
import type { NatsConnection } from "@nats-io/transport-node";

/** Messages that the broker may leave untaken. */
const MAX_UNCONFIRMED = 5000;

export class LiveOutlet {
  /** Messages that a broker was too slow for. */
  dropped = 0;
  #connection: NatsConnection | undefined;
  #unconfirmed = 0;
  #confirming: "nothing" | "asked" = "nothing";

  attach(connection: NatsConnection): void {
    this.#connection = connection;
    this.#unconfirmed = 0;
    this.#confirming = "nothing";
  }

  detach(): void {
    this.#connection = undefined;
  }

  publish(subject: string, text: string): void {
    const connection = this.#connection;
    if (connection === undefined || connection.isClosed()) {
      return;
    }
    if (this.#unconfirmed >= MAX_UNCONFIRMED) {
      this.dropped++;
      return;
    }
    this.#unconfirmed++;
    connection.publish(subject, text);
    this.#confirm(connection);
  }

  /** The broker answers when it has taken all before. */
  #confirm(connection: NatsConnection): void {
    if (this.#confirming === "asked") {
      return;
    }
    this.#confirming = "asked";
    const count = this.#unconfirmed;
    connection.flush().then(
      () => {
        if (connection === this.#connection) {
          this.#unconfirmed -= count;
          this.#confirming = "nothing";
          if (this.#unconfirmed > 0) {
            this.#confirm(connection);
          }
        }
      },
      // It is lost: the next one begins anew.
      () => {},
    );
  }
}
