/** A command to paste that talks to the board with nothing but Python: sends one telecommand, prints what comes back. */
import type { PortConfiguration } from "../modules/flatsat/configuration.js";
import type { Framing } from "../modules/framing/contract/framing.js";
import { encodeFrame } from "../modules/framing/encode-decode.js";
import { buildTelecommand } from "../modules/pus/build-parse.js";
import { ARE_YOU_ALIVE, TEST_SERVICE } from "../modules/pus/messages/st17-messages.js";

/**
 * The telecommand is TC[17,1], "are you alive?".
 * @param ports as configured
 * @param listening the ports they got, in the same order
 * @returns undefined when no port takes telecommands of that length and sends telemetry
 */
export function tryCommand(
  ports: readonly PortConfiguration[],
  address: string,
  apid: number,
  listening: readonly number[],
): string | undefined {
  const areYouAlive = buildTelecommand({ apid, serviceType: TEST_SERVICE, messageSubtype: ARE_YOU_ALIVE });
  // Nothing to paste has a key.
  const index = ports.findIndex(
    ({ role, framing }) => role === "tmtc" && framing.sdls === undefined && canCarry(framing, areYouAlive),
  );
  const port = ports[index];
  if (port === undefined) {
    return undefined;
  }
  const frame = Buffer.from(encodeFrame(port.framing, areYouAlive)).toString("hex");
  // Who listens on every address is reached on this machine's own.
  const host = address === "0.0.0.0" || address === "::" || address === "" ? "localhost" : address;
  const where = `("${host}", ${listening[index]})`;
  return (
    `python3 -c 'import socket; s = socket.create_connection(${where}); s.sendall(bytes.fromhex("${frame}")); ` +
    `s.shutdown(1); [print(b.hex(" ")) for b in iter(lambda: s.recv(4096), b"")]'`
  );
}

/** Frames of a fixed length, say, are too long or too short for it. */
function canCarry(framing: Framing, packet: Uint8Array): boolean {
  try {
    encodeFrame(framing, packet);
    return true;
  } catch {
    return false;
  }
}
