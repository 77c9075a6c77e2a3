/** The whole dictionary of a board with its settings, as data: what every board has, its ports, and what is the board's own. */

import { kindOf, NUMBER_KINDS, typeWidth } from "../data/field-kinds.js";
import type { BoardDictionary, Conventions } from "../dictionary/conventions.js";
import type { Dictionary, ParameterDefinition } from "../dictionary/dictionary.js";
import { longestMessage, valueLength } from "../dictionary/value-check.js";
import { FixedMemory } from "../memory/fixed-memory.js";
import { DEFAULT_PUS_SETTINGS } from "../pus/definitions.js";
import { STANDARD_SERVICES } from "../pus/messages/standard-services.js";
import type { Configuration } from "./configuration.js";
import { FIRST_OWN_ID, FIRST_OWN_SHORT_ID, LINK_DICTIONARY } from "./link-dictionary.js";
import { SECURITY_DICTIONARY, securityParameters } from "./security-dictionary.js";

/** Rejections of the nth port, from 1, by cause k, from 0, are parameters 60,000 + 100 * n + k. */
const PORT_PARAMETERS = 60_000;
const PARAMETERS_OF_A_PORT = 100;
const MAX_PORTS = 55;
/** The structure that every board reports. */
export const HOUSEKEEPING_STRUCTURE = 1;
/** Structures that the ground may create at run time (ST[03]). */
const CREATED_STRUCTURES = 4;
/** What ST[20] only is for. */
const NOT_REPORTED = Object.freeze(["idleTimeout", "partialFrameTimeout", "scratch"] as const);

/** A board without a module of its own. */
const NOTHING_OWN = Object.freeze({ dictionary: Object.freeze({ name: "flatsat" }) });

/**
 * Needs no running board.
 * @param board a board of one's own: its dictionary is what counts
 * @throws RangeError when it takes a name or an ID that is not its own to take
 */
export function dictionaryOf(
  configuration: Configuration,
  board: { readonly dictionary: Dictionary } = NOTHING_OWN,
): BoardDictionary {
  const own = board.dictionary;
  const common = commonDictionary(configuration);
  const { parameters, events, functions, failureCodes } = common;
  checkOwn(own, common, NUMBER_KINDS[kindOf(configuration.failureCodeType)]!.maximum);
  const reported = Object.keys(parameters).filter((name) => !(NOT_REPORTED as readonly string[]).includes(name));
  const { beaconIntervalMs } = configuration;
  return {
    name: own.name,
    ...(own.description === undefined ? {} : { description: own.description }),
    parameters: { ...parameters, ...own.parameters },
    structures: {
      board: {
        id: HOUSEKEEPING_STRUCTURE,
        description: "What the board knows of itself and of its link.",
        parameters: reported,
        intervalMs: beaconIntervalMs || 1000,
        enabled: beaconIntervalMs > 0,
      },
      ...own.structures,
    },
    events: { ...events, ...own.events },
    functions: { ...functions, ...own.functions },
    failureCodes: { ...failureCodes, ...own.failureCodes },
    services: { ...own.services },
    conventions: conventionsOf(configuration),
  };
}

/** What a board has with these settings, whatever is its own. */
function commonDictionary(configuration: Configuration) {
  const { parameters, events, functions, failureCodes } = LINK_DICTIONARY;
  const { security } = configuration;
  const keys = security.associations.length === 0 ? undefined : SECURITY_DICTIONARY;
  return {
    parameters: { ...parameters, ...portParameters(configuration), ...securityParameters(security) },
    events: { ...events, ...keys?.events },
    functions: { ...functions, ...keys?.functions },
    failureCodes: { ...failureCodes, ...keys?.failureCodes },
  };
}

function conventionsOf(configuration: Configuration): Conventions {
  const { apid, timeCode, acknowledge, failureCodeType, maxTelemetryLength, ports } = configuration;
  const { acknowledge: _, ...widths } = DEFAULT_PUS_SETTINGS;
  return {
    apid,
    timeCode,
    acknowledge,
    widths: { ...widths, failureCodeType },
    ports: ports.map(({ framing, framingText, port, role }) => ({ framing: framingText ?? framing.name, port, role })),
    createdStructures: CREATED_STRUCTURES,
    maxTelemetryLength,
  };
}

/** The causes for which a port's framing rejects bytes, as parameters. */
function portParameters({ ports }: Configuration): Record<string, ParameterDefinition> {
  if (ports.length > MAX_PORTS) {
    throw new RangeError(`listen: there may be at most ${MAX_PORTS} ports, not ${ports.length}`);
  }
  const parameters: Record<string, ParameterDefinition> = {};
  // Decoders reserve nothing; this one is only asked for its causes.
  const memory = new FixedMemory(1);
  ports.forEach(({ framing, port }, n) => {
    framing.decoder(memory, 0).counters.reasons.forEach((reason, cause) => {
      parameters[portParameter(n, reason)] = {
        id: PORT_PARAMETERS + PARAMETERS_OF_A_PORT * (n + 1) + cause,
        type: "uint32",
        group: `port${n + 1}`,
        description: `framing rejections of port ${n + 1} (${framing.name}, ${port})`,
      };
    });
  });
  return parameters;
}

