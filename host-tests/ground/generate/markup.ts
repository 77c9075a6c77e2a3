/** Reads a page as strictly as XML is read, for tests: any fault is an error that says where. */

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

const VOID = ["meta", "input", "wbr", "br", "link", "img"];
const RAW = ["style", "script"];
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/** @throws Error where it is not well-formed */
export function parsePage(page: string): Element {
  const root: Element = { name: "", attributes: {}, children: [] };
  const open: Element[] = [root];
  let at = page.startsWith("<!DOCTYPE html>\n") ? "<!DOCTYPE html>\n".length : fail("no doctype", page, 0);
  while (at < page.length) {
    const top = open.at(-1)!;
    if (page[at] !== "<") {
      const end = page.indexOf("<", at);
      const text = page.slice(at, end < 0 ? page.length : end);
      top.children.push(decoded(text, page, at));
      at += text.length;
      continue;
    }
    const tag = /^<(\/?)([a-z][a-z0-9]*)((?:\s[a-zA-Z-]+(?:="[^"<]*")?)*)\s*(\/?)>/.exec(page.slice(at, at + 20_000));
    if (tag === null) {
      return fail("no tag", page, at);
    }
    const [whole, closing, name, attributes, self] = tag as unknown as [string, string, string, string, string];
    at += whole.length;
    if (closing === "/") {
      if (top.name !== name) {
        fail(`</${name}> in <${top.name}>`, page, at);
      }
      open.pop();
      continue;
    }
    const element: Element = { name, attributes: attributesOf(attributes, page, at), children: [] };
    top.children.push(element);
    if (RAW.includes(name)) {
      const end = page.indexOf(`</${name}>`, at);
      element.children.push(page.slice(at, end));
      at = end + name.length + 3;
    } else if (self === "" && !VOID.includes(name)) {
      open.push(element);
    }
  }
  return open.length === 1 ? root : fail(`<${open.at(-1)!.name}> is left open`, page, at);
}

function attributesOf(text: string, page: string, at: number): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, value = ""] of text.matchAll(/\s([a-zA-Z-]+)(?:="([^"]*)")?/g)) {
    if (name! in attributes) {
      fail(`${name} twice`, page, at);
    }
    attributes[name!] = decoded(value, page, at);
  }
  return attributes;
}

function decoded(text: string, page: string, at: number): string {
  return text.replace(
    /&([a-z0-9#]*;?)/g,
    (_, entity: string) => ENTITIES[entity.slice(0, -1)] ?? fail(`&${entity}`, page, at),
  );
}

function fail(what: string, page: string, at: number): never {
  throw new Error(`${what} at ${at}: ${page.slice(Math.max(0, at - 80), at + 80)}`);
}

/** Every element below, in their order. */
export function elementsIn(element: Element): Element[] {
  return element.children.flatMap((child) => (typeof child === "string" ? [] : [child, ...elementsIn(child)]));
}

export function textOf(element: Element): string {
  return element.children.map((child) => (typeof child === "string" ? child : textOf(child))).join("");
}
