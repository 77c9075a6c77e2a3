/** The shapes of the API, in JSON Schema: for the OpenAPI document, and for the tests that hold replies against them. */
import { LIMIT_STATES } from "../../dictionary/limit-state.js";
import { ALARM_LEVELS, ALARM_STATES } from "../alarms/alarm-state.js";
import type { Schema } from "./route.js";

const STRING: Schema = { type: "string" };
const WHOLE: Schema = { type: "integer" };
const TIME: Schema = { type: "number", description: "UNIX milliseconds" };
const HEX: Schema = { type: "string", pattern: "^([0-9a-f]{2})*$" };
/** A value that a board sent: numbers beyond 2^53, NaN and infinities are text. */
const ANY: Schema = {};

function object(required: Readonly<Record<string, Schema>>, optional: Readonly<Record<string, Schema>> = {}): Schema {
  return {
    type: "object",
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

/** A component, by its name. */
export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

export function listOf(items: Schema): Schema {
  return { type: "array", items };
}

const LINK = object(
  { state: { enum: ["dialling", "connected", "lost"] }, since: TIME, address: STRING },
  {
    text: STRING,
    dictionary: { enum: ["same", "wrong"] },
    tools: { ...WHOLE, description: "that are connected to relay ports" },
  },
);

const VALUE = {
  required: { name: STRING, value: ANY, raw: ANY },
  optional: { unit: STRING, word: ANY, limit: { enum: LIMIT_STATES }, parts: listOf(ref("Value")) },
};

export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Error: object({ error: STRING }, { argument: STRING, dangerous: STRING }),
  Link: LINK,
  Board: object(
    {
      name: STRING,
      link: ref("Link"),
      hash: { ...STRING, description: "of the whole dictionary" },
      dictionaryHash: { ...STRING, description: "of what is on the wire: what the board reports" },
      received: WHOLE,
      lastPacket: { type: ["number", "null"], description: "when it came, UNIX milliseconds" },
      relays: listOf(ref("Relay")),
    },
    { archiveFailure: STRING },
  ),
  Relay: object({
    host: STRING,
    port: WHOLE,
    framing: STRING,
    role: { enum: ["tmtc", "tc", "tm"], description: "telecommands, telemetry, or both" },
    clients: listOf(ref("RelayClient")),
  }),
  RelayClient: object({
    address: STRING,
    since: TIME,
    packets: { ...WHOLE, description: "that it was given" },
    telecommands: { ...WHOLE, description: "of it that were passed on" },
    refused: { ...WHOLE, description: "of it that were not: damaged, or not for this board" },
    waiting: { ...WHOLE, description: "octets that it has not taken yet" },
  }),
  Dictionary: {
    type: "object",
    required: ["conventions", "services", "hashes"],
    description: "as flatlink generate json writes it",
  },
  Argument: object(
    { name: STRING, kind: { enum: ["value", "items", "data"] } },
    {
      value: { type: "object", description: "its definition in the dictionary; none of data" },
      maxLength: { ...WHOLE, description: "of data, in octets" },
      default: ANY,
    },
  ),
  CommandDefinition: object(
    {
      name: STRING,
      service: STRING,
      serviceType: WHOLE,
      subtype: WHOLE,
      arguments: listOf(ref("Argument")),
    },
    { description: STRING, dangerous: STRING, maxItems: WHOLE },
  ),
  CommandRequest: object(
    { name: STRING },
    {
      arguments: { type: "object", description: "by name: as flatlink send takes them" },
      confirm: { type: "boolean", description: "a dangerous command is sent all the same" },
    },
  ),
  Preview: object({ hex: HEX }),
  Stage: object({ stage: STRING, time: TIME }, { failure: STRING }),
  Command: object({
    id: WHOLE,
    time: TIME,
    user: STRING,
    origin: STRING,
    name: STRING,
    arguments: { type: "object" },
    state: { enum: ["queued", "sent", "accepted", "started", "completed", "failed", "unanswered", "taken"] },
    stages: listOf(ref("Stage")),
    hex: HEX,
  }),
  Value: object(VALUE.required, VALUE.optional),
  LatestValue: object({ ...VALUE.required, packet: WHOLE, time: TIME }, VALUE.optional),
  History: {
    type: "object",
    additionalProperties: listOf({ type: "array", minItems: 2, maxItems: 2 }),
    description: "for each parameter, pairs of time and value",
  },
  Event: object({
    packet: WHOLE,
    time: TIME,
    event: WHOLE,
    name: STRING,
    severity: STRING,
    text: STRING,
    acknowledged: { type: ["string", "null"], description: "by whom" },
  }),
  AlarmValue: object({ time: TIME, value: { type: ["number", "string"] }, limit: { enum: LIMIT_STATES } }),
  Alarm: object({
    id: WHOLE,
    version: { ...WHOLE, description: "rises with every change that is told" },
    source: { enum: ["parameter", "event"] },
    subject: { ...WHOLE, description: "ID of the parameter or the event" },
    name: STRING,
    state: { enum: ALARM_STATES },
    level: { enum: ALARM_LEVELS, description: "the worst since it was raised" },
    first: { ...TIME, description: "when it was raised, UNIX milliseconds" },
    changed: { ...TIME, description: "when its state became what it is, UNIX milliseconds" },
    count: { ...WHOLE, description: "how often it left its limits, or came" },
    worst: ref("AlarmValue"),
    latest: ref("AlarmValue"),
    unit: { type: ["string", "null"] },
    acknowledged: { anyOf: [object({ user: STRING, time: TIME }), { type: "null" }], description: "by whom, and when" },
    firstPacket: WHOLE,
    lastPacket: WHOLE,
  }),
  Packet: object({
    id: WHOLE,
    received: TIME,
    stamp: { type: ["number", "null"] },
    service: { type: ["integer", "null"] },
    subtype: { type: ["integer", "null"] },
    count: { type: ["integer", "null"] },
    hex: HEX,
  }),
  ExplainedField: object({ offset: WHOLE, bits: WHOLE, name: STRING, meaning: STRING }, { bit: WHOLE }),
  ExplainedPacket: object(
    {
      id: WHOLE,
      received: TIME,
      stamp: { type: ["number", "null"] },
      service: { type: ["integer", "null"] },
      subtype: { type: ["integer", "null"] },
      count: { type: ["integer", "null"] },
      hex: HEX,
    },
    { fields: listOf(ref("ExplainedField")), error: STRING },
  ),
  Rejected: object({
    id: WHOLE,
    received: TIME,
    packet: { ...WHOLE, description: "the packet of the board that came before; 0: none" },
    offset: { ...WHOLE, description: "octets of the connection's stream in front of them" },
    length: { ...WHOLE, description: "how many octets" },
    reason: { ...STRING, description: "the framing's causes, with how often each" },
    hex: { ...HEX, description: "the first of them" },
  }),
  AuditEntry: object({
    id: WHOLE,
    time: TIME,
    user: STRING,
    origin: STRING,
    action: STRING,
    outcome: STRING,
    attempts: { ...WHOLE, description: "what was refused within a minute is counted together" },
  }),
  PacketNews: object({ kind: { const: "packet" }, board: STRING, packet: ref("Packet") }, { error: STRING }),
  ValuesNews: object({
    kind: { const: "values" },
    board: STRING,
    packet: WHOLE,
    time: TIME,
    values: listOf(ref("Value")),
  }),
  EventNews: object({
    kind: { const: "event" },
    board: STRING,
    packet: WHOLE,
    time: TIME,
    event: WHOLE,
    name: STRING,
    severity: STRING,
    text: STRING,
  }),
  CommandNews: object({ kind: { const: "command" }, board: STRING, command: ref("Command") }),
  AlarmNews: object({ kind: { const: "alarm" }, board: STRING, alarm: ref("Alarm") }),
  RejectedNews: object({ kind: { const: "rejected" }, board: STRING, rejected: ref("Rejected") }),
  LinkNews: object({ kind: { const: "link" }, board: STRING, link: ref("Link") }),
  Health: object({ status: { const: "ok" } }),
};

export { STRING, TIME, WHOLE };
