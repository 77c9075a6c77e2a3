/** What `npm pack` would publish. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import test from "ava";
import { PAGES } from "./examples.js";
import { PROJECT, projectFile } from "./project.js";

test("the package holds the modules, the desktop, the ground tools, the firmware and the documents, and nothing else", (t) => {
  const run = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: PROJECT, encoding: "utf8" });
  t.is(run.status, 0, run.stderr);
  const [{ files }] = JSON.parse(run.stdout) as [{ files: { path: string }[] }];
  const paths = files.map((file) => file.path);
  for (const needed of [
    "dist/modules/link/server/tmtc-server.js",
    "dist/modules/link/server/tmtc-server.d.ts",
    "dist/host/simulator.js",
    "dist/host/engine/xs-worker.js",
    "dist/ground/index.js",
    "dist/ground/ping/ping.js",
    "dist/ground/page/index.html",
    "dist/ground/page/page.css",
    "dist/ground/page/page.js",
    "dist/examples/flatsat/board.js",
    "examples/flatsat/board.ts",
    "examples/thermometer/manifest.json",
    "modules/link/server/tmtc-server.ts",
    "main.ts",
    "manifest.json",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/framings.md",
  ]) {
    t.true(paths.includes(needed), `${needed} is missing`);
  }
  const allowed =
    /^(dist\/(modules|host|ground|examples\/flatsat)\/|modules\/|examples\/|docs\/|main\.ts|manifest\.json|package\.json|README\.md|LICENSE|(CHANGELOG|CONTRIBUTING|SECURITY)\.md)/;
  t.deepEqual(
    paths.filter((path) => !allowed.test(path) || /tsconfig|tsbuildinfo|\.test\./.test(path)),
    [],
  );
});

type Exports = Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;

const { name, exports: listed } = JSON.parse(projectFile("package.json")) as { name: string; exports: Exports };

test("every file that the package exports is there, with its types, and the source that it comes from", (t) => {
  for (const [path, target] of Object.entries(listed)) {
    if (typeof target === "string") {
      t.true(existsSync(`${PROJECT}${target}`), path);
      continue;
    }
    t.is(target.types, target.default.replace(/\.js$/, ".d.ts"), path);
    t.true(existsSync(`${PROJECT}${target.default}`) && existsSync(`${PROJECT}${target.types}`), path);
    const source = target.default.replace(/^\.\/dist\//, "").replace(/\.js$/, ".ts");
    t.true(existsSync(`${PROJECT}${source}`), `${path}: a file left over from ${source}`);
    const module = /^dist\/modules\/(.*)\.js$/.exec(target.default.slice(2))?.[1];
    t.true(module === undefined || path === `./${module}`, `${path}: ${target.default}`);
  }
});

/** Modules that are there on a board only. */
const ON_A_BOARD = { "flatlink/main": "what starts a board" };

test("what the README and the documents import is exported, and what they name is there", (t) => {
  let count = 0;
  for (const page of PAGES) {
    const text = projectFile(page);
    for (const [, path] of text.matchAll(new RegExp(`["'\`]${name}/([a-z0-9/-]+)["'\`]`, "g"))) {
      count++;
      t.true(`./${path}` in listed || `${name}/${path}` in ON_A_BOARD, `${page}: ${name}/${path}`);
    }
    // In prose the package's name is left out: `framing/registry`.
    for (const [, room, file] of text.matchAll(
      /`((?:ccsds|checks|data|dictionary|flatsat|framing|link|memory|pus|text|tmtc)\/)([a-z0-9/-]+)(?:\.ts)?`/g,
    )) {
      t.true(existsSync(`${PROJECT}modules/${room}${file}.ts`), `${page}: ${room}${file}`);
    }
    for (const [, path] of text.matchAll(/`((?:bench|ground|host|host-tests|modules)\/[\w/.-]+\.\w+)`/g)) {
      t.true(existsSync(PROJECT + path), `${page}: ${path}`);
    }
  }
  t.true(count > 50, `${count} imports`);
});
