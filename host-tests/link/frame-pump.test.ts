/** The sending side alone: what it counts, and what it does with a socket's word. */
import test from "ava";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { FramePump } from "../../modules/link/connection/frame-pump.js";
import type { Io, TcpSocket } from "../../modules/link/connection/io.js";
import { acceptSocket, dialSocket } from "../../modules/link/connection/socket-events.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { TransmitArea } from "../../modules/memory/socket-areas.js";
import { LogCursor } from "../../modules/tmtc/log-cursor.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import { packet } from "./packets.js";

/** A socket that takes what it is given, and says that there is room for so much more. */
class Taker {
  readonly taken: number[] = [];
  room = 100;
  throws = 0;

  write(view: Uint8Array): number {
    if (this.throws > 0) {
      this.throws--;
      throw new Error("would block");
    }
    this.taken.push(...view);
    return this.room;
  }
}

function rig(areaLength = 64) {
  const memory = new FixedMemory(1000);
  const log = new PacketLog({ memory, length: 400, maxPacketLength: 60 });
  const cursor = new LogCursor(log);
  const area = new TransmitArea(memory, "transmit", areaLength);
  const pump = new FramePump(spacePackets().encoder(memory), area, cursor);
  const taker = new Taker();
  const add = (bytes: Uint8Array) => log.append(bytes, 0, bytes.length);
  return { memory, log, area, pump, taker, add, socket: taker as unknown as TcpSocket };
}

test("a connection counts from zero, whatever the one before it in its place has seen", (t) => {
  const { pump, taker, add, socket } = rig();
  pump.open();
  add(Uint8Array.of(1, 2, 3));
  add(packet(1));
  pump.budget = 100;
  taker.throws = 1;
  t.true(pump.pump(socket));
  pump.budget = 100;
  t.true(pump.pump(socket));
  const counts = () => [pump.packets, pump.bytes, pump.rejected, pump.writesRefused];
  t.deepEqual(counts(), [1, 20, 1, 1]);
  pump.close();
  pump.open();
  t.deepEqual([...counts(), pump.budget], [0, 0, 0, 0, 0]);
  t.true(pump.drained);
});

test("nothing is written before the socket has said that it takes something, nor after it has taken its fill", (t) => {
  const { pump, taker, add, socket } = rig();
  pump.open();
  add(packet(1));
  t.true(pump.pump(socket));
  t.deepEqual([taker.taken.length, pump.drained], [0, false]);
  pump.budget = 12;
  taker.room = 0;
  t.true(pump.pump(socket));
  // Written in powers of two: 8 first, then 4.
  t.deepEqual([taker.taken.length, pump.packets, pump.bytes], [12, 0, 12]);
  pump.budget = 8;
  t.true(pump.pump(socket));
  t.deepEqual([taker.taken.length, pump.packets, pump.drained], [20, 1, true]);
  t.deepEqual(Uint8Array.from(taker.taken), packet(1));
});

test("a packet that is in no log goes out where nothing else waits, and only whole", (t) => {
  const { memory, pump, taker, add, area, socket } = rig(24);
  const at = memory.reserve("beside", 60);
  const set = (bytes: Uint8Array) => memory.bytes.set(bytes, at);
  pump.open();
  set(packet(7));
  t.true(pump.insert(at, at + 20));
  t.is(area.pending, 20);
  t.false(pump.insert(at, at + 20), "the one before waits");
  pump.budget = 100;
  pump.pump(socket);
  t.deepEqual(Uint8Array.from(taker.taken), packet(7));
  t.is(pump.packets, 0, "it is none of the log's");
  set(packet(8, 40));
  t.false(pump.insert(at, at + 40), "longer than the area");
  t.is(area.pending, 0);
  set(Uint8Array.of(1, 2, 3));
  t.false(pump.insert(at, at + 3), "no packet of the framing");
  add(packet(9));
  set(packet(7));
  t.false(pump.insert(at, at + 20), "a packet of the log waits");
});

test("a frame that ends just where the room does goes out with the one in front of it; one byte less, and it waits", (t) => {
  for (const [budget, first] of [
    [40, 40],
    [39, 20],
  ] as const) {
    const { pump, taker, add, area, socket } = rig();
    pump.open();
    add(packet(1));
    add(packet(2));
    pump.budget = budget;
    taker.room = 0;
    pump.pump(socket);
    t.deepEqual([taker.taken.length, area.pending, pump.packets], [first, 0, first / 20], `room for ${budget}`);
  }
});

test("no socket has Nagle's delay: what is written goes out at once, also behind what is not yet acknowledged", (t) => {
  const asked: Record<string, unknown>[] = [];
  const io = {
    TCP: class {
      constructor(options: Record<string, unknown>) {
        asked.push(options);
      }
    },
  } as unknown as Io;
  const target = { guard: () => {}, lost: () => {} };
  const from = {} as TcpSocket;
  acceptSocket(io, from, target);
  dialSocket(io, { address: undefined, host: "board.lab", port: 7301 }, target);
  dialSocket(io, { address: "192.0.2.1", host: undefined, port: 7302 }, target);
  t.deepEqual(
    asked.map(({ nodelay }) => nodelay),
    [true, true, true],
  );
  t.like(asked[0], { from, target });
  t.like(asked[1], { host: "board.lab", port: 7301, target });
  t.like(asked[2], { address: "192.0.2.1", port: 7302, target });
});
