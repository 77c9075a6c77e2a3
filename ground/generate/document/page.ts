/** How a page looks, and how its search works. */

function cellsOf(...labels: string[]): string {
  return `:is(${labels.map((label) => `td[data-label="${label}"]`).join(", ")})`;
}

/** Cells of columns that are narrow; on a phone they stand side by side. */
const SHORT = cellsOf(
  ...["#", "octet", "octets", "bits", "type", "unit", "ID", "code", "every", "severity", "port"],
  ...["critical below", "warning below", "warning above", "critical above"],
);
/** Names are broken in front of a capital, where there is room for so much. */
const NAMES = cellsOf("field", "parameter", "command", "packet");

export const PAGE_STYLE = `
:root { --ink: #1b1f24; --faint: #57606a; --paper: #fff; --line: #d0d7de; --shade: #f3f5f7; --accent: #0b5cad; --cell: #eaf2fb;
  --fixed: #f0f1f3; --alarm: #b42318; --alarm-paper: #fdf1f0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --faint: #9aa4af; --paper: #14181d; --line: #39424d; --shade: #1d232a; --accent: #7fb8f5; --cell: #1c3147;
    --fixed: #262d35; --alarm: #ff9b8f; --alarm-paper: #35201f; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif;
  display: grid; grid-template-columns: 19rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1rem; background: var(--shade);
  border-right: 1px solid var(--line); font-size: .875rem; }
nav ul { list-style: none; margin: 0; padding-left: .9rem; }
nav details > ul { padding-left: 0; }
nav details > ul > li { margin-top: .6rem; font-weight: 600; }
nav li li { font-weight: 400; overflow-wrap: anywhere; }
nav code { background: none; padding: 0; }
.search { display: block; font-weight: 600; margin-bottom: 1rem; }
.search input { display: block; width: 100%; margin-top: .25rem; padding: .45rem .6rem; font: inherit; font-weight: 400;
  color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
summary { cursor: pointer; font-weight: 600; }
main { padding: 1rem 2rem 4rem; max-width: 62rem; min-width: 0; overflow-wrap: anywhere; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .5rem 0 1rem; }
h2 { font-size: 1.45rem; margin: 3rem 0 1rem; padding-bottom: .3rem; border-bottom: 2px solid var(--line); }
h3 { font-size: 1.1rem; margin: 2.25rem 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--accent); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
code { font: .92em/1.4 ui-monospace, "DejaVu Sans Mono", monospace; background: var(--shade); padding: .05em .25em;
  border-radius: 3px; overflow-wrap: anywhere; }
.dangerous { color: var(--alarm); background: var(--alarm-paper); border-left: 4px solid var(--alarm); padding: .5rem .75rem; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0 1rem; font-size: .875rem; line-height: 1.4; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--faint); font-weight: 600; white-space: nowrap; }
td { font-variant-numeric: tabular-nums; min-width: 3.5rem; }
${NAMES} { min-width: 9.5rem; }
${SHORT} { min-width: 0; white-space: nowrap; }
td[data-label="unit"] { min-width: 3.5rem; white-space: normal; }
tr:target, :target { background: var(--cell); }
figure { margin: .75rem 0; max-width: 33rem; }
figcaption { color: var(--faint); font-size: .8125rem; margin-bottom: .25rem; }
svg { display: block; width: 100%; height: auto; margin-bottom: .5rem; }
svg text { font: 11px ui-monospace, "DejaVu Sans Mono", monospace; fill: var(--ink); }
svg .scale { font-size: 9px; fill: var(--faint); }
svg .value { fill: var(--cell); }
svg .fixed { fill: var(--fixed); }
svg .reserved { fill: none; }
svg .edge { stroke: var(--faint); stroke-width: 1; fill: none; }
svg .torn { stroke: var(--faint); stroke-width: 1; fill: none; stroke-dasharray: 4 3; }
[hidden] { display: none !important; }
@media screen and (max-width: 800px) {
  body { display: block; }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); }
  nav details > ul { max-height: 50vh; overflow-y: auto; }
  main { padding: .5rem 1rem 3rem; }
  table, tbody, tr, td { display: block; }
  thead { display: none; }
  tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  td { border: 0; padding: .05rem 0; min-width: 0; }
  td:empty { display: none !important; }
  td::before { content: attr(data-label) " "; color: var(--faint); }
  td > div { display: inline; }
  ${SHORT} { display: inline-block; margin-right: 1rem; white-space: normal; }
}
@media print {
  @page { size: A4; margin: 16mm 14mm; }
  :root { --ink: #000; --faint: #444; --paper: #fff; --line: #bbb; --shade: #f3f3f3; --accent: #000; --cell: #e8eef5; --fixed: #eee;
    --alarm: #000; --alarm-paper: #fff; }
  body { display: block; font-size: 9.5pt; }
  nav { position: static; height: auto; border: 0; background: none; padding: 0; break-after: page; font-size: 8.5pt; }
  nav details > ul { max-height: none; columns: 3; overflow: visible; }
  .search, summary { display: none; }
  main { padding: 0; max-width: none; }
  h2 { margin-top: 2rem; }
  h1, h2, h3, h3 + p, figcaption, thead { break-after: avoid; }
  td, td[data-label] { min-width: 0; padding-right: .3rem; }
  ${NAMES} { min-width: 26mm; }
  td[data-label="meaning"] { min-width: 42mm; }
  svg, tr, p { break-inside: avoid; }
  figure { max-width: 120mm; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

/** Without it the page only has no search. */
export const PAGE_SCRIPT = `
"use strict";
{
  const input = document.getElementById("search");
  const contents = document.querySelector("nav details");
  if (matchMedia("(max-width: 800px)").matches) contents.open = false;
  addEventListener("beforeprint", () => { contents.open = true; });
  const parts = [...document.querySelectorAll("main article, main section > table > tbody > tr")]
    .map((element) => ({ element, text: element.textContent.toLowerCase() }));
  const sections = [...document.querySelectorAll("main section")]
    .map((element) => ({ element, own: parts.filter((part) => element.contains(part.element)) }));
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
    for (const part of parts) {
      part.found = words.every((word) => part.text.includes(word));
      part.element.hidden = !part.found;
    }
    let count = 0;
    for (const { element, own } of sections) {
      const found = own.filter((part) => part.found).length;
      count += found;
      element.hidden = words.length > 0 && found === 0;
    }
    document.getElementById("nothing").hidden = count > 0;
  });
}
`;
