/** What every view is given. */
import type { Route } from "../route.js";
import type { BoardState } from "../state.js";
import type { Store } from "../store.js";

export interface ViewProperties {
  readonly store: Store;
  readonly board: BoardState;
  readonly route: Route;
  readonly now: number;
}
