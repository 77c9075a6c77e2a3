/** A client with a server, and servers that misbehave, for tests of the client. */
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientOptions, OneClientServer } from "../../../ground/index.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";

export interface Teardown {
  teardown(fn: () => void): void;
}

export const RECONNECT = { firstMs: 20, maxMs: 50 };

export async function linked(
  t: Teardown,
  options: Partial<ClientOptions> = {},
): Promise<{ client: Client; server: OneClientServer }> {
  const { framing = cobs(), clock } = options;
  const server = new OneClientServer({ framing, sendLimit: 10_000, ...(clock && { clock }) });
  const port = await server.listen();
  const client = new Client({ host: "127.0.0.1", port, framing: cobs(), ...options });
  t.teardown(() => {
    void client.close();
    void server.close();
  });
  await client.connect();
  await server.connected;
  return { client, server };
}

/** A server on plain sockets. @param serve gets each connection, with its number from 0; what it does not read waits */
export async function plainServer(
  t: Teardown,
  serve: (socket: Socket, number: number) => void,
): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server: Server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    socket.on("error", () => {});
    serve(socket, sockets.push(socket) - 1);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => {
    server.close();
    for (const socket of sockets) {
      socket.destroy();
    }
  });
  return { port: (server.address() as { port: number }).port, sockets };
}

/** A server that never reads. */
export function deafServer(t: Teardown): Promise<{ port: number; sockets: Socket[] }> {
  return plainServer(t, () => {});
}

/** Until the number stays the same for a while. */
export async function atRest(value: () => number): Promise<void> {
  for (let last = Number.NaN; last !== value(); await sleep(300)) {
    last = value();
  }
}
