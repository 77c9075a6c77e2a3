/** The README is short, and what the README and the pages in docs/ link to is there. */
import { existsSync } from "node:fs";
import { posix } from "node:path";
import test from "ava";
import { PAGES } from "./examples.js";
import { PROJECT, projectFile } from "./project.js";

const MAX_README_WORDS = 1500;

test(`the README has at most ${MAX_README_WORDS} words`, (t) => {
  const words = projectFile("README.md").trim().split(/\s+/).length;
  t.true(words <= MAX_README_WORDS, `${words} words`);
});

/** What GitHub calls a page's sections. */
function anchorsOf(page: string): string[] {
  const text = projectFile(page).replace(/^```[\s\S]*?^```$/gm, "");
  return Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replace(/ /g, "-"),
  );
}

const WITH_LINKS = [...PAGES, "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];
const LINKS = WITH_LINKS.flatMap((page) =>
  Array.from(projectFile(page).matchAll(/\]\(([^)\s:]+)\)/g), ([, link]) => {
    const [path, anchor] = (link as string).split("#") as [string, string | undefined];
    return { page, target: path === "" ? page : posix.join(posix.dirname(page), path), anchor };
  }),
);

test("every file and section that a page links to is there", (t) => {
  t.true(LINKS.length > 20, `${LINKS.length} links`);
  for (const { page, target, anchor } of LINKS) {
    t.true(existsSync(PROJECT + target), `${page}: ${target}`);
    if (anchor !== undefined) {
      t.true(anchorsOf(target).includes(anchor), `${page}: ${target}#${anchor}`);
    }
  }
});

test("every page that the README or docs/ link to is in the package", (t) => {
  const { files } = JSON.parse(projectFile("package.json")) as { files: string[] };
  // npm packs these whatever the list says.
  const packed = [...files, "README.md", "LICENSE"];
  for (const { page, target } of LINKS.filter((link) => PAGES.includes(link.page))) {
    t.true(
      packed.some((entry) => target === entry || target.startsWith(`${entry}/`)),
      `${page}: ${target}`,
    );
  }
});

test("every page of docs/ is linked from the README", (t) => {
  for (const page of PAGES.slice(1)) {
    t.true(
      LINKS.some((link) => link.page === "README.md" && link.target === page),
      page,
    );
  }
});
