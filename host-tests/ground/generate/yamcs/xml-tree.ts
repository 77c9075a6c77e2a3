/** XML as a strict parser reads it. */
import { DOMParser, type Element, onErrorStopParsing } from "@xmldom/xmldom";

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** XML 1.0, 2.2: what may stand in a document. */
const LEGAL = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** @throws Error when it is not well-formed */
export function parseXml(text: string): XmlElement {
  if (!LEGAL.test(text)) {
    throw new Error("there are characters that no XML may have");
  }
  const { documentElement } = new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, "text/xml");
  if (documentElement === null) {
    throw new Error("there is no element");
  }
  return plain(documentElement);
}

function plain(element: Element): XmlElement {
  const attributes: Record<string, string> = {};
  for (let k = 0; k < element.attributes.length; k++) {
    const attribute = element.attributes.item(k);
    attributes[attribute!.name] = attribute!.value;
  }
  const children: XmlElement[] = [];
  for (let child = element.firstChild; child !== null; child = child.nextSibling) {
    if (child.nodeType === child.ELEMENT_NODE) {
      children.push(plain(child as Element));
    }
  }
  return { name: element.tagName, attributes, children, text: element.textContent ?? "" };
}

/** All elements of a name, wherever they are. */
export function all(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

/** The first of a name, wherever it is. */
export function first(element: XmlElement, name: string, called?: string): XmlElement {
  const found = all(element, name).find(({ attributes }) => called === undefined || attributes["name"] === called);
  if (found === undefined) {
    throw new Error(`there is no ${name}${called === undefined ? "" : ` "${called}"`}`);
  }
  return found;
}
