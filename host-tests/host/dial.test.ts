import { EventEmitter, once } from "node:events";
import { createServer, connect as nodeConnect, type Socket } from "node:net";
import test from "ava";
import { Client } from "../../ground/index.js";
import { Dial } from "../../host/dial.js";
import { createIo } from "../../host/engine/io.js";
import { NodeNetwork } from "../../host/node-network.js";
import { type NodeSystem, nodeSystem } from "../../host/node-system.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { until } from "./node-rig.js";

/** A socket that connects when the test says so. */
class Attempt extends EventEmitter {
  readonly localAddress = "192.0.2.9";
  readonly localPort = 40_000;
  readonly remoteAddress: string;
  readonly remotePort = 7301;
  isDestroyed = false;

  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  fail(code: string): void {
    this.emit("error", Object.assign(new Error(code), { code }));
  }
}

/** Dials a name that has these addresses, IPv6 where they have a colon. */
function dialling(addresses: readonly string[]) {
  const attempts: Attempt[] = [];
  const told: unknown[] = [];
  let timer: { readonly delayMs: number; readonly callback: () => void } | undefined;
  const system: NodeSystem = {
    ...nodeSystem,
    lookup: (_host, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      ),
    connect(address) {
      attempts.push(new Attempt(address));
      return attempts.at(-1) as unknown as Socket;
    },
    after(delayMs, callback) {
      const mine = { delayMs, callback };
      timer = mine;
      return () => {
        timer = timer === mine ? undefined : timer;
      };
    },
  };
  const dial = new Dial(
    "board.lab",
    7301,
    { opened: (socket) => told.push(socket), failed: (error) => told.push(error.code) },
    system,
  );
  return {
    dial,
    attempts,
    told,
    tried: () => attempts.map(({ remoteAddress }) => remoteAddress),
    /** The time is over for which the next address waits. */
    wait() {
      const due = timer;
      timer = undefined;
      due?.callback();
      return due?.delayMs;
    },
    get isWaiting() {
      return timer !== undefined;
    },
  };
}

test("An address that is slow to answer is not given up when the next one is tried.", (t) => {
  const { attempts, told, wait, tried } = dialling(["192.0.2.1", "192.0.2.2"]);
  t.is(wait(), 250);
  t.deepEqual(tried(), ["192.0.2.1", "192.0.2.2"]);
  attempts[1]?.fail("ECONNREFUSED");
  t.deepEqual(told, []);
  t.false(attempts[0]?.isDestroyed);
  attempts[0]?.emit("connect");
  t.deepEqual(told, [attempts[0]]);
});

test("The next address is tried at once when an attempt has failed, and the first to connect ends the others.", (t) => {
  const { attempts, told, tried, wait } = dialling(["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
  attempts[0]?.fail("ECONNREFUSED");
  t.deepEqual(tried(), ["192.0.2.1", "192.0.2.2"]);
  wait();
  attempts[2]?.emit("connect");
  t.true(attempts[1]?.isDestroyed);
  attempts[1]?.emit("connect");
  t.deepEqual(told, [attempts[2]]);
});

test("When all addresses have failed, it is told once, and with an error from the other side where there was one.", (t) => {
  const dialled = dialling(["2001:db8::1", "192.0.2.1"]);
  const { attempts, told } = dialled;
  attempts[0]?.fail("ENETUNREACH");
  attempts[1]?.fail("ECONNREFUSED");
  attempts[1]?.fail("ECONNRESET");
  t.deepEqual(told, ["ECONNREFUSED"]);
  t.false(dialled.isWaiting);
});

test("The families are tried in turn.", (t) => {
  const { tried, wait } = dialling(["2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1"]);
  for (let next = 0; next < 4; next++) {
    wait();
  }
  t.deepEqual(tried(), ["2001:db8::1", "192.0.2.1", "2001:db8::2", "2001:db8::3"]);
});

test("Who gives up is told nothing, and leaves nothing behind.", (t) => {
  const dialled = dialling(["192.0.2.1", "192.0.2.2"]);
  dialled.dial.cancel();
  t.true(dialled.attempts[0]?.isDestroyed);
  t.false(dialled.isWaiting);
  dialled.attempts[0]?.emit("connect");
  dialled.attempts[0]?.fail("ECONNRESET");
  t.deepEqual(dialled.told, []);
});

/** Meets itself wherever nobody listens, as a system may let it happen once in some thousand attempts. */
const selfConnecting: NodeSystem = {
  ...nodeSystem,
  connect: (address, port) => nodeConnect({ host: address, port, localPort: port, allowHalfOpen: true }),
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

test.serial("A client that has met itself is refused, and the port is free for a server.", async (t) => {
  const port = await freePort();
  const io = createIo(new NodeNetwork({}, selfConnecting));
  const told: string[] = [];
  new io.TCP({
    address: "127.0.0.1",
    port,
    target: undefined,
    onReadable() {},
    onWritable: (count) => told.push(`writable ${count}`),
    onError: (code) => told.push(`error ${code}`),
  });
  await until("the refusal", () => told.length > 0);
  t.deepEqual(told, ["error ECONNREFUSED"]);
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  server.close();
});

test.serial("A client that has met itself says that nothing listens there.", async (t) => {
  const port = await freePort();
  const options = { host: "127.0.0.1", port, framing: cobs(), connectTimeoutMs: 2000 };
  const client = new Client(options, { system: selfConnecting });
  await t.throwsAsync(client.connect(), {
    message: `cannot connect to 127.0.0.1 port ${port}: nothing listens there (ECONNREFUSED)`,
  });
});
