/**
 * What a board reports and takes beside all others when its setting `security` names associations. A board without any has
 * nothing of it.
 */
import { MAX_SPI, MIN_SPI } from "../ccsds/sdls.js";
import { defineDictionary } from "../dictionary/define-dictionary.js";
import type { ParameterDefinition } from "../dictionary/dictionary.js";
import { definedCodes, SECURITY_FAILURE_CODES } from "../pus/failure-codes.js";
import { ASSOCIATION_STATES } from "../security/association-states.js";
import {
  ACTIVATE_ASSOCIATION,
  MAX_ASSOCIATIONS,
  RETIRE_ASSOCIATION,
  receivingSpis,
  type SecuritySettings,
} from "../security/roles.js";
import { wordsOf } from "./link-dictionary.js";

/** ID of the counter of the nth association that receives, from 0; that of its state is `MAX_ASSOCIATIONS` more. */
const COUNTERS = 64;
const STATES = COUNTERS + MAX_ASSOCIATIONS;
const GROUP = "security";
const STATE_WORDS = wordsOf(ASSOCIATION_STATES);
const FRAMES = Object.freeze({ type: "uint32", description: "since the last event of this kind" } as const);
const SPI = Object.freeze({ spi: { type: "uint16", minimum: MIN_SPI, maximum: MAX_SPI } } as const);

export const SECURITY_DICTIONARY = defineDictionary({
  name: "security",
  events: {
    framesRefused: {
      id: 9,
      severity: "medium",
      text: "frames refused on port {port}: {unknownSpi} without a known SPI, {wrongMac} forged, {replayed} replayed",
      values: { port: { type: "uint16" }, unknownSpi: FRAMES, wrongMac: FRAMES, replayed: FRAMES },
    },
    counterNotKept: {
      id: 10,
      severity: "high",
      text: "{frames} telecommands of port {port} were not carried out: the board could not keep that they were taken",
      values: { port: { type: "uint16" }, frames: FRAMES },
    },
  },
  functions: {
    activateAssociation: {
      id: ACTIVATE_ASSOCIATION,
      description: "Has frames opened with the key of this SPI, which is ready. For commanders only.",
      dangerous: "Whoever has the key may do what its role allows.",
      arguments: SPI,
    },
    retireAssociation: {
      id: RETIRE_ASSOCIATION,
      description: "Erases the key of this SPI. For commanders only; the last active commander is not retired.",
      dangerous: "Nobody commands the board with this key any more; another one is provisioned at the board only.",
      arguments: SPI,
    },
  },
  failureCodes: definedCodes(SECURITY_FAILURE_CODES),
});

/** The parameter with the counter of an SPI. */
export function counterName(spi: number): string {
  return `spi${spi}Counter`;
}

/** Two parameters of each association that receives. */
export function securityParameters(security: SecuritySettings): Record<string, ParameterDefinition> {
  const parameters: Record<string, ParameterDefinition> = {};
  receivingSpis(security).forEach((spi, n) => {
    parameters[counterName(spi)] = {
      id: counterParameter(n),
      type: "uint64",
      group: GROUP,
      description: `counter of the frame that was taken last under SPI ${spi}: an identical frame is not taken again`,
    };
    parameters[`spi${spi}State`] = { id: stateParameter(n), type: "uint8", words: STATE_WORDS, group: GROUP };
  });
  return parameters;
}

/** @param n of the association, from 0, among those that receive */
export function counterParameter(n: number): number {
  return COUNTERS + n;
}

export function stateParameter(n: number): number {
  return STATES + n;
}
