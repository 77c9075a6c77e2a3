/**
 * How many slots of XS's heap the application takes once it has started. The heap of a board is fixed, and one that is full
 * stops the engine, which nothing can catch: so it is counted before anything is made.
 *
 * The figures are measured on XS, with each framing and from 1 to 8 clients, and rounded up; a test holds them against what
 * an engine counts.
 */
import type { Dictionary, LayoutDefinition } from "../dictionary/dictionary.js";
import { isMonitoring } from "../dictionary/monitoring.js";
import type { Framing } from "../framing/contract/framing.js";
import type { FixedMemory } from "../memory/fixed-memory.js";
import type { SecuritySettings } from "../security/roles.js";
import type { PortConfiguration } from "./configuration.js";

/** Services, their definitions, the log, the platform's modules. */
const APPLICATION = 1900;
/** Of ST[12], where the dictionary monitors something. */
const MONITORING = 225;
/** Of a port: its server, its listener, its framing with options. */
const PORT = 217;
/** Of a port for every cause that its framing rejects bytes for: a counter of each connection, and a value. */
const CAUSE = 1;
/** Of a client, whatever its port: staging, transmit area. */
const CLIENT = 48;
/** A view of one rung of a ladder (`memory/socket-areas.ts`). */
const RUNG = 4;
/** Of each port for each client: connection, inbound side, decoder. */
const CONNECTION = 128;
/** Of each port that sends telemetry, for each client: encoder, pump, cursor. */
const SENDING = 31;
/** The framings whose decoders and encoders are larger than the rest, and by how much at most. */
const LARGER_CONNECTION: Readonly<Record<string, number>> = Object.freeze({
  "length-prefixed": 6,
  slip: 22,
  marker: 26,
  uslp: 150,
  "tc-frames": 68,
});
/** The same of framings themselves. */
const LARGER_PORT: Readonly<Record<string, number>> = Object.freeze({
  "length-prefixed": 45,
  marker: 20,
  uslp: 200,
  "tc-frames": 150,
});
/** The same of ports whose frames are authenticated. */
const SECURED_CONNECTION: Readonly<Record<string, number>> = Object.freeze({ uslp: 46, "tc-frames": 34 });
const SECURED_PORT: Readonly<Record<string, number>> = Object.freeze({ uslp: 80, "tc-frames": 40 });
/** Of a board with keys, whatever it has. */
const KEYS = 72;
/** Of each SPI: an association with its key, two parameters. */
const ASSOCIATION = 96;
/** Of a board of one's own, whatever it has: what `bind` gets, and some for what it makes. */
const OWN = 145;
/** Of each parameter, and of each event: a handle that `bind` keeps. What else is known of them stands in tables. */
const HANDLE = 1;
const STRUCTURE = 22;
/** A handler. */
const FUNCTION = 10;
const SERVICE = 13;
/** With its handler. */
const REQUEST = 92;
const REPORT = 3;
/** Of a request's layouts that an identifier picks. */
const VARIANT = 15;
/** Of a value of a request. */
const VALUE = 5;
/** What clients that come and go, reports to the log and collections need beside: some, and some for each client. */
const ROOM = 200;
const ROOM_PER_CLIENT = 16;

/** What of the configuration takes slots. */
export interface HeapUse {
  /** The application's; nothing is reserved or written. */
  readonly memory: FixedMemory;
  readonly ports: readonly PortConfiguration[];
  readonly maxClients: number;
  readonly stagingLength: number;
  readonly maxTelemetryLength: number;
  /** Default: no keys. */
  readonly security?: SecuritySettings | undefined;
  /** The board's own dictionary. */
  readonly dictionary?: Dictionary | undefined;
}

/** @returns slots that are in use when the application listens, as many as that or somewhat more */
export function slotsNeeded(use: HeapUse): number {
  const { memory, ports, maxClients, stagingLength, maxTelemetryLength, dictionary } = use;
  let longest = 1;
  let onPorts = 0;
  let perClient = CLIENT;
  for (const { framing, role } of ports) {
    longest = Math.max(longest, framing.encoder(memory).maxFrameLength(maxTelemetryLength));
    const causes = framing.decoder(memory, 0).counters.reasons.length;
    onPorts += PORT + CAUSE * causes + larger(LARGER_PORT, framing);
    perClient += CONNECTION + (role === "tc" ? 0 : SENDING) + larger(LARGER_CONNECTION, framing);
    if (framing.sdls !== undefined) {
      onPorts += larger(SECURED_PORT, framing);
      perClient += larger(SECURED_CONNECTION, framing);
    }
  }
  perClient += RUNG * (Math.log2(stagingLength) + Math.floor(Math.log2(longest)) + 1);
  return (
    APPLICATION +
    onPorts +
    maxClients * perClient +
    slotsOfKeys(use.security) +
    (dictionary === undefined ? 0 : slotsOf(dictionary))
  );
}

/** @param security also with what a key takes that is not there yet */
function slotsOfKeys(security: SecuritySettings | undefined): number {
  const { associations = [] } = security ?? {};
  return associations.length === 0 ? 0 : KEYS + ASSOCIATION * associations.length;
}

/** Of what a board has of its own. The dictionary itself stands in flash. */
function slotsOf(dictionary: Dictionary): number {
  const { parameters, structures, events, functions, services = {} } = dictionary;
  let sum = OWN + (isMonitoring(dictionary) ? MONITORING : 0) + HANDLE * (sizeOf(parameters) + sizeOf(events));
  sum += STRUCTURE * sizeOf(structures) + FUNCTION * sizeOf(functions);
  for (const { requests = {}, reports } of Object.values(services)) {
    sum += SERVICE + REPORT * sizeOf(reports);
    for (const request of Object.values(requests)) {
      sum += REQUEST + slotsOfLayout(request);
      for (const variant of Object.values(request.variants ?? {})) {
        sum += VARIANT + slotsOfLayout(variant);
      }
    }
  }
  return sum;
}

function slotsOfLayout({ values, list }: LayoutDefinition): number {
  return VALUE * (sizeOf(values) + sizeOf(list?.items));
}

function sizeOf(entries: object | undefined): number {
  return entries === undefined ? 0 : Object.keys(entries).length;
}

function larger(table: Readonly<Record<string, number>>, { name }: Framing): number {
  return Object.hasOwn(table, name) ? table[name]! : 0;
}

/** @throws RangeError that says what would do, when a heap of so many slots cannot hold the application and run it */
export function checkHeap(heapSlots: number, use: HeapUse): void {
  const needed = neededToRun(use);
  if (needed <= heapSlots) {
    return;
  }
  let clients = use.maxClients - 1;
  while (clients > 0 && neededToRun({ ...use, maxClients: clients }) > heapSlots) {
    clients--;
  }
  const { length } = use.ports;
  const fits = clients === 0 ? "name fewer ports" : `max_clients=${clients} fits, or name fewer ports`;
  throw new RangeError(
    `the heap has ${heapSlots} slots, and ${needed} are needed for ${length} ${length === 1 ? "port" : "ports"} and ` +
      `max_clients ${use.maxClients}: ${fits}, or raise creation.heap.initial in manifest.json`,
  );
}

function neededToRun(use: HeapUse): number {
  return slotsNeeded(use) + ROOM + ROOM_PER_CLIENT * use.maxClients;
}
