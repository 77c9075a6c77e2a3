/** A serial line to a board's console, by the system's own means: a device file, and stty. */
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { isatty, ReadStream } from "node:tty";
import type { BoardConsole } from "./board-console.js";
import { KeyError } from "./key-error.js";
import { writeAll } from "./write-all.js";

/** A line of a key takes milliseconds. */
const PATIENCE_MS = 2000;

/**
 * @param device as /dev/ttyUSB0
 * @param baud bits a second
 * @throws KeyError
 */
export function openSerialLine(device: string, baud: number): BoardConsole {
  if (process.platform === "win32") {
    throw new KeyError("--serial needs a system with stty; --nvs goes without");
  }
  let descriptor: number;
  try {
    // Not the line that ends this program when it hangs up; and no wait for a carrier.
    descriptor = openSync(device, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (error) {
    throw new KeyError((error as Error).message);
  }
  try {
    if (!isatty(descriptor)) {
      throw new KeyError(`${device} is no serial line`);
    }
    // On the line that is open: to open it once more would reset some boards.
    execFileSync("stty", [String(baud), "raw", "-echo", "-hupcl", "clocal"], { stdio: [descriptor, "ignore", "pipe"] });
    const input = new ReadStream(descriptor);
    return {
      input,
      write(text) {
        const octets = Buffer.from(text);
        try {
          writeAll(descriptor, octets, device, PATIENCE_MS);
        } finally {
          octets.fill(0);
        }
      },
      close: () => void input.destroy(),
    };
  } catch (error) {
    closeSync(descriptor);
    const { stderr, message } = error as Error & { stderr?: Buffer };
    const told = stderr === undefined || stderr.length === 0 ? message : stderr.toString().trim();
    throw error instanceof KeyError ? error : new KeyError(`${device}: ${told}`);
  }
}
