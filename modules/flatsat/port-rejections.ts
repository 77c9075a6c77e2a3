/** A parameter that counts the framing rejections of one port that have one cause. */
import type { Totals } from "../link/server/server-totals.js";
import type { ParameterDefinition } from "../pus/definitions.js";
import type { Resettable } from "./counters.js";

/**
 * There are as many as ports have causes, so each is one object: a getter made for each, with what it closes over, would
 * take four times the slots of a board's heap.
 */
export class PortRejections implements ParameterDefinition, Resettable {
  readonly type = "uint32";
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly #totals: Totals;
  readonly #cause: number;
  #zero = 0;

  /** @param cause index among the reasons of the port's totals */
  constructor(id: number, name: string, description: string, totals: Totals, cause: number) {
    this.id = id;
    this.name = name;
    this.description = description;
    this.#totals = totals;
    this.#cause = cause;
  }

  get(): number {
    return this.#totals.rejected(this.#cause) - this.#zero;
  }

  reset(): void {
    this.#zero = this.#totals.rejected(this.#cause);
  }
}
