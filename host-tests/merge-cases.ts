/** Tables of cases, joined. Knows no platform: also runs inside XS. */

/** Cases by title. */
type Table<Case> = Readonly<Record<string, Case>>;

/** @throws Error for a title that two tables have: one of the two cases would never run */
export function mergeCases<Case>(...tables: readonly Table<Case>[]): Table<Case> {
  const merged: Record<string, Case> = {};
  for (const table of tables) {
    for (const title of Object.keys(table)) {
      addCase(merged, title, table[title] as Case);
    }
  }
  return merged;
}

/** @throws Error for a title that the table has */
export function addCase<Case>(table: Record<string, Case>, title: string, run: Case): void {
  if (Object.hasOwn(table, title)) {
    throw new Error(`two cases have the title "${title}"`);
  }
  table[title] = run;
}
