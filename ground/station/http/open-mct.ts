/** Open MCT below a path of the station: its own files, our objects, and what connects it with the station. */
import type { ServerResponse } from "node:http";
import { objectsOf } from "../../generate/openmct/objects.js";
import { PLUGIN } from "../../generate/openmct.js";
import type { Station } from "../station.js";
import { PAGE_HEADERS, StaticFiles } from "./static-files.js";

export const OPEN_MCT = "/openmct/";
/** Of its own files. */
const DIST = "dist/";
/** As the page's; Open MCT makes its templates functions in the browser, and has fonts within its script. */
const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": `${PAGE_HEADERS["Content-Security-Policy"]}; script-src 'self' 'unsafe-eval'; font-src 'self' data:`,
};
/** The page's files that go with it. */
const OURS: Readonly<Record<string, string>> = { "": "openmct-index.html", "start.js": "openmct-start.js" };

export class OpenMct {
  readonly #station: Station;
  readonly #ours: StaticFiles;
  readonly #theirs: StaticFiles;

  /**
   * @param folder of Open MCT's files for browsers
   * @param page our own
   */
  constructor(station: Station, folder: URL, page: URL) {
    this.#station = station;
    this.#ours = new StaticFiles(page, HEADERS);
    this.#theirs = new StaticFiles(folder, HEADERS);
  }

  /** @returns whether there is such a file, which is then the reply */
  async serve(path: string, acceptEncoding: string, response: ServerResponse): Promise<boolean> {
    if (path.startsWith(DIST)) {
      return this.#theirs.serve(`/${path.slice(DIST.length)}`, acceptEncoding, response);
    }
    switch (path) {
      case "plugin.js":
        send(response, "text/javascript; charset=utf-8", PLUGIN);
        return true;
      case "objects.json":
        send(response, "application/json", JSON.stringify(this.#objects()));
        return true;
      default: {
        const file = Object.hasOwn(OURS, path) ? OURS[path] : undefined;
        return file !== undefined && this.#ours.serve(`/${file}`, acceptEncoding, response);
      }
    }
  }

  /** For each board its objects, and the definitions that its values are read by. */
  #objects(): object[] {
    return this.#station.boards.map(({ name, dictionary }) => ({
      board: name,
      file: objectsOf(dictionary, name),
      parameters: dictionary.parameters ?? {},
    }));
  }
}

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-cache", ...HEADERS });
  response.end(text);
}
