/** Makes the page's files for the browser: one script, one style sheet, one document. Run when the package is built. */
import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The project, from `dist/ground/station`. */
const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));
const PAGE = `${PROJECT}ground/station/page`;
export const PAGE_DIRECTORY = `${PROJECT}dist/ground/page`;

/** @param directory for `index.html`, `page.js` and `page.css` */
export async function bundlePage(directory: string = PAGE_DIRECTORY): Promise<void> {
  await mkdir(directory, { recursive: true });
  await build({
    entryPoints: [`${PAGE}/page.tsx`, `${PAGE}/page.css`],
    outdir: directory,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome110", "firefox115", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "inline",
    logLevel: "warning",
  });
  await copyFile(`${PAGE}/index.html`, `${directory}/index.html`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundlePage();
}
