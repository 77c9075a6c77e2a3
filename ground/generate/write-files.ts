/** Writes generated files: all of them or, as far as can be told before, none. */
import { chmod, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "../../host/make-folder.js";
import type { GeneratedFile } from "./generator.js";

const EXECUTABLE = 0o755;

/**
 * Files that are there already are replaced, others stay.
 * @param directory is made where there is none
 * @throws (rejects) Error in one line when a file stands where a directory must be, or the other way round; what the file system throws
 */
export async function writeFiles(directory: string, files: readonly GeneratedFile[]): Promise<void> {
  await checkKind(directory, "directory");
  for (const { path } of files) {
    for (let parent = dirname(path); parent !== "."; parent = dirname(parent)) {
      await checkKind(join(directory, parent), "directory");
    }
    await checkKind(join(directory, path), "file");
  }
  makeFolder(directory);
  // Below the same directory: from there a file is in its place at once.
  const aside = await mkdtemp(join(directory, ".flatlink-"));
  try {
    for (const [k, { text, executable }] of files.entries()) {
      const written = join(aside, String(k));
      await writeFile(written, text);
      if (executable === true) {
        await chmod(written, EXECUTABLE);
      }
    }
    for (const [k, { path }] of files.entries()) {
      const target = join(directory, path);
      makeFolder(dirname(target));
      await rename(join(aside, String(k)), target);
    }
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** @throws (rejects) Error when there is something else of this name */
async function checkKind(path: string, kind: "file" | "directory"): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") {
      return undefined;
    }
    throw error.code === "ENOTDIR" ? new Error(`${path}: a file stands where a directory must be`) : error;
  });
  if (found !== undefined && found.isDirectory() !== (kind === "directory")) {
    throw new Error(`${path} is a ${kind === "file" ? "directory" : "file"}; a ${kind} is to be written there`);
  }
}
