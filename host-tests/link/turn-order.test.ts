/** Who is offered again, and who is told of how long it has waited. */
import test from "ava";
import { NEW, TurnOrder } from "../../modules/link/connection/turn-order.js";

/** A log that writes down whose wait it was told of. */
class Log {
  waitingSince = NEW;
  readonly told: number[] = [];

  offer(since: number): void {
    this.told.push(since);
  }
}

class Connection {
  offered = 0;
  readonly #onOffer: (connection: Connection) => void;

  constructor(onOffer: (connection: Connection) => void = () => {}) {
    this.#onOffer = onOffer;
  }

  resume(): void {
    this.offered++;
    this.#onOffer(this);
  }
}

test("a log that several servers share is told once, and two logs are told both", (t) => {
  const turns = new TurnOrder(2);
  const [log, other] = [new Log(), new Log()];
  turns.follow(log);
  turns.follow(log);
  turns.follow(other);
  const connection = new Connection();
  log.waitingSince = 500;
  turns.join(connection, false);
  turns.begin(connection);
  turns.begin(new Connection());
  t.deepEqual(
    [log.told, other.told],
    [
      [500, NEW],
      [500, NEW],
    ],
  );
  turns.leave(connection);
  t.deepEqual(log.told, [500, NEW, NEW], "nobody waits");
});

test("while nobody waits, nothing is told: a telecommand costs no call more", (t) => {
  const turns = new TurnOrder(2);
  const log = new Log();
  turns.follow(log);
  const connection = new Connection();
  turns.begin(connection);
  turns.leave(connection);
  t.deepEqual(log.told, []);
  const [one, two] = [new Connection(), new Connection()];
  turns.join(one, false);
  turns.join(two, false);
  turns.leave(one);
  t.deepEqual(log.told, [], "two still waits");
  turns.leave(two);
  t.deepEqual(log.told, [NEW]);
});

test("the wait of the one that was refused first is kept, behind whoever leaves in front of it", (t) => {
  const turns = new TurnOrder(3);
  const log = new Log();
  turns.follow(log);
  const connections = [new Connection(), new Connection(), new Connection()];
  connections.forEach((connection, i) => {
    log.waitingSince = 100 * i;
    turns.join(connection, false);
  });
  turns.leave(connections[0]!);
  for (const connection of connections) {
    turns.begin(connection);
  }
  t.deepEqual(log.told, [NEW, 100, 200]);
  log.waitingSince = 700;
  turns.join(connections[1]!, false);
  turns.begin(connections[1]!);
  t.is(log.told.at(-1), 100, "refused again, it has waited since then");
  turns.join(connections[1]!, true);
  turns.begin(connections[1]!);
  t.is(log.told.at(-1), 700, "another packet of it");
});

test("offer: up to the first that is refused again; offerAll: everybody once", (t) => {
  const turns = new TurnOrder(3);
  const takes = (connection: Connection) => turns.leave(connection);
  const [one, two, three] = [new Connection(takes), new Connection(), new Connection(takes)];
  for (const connection of [one, two, three]) {
    turns.join(connection, false);
  }
  turns.offer();
  t.deepEqual([one.offered, two.offered, three.offered], [1, 1, 0]);
  turns.offerAll();
  t.deepEqual([one.offered, two.offered, three.offered], [1, 2, 1]);
  turns.offerAll();
  t.deepEqual([one.offered, two.offered, three.offered], [1, 3, 1]);
});

test("an offer from within an offer is none, and one that throws does not end the offers", (t) => {
  const turns = new TurnOrder(2);
  let isFaulty = true;
  const connection = new Connection(() => {
    turns.offerAll();
    if (isFaulty) {
      throw new Error("on purpose");
    }
  });
  turns.join(connection, false);
  t.throws(() => turns.offer(), { message: "on purpose" });
  t.is(connection.offered, 1);
  isFaulty = false;
  turns.offerAll();
  t.is(connection.offered, 2);
});
