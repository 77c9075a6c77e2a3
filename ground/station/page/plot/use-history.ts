/** Asks the archive for what a plot shows, whenever that changes; live samples go on behind it. */
import { useEffect, useState } from "preact/hooks";
import { get } from "../api.js";
import { type HistoryRange, historyAddress } from "../query.js";
import type { BoardState } from "../state.js";
import type { Store } from "../store.js";
import type { History } from "../wire.js";

/** Two for each pixel: the least and the greatest. */
const POINTS_PER_PIXEL = 2;
const LEAST_POINTS = 1000;
/** Live samples are thrown away at some time; long before, history is asked for again. */
const AGAIN_MS = 60_000;

/**
 * @param zoom undefined: the plot follows
 * @param width of the plot, in pixels
 */
export function useHistory(
  store: Store,
  board: BoardState,
  parameters: readonly string[],
  zoom: HistoryRange | undefined,
  seconds: number,
  width: number,
): History {
  const [history, setHistory] = useState<History>({});
  const [round, setRound] = useState(0);
  const names = parameters.join("\n");
  const { from, to } = zoom ?? { from: undefined, to: undefined };
  const connection = store.state.station;
  const points = Math.max(Math.ceil((POINTS_PER_PIXEL * width) / LEAST_POINTS) * LEAST_POINTS, LEAST_POINTS);

  useEffect(() => {
    const timer = setInterval(() => setRound((n) => n + 1), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);

  useEffect(() => {
    if (names === "") {
      return;
    }
    let isOver = false;
    const now = Date.now();
    // A board's clock may be ahead.
    const range = from === undefined ? { from: now - 1000 * seconds, to: now + 1000 * seconds } : { from, to };
    get<History>(historyAddress(board.name, names.split("\n"), range, points)).then(
      (answer) => {
        if (!isOver) {
          setHistory(answer);
        }
      },
      // The station does not answer, which the page says: what came live is drawn all the same.
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [board.name, names, from, to, seconds, points, round, connection]);
  return history;
}
