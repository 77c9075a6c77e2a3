/**
 * Starts a program that ends when this process does, also when it hears and reads nothing: a loop without end, and its
 * parent killed by SIGKILL, or the thread that started it terminated.
 *
 * Neither POSIX nor Node has a way to say that. So a shell starts a watchdog beside the program, and then becomes the
 * program: its process id, exit code, signals and file descriptors are those of the program itself. The watchdog waits
 * for the end of a pipe to which nothing is ever written. The system closes our end of it, whatever happens to us.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";

/** The file descriptor of that pipe, in the shell. */
const LIFELINE = 5;

/**
 * The watchdog gives the other pipes back at once: else they would seem open after the program's end.
 *
 * `$$` is the program. It is never another process, even long after its end: the program is the leader of a process
 * group (`detached`), in which the watchdog is too, and a process id is not used again as long as a group has it.
 */
const SCRIPT = `(read -r line; kill -9 $$) <&${LIFELINE} >/dev/null 2>&1 3>&- 4>&- ${LIFELINE}>&- &
exec "$0" "$@" ${LIFELINE}>&-`;

/** Exit codes by which a shell says that it could not become the program. */
export const NOT_STARTED: readonly number[] = Object.freeze([126, 127]);

/**
 * @returns the program's process: no stdin, pipes from its stdout and stderr and to and from its file descriptors 3 and
 *   4. In a process group of its own. Where the program is not to be had, its exit code is one of `NOT_STARTED`
 */
export function spawnOnLifeline(program: string, args: readonly string[] = []): ChildProcess {
  const child = spawn("/bin/sh", ["-c", SCRIPT, program, ...args], {
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
    detached: true,
  });
  // Node's types know five of them.
  const lifeline = (child.stdio as readonly unknown[])[LIFELINE] as Duplex;
  lifeline.on("error", () => {});
  // Ends the watchdog; `close` of the child waits for it.
  child.on("exit", () => lifeline.destroy());
  return child;
}
