/** Open MCT with the station's boards. */
import type { ObjectsFile } from "../../../generate/openmct/objects.js";
import { get } from "../api.js";
import { Feed } from "./feed.js";
import { type BoardObjects, StationTelemetry } from "./telemetry.js";

/** As much of Open MCT as is used. */
interface OpenMct {
  readonly plugins: Readonly<Record<string, (options?: unknown) => Plugin>>;
  readonly telemetry: { addProvider(provider: StationTelemetry): void };
  install(plugin: Plugin): void;
  setAssetPath(path: string): void;
  start(element: HTMLElement): void;
}

type Plugin = (openmct: OpenMct) => void;

/** The generator's, which the station serves. */
const PLUGIN: string = "./plugin.js";
const MINUTE_MS = 60_000;
const OFFSETS = { start: -15 * MINUTE_MS, end: 5000 };

const { openmct } = window as unknown as { readonly openmct: OpenMct };
const { flatlinkObjects } = (await import(PLUGIN)) as { flatlinkObjects(file: ObjectsFile): Plugin };
const boards = await get<BoardObjects[]>("objects.json");
const { plugins } = openmct;
openmct.setAssetPath("dist");
openmct.install(plugins["LocalStorage"]!());
openmct.install(plugins["UTCTimeSystem"]!());
openmct.install(plugins["Espresso"]!());
openmct.install(plugins["MyItems"]!());
openmct.install(plugins["LADTable"]!());
openmct.install(
  plugins["Conductor"]!({
    menuOptions: [
      { name: "Live", timeSystem: "utc", clock: "local", clockOffsets: OFFSETS },
      { name: "Fixed", timeSystem: "utc", bounds: { start: Date.now() - 60 * MINUTE_MS, end: Date.now() } },
    ],
  }),
);
for (const { file } of boards) {
  openmct.install(flatlinkObjects(file));
}
const feed = new Feed();
openmct.telemetry.addProvider(new StationTelemetry(boards, feed));
feed.open();
// Rather than an empty folder of one's own.
const [first] = boards;
if (first !== undefined && location.hash.length <= "#/".length) {
  location.hash = `#/browse/${first.file.namespace}:root`;
}
// Without an element it takes the first that there is.
openmct.start(document.getElementById("openmct")!);
