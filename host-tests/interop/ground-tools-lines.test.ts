/** What docs/ground-tools.md has people write for ground tools, and the versions it names, are what `npm run test:interop` runs. */
import test from "ava";
import { YAMCS_VERSION } from "../../ground/generate/yamcs/files.js";
import { projectFile } from "../project.js";
import { COSMOS_CASES } from "./cosmos-cases.js";

const PAGE = projectFile("docs/ground-tools.md");

test("Each line for COSMOS goes with its framing in a case that has no limit.", (t) => {
  const rows = [...PAGE.matchAll(/^\| `([^`]+)` \| `([A-Z]+[^`]*)`/gm)];
  t.true(rows.length >= 13, `${rows.length} rows`);
  for (const [, framing, line] of rows) {
    const found = COSMOS_CASES.some(
      (each) => each.framing === framing && each.theirs.join() === line && each.limit === undefined,
    );
    t.true(found, `${framing}: ${line}`);
  }
});

test("Each PROTOCOL line, and the line of the INTERFACE, is in some case.", (t) => {
  const lines = COSMOS_CASES.flatMap(({ theirs }) => theirs);
  const protocols = [...PAGE.matchAll(/PROTOCOL READ[^`\n]+/g)].map(([line]) => line);
  t.is(protocols.length, 3);
  const [, inInterface] = PAGE.match(/^INTERFACE .* nil (LENGTH .*)$/m) ?? [];
  for (const line of [...protocols, inInterface as string]) {
    t.true(lines.includes(line), line);
  }
});

test("The version of Yamcs is that which is generated.", (t) => {
  t.true(PAGE.includes(`Yamcs ${YAMCS_VERSION}, from the generated folder`));
});
