/**
 * Who may do what: the setting `security`, which gives each SPI a role.
 *
 * ```
 * 1=commander 2=operator:17+20.1+f2 3=none 9=telemetry
 * ```
 *
 * A commander may do everything. An operator may do what is listed: `17` every telecommand of a service, `20.1` one message
 * subtype of it, `f2` the performing of one function (8,1). `none` may do nothing. With `telemetry`, the board seals what it
 * sends.
 */
import { MAX_SPI, MIN_SPI } from "../ccsds/sdls.js";
import { checkChoice } from "../checks/options.js";
import type { FrameSecurity } from "../framing/contract/frame-security.js";
import { behind, wholeNumberFrom } from "../framing/options/text-options.js";

export type RoleName = "commander" | "operator" | "none" | "telemetry";
const SENDER = "telemetry";
const ROLE_NAMES: readonly RoleName[] = Object.freeze(["commander", "operator", "none", SENDER] as const);

/** Associations at most: each costs a board slots, and each frame a look. */
export const MAX_ASSOCIATIONS = 8;

/** Functions that only a commander may have performed: they decide who may do anything. */
export const ACTIVATE_ASSOCIATION = 8;
export const RETIRE_ASSOCIATION = 9;
/** `Role.allows`: the telecommand performs no function. */
export const NO_FUNCTION = -1;

/* One number for each item of a list: service type * 256 + subtype; subtype 0 stands for all of them; functions behind. */
const SUBTYPES = 256;
const ALL_SUBTYPES = 0;
const FUNCTIONS = 0x10000;
const MAX_FUNCTION = 0xffff;

export class Role {
  readonly name: RoleName;
  /** As it stands in the setting. */
  readonly text: string;
  readonly #items: Uint32Array;

  /** @param items of an operator */
  constructor(name: RoleName, text: string, items: readonly number[] = []) {
    this.name = name;
    this.text = text;
    this.#items = Uint32Array.from(items);
  }

  /**
   * Whether a telecommand may be carried out. Allocates nothing.
   * @param functionId that is to be performed (8,1), or `NO_FUNCTION`
   */
  allows(serviceType: number, messageSubtype: number, functionId: number): boolean {
    if (this.name === "commander") {
      return true;
    }
    if (isForCommanders(functionId)) {
      return false;
    }
    const items = this.#items;
    const ofService = serviceType * SUBTYPES;
    for (let i = 0; i < items.length; i++) {
      const item = items[i]!;
      if (item === ofService || item === ofService + messageSubtype) {
        return true;
      }
      if (functionId !== NO_FUNCTION && item === FUNCTIONS + functionId) {
        return true;
      }
    }
    return false;
  }
}

/** Whether a function decides who may do anything. */
export function isForCommanders(functionId: number): boolean {
  return functionId === ACTIVATE_ASSOCIATION || functionId === RETIRE_ASSOCIATION;
}

export interface AssociationSettings {
  readonly spi: number;
  readonly role: Role;
}

/** What the setting `security` says. */
export interface SecuritySettings {
  /** Each SPI once. Empty: there are no keys. */
  readonly associations: readonly AssociationSettings[];
  /** The board's end of every framing with `sdls`. The keys come when the board starts. */
  readonly frames: FrameSecurity;
}

/** The role of an SPI. Allocates nothing. @returns undefined: the setting names no such SPI */
export function roleOf({ associations }: SecuritySettings, spi: number): Role | undefined {
  for (let i = 0; i < associations.length; i++) {
    const association = associations[i]!;
    if (association.spi === spi) {
      return association.role;
    }
  }
  return undefined;
}

/** SPIs that telecommands come under, in the order of the setting. */
export function receivingSpis({ associations }: Pick<SecuritySettings, "associations">): number[] {
  return associations.filter(({ role }) => role.name !== SENDER).map(({ spi }) => spi);
}

/** SPIs that telemetry is sealed under: one, or none. */
export function telemetrySpis({ associations }: Pick<SecuritySettings, "associations">): number[] {
  return associations.filter(({ role }) => role.name === SENDER).map(({ spi }) => spi);
}

/**
 * @param text `SPI=ROLE[:ALLOWED]`, separated by spaces
 * @throws TypeError or RangeError quoting the part that is wrong
 */
export function parseSecurity(text: string): SecuritySettings {
  const associations: AssociationSettings[] = [];
  for (const part of text.split(" ")) {
    if (part === "") {
      continue;
    }
    const association = parseAssociation(part);
    if (associations.some(({ spi }) => spi === association.spi)) {
      throw new RangeError(`security: SPI ${association.spi} is named twice`);
    }
    associations.push(association);
  }
  if (associations.length > MAX_ASSOCIATIONS) {
    throw new RangeError(`security: there may be at most ${MAX_ASSOCIATIONS} SPIs, not ${associations.length}`);
  }
  const senders = telemetrySpis({ associations });
  if (senders.length > 1) {
    throw new RangeError(
      `security: telemetry is sealed with one key; SPI ${senders.join(" and ")} have the role telemetry`,
    );
  }
  return {
    associations: Object.freeze(associations),
    frames: { end: "board", opener: undefined, sealer: undefined },
  };
}

function parseAssociation(part: string): AssociationSettings {
  const [spi = "", role, ...rest] = part.split("=");
  if (role === undefined || rest.length > 0) {
    throw new TypeError(`security: "${part}" must be SPI=ROLE[:ALLOWED], as in 1=commander or 2=operator:17+20.1`);
  }
  try {
    return Object.freeze({ spi: wholeNumberFrom("the SPI", spi, MIN_SPI, MAX_SPI), role: parseRole(role) });
  } catch (error) {
    throw behind(`security: "${part}"`, error);
  }
}

function parseRole(text: string): Role {
  const [word = "", list, ...rest] = text.split(":");
  const name = checkChoice("the role", word, ROLE_NAMES);
  if (name !== "operator") {
    if (list !== undefined) {
      throw new TypeError(`only an operator has a list of what it may do`);
    }
    return new Role(name, text);
  }
  if (list === undefined || list === "" || rest.length > 0) {
    throw new TypeError("name what the operator may do, as in operator:17+20.1+f2");
  }
  return new Role(name, text, list.split("+").map(parseItem));
}

function parseItem(item: string): number {
  const [, f, type = "", subtype] = /^(f?)([0-9]+)(?:\.([0-9]+))?$/.exec(item) ?? [];
  if (f === undefined || (f !== "" && subtype !== undefined)) {
    throw new TypeError(
      `"${item}" must be a service type, as 17, a message subtype, as 20.1, or a function of 8,1, as f2`,
    );
  }
  if (f !== "") {
    const id = wholeNumberFrom("the function", type, 0, MAX_FUNCTION);
    if (isForCommanders(id)) {
      throw new RangeError(`function ${id} is for commanders only`);
    }
    return FUNCTIONS + id;
  }
  const service = wholeNumberFrom("the service type", type, 1, 255) * SUBTYPES;
  return service + (subtype === undefined ? ALL_SUBTYPES : wholeNumberFrom("the message subtype", subtype, 1, 255));
}
