/** Files of a folder, and nothing outside of it. */
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const zipped = promisify(gzip);

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".ttf": "font/ttf",
  ".woff": "font/woff",
};
/** There is no such file: also where a file is taken for a folder, or a folder for a file. */
const NOT_THERE: ReadonlySet<string | undefined> = new Set(["ENOENT", "ENOTDIR", "EISDIR"]);
const INDEX = "index.html";
/** Names have no way out of the folder. */
const NAME = /^(?:[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/(?!$)|$))+$/;

/** The page loads nothing from elsewhere, and is in no other page's frame. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

interface File {
  readonly type: string;
  readonly plain: Buffer;
  readonly zipped: Buffer;
}

export class StaticFiles {
  readonly #folder: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #files = new Map<string, File>();

  /** @param folder with a slash at its end */
  constructor(folder: URL, headers: Readonly<Record<string, string>> = PAGE_HEADERS) {
    this.#folder = folder;
    this.#headers = headers;
  }

  /** @returns whether there is such a file, which is then the reply */
  async serve(path: string, acceptEncoding: string, response: ServerResponse): Promise<boolean> {
    const file = await this.#file(path === "/" ? INDEX : path.slice(1));
    if (file === undefined) {
      return false;
    }
    const isZipped = /\bgzip\b/.test(acceptEncoding);
    response.writeHead(200, {
      "Content-Type": file.type,
      "Cache-Control": "no-cache",
      Vary: "Accept-Encoding",
      ...(isZipped ? { "Content-Encoding": "gzip" } : {}),
      ...this.#headers,
    });
    response.end(isZipped ? file.zipped : file.plain);
    return true;
  }

  async #file(name: string): Promise<File | undefined> {
    const type = TYPES[extname(name)];
    if (!NAME.test(name) || type === undefined) {
      return undefined;
    }
    const known = this.#files.get(name);
    if (known !== undefined) {
      return known;
    }
    try {
      const plain = await readFile(new URL(name, this.#folder));
      const file = { type, plain, zipped: await zipped(plain) };
      this.#files.set(name, file);
      return file;
    } catch (error) {
      if (!NOT_THERE.has((error as NodeJS.ErrnoException).code)) {
        throw error;
      }
      return undefined;
    }
  }
}
