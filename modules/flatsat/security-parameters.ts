/** The values of the parameters of security associations, read when a report needs them. */
import type { ParameterPool, ParameterSource } from "../pus/parameter-pool.js";
import type { BoardSecurity } from "../security/board-security.js";
import type { ReceivingAssociation } from "../security/receiving-association.js";
import { counterParameter, stateParameter } from "./security-dictionary.js";

export class SecurityParameters implements ParameterSource {
  readonly #associations: readonly ReceivingAssociation[];

  constructor({ ring }: BoardSecurity) {
    this.#associations = ring.associations;
  }

  /** Has the parameters of every association that receives read here. */
  bind(pool: ParameterPool): void {
    this.#associations.forEach((_, n) => {
      pool.bind(pool.find(counterParameter(n)), this, 2 * n);
      pool.bind(pool.find(stateParameter(n)), this, 2 * n + 1);
    });
  }

  /** @param k 2n for the counter of the nth association, 2n + 1 for its state */
  get(k: number): number {
    const association = this.#associations[k >> 1]!;
    return (k & 1) === 0 ? association.last : association.state;
  }
}
