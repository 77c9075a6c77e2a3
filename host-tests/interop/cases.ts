/** What a case of the tables says: one framing of ours, and who speaks it on the other side. */
import type { EchoPort } from "../ground/link/echo-application.js";

/** The packets that are sent, as payloads.py makes them. */
export type Payloads =
  /** Any bytes, zeros, ENDs and long runs among them; `unit`: of lengths that it divides; `prefix`: octets in front. */
  | {
      readonly kind: "any";
      readonly least?: number;
      readonly most?: number;
      readonly unit?: number;
      readonly prefix?: string;
    }
  /** Without the terminator, forwards and backwards, also at the seam with one; and parts of it. */
  | { readonly kind: "text"; readonly terminator: string; readonly least?: number; readonly most?: number }
  /** `counted`: bytes behind the packet that its own length counts. `sealed`: its last two bytes are its CRC-16. */
  | { readonly kind: "space-packets"; readonly counted?: number; readonly most?: number; readonly sealed?: boolean }
  /** Of the length that goes with the octets in front. */
  | { readonly kind: "identified"; readonly frames: readonly (readonly [string, number])[]; readonly ending?: string }
  /** Whole frames that hold their count: octets in front, the count's octets, and count + `adjust` = length. */
  | {
      readonly kind: "counted";
      readonly start: string;
      readonly size: number;
      readonly endian: "big" | "little";
      readonly adjust: number;
      readonly ending?: string;
    }
  /** These, in this order. */
  | { readonly kind: "given"; readonly packets: readonly string[] }
  /** Whole USLP transfer frames, with frame error control or without. */
  | { readonly kind: "uslp"; readonly fecf: boolean };

export interface Case extends EchoPort {
  /** The other side's part, outermost first; what the words mean is the client's business. */
  readonly theirs: readonly string[];
  readonly payloads: Payloads;
  /** Nothing keeps two packets apart: the next goes out when the answer is there. */
  readonly oneByOne?: boolean;
  /** Octets that stand behind each packet that comes back. */
  readonly suffix?: string;
  /** Of COSMOS: target definitions. */
  readonly definitions?: readonly string[];
  /** A packet of so many bytes is sent as well: too long, dropped and counted, and what follows arrives. */
  readonly overlong?: number;
  /** Frames with a changed byte are sent as well: dropped and counted, and what follows arrives. */
  readonly damage?: boolean;
  /**
   * The other side cannot do it, and why: the case has to fail, with this in its error, or the limit is gone. Its packets are
   * given, so that the error says what becomes of them, whatever the seed.
   */
  readonly limit?: { readonly why: string; readonly error: string };
}
