/** Which tests are to notice a fault in which modules, and how many of the faults they must notice. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../project.js";

interface Room {
  /** Beginning of the paths. */
  readonly path: string;
  /** Folders of host-tests. */
  readonly tests: readonly string[];
}

/** The first that fits a file is the file's. */
const ROOMS: readonly Room[] = [
  { path: "modules/framing/", tests: ["framing"] },
  { path: "modules/link/", tests: ["link", "client", "flatsat"] },
  { path: "modules/tmtc/", tests: ["tmtc", "link", "client", "flatsat"] },
  { path: "modules/pus/", tests: ["pus", "flatsat"] },
  { path: "modules/ccsds/", tests: ["ccsds", "pus", "framing"] },
  { path: "modules/data/", tests: ["data", "pus"] },
  { path: "modules/text/", tests: ["text"] },
  { path: "modules/dictionary/", tests: ["dictionary", "pus"] },
  { path: "modules/memory/", tests: ["memory", "link"] },
  { path: "modules/checks/", tests: ["checks", "link", "framing"] },
  { path: "modules/flatsat/", tests: ["flatsat", "pus"] },
];

/** Where at least this share of the mutants must be killed. */
export const LEAST_KILLED = 0.85;
export const HELD_ROOMS = ["modules/framing/", "modules/link/", "modules/tmtc/", "modules/pus/dispatcher.ts"];

/** Real sockets, real time, the package's own types: a test that takes long, or needs more than its modules, says nothing there. */
const LEFT_OUT = new Set([
  "link/tcp.test.js",
  "client/relay.test.js",
  "flatsat/heap-slots.test.js",
  "dictionary/types.test.js",
]);
/** Minutes without an end, over every short string: only what survives the others is shown to them. */
const LAST = /^framing\/bounded-/;

export interface TestFiles {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

/** Every source file of `modules/`, as in `modules/ccsds/crc16.ts`. */
export function moduleFiles(): string[] {
  const names = readdirSync(join(PROJECT, "modules"), { recursive: true }) as string[];
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `modules/${name.replaceAll("\\", "/")}`)
    .sort();
}

export function roomOf(file: string): Room {
  const room = ROOMS.find(({ path }) => file.startsWith(path));
  if (room === undefined) {
    throw new Error(`no tests are known for ${file}: see host-tests/mutate/rooms.ts`);
  }
  return room;
}

/** Compiled test files, below `dist/host-tests`. @param folders there */
export function testFiles(folders: readonly string[]): TestFiles {
  const all = folders.flatMap((folder) =>
    readdirSync(join(PROJECT, "dist", "host-tests", folder))
      .filter((name) => name.endsWith(".test.js"))
      .map((name) => `${folder}/${name}`)
      .filter((name) => !LEFT_OUT.has(name)),
  );
  return { first: all.filter((name) => !LAST.test(name)), last: all.filter((name) => LAST.test(name)) };
}
