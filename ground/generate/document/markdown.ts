/** A document as Markdown, with anchors of its own: those that a site makes of headings differ from site to site. */
import { type Block, type Inline, printable, type Text } from "./document.js";

/** @returns lines, a newline behind each */
export function markdownOf(blocks: readonly Block[]): string {
  return `${blocks
    .map(blockOf)
    .filter((text) => text !== "")
    .join("\n\n")}\n`;
}

function blockOf(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `<a id="${block.id}"></a>\n\n${"#".repeat(block.level)} ${inlines(block.text)}`;
    case "paragraph":
      return inlines(block.text);
    case "warning":
      return `> **Dangerous:** ${inlines(block.text)}`;
    case "table":
      return [
        row(block.head.map((name) => escaped(name))),
        row(block.head.map(() => "---")),
        ...block.rows.map(({ id, cells }) =>
          row(cells.map((cell, k) => (k === 0 && id !== undefined ? `<a id="${id}"></a>` : "") + inlines(cell))),
        ),
      ].join("\n");
    case "figure":
      return "";
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function inlines(text: Text): string {
  const whole = text.map(inline).join("");
  // At the beginning of a line these would make a list, a heading or a rule.
  return whole.replace(/^(\d+)([.)])/, "$1\\$2").replace(/^[-+=#]/, "\\$&");
}

function inline(part: Inline): string {
  if (typeof part === "string") {
    return escaped(part);
  }
  if ("code" in part) {
    return code(part.code);
  }
  return "strong" in part ? `**${escaped(part.strong).trim()}**` : `[${code(part.link)}](#${part.to})`;
}

/** Between more backquotes than there are in it. */
function code(text: string): string {
  const shown = printable(text).replaceAll("|", "\\|");
  const fence = "`".repeat(1 + Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length)));
  const space = fence.length > 1 ? " " : "";
  return `${fence}${space}${shown}${space}${fence}`;
}

function escaped(text: string): string {
  return printable(text)
    .replace(/[\\`*_[\]|~]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
