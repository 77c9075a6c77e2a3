/** Makes the page's files for the browser: scripts, a style sheet, documents. Run when the package is built. */
import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The project, from `dist/ground/station`. */
const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));
const PAGE = `${PROJECT}ground/station/page`;
export const PAGE_DIRECTORY = `${PROJECT}dist/ground/page`;

/** @param directory for `index.html`, `page.js` and `page.css`; and, with `openmct-` in front, what goes with Open MCT */
export async function bundlePage(directory: string = PAGE_DIRECTORY): Promise<void> {
  await mkdir(directory, { recursive: true });
  await build({
    entryPoints: [`${PAGE}/page.tsx`, `${PAGE}/page.css`, { in: `${PAGE}/openmct/start.ts`, out: "openmct-start" }],
    outdir: directory,
    bundle: true,
    // The generator's plugin, which the station serves beside it.
    external: ["./plugin.js"],
    minify: true,
    format: "esm",
    target: ["chrome110", "firefox115", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "inline",
    logLevel: "warning",
  });
  await copyFile(`${PAGE}/index.html`, `${directory}/index.html`);
  await copyFile(`${PAGE}/openmct/index.html`, `${directory}/openmct-index.html`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundlePage();
}
