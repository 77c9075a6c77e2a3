/** Writes the tables of docs/telecommands.md anew, from what every board has, and every board with keys: `npm run docs`. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { markdownTable, TABLES, type Table } from "../ground/generate/tables.js";
import type { Dictionary } from "../modules/dictionary/dictionary.js";
import { LINK_DICTIONARY } from "../modules/flatsat/link-dictionary.js";
import { SECURITY_DICTIONARY } from "../modules/flatsat/security-dictionary.js";
import { PROJECT, projectFile } from "./project.js";

export const PAGE = "docs/telecommands.md";

/** What the comments call them. */
const DICTIONARIES: Readonly<Record<string, Dictionary>> = {
  dictionary: LINK_DICTIONARY,
  security: SECURITY_DICTIONARY,
};

/** From the comment that names a table to the one that ends it. */
const GENERATED = /(<!-- (dictionary|security): (\w+) -->\n)[\s\S]*?(<!-- end -->\n)/g;

/** @returns the page with its tables as the dictionary has them */
export function withTables(page: string): string {
  return page.replace(GENERATED, (_whole, begin: string, whose: string, table: string, end: string) => {
    if (!TABLES.includes(table as Table)) {
      throw new TypeError(`${PAGE}: there is no table of ${table}; there are ${TABLES.join(", ")}`);
    }
    return `${begin}\n${markdownTable(DICTIONARIES[whose]!, table as Table)}\n${end}`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(`${PROJECT}${PAGE}`, withTables(projectFile(PAGE)));
}
