/** XML as text, from elements: enough for what is generated, with everything escaped. */

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Element {
  readonly name: string;
  /** What is undefined is left out. */
  readonly attributes: Attributes;
  readonly children: readonly (Element | string)[];
}

/** @param children elements, or text; undefined ones are left out */
export function element(
  name: string,
  attributes: Attributes = {},
  ...children: readonly (Element | string | undefined)[]
): Element {
  return { name, attributes, children: children.filter((child) => child !== undefined) };
}

/** An element around a list, or nothing where the list is empty. */
export function listed(name: string, children: readonly Element[]): Element | undefined {
  return children.length === 0 ? undefined : element(name, {}, ...children);
}

/** @param remark stands in front of the root */
export function xmlDocument(root: Element, remark: string): string {
  // Two hyphens end a comment.
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!-- ${legal(remark).replace(/-(?=-)/g, "- ")} -->\n${render(root, "")}`;
}

/** The same for the same element: tells whether two are the same but for their name. */
export function xmlText(root: Element): string {
  return render(root, "");
}

function render({ name, attributes, children }: Element, indent: string): string {
  const pairs = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeAttribute(String(value))}"`);
  const head = `${indent}<${name}${pairs.join("")}`;
  if (children.length === 0) {
    return `${head}/>\n`;
  }
  if (children.every((child) => typeof child === "string")) {
    return `${head}>${children.map(escapeText).join("")}</${name}>\n`;
  }
  const inside = children.map((child) => (typeof child === "string" ? "" : render(child, `${indent}  `)));
  return `${head}>\n${inside.join("")}${indent}</${name}>\n`;
}

function escapeText(text: string): string {
  return legal(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#13;");
}

/** White space other than a blank would be read as a blank. */
function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', "&quot;").replaceAll("\t", "&#9;").replaceAll("\n", "&#10;");
}

/** Whether XML can have this text as it is. */
export function isLegal(text: string): boolean {
  return legal(text) === text;
}

/** Control characters and halves of pairs, which no XML may have, become the replacement character. */
function legal(text: string): string {
  let good = "";
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const isLegal =
      code === 9 ||
      code === 10 ||
      code === 13 ||
      (code >= 0x20 && code < 0xd800) ||
      (code > 0xdfff && code < 0xfffe) ||
      code > 0xffff;
    good += isLegal ? character : "\ufffd";
  }
  return good;
}
