/** Why a frame from UDP is not passed on. */
import { createSocket } from "node:dgram";
import test from "ava";
import { UdpPort } from "../../../ground/gateway/udp-port.js";
import { NotConnectedError, NotSentError, QueueFullError } from "../../../ground/link/link-errors.js";
import { allowedClients } from "../../../ground/ports/allowed-clients.js";
import { encodeFrame } from "../../../modules/framing/encode-decode.js";
import { tcFrames } from "../../../modules/framing/formats/tc-frames.js";
import { telecommand, until } from "./tool.js";

/** Octets of SPI, IV and MAC: a frame without room for them is none. */
const SEALED = 30;

test("a board that takes nothing is told apart from one that there is no connection to", async (t) => {
  const host = "127.0.0.1";
  const errors = [new QueueFullError(256), new NotConnectedError(), new QueueFullError(256)];
  const port = new UdpPort({
    choice: { host, port: 0, cltu: "none", isRandomized: false },
    agreement: { spacecraftId: 0xab, virtualChannelId: 0, frameErrorControl: true },
    allowed: allowedClients([host], [], "a port for tools", "--listen-from"),
    send: () => {
      const cause = errors.pop();
      return cause === undefined ? Promise.resolve() : Promise.reject(new NotSentError("unsent", cause));
    },
    report: () => {},
  });
  await port.listen();
  const socket = createSocket("udp4");
  t.teardown(async () => {
    socket.close();
    await port.close();
  });
  const frame = encodeFrame(tcFrames({ spacecraftId: 0xab }), telecommand(0, 1, 15, SEALED));
  const passed = (): number => port.frames + Object.values(port.refused).reduce((sum, times) => sum + times, 0);
  for (let k = 1; k <= 4; k++) {
    // UDP may lose it, even here.
    await until("the frame", () => {
      if (passed() < k) {
        socket.send(frame, port.port, host);
      }
      return passed() >= k;
    });
  }
  t.deepEqual([port.refused["notTaken"], port.refused["notConnected"]], [2, 1]);
  t.true(port.frames >= 1);
});
