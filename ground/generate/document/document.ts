/** A document as data: blocks of text, tables and figures, which are written as Markdown or as a page. */

export type Inline =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  /** @property to an anchor of the document */
  | { readonly link: string; readonly to: string };

export type Text = readonly Inline[];

export interface TableRow {
  /** Its anchor. */
  readonly id?: string;
  readonly cells: readonly Text[];
}

export type Block =
  | { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly id: string; readonly text: Text }
  | { readonly kind: "paragraph"; readonly text: Text }
  | { readonly kind: "warning"; readonly text: Text }
  | { readonly kind: "table"; readonly head: readonly string[]; readonly rows: readonly TableRow[] }
  /** Only a page has figures. @property svg drawings, one below the other */
  | { readonly kind: "figure"; readonly caption: string; readonly svg: readonly string[] };

export function heading(level: 1 | 2 | 3, id: string, ...text: Text): Block {
  return { kind: "heading", level, id, text };
}

export function paragraph(...text: Text): Block {
  return { kind: "paragraph", text };
}

/** Columns without a cell that says anything are left out. */
export function table(head: readonly string[], rows: readonly TableRow[]): Block {
  const kept = head.map((_, k) => rows.some(({ cells }) => cells[k]!.some((part) => part !== "")));
  const isKept = (_: unknown, k: number): boolean => kept[k]!;
  return {
    kind: "table",
    head: head.filter(isKept),
    rows: rows.map((row) => ({ ...row, cells: row.cells.filter(isKept) })),
  };
}

/** Texts, one behind the other, with something between each two. */
export function joined(texts: readonly Text[], between: string): Text {
  return texts
    .filter((text) => text.some((part) => part !== ""))
    .flatMap((text, k) => (k === 0 ? text : [between, ...text]));
}

/** Without what no document can have: control characters are shown as such, new lines are spaces. */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\ufffe\uffff]/gu, "\ufffd");
}
