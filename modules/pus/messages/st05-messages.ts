/** The messages of ST[05] event reporting (ECSS-E-ST-70-41C, 8.5). */
import type { FieldWidths } from "../../dictionary/conventions.js";
import { type Dictionary, type MessageDefinition, SEVERITIES, type Severity } from "../../dictionary/dictionary.js";
import { identifier } from "./identifiers.js";

export const EVENT_SERVICE = 5;
export const ENABLE_EVENTS = 5;
export const DISABLE_EVENTS = 6;

/** Most events that one request may enable or disable. */
const MAX_PER_REQUEST = 64;

/** @param dictionary whose events are named and laid out; a board does without */
export function eventMessages(widths: FieldWidths, dictionary?: Dictionary) {
  const { countType, eventIdType } = widths;
  const eventId = identifier(eventIdType, dictionary && (dictionary.events ?? {}));
  const list = { countType, items: { eventId }, minCount: 1, maxCount: MAX_PER_REQUEST };
  const report = (severity: Severity): MessageDefinition => ({
    // The message subtype is the severity's place, from 1 (6.5).
    subtype: 1 + SEVERITIES.indexOf(severity),
    values: { eventId: dictionary === undefined ? eventId : identifier(eventIdType, eventsOf(dictionary, severity)) },
    ...(dictionary && { variants: eventsOf(dictionary, severity) }),
  });
  return {
    type: EVENT_SERVICE,
    description: "What happened on the board.",
    requests: {
      enableEvents: { subtype: ENABLE_EVENTS, description: "Reports these events from now on.", list },
      disableEvents: { subtype: DISABLE_EVENTS, description: "Silences these events.", list },
    },
    reports: {
      informativeEvent: report("informative"),
      lowSeverityEvent: report("low"),
      mediumSeverityEvent: report("medium"),
      highSeverityEvent: report("high"),
    },
  };
}

/** As variants: an ID, a description, values. */
function eventsOf({ events = {} }: Dictionary, severity: Severity) {
  return Object.fromEntries(
    Object.entries(events)
      .filter(([, event]) => event.severity === severity)
      .map(([name, { id, description, text, values = {} }]) => {
        const said = description ?? text;
        return [name, { id, ...(said === undefined ? {} : { description: said }), values }];
      }),
  );
}
