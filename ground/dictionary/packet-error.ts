/** Why octets are no packet of a board. */

/**
 * `wrongLength`: octets are missing or left over, by the packet's own length or by the dictionary. `wrongCount`: a list has fewer or
 * more items than the dictionary allows. `unknownIdentifier`: a message whose layout depends on an identifier has one that the dictionary
 * does not know.
 */
export type PacketFault =
  | "tooShort"
  | "wrongVersion"
  | "idle"
  | "noSecondaryHeader"
  | "wrongLength"
  | "wrongCount"
  | "wrongCrc"
  | "wrongPusVersion"
  | "segmented"
  | "wrongApid"
  | "wrongTimeCode"
  | "unknownMessage"
  | "unknownIdentifier";

export class PacketError extends Error {
  override name = "PacketError";
  readonly fault: PacketFault;
  /** Of the octet that is wrong, or where one is missing, from the packet's first. */
  readonly offset: number;
  /** What is there: a number, octets. Undefined where the fault says it all. */
  readonly found: number | undefined;
  /** What should be there, in the unit of `found`. */
  readonly required: number | undefined;

  /** @param why without the offset */
  constructor(fault: PacketFault, offset: number, why: string, found?: number, required?: number) {
    super(`octet ${offset}: ${why}`);
    this.fault = fault;
    this.offset = offset;
    this.found = found;
    this.required = required;
  }
}
