/** What `npm pack` would publish. */
import { spawnSync } from "node:child_process";
import test from "ava";
import { PROJECT } from "./project.js";

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
    "dist/ground/ping.js",
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
    /^(dist\/(modules|host|ground)\/|modules\/|docs\/|main\.ts|manifest\.json|package\.json|README\.md|LICENSE|(CHANGELOG|CONTRIBUTING|SECURITY)\.md)/;
  t.deepEqual(
    paths.filter((path) => !allowed.test(path) || /tsconfig|tsbuildinfo|\.test\./.test(path)),
    [],
  );
});
