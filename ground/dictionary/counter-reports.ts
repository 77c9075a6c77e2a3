/** The counter of a security association, out of what the board sends: the IV of the frame that it took last. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { counterName } from "../../modules/flatsat/security-dictionary.js";
import { parametersIn } from "./describe.js";
import { PacketDecoder } from "./packet-decoder.js";
import { PacketError } from "./packet-error.js";

export { counterName as counterParameter } from "../../modules/flatsat/security-dictionary.js";

export class CounterReports {
  readonly #decoder: PacketDecoder;
  readonly #name: string;
  /** A board without it is not read. */
  readonly #isThere: boolean;

  constructor(board: BoardDictionary, spi: number) {
    this.#decoder = new PacketDecoder(board);
    this.#name = counterName(spi);
    this.#isThere = Object.hasOwn(board.parameters ?? {}, this.#name);
  }

  /** @returns the counter, exact below 2^53; undefined: the packet does not tell it */
  counterIn(packet: Uint8Array): number | undefined {
    if (!this.#isThere) {
      return undefined;
    }
    try {
      const found = parametersIn(this.#decoder.decode(packet)).find(({ name }) => name === this.#name);
      return found === undefined ? undefined : Number(found.raw);
    } catch (error) {
      if (!(error instanceof PacketError)) {
        throw error;
      }
      return undefined;
    }
  }
}
