/** What the Python package knows of the board, as JSON: the flat messages, with all that its codec needs. */

import { typeWidth } from "../../../modules/data/field-kinds.js";
import type { BoardDictionary, PortConvention } from "../../../modules/dictionary/conventions.js";
import type { EventDefinition } from "../../../modules/dictionary/dictionary.js";
import { wholeHash, wireHash } from "../../../modules/dictionary/dictionary-hash.js";
import { rangeOf } from "../../../modules/dictionary/value-check.js";
import { commandsOf, type Field, type Message, packetsOf } from "../../dictionary/messages.js";
import { isBareSpacePackets, toolPorts } from "../framing-text.js";
import { UniqueNames } from "../names.js";

/** Longer than a name in a dictionary. */
const MAX_NAME = 240;

export function definitionsOf(board: BoardDictionary): object {
  const { conventions } = board;
  const { failureCodeType, stepIdType } = conventions.widths;
  return {
    board: board.name,
    description: board.description ?? "",
    hashes: { wire: wireHash(board), whole: wholeHash(board) },
    apid: conventions.apid,
    timeCode: conventions.timeCode,
    port: portOf(board).port,
    failureCodeLength: typeWidth(failureCodeType),
    stepIdLength: typeWidth(stepIdType),
    failureCodes: board.failureCodes ?? {},
    commands: commandsOf(board).map(messageOf),
    packets: packetsOf(board).map((message) => ({ ...messageOf(message), ...eventOf(board, message) })),
  };
}

/**
 * tmtccmd's TCP client finds space packets by their length, and does nothing else.
 * @throws RangeError when the board has no such port
 */
export function portOf({ conventions: { ports } }: BoardDictionary): PortConvention {
  const found = toolPorts(ports).find(({ framing, role }) => role === "tmtc" && isBareSpacePackets(framing));
  if (found === undefined) {
    const offered = ports.map(({ framing, role }) => `${framing} (${role})`).join(", ");
    throw new RangeError(
      `tmtccmd connects to bare space packets, and the board's ports are ${offered || "none"}; listen=space-packets:7301,crc=check16 would do`,
    );
  }
  return found;
}

function messageOf({ list, fields, trailer, maxDataLength, ...message }: Message): object {
  const names = namesOf([...fields, ...trailer]);
  const items = list && namesOf(list.items);
  return {
    ...message,
    fields: fields.map((field) => fieldOf(field, names)),
    ...(list && {
      list: {
        countLength: typeWidth(list.countType),
        minCount: list.minCount ?? 0,
        maxCount: list.maxCount,
        items: list.items.map((field) => fieldOf(field, items!)),
      },
    }),
    trailer: trailer.map((field) => fieldOf(field, names)),
    maxDataLength,
  };
}

/** Unique in a message. What is always the same makes way: a parameter may be called as the identifier in front of it. */
function namesOf(fields: readonly Field[]): ReadonlyMap<Field, string> {
  const unique = new UniqueNames(MAX_NAME);
  const isFixed = ({ constant }: Field) => constant !== undefined;
  const inTurn = [...fields.filter((field) => !isFixed(field)), ...fields.filter(isFixed)];
  return new Map(inTurn.map((field) => [field, unique.take(field.name)]));
}

/** A number has its range: the codec knows none of its own. */
function fieldOf(field: Field, names: ReadonlyMap<Field, string>): object {
  const { value, constant, identifies } = field;
  const isNumber = value.type !== "ascii" && value.type !== "bytes";
  return {
    name: names.get(field),
    ...value,
    ...(isNumber ? rangeOf(value) : {}),
    ...(constant === undefined ? {} : { constant }),
    ...(identifies === undefined ? {} : { identifies }),
  };
}

/** The text with the values in it, of a report that is an event. */
function eventOf(board: BoardDictionary, { service, variant }: Message): object {
  const events: Readonly<Record<string, EventDefinition>> = board.events ?? {};
  const event = service === "eventReporting" && variant !== undefined ? events[variant] : undefined;
  return event === undefined ? {} : { severity: event.severity, text: event.text ?? event.description ?? "" };
}
