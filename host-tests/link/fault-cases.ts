/** Exceptions at every entry: caught, counted, told, and never the end of more than one connection. */
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { equal, holds } from "./expect.js";
import { type FakeConnection, FakeIo } from "./fake-io.js";
import { packet, packets } from "./packets.js";
import { type Cases, inEachFraming, Rig } from "./rig.js";

export const faultCases: Cases = {
  ...inEachFraming("the sink throws: its connection ends, the others stay", (framing) => {
    const rig = new Rig({ framing });
    const bad = rig.connect();
    const good = rig.connect();
    rig.inbox.onPacket = (_, from) => {
      if (from === 1) {
        throw new Error("sink fault");
      }
    };
    bad.send(...packets(1, 3, 20, "tc"));
    rig.settle();
    good.send(packet(4, 20, "tc"));
    rig.settle();
    equal(rig.inbox.numbers, [4], "packets");
    equal(rig.errors, ["Error: sink fault @ 1"], "errors");
    equal(
      rig.reports.map((report) => [report.connection, report.reason]),
      [[1, "error"]],
      "reports",
    );
    equal(rig.server.totals.errors, 1, "errors in the totals");
    holds(bad.peer.ended || bad.peer.wasReset, "the connection to be closed");
    rig.emit(9, 1);
    equal(good.numbers, [9], "telemetry goes on");
  }),

  "onConnect throws: counted, and the client is served"() {
    const rig = new Rig({
      server: {
        onConnect: () => {
          throw new Error("connect fault");
        },
      },
    });
    const client = rig.connect();
    client.send(packet(1, 20, "tc"));
    rig.settle();
    equal(rig.errors, ["Error: connect fault @ 1"], "errors");
    equal(rig.inbox.numbers, [1], "packets");
  },

  "onDisconnect throws: counted, and the server goes on"() {
    const rig = new Rig({
      server: {
        onDisconnect: () => {
          throw new Error("disconnect fault");
        },
      },
    });
    rig.connect().peer.end();
    rig.settle();
    equal(rig.errors, ["Error: disconnect fault @ undefined"], "errors");
    rig.connect().send(packet(1, 20, "tc"));
    rig.settle();
    equal(rig.inbox.numbers, [1], "packets");
    equal(rig.server.totals.clients, 1, "clients");
  },

  "onError throws: counted all the same"() {
    const rig = new Rig({
      server: {
        onError: () => {
          throw new Error("reporter fault");
        },
      },
    });
    rig.inbox.onPacket = () => {
      throw new Error("sink fault");
    };
    rig.connect().send(packet(1, 20, "tc"));
    rig.settle();
    equal(rig.server.totals.errors, 1, "errors");
  },

  "the platform cannot make a socket: that client is closed, those behind it are served"() {
    const io = new FakeIo();
    const rig = new Rig({ io });
    io.tcpThrows = 1;
    const connections = io.connect(3);
    equal(
      connections.map((connection) => connection.closed),
      [1, 0, 0],
      "times each was closed",
    );
    equal(
      rig.connected.map((info) => info.connection),
      [1, 2],
      "connections",
    );
    equal(rig.errors, ["Error: no socket @ undefined"], "errors");
    equal([rig.server.totals.clients, rig.server.totals.connections], [2, 2], "clients and connections");
    equal(
      io.connect(3).map((connection) => connection.closed),
      [0, 0, 0],
      "places are not used up",
    );
  },

  "the listener is read exactly as often as it announced, whatever becomes of each connection"() {
    const io = new FakeIo();
    const rig = new Rig({ io, server: { maxClients: 2 } });
    for (const count of [1, 3, 2]) {
      io.connect(count);
      equal([io.listeners[0]!.announced, io.listeners[0]!.pending.length], [0, 0], "announced and waiting");
    }
    io.acceptable();
    equal(rig.errors, [], "errors");
    equal([rig.server.totals.clients, rig.server.totals.refusedClients], [2, 4], "clients and those refused");
  },

  "a read of the listener throws: the others announced are served, the one that stays comes with the next"() {
    const io = new FakeIo();
    const rig = new Rig({ io });
    io.listeners[0]!.readThrows = 1;
    const [first, second, third] = io.connect(3);
    equal(rig.errors, ["Error: no memory @ undefined"], "errors");
    const isServed = (connection: FakeConnection | undefined) => connection?.options !== undefined;
    equal([first, second, third].map(isServed), [true, true, false], "served");
    const [fourth] = io.connect();
    equal([third, fourth].map(isServed), [true, true], "served in the end");
    equal(rig.errors.length, 1, "errors in the end");
  },

  "read throws: its connection ends, the others stay"() {
    const io = new FakeIo();
    const rig = new Rig({ io });
    const [bad, good] = io.connect(2);
    bad!.readThrows = 1;
    bad!.receive(encodeFrame(rig.framing, packet(1, 20, "tc")));
    good!.receive(encodeFrame(rig.framing, packet(2, 20, "tc")));
    equal(rig.errors, ["Error: read failed @ 1"], "errors");
    equal([bad!.closed, good!.closed], [1, 0], "times each was closed");
    equal(rig.inbox.numbers, [2], "packets");
  },

  ...inEachFraming(
    "read finds less than the socket promised: what stood there before is not taken for packets",
    (framing) => {
      const io = new FakeIo();
      const rig = new Rig({ framing, io });
      const connection = io.connect()[0]!;
      const frame = encodeFrame(framing, packet(1, 20, "tc"));
      connection.receive(frame);
      connection.readsNothing = 100;
      connection.receive(frame);
      equal(rig.inbox.numbers, [1], "packets");
      equal(
        rig.reports.map((report) => report.reason),
        ["error"],
        "reports",
      );
      equal(rig.errors.length, 1, "errors");
    },
  ),

  "close throws: the connection has ended all the same"() {
    const io = new FakeIo();
    const rig = new Rig({ io });
    const connection = io.connect()[0]!;
    connection.closeThrows = 1;
    connection.fail();
    equal([rig.reports.length, rig.server.totals.clients, rig.errors.length], [1, 0, 0], "reports, clients and errors");
  },

  "the client has left before its address is read: unknown, and no error"() {
    const io = new FakeIo();
    const rig = new Rig({ io });
    io.addressThrows = true;
    io.connect();
    equal(rig.connected[0], { server: "cobs", connection: 1 }, "info");
    equal(rig.errors, [], "errors");
  },

  "a source throws: counted, and asked again later"() {
    let calls = 0;
    const rig = new Rig({
      server: {
        telemetry: {
          next(bytes, start) {
            calls++;
            if (calls === 1) {
              throw new Error("source fault");
            }
            if (calls > 2) {
              return 0;
            }
            bytes.set(packet(5), start);
            return 20;
          },
        },
      },
    });
    const client = rig.connect();
    rig.advance(100);
    equal(rig.errors, ["Error: source fault @ undefined"], "errors");
    equal(client.numbers, [5], "telemetry");
  },

  "a source says that it wrote more than there was room for: counted, and nothing of it is sent"() {
    let calls = 0;
    const rig = new Rig({
      server: { telemetry: { next: (_, start, limit) => (++calls === 1 ? limit - start + 1 : 0) } },
    });
    const client = rig.connect();
    rig.advance(200);
    equal(rig.server.totals.errors, 1, "errors");
    equal(client.received().length, 0, "bytes received");
  },
};
