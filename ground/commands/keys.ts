/** `flatlink keys`: makes keys, and gives them to boards. */
import { FolderStore } from "../../host/folder-store.js";
import { LockedError } from "../../host/process-lock.js";
import { provisionConsole } from "../keys/board-console.js";
import { counterFile, counterValue, lostCounter, readCounter, setCounter } from "../keys/counter-file.js";
import { KeyError } from "../keys/key-error.js";
import { createKeyFile, idOf, keyPath, readAead, readKeyFile } from "../keys/key-file.js";
import { lockKey } from "../keys/key-lock.js";
import { writeNvsCsv } from "../keys/nvs-csv.js";
import { type Provision, provisionStore } from "../keys/provision.js";
import { openSerialLine } from "../keys/serial-line.js";
import { type KeysOptions, type KeyTarget, parseKeysOptions } from "./keys-options.js";
import { EXIT_DONE, type Program, runProgram } from "./program.js";

async function keys({ args, write }: Program): Promise<number> {
  const options = parseKeysOptions(args, write);
  if (options !== undefined) {
    write(`${await act(options)}\n`);
  }
  return EXIT_DONE;
}

/** @returns what to tell. @throws (rejects) KeyError, and what the system throws */
async function act({ action, file, spi, set, target, isReady, isTelemetry }: KeysOptions): Promise<string> {
  switch (action) {
    case "new":
      return [
        `${file}: a new key, its identifier is ${createKeyFile(file)}; its counter is ${counterFile(file)}`,
        `next: flatlink keys provision ${file} --spi ${spi} gives it to a board, with --keys, --serial or --nvs`,
      ].join("\n");
    case "show-id":
      return idOf(readAead(file));
    case "counter":
      return counter(keyPath(file), set);
    case "provision": {
      const key = readKeyFile(file);
      try {
        return await provision(target!, { spi, key, isReady, isTelemetry });
      } finally {
        key.fill(0);
      }
    }
  }
}

function counter(file: string, value: bigint | undefined): string {
  if (value !== undefined) {
    // Whoever sends with it would write over it.
    const lock = lockKey(file);
    try {
      setCounter(file, value);
    } finally {
      lock.release();
    }
  }
  const present = readCounter(file);
  if (present === undefined) {
    throw lostCounter(file, "N");
  }
  return String(counterValue(present));
}

async function provision(target: KeyTarget, what: Provision): Promise<string> {
  const { spi, key, isReady, isTelemetry } = what;
  switch (target.kind) {
    case "keys": {
      const { folder } = target;
      const store = openFolder(folder);
      try {
        provisionStore(store, what);
      } finally {
        store.close();
      }
      return `SPI ${spi} in ${folder}: ${isTelemetry ? "seals telemetry" : isReady ? "ready" : "active"}`;
    }
    case "serial": {
      const board = openSerialLine(target.device, target.baud);
      try {
        return `SPI ${spi} on ${target.device}: ${await provisionConsole(board, target.device, { spi, key, isReady })}`;
      } finally {
        board.close();
      }
    }
    case "nvs":
      writeNvsCsv(target.output, what);
      return [
        `${target.output}: the records of SPI ${spi}; the key is in it: remove it when it is flashed`,
        `next: python -m esp_idf_nvs_partition_gen generate ${target.output} nvs.bin 0x6000 (the size of the board's nvs partition)`,
      ].join("\n");
  }
}

function openFolder(folder: string): FolderStore {
  try {
    return new FolderStore(folder);
  } catch (error) {
    throw error instanceof LockedError ? new KeyError(`${error.message}; stop it first`) : error;
  }
}

await runProgram("flatlink keys", keys);
