/** The thread that watches another one: see `return-watch.ts`. */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { LOOKS, type Watched } from "./return-watch.js";

const STANDARD_ERROR = 2;

const { beat, limitMs, line } = workerData as Watched;
let seen = 0;
let looks = 0;

setInterval(() => {
  const now = Atomics.load(beat, 0);
  looks = now === seen ? looks + 1 : 0;
  seen = now;
  if (looks === LOOKS) {
    try {
      writeSync(STANDARD_ERROR, line);
    } catch {
      // Nobody reads it.
    }
  }
}, limitMs / LOOKS);
