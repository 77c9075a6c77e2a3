/** A document as one page that needs nothing from elsewhere: contents, search, figures; for screens, phones and paper. */
import { type Block, type Inline, printable, type Text } from "./document.js";
import { PAGE_SCRIPT, PAGE_STYLE } from "./page.js";

/** @returns the page, a newline at its end */
export function htmlOf(title: string, blocks: readonly Block[]): string {
  return [
    "<!DOCTYPE html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapedHtml(title)}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    "</head>",
    "<body>",
    ...contents(blocks),
    "<main>",
    ...body(blocks),
    '<p id="nothing" hidden>Nothing here has these words.</p>',
    "</main>",
    `<script>${PAGE_SCRIPT}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function contents(blocks: readonly Block[]): string[] {
  const lines: string[] = [
    "<nav>",
    '<label class="search">Search <input type="search" id="search" placeholder="name, ID, unit" autocomplete="off"></label>',
    "<details open>",
    "<summary>Contents</summary>",
    "<ul>",
  ];
  let isOpen = false;
  for (const block of blocks) {
    if (block.kind !== "heading" || block.level === 1) {
      continue;
    }
    if (block.level === 2) {
      lines.push(...(isOpen ? ["</ul></li>"] : []), `<li>${anchor(block.id, inlines(block.text))}<ul>`);
      isOpen = true;
    } else {
      lines.push(`<li>${anchor(block.id, inlines(block.text))}</li>`);
    }
  }
  return [...lines, ...(isOpen ? ["</ul></li>"] : []), "</ul>", "</details>", "</nav>"];
}

function anchor(id: string, content: string): string {
  return `<a href="#${id}">${content.replace(/<\/?a\b[^>]*>/g, "")}</a>`;
}

/** Everything below a heading of the third level is an article: what a search shows or hides. */
function body(blocks: readonly Block[]): string[] {
  const lines: string[] = [];
  const open: string[] = [];
  const close = (least: number): void => {
    while (open.length > least) {
      lines.push(`</${open.pop()}>`);
    }
  };
  for (const block of blocks) {
    if (block.kind === "heading" && block.level > 1) {
      close(block.level - 2);
      const element = block.level === 2 ? "section" : "article";
      open.push(element);
      lines.push(`<${element}>`);
    }
    lines.push(...blockOf(block));
  }
  close(0);
  return lines;
}

function blockOf(block: Block): string[] {
  switch (block.kind) {
    case "heading":
      return [`<h${block.level} id="${block.id}">${inlines(block.text)}</h${block.level}>`];
    case "paragraph":
      return [`<p>${inlines(block.text)}</p>`];
    case "warning":
      return [`<p class="dangerous"><strong>Dangerous:</strong> ${inlines(block.text)}</p>`];
    case "table":
      return [
        "<table>",
        `<thead><tr>${block.head.map((name) => `<th scope="col">${escapedHtml(name)}</th>`).join("")}</tr></thead>`,
        "<tbody>",
        ...block.rows.map(
          ({ id, cells }) =>
            `<tr${id === undefined ? "" : ` id="${id}"`}>${cells
              .map((cell, k) => `<td data-label="${escapedHtml(block.head[k]!)}">${cellOf(cell)}</td>`)
              .join("")}</tr>`,
        ),
        "</tbody>",
        "</table>",
      ];
    case "figure":
      return ["<figure>", `<figcaption>${escapedHtml(block.caption)}</figcaption>`, ...block.svg, "</figure>"];
  }
}

/** One element: on a phone it stands beside its column's name. */
function cellOf(text: Text): string {
  const content = inlines(text);
  return content === "" ? "" : `<div>${content}</div>`;
}

function inlines(text: Text): string {
  return text.map(inline).join("");
}

function inline(part: Inline): string {
  if (typeof part === "string") {
    return escapedHtml(part);
  }
  if ("code" in part) {
    return `<code>${breakable(part.code)}</code>`;
  }
  return "strong" in part
    ? `<strong>${escapedHtml(part.strong)}</strong>`
    : `<a href="#${part.to}"><code>${breakable(part.link)}</code></a>`;
}

/** A long name in camelCase may be broken in front of its capitals. */
function breakable(name: string): string {
  return escapedHtml(name).replace(/(?<=[a-z0-9])(?=[A-Z])/g, "<wbr>");
}

export function escapedHtml(text: string): string {
  return printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
