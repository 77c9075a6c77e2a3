/** The socket cases' rig over the loopback network. Knows no platform: also runs inside XS. */
import { createIo } from "../../host/engine/io.js";
import { LoopbackNetwork } from "../../host/engine/loopback.js";
import { cases, type Peer, type Rig } from "./socket-cases.js";

export function loopbackRig(): Rig {
  const network = new LoopbackNetwork();
  return {
    open(receiveWindow, sendBuffer) {
      const aborted: unknown[] = [];
      const io = createIo(network, { receiveWindow, sendBuffer, onAbort: (error) => aborted.push(error) });
      return Promise.resolve({ io, aborted });
    },
    connect(port) {
      const far = network.connect(port);
      const received: number[] = [];
      const peer: Peer = {
        send(bytes) {
          if (!far.send(bytes)) {
            throw new Error("no room to send");
          }
        },
        end: () => far.end(),
        reset: () => far.reset(),
        pauseReading: () => far.pauseReading(),
        resumeReading: () => far.resumeReading(),
        received() {
          const bytes = new Uint8Array(far.available);
          far.read(bytes);
          // Not `push(...bytes)`: arguments go on the stack, and XS has room for some thousand.
          for (const byte of bytes) {
            received.push(byte);
          }
          return new Uint8Array(received);
        },
        get ended() {
          return far.ended;
        },
        get wasReset() {
          return far.wasReset;
        },
      };
      return Promise.resolve(peer);
    },
    async until(what, condition) {
      for (let round = 0; round < 10; round++) {
        if (condition()) {
          return;
        }
        network.settle();
      }
      if (!condition()) {
        throw new Error(`did not come: ${what}`);
      }
    },
    async rest() {
      network.settle();
    },
    async close() {},
  };
}

/** Runs one case. @returns "ok", or what went wrong */
export async function runLoopbackCase(name: string): Promise<string> {
  try {
    await (cases[name] as (rig: Rig) => Promise<void>)(loopbackRig());
    return "ok";
  } catch (error) {
    return String(error);
  }
}
