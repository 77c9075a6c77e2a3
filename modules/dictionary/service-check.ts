/** Checks of services of one's own: their messages, the layouts of these, and what answers what. */
import { checkChoice, checkRange, checkWithin } from "../checks/options.js";
import { show } from "../checks/show.js";
import { NUMBER_KINDS, numberKind, UINT32 } from "../data/field-kinds.js";
import type {
  ArgumentDefinition,
  Dictionary,
  LayoutDefinition,
  MessageDefinition,
  RequestMessage,
} from "./dictionary.js";
import { checkProperties, checkSent, checkText, checkValue, entriesOf } from "./value-check.js";

const COUNT_TYPES = Object.freeze(["uint8", "uint16", "uint24", "uint32"] as const);
const MAX_DATA_LENGTH = 65_000;
const LAYOUT = Object.freeze(["values", "list", "maxDataLength", "description"] as const);

export function checkServices(services: Dictionary["services"]): void {
  const types = new Map<number, string>();
  for (const [name, service] of entriesOf("services", services)) {
    const label = `service "${name}"`;
    checkProperties(label, service, ["type", "description", "requests", "reports"]);
    checkText(label, "description", service.description);
    checkWithin(`${label}: type`, service.type, 1, 255);
    if (types.has(service.type)) {
      throw new RangeError(`${label} has the type ${service.type} of "${types.get(service.type)}"`);
    }
    types.set(service.type, name);
    const reports = entriesOf(`${label}: reports`, service.reports);
    checkMessages(label, "report", reports, []);
    const requests = entriesOf(`${label}: requests`, service.requests);
    checkMessages(label, "request", requests, ["replies", "dangerous"]);
    for (const [request, { replies, dangerous }] of requests) {
      checkReplies(`${label}: request "${request}"`, replies, reports);
      checkText(`${label}: request "${request}"`, "dangerous", dangerous);
    }
  }
}

function checkReplies(label: string, replies: RequestMessage["replies"], reports: readonly [string, unknown][]): void {
  if (replies === undefined) {
    return;
  }
  if (!Array.isArray(replies)) {
    throw new TypeError(`${label}: replies must be names of reports, not ${show(replies)}`);
  }
  for (const reply of replies as readonly string[]) {
    if (!reports.some(([name]) => name === reply)) {
      throw new TypeError(`${label}: there is no report ${show(reply)} to reply with`);
    }
  }
}

function checkMessages(
  service: string,
  what: string,
  messages: readonly [string, MessageDefinition][],
  more: string[],
): void {
  const subtypes = new Map<number, string>();
  for (const [name, message] of messages) {
    const label = `${service}: ${what} "${name}"`;
    checkProperties(label, message, [...LAYOUT, "subtype", "variants", ...more]);
    checkText(label, "description", message.description);
    checkWithin(`${label}: subtype`, message.subtype, 1, 255);
    const other = subtypes.get(message.subtype);
    if (other !== undefined) {
      throw new RangeError(`${label} has the subtype ${message.subtype} of "${other}"`);
    }
    subtypes.set(message.subtype, name);
    checkLayout(label, message, more);
    checkVariants(label, message, more);
  }
}

/** @param request the properties that only requests have: none in a report */
function checkLayout(label: string, layout: LayoutDefinition, request: readonly string[]): void {
  for (const [name, value] of entriesOf(`${label}: values`, layout.values)) {
    checkArgument(`${label}: value "${name}"`, value, request);
  }
  if (layout.maxDataLength !== undefined) {
    checkRange(`${label}: maxDataLength`, layout.maxDataLength, 0, MAX_DATA_LENGTH, " octets");
  }
  const { list } = layout;
  if (list === undefined) {
    return;
  }
  checkProperties(`${label}: list`, list, ["countType", "items", "minCount", "maxCount"]);
  checkChoice(`${label}: list.countType`, list.countType, COUNT_TYPES);
  checkRange(`${label}: list.maxCount`, list.maxCount, 1, MAX_DATA_LENGTH, " items");
  if (list.minCount !== undefined) {
    checkRange(`${label}: list.minCount`, list.minCount, 0, list.maxCount, " items");
  }
  const items = entriesOf(`${label}: list.items`, list.items);
  if (items.length === 0) {
    throw new TypeError(`${label}: list.items must have one value at least`);
  }
  for (const [name, value] of items) {
    checkArgument(`${label}: item "${name}"`, value, request);
  }
}

function checkArgument(label: string, value: ArgumentDefinition, request: readonly string[]): void {
  const isRequest = request.length > 0;
  checkValue(label, value, isRequest ? ["default"] : []);
  if (isRequest) {
    checkSent(label, value);
  }
}

/** The identifier is the last of the values, an unsigned number that stands alone. */
function checkVariants(label: string, message: MessageDefinition, request: readonly string[]): void {
  const variants = entriesOf(`${label}: variants`, message.variants);
  if (variants.length === 0) {
    return;
  }
  const identifier = Object.values(message.values ?? {}).pop();
  const kind = numberKind(identifier?.type);
  if (identifier === undefined || kind < 0 || kind > UINT32 || identifier.count !== undefined) {
    throw new TypeError(`${label}: the last of values must be the identifier of its variants, an unsigned number`);
  }
  if (message.list !== undefined || message.maxDataLength !== undefined) {
    throw new TypeError(`${label}: what stands behind the identifier belongs to its variants`);
  }
  const taken = new Map<number, string>();
  for (const [name, variant] of variants) {
    const where = `${label}: variant "${name}"`;
    checkProperties(where, variant, [...LAYOUT, "id", ...(request.includes("dangerous") ? ["dangerous"] : [])]);
    checkText(where, "dangerous", variant.dangerous);
    checkRange(`${where}: id`, variant.id, 0, NUMBER_KINDS[kind]!.maximum, ` (${identifier.type})`);
    if (taken.has(variant.id)) {
      throw new RangeError(`${where} has the ID ${variant.id} of "${taken.get(variant.id)}"`);
    }
    taken.set(variant.id, name);
    checkLayout(where, variant, request);
  }
}
