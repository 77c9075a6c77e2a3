/** Where keys and counters outlive a restart: a board's non-volatile storage, a folder on a desktop. Handed in. */
export interface SecurityStore {
  /**
   * For boot; may allocate.
   * @param name at most 15 letters and digits
   * @returns the octets kept under this name, as a copy; undefined: none are
   */
  load(name: string): Uint8Array | undefined;
  /**
   * Returns when the octets are kept, also over a loss of power where the platform can. A loss of power meanwhile may leave
   * nothing under this name, but no mixture.
   * @param octets a whole ArrayBuffer
   * @throws when they are not kept
   */
  save(name: string, octets: Uint8Array<ArrayBuffer>): void;
  /** Nothing is kept under this name any more. @throws when it is */
  erase(name: string): void;
}
