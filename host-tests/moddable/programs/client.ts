/**
 * A board as a client, for the test on the Moddable SDK: connects to the ports that `servers` names, `framing:port`, and
 * sends back every packet that comes. Built in place of the project's main program; like that, it is not preloaded.
 */
import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import { parseFraming } from "flatlink/framing/registry";
import { TmtcClient } from "flatlink/link/client/tmtc-client";
import type { Io, Ticker } from "flatlink/link/connection/io";
import { FixedMemory } from "flatlink/memory/fixed-memory";
import config from "mc/config";
import Time from "time";
import Timer from "timer";

/** A space packet, as the one framing wants it. */
const HEARTBEAT = [0x18, 0x03, 0xc0, 0x00, 0x00, 0x02, 1, 2, 3];
const MAX_PACKET_LENGTH = 256;

function log(line: string): void {
  trace(`${line}\n`);
}

function abort(reason: string, exception: unknown): boolean {
  log(`abort: ${reason}: ${String(exception)}`);
  return false;
}
Object.assign(globalThis, { abort });

const ticker: Ticker = {
  start(intervalMs, callback) {
    const timer = Timer.repeat(callback, intervalMs);
    return { stop: () => Timer.clear(timer) };
  },
};

const io = { Listener, TCP } as unknown as Io;
const memory = new FixedMemory(20_000);
for (const server of String(config["servers"]).split(" ")) {
  const [name, port] = server.split(":") as [string, string];
  let sent = 0;
  const client = new TmtcClient({
    io,
    ticker,
    clock: () => Time.ticks,
    memory,
    framing: parseFraming(name, name, { maxPacketLength: MAX_PACKET_LENGTH }),
    address: "127.0.0.1",
    port: Number(port),
    maxPacketLength: MAX_PACKET_LENGTH,
    queueLength: 1024,
    stagingLength: 512,
    heartbeat: Uint8Array.from(HEARTBEAT),
    heartbeatMs: 200,
    reconnect: { firstMs: 50, maxMs: 100 },
    sink: {
      accept(bytes, start, end) {
        // Who sends the next packet has the answers to those before.
        client.acknowledge(sent);
        const number = client.send(bytes, start, end);
        if (number < 0) {
          return false;
        }
        sent = number;
        return true;
      },
    },
    onConnect: (info) => log(`${info.client}: connection ${info.connection}`),
    onDisconnect: (report) =>
      log(`${report.client}: ${report.reason}, ${report.packetsReceived} in, ${report.packetsSent} out`),
    onError: (error) => log(`error: ${String(error)}`),
  });
  client.connect();
}
