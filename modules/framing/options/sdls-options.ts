/** The options of framings whose frames may be secured (CCSDS 355.0-B-2): told and checked once for all of them. */
import { SECURITY_HEADER_LENGTH, SECURITY_TRAILER_LENGTH } from "../../ccsds/sdls.js";
import type { FrameSecurity } from "../contract/frame-security.js";
import type { SdlsUse } from "../contract/framing.js";
import type { FramingContext } from "./framing-context.js";
import { octets, word } from "./text-options.js";

/** Of a framing whose frames may be secured. */
export interface SdlsOptions {
  /** Which packets come and go in authenticated frames only. Default neither. */
  sdls?: SdlsUse;
  /**
   * What of a frame is authenticated beside its data, as a mask of one octet for each from the frame's first one to the end of
   * its security header. Default: virtual channel ID, MAP ID and SPI. A mask may leave the SPI out and take the IV in, as those of
   * other tools do: the SPI chooses the key, of which no two have the same one, and the IV is authenticated as the nonce.
   */
  authMask?: readonly number[];
  /** Keys of one end. Default: a board's, without any: no frame is opened. */
  security?: FrameSecurity;
}

/** Octets that security adds to a frame. */
export const SDLS_OVERHEAD = SECURITY_HEADER_LENGTH + SECURITY_TRAILER_LENGTH;

const SDLS_USES = Object.freeze(["tc", "tmtc"] as const);
const SDLS_CHOICES: readonly ("off" | SdlsUse)[] = Object.freeze(["off", ...SDLS_USES] as const);
const NO_MASK: readonly number[] = Object.freeze([]);
const NO_KEYS: FrameSecurity = Object.freeze({ end: "board", opener: undefined, sealer: undefined });

/** The last options of such a framing, where they are text. */
export const SDLS_ROWS = Object.freeze([
  Object.freeze({
    key: "sdls",
    property: "sdls",
    read: word,
    help: "off (default), tc: telecommands only in authenticated, encrypted frames, or tmtc: telemetry, too",
  } as const),
  Object.freeze({
    key: "auth-mask",
    property: "authMask",
    read: octets,
    help: "with sdls: mask of what is authenticated of the headers, in hexadecimal digits; default: VCID, MAP ID, SPI",
  } as const),
] as const);

/** What the options come to. */
export interface SdlsAgreement {
  readonly security: FrameSecurity;
  /** At this end, frames are taken only when they are authentic. */
  readonly receives: boolean;
  /** At this end, frames are sent sealed. */
  readonly sends: boolean;
  /** Empty without `sdls`. */
  readonly mask: readonly number[];
}

/**
 * @param usualMask makes the mask for where the options give none
 * @throws TypeError or RangeError for an unknown `sdls`, or a mask that does not fit it
 */
export function sdlsAgreement(
  options: SdlsOptions,
  context: FramingContext,
  usualMask: () => readonly number[],
): SdlsAgreement {
  const { sdls, authMask, security = NO_KEYS } = options;
  if (sdls === undefined) {
    if (authMask !== undefined) {
      throw new TypeError(`${context.label("authMask")} needs ${context.term("sdls")}`);
    }
    return { security, receives: false, sends: false, mask: NO_MASK };
  }
  context.choice("sdls", sdls, SDLS_USES);
  const usual = usualMask();
  if (authMask !== undefined && authMask.length !== usual.length) {
    throw new RangeError(
      `${context.label("authMask")} must have ${usual.length} octets, one for each of the frame's headers, not ${authMask.length}`,
    );
  }
  const isBoard = security.end === "board";
  return {
    security,
    receives: sdls === "tmtc" || isBoard,
    sends: sdls === "tmtc" || !isBoard,
    mask: Object.freeze(authMask === undefined ? usual : [...authMask]),
  };
}

/**
 * Those of the options that are text or come with it.
 * @throws TypeError for an unknown `sdls`
 */
export function sdlsOfText(use: string, context: FramingContext): Pick<SdlsOptions, "sdls" | "security"> {
  const sdls = context.choice("sdls", use, SDLS_CHOICES);
  const { security } = context;
  return { ...(sdls === "off" ? {} : { sdls }), ...(security === undefined ? {} : { security }) };
}