/** @param n of the port, from 0 */
function portParameter(n: number, reason: string): string {
  return `port${n + 1}${reason.charAt(0).toUpperCase()}${reason.slice(1)}`;
}

/** The ID of the first cause of a port. @param n of the port, from 0 */
export function firstPortParameter(n: number): number {
  return PORT_PARAMETERS + PARAMETERS_OF_A_PORT * (n + 1);
}

/** @param common what every board with these settings has. @param maxFailureCode what a failure report has room for */
function checkOwn(own: Dictionary, common: ReturnType<typeof commonDictionary>, maxFailureCode: number): void {
  checkEntries("parameter", own.parameters, common.parameters, FIRST_OWN_ID, PORT_PARAMETERS - 1);
  checkEntries("event", own.events, common.events, FIRST_OWN_ID, 0xffff);
  checkEntries("structure", own.structures, { board: {} }, FIRST_OWN_SHORT_ID, 0xff);
  checkEntries("function", own.functions, common.functions, FIRST_OWN_SHORT_ID, 0xff);
  for (const [name, { code }] of Object.entries(own.failureCodes ?? {})) {
    checkEntry("failure code", name, "code", code, common.failureCodes, FIRST_OWN_ID, maxFailureCode);
  }
  for (const [name, { type }] of Object.entries(own.services ?? {})) {
    if (Object.hasOwn(STANDARD_SERVICES, name)) {
      throw new RangeError(`service "${name}": the standard has a service of this name; take another one`);
    }
    if (Object.values(STANDARD_SERVICES).includes(type)) {
      throw new RangeError(
        `service "${name}": every board has a service of type ${type}, or the standard does; 128 to 255 are free`,
      );
    }
  }
}

function checkEntries(
  what: string,
  entries: Readonly<Record<string, { readonly id: number }>> | undefined,
  taken: object,
  first: number,
  last: number,
): void {
  for (const [name, { id }] of Object.entries(entries ?? {})) {
    checkEntry(what, name, "ID", id, taken, first, last);
  }
}

function checkEntry(
  what: string,
  name: string,
  key: string,
  number: number,
  taken: object,
  first: number,
  last: number,
): void {
  if (Object.hasOwn(taken, name)) {
    throw new RangeError(`${what} "${name}": every board has a ${what} of this name; take another one`);
  }
  if (first > last) {
    throw new RangeError(
      `${what} "${name}": a board's own begin at ${first}, and failure_code_bytes leaves room up to ${last}: raise it`,
    );
  }
  if (number < first || number > last) {
    throw new RangeError(`${what} "${name}": the ${key} of a board's own must be ${first} to ${last}, not ${number}`);
  }
}

/**
 * @param overhead octets of a report beside its source data
 * @param structureOverhead the same with a structure's ID
 * @throws RangeError when a report is longer than a telemetry packet may be
 */
export function checkReportLengths(dictionary: BoardDictionary, overhead: number, structureOverhead: number): void {
  const { parameters = {}, structures = {}, services = {}, conventions } = dictionary;
  for (const [service, { reports = {} }] of Object.entries(services)) {
    for (const [name, report] of Object.entries(reports)) {
      const length = overhead + longestMessage(report);
      if (length > conventions.maxTelemetryLength) {
        throw new RangeError(
          `report "${name}" of service "${service}" has up to ${length} bytes, but max_telemetry allows ${conventions.maxTelemetryLength}: raise it, or make the report shorter`,
        );
      }
    }
  }
  for (const [name, parameter] of Object.entries(parameters)) {
    // N and its ID are in front of it when ST[20] reports it.
    const length =
      overhead +
      typeWidth(conventions.widths.countType) +
      typeWidth(conventions.widths.parameterIdType) +
      valueLength(parameter);
    if (length > conventions.maxTelemetryLength) {
      throw new RangeError(
        `a report of parameter "${name}" has ${length} bytes, but max_telemetry allows ${conventions.maxTelemetryLength}: raise it, or make the parameter shorter`,
      );
    }
  }
  for (const [name, structure] of Object.entries(structures)) {
    const length = structure.parameters.reduce((sum, each) => sum + valueLength(parameters[each]!), structureOverhead);
    if (length > conventions.maxTelemetryLength) {
      throw new RangeError(
        structure.id === HOUSEKEEPING_STRUCTURE
          ? `a housekeeping report has ${length} bytes, but max_telemetry allows ${conventions.maxTelemetryLength}: raise it, or name fewer ports`
          : `a report of structure "${name}" has ${length} bytes, but max_telemetry allows ${conventions.maxTelemetryLength}: raise it, or report fewer parameters`,
      );
    }
  }
}
