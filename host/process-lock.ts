/**
 * A file that says which process uses something: one at a time. Its lines are the process's ID and, where the system tells, when
 * it began: IDs are given again. The lock of a process that is gone is taken over.
 */
import { linkSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createFile } from "./kept-file.js";

/** Another process has it. */
export class LockedError extends Error {
  override name = "LockedError";
  /** 0: one that is just taking over the lock of a process that is gone. */
  readonly pid: number;

  constructor(message: string, pid: number) {
    super(message);
    this.pid = pid;
  }
}

/** Paths that this process has locked. */
const held = new Set<string>();
let isWatched = false;

/** Field 22 of /proc/PID/stat, proc(5): the time at which a process began. It stands behind the name, which may have spaces. */
const START_TIME = 22 - 3;

export class ProcessLock {
  readonly #path: string;

  /**
   * @param path of the lock's file
   * @param what is locked, for the message: `commander.key`
   * @param advice behind the message: what whoever reads it can do
   * @throws LockedError when another process has it; what the system throws
   */
  constructor(path: string, what: string, advice: string) {
    // However it is spelled, it is one.
    const lock = join(realpathSync(dirname(path)), basename(path));
    this.#path = lock;
    const own = `${lock}.${process.pid}`;
    // Written whole before it is seen under its name.
    rmSync(own, { force: true });
    createFile(own, Buffer.from(description(process.pid)));
    try {
      take(own, lock, what, advice);
    } finally {
      rmSync(own, { force: true });
    }
    held.add(lock);
    if (!isWatched) {
      isWatched = true;
      process.on("exit", releaseAll);
    }
  }

  /** Idempotent. */
  release(): void {
    if (held.delete(this.#path)) {
      removeOwn(this.#path);
    }
  }
}

function releaseAll(): void {
  for (const path of held) {
    removeOwn(path);
  }
}

/** Somebody may have removed it by hand, and another process locked. @throws what the system throws */
function removeOwn(path: string): void {
  if (textOf(path) === description(process.pid)) {
    rmSync(path, { force: true });
  }
}

function take(own: string, path: string, what: string, advice: string): void {
  if (links(own, path)) {
    return;
  }
  refuseLiving(path, what, advice);
  // Two may find that a process is gone. One removes its lock; the other must not remove the lock of that one.
  const takeover = `${path}.takeover`;
  if (!links(own, takeover)) {
    throw new LockedError(
      `${what} is just being taken over by another process; when there is none, remove ${takeover}`,
      0,
    );
  }
  try {
    refuseLiving(path, what, advice);
    rmSync(path, { force: true });
    if (!links(own, path)) {
      refuseLiving(path, what, advice);
      throw new LockedError(`${what} is in use by another process: ${advice}`, 0);
    }
  } finally {
    rmSync(takeover, { force: true });
  }
}

/** Gives a file a second name. @returns false: the name is taken */
function links(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

/** @throws LockedError when the process that the lock names is there */
function refuseLiving(path: string, what: string, advice: string): void {
  const text = textOf(path);
  if (text === undefined) {
    return;
  }
  const pid = Number(/^\d+/.exec(text)?.[0] ?? 0);
  // A lock with this process's own ID is another thread's, or was left by an earlier process with that ID.
  const isLeft = pid === process.pid && !held.has(path) && !text.includes(" ");
  if (pid > 0 && !isLeft && isThere(pid) && isSameProcess(pid, text)) {
    throw new LockedError(`${what} is in use by process ${pid}: ${advice}`, pid);
  }
}

/** @returns undefined: it is not there. @throws what the system throws */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isOver(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** False: its ID was given again. */
function isSameProcess(pid: number, text: string): boolean {
  const now = description(pid);
  // Nothing is known of when one of them began.
  return !text.includes(" ") || !now.includes(" ") || now === text;
}

function description(pid: number): string {
  const began = startTime(pid);
  return began === undefined ? `${pid}\n` : `${pid} ${began}\n`;
}

/** It has ended, and whoever began it has not asked how: Z or X in proc(5). */
function isOver(pid: number): boolean {
  return ["Z", "X"].includes(statusOf(pid)[0] ?? "");
}

/** In ticks since the system began; undefined: the system does not tell. */
function startTime(pid: number): string | undefined {
  return statusOf(pid)[START_TIME];
}

/** What /proc/PID/stat has behind the process's name; empty where the system does not tell. */
function statusOf(pid: number): readonly string[] {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    return status.slice(status.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
