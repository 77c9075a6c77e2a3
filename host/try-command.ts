/** A command to paste that talks to the board with nothing but Python: sends one telecommand, prints what comes back. */
import type { PortConfiguration } from "../modules/flatsat/configuration.js";
import { encodeFrame } from "../modules/framing/convenience.js";

/** A telecommand to APID 2: primary header (version 0, TC, unsegmented, count 0) and five bytes of data. */
const TELECOMMAND = Uint8Array.of(0x10, 0x02, 0xc0, 0x00, 0x00, 0x04, 0x68, 0x65, 0x6c, 0x6c, 0x6f);

/**
 * @param ports as configured
 * @param listening the ports they got, in the same order
 * @returns undefined when no port both takes telecommands and sends telemetry
 */
export function tryCommand(
  ports: readonly PortConfiguration[],
  address: string,
  listening: readonly number[],
): string | undefined {
  const index = ports.findIndex((port) => port.role === "tmtc");
  const port = ports[index];
  if (port === undefined) {
    return undefined;
  }
  const frame = Buffer.from(encodeFrame(port.framing, TELECOMMAND)).toString("hex");
  // Who listens on every address is reached on this machine's own.
  const host = address === "0.0.0.0" || address === "::" || address === "" ? "localhost" : address;
  const where = `("${host}", ${listening[index]})`;
  return (
    `python3 -c 'import socket; s = socket.create_connection(${where}); s.sendall(bytes.fromhex("${frame}")); ` +
    `s.shutdown(1); [print(b.hex(" ")) for b in iter(lambda: s.recv(4096), b"")]'`
  );
}
