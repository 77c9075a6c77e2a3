/** Boards for the ground tools to talk to: the simulator, and one that answers as a test wants it to. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { CDS_SHORT_LENGTH, CdsShort } from "../../../modules/ccsds/cds-short.js";
import { decodeFrames } from "../../../modules/framing/encode-decode.js";
import { spacePackets } from "../../../modules/framing/formats/space-packets.js";
import { buildTelemetry, parseTelecommand } from "../../../modules/pus/build-parse.js";
import { Program } from "../../project.js";

/** Starts the simulator, with the link's own board where the options say nothing else. @param listen framings with options, each on a port of its own */
export async function simulator(
  engine: string,
  listen: readonly string[],
  ...options: string[]
): Promise<{ program: Program; ports: number[] }> {
  const program = new Program(process.execPath, [
    "dist/host/simulator.js",
    "--engine",
    engine,
    ...(options.includes("--board") ? [] : ["--board", "none"]),
    ...listen.flatMap((port) => ["--listen", port]),
    ...options,
  ]);
  await program.prints(/^try it:/m);
  const ports = [...program.output.matchAll(/^listening on 127\.0\.0\.1 port (\d+): /gm)].map((match) =>
    Number(match[1]),
  );
  return { program, ports };
}

/** What the fake board's clock shows, always. */
export const BOARD_TIME = "2026-08-21T12:00:00.000Z";

const stamp = new Uint8Array(CDS_SHORT_LENGTH);
new CdsShort().write(stamp, 0, Date.parse(BOARD_TIME));

/** A sound telemetry packet. */
export function report(
  serviceType: number,
  messageSubtype: number,
  sourceData: Uint8Array = new Uint8Array(0),
): Uint8Array {
  return buildTelemetry({
    apid: 2,
    serviceType,
    messageSubtype,
    timeStamp: stamp,
    timeReferenceStatus: 1,
    sourceData,
  });
}

/** The four reports on a telecommand. */
export function answer(telecommand: Uint8Array): Uint8Array[] {
  const requestId = telecommand.slice(0, 4);
  return [report(1, 1, requestId), report(1, 3, requestId), report(17, 2), report(1, 7, requestId)];
}

export interface FakeBoard {
  readonly port: number;
  readonly telecommands: Uint8Array[];
  stop(): void;
}

/** A board on bare space packets. @param reply what it does about its n-th telecommand, from 0 */
export async function fakeBoard(
  reply: (telecommand: Uint8Array, socket: Socket, n: number) => void,
): Promise<FakeBoard> {
  const framing = spacePackets();
  const telecommands: Uint8Array[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      // A ping is short and comes alone: it is never cut.
      for (const packet of decodeFrames(framing, chunk)) {
        parseTelecommand(packet);
        telecommands.push(packet);
        reply(packet, socket, telecommands.length - 1);
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    telecommands,
    stop() {
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
    },
  };
}
