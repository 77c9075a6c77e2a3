/**
 * Whose packet is offered to the sink next, where it refused some: whoever was refused first, over all connections and
 * ports of a pool.
 *
 * A client that is served as soon as it reads would take all the room each time, and a client that asks for little would wait
 * until the others have had enough. A connection keeps its place while the same packet is refused. When that packet was taken,
 * and another one is refused, it goes to the end.
 */

/** Who is told how long the packet has waited that is about to be offered. */
export interface PatientLog {
  /** @param since by the clock, in milliseconds; `NEW`: it has not been refused yet */
  offer(since: number): void;
  /** Since when the packet has waited that was offered last, or `NEW`: it need not wait for this log. */
  readonly waitingSince: number;
}

/** A connection whose packet was refused. */
export interface Waiting {
  /** Offers the packet again. Throws nothing. */
  resume(): void;
}

/** Of a packet that nobody refused. */
export const NEW = -1;

export class TurnOrder {
  /** Connections that wait. Where there are none, `begin`, `leave` and the offers do nothing, and need not be called. */
  waiting = 0;
  readonly #logs: PatientLog[] = [];
  /** Refused first, first, and since when: `waiting` of them. Arrays of a fixed length: their elements take no slots. */
  readonly #waiting: (Waiting | undefined)[] = [];
  readonly #since: number[] = [];
  #isOffering = false;

  /** @param connections most that can wait at once */
  constructor(connections: number) {
    for (let i = 0; i < connections; i++) {
      this.#waiting.push(undefined);
      this.#since.push(0);
    }
  }

  /** The reports that telecommands lead to go into this log. */
  follow(log: PatientLog): void {
    if (!this.#logs.includes(log)) {
      this.#logs.push(log);
    }
  }

  /** The connection is about to offer packets: the one that was refused first, then new ones. */
  begin(connection: Waiting): void {
    if (this.waiting > 0) {
      const at = this.#find(connection);
      this.#tell(at < 0 ? NEW : this.#since[at]!);
    }
  }

  /**
   * A packet of the connection was refused a moment ago.
   * @param isAnother the one that was refused before was taken since
   */
  join(connection: Waiting, isAnother: boolean): void {
    const since = this.#waitingSince;
    if (isAnother) {
      this.leave(connection);
    }
    if (this.#find(connection) < 0) {
      this.#waiting[this.waiting] = connection;
      this.#since[this.waiting] = since;
      this.waiting++;
    }
  }

  /** Nothing of the connection waits for the sink any more. */
  leave(connection: Waiting): void {
    const at = this.waiting === 0 ? -1 : this.#find(connection);
    if (at < 0) {
      return;
    }
    this.waiting--;
    for (let i = at; i < this.waiting; i++) {
      this.#waiting[i] = this.#waiting[i + 1];
      this.#since[i] = this.#since[i + 1]!;
    }
    this.#waiting[this.waiting] = undefined;
    if (this.waiting === 0) {
      // What comes next is new: it need not be told each time.
      this.#tell(NEW);
    }
  }

  /** There may be room: whoever was refused first is offered first, until one is refused again. */
  offer(): void {
    if (this.waiting > 0) {
      this.#offer(false);
    }
  }

  /** Everybody is offered once, in turn: a sink may refuse one client's packets and take another's. */
  offerAll(): void {
    if (this.waiting > 0) {
      this.#offer(true);
    }
  }

  #offer(all: boolean): void {
    if (this.#isOffering) {
      return;
    }
    this.#isOffering = true;
    try {
      let at = 0;
      for (let turns = this.waiting; turns > 0 && at < this.waiting; turns--) {
        const connection = this.#waiting[at]!;
        connection.resume();
        if (this.#waiting[at] === connection) {
          if (!all) {
            break;
          }
          at++;
        }
      }
    } finally {
      // Whatever went wrong with one, nobody would ever be offered again.
      this.#isOffering = false;
    }
  }

  #tell(since: number): void {
    for (let i = 0; i < this.#logs.length; i++) {
      this.#logs[i]!.offer(since);
    }
  }

  get #waitingSince(): number {
    let since = NEW;
    for (let i = 0; i < this.#logs.length && since === NEW; i++) {
      since = this.#logs[i]!.waitingSince;
    }
    return since;
  }

  #find(connection: Waiting): number {
    for (let i = 0; i < this.waiting; i++) {
      if (this.#waiting[i] === connection) {
        return i;
      }
    }
    return -1;
  }
}
