/** How the connection to a board is. */
import type { JSX } from "preact";
import { momentText, spanText } from "../format.js";
import type { BoardState } from "../state.js";

/** What every board reports of its dictionary. */
const HASH_PARAMETER = "dictionaryHash";
const WORDS = { dialling: "dialling", connected: "connected", lost: "lost" } as const;

export function LinkMark({ board }: { readonly board: BoardState }): JSX.Element {
  const state = board.link?.state;
  return (
    <span class={`mark ${state === "connected" ? "ok" : state === undefined ? "none" : "critical"}`} data-link={state}>
      <i class="dot" aria-hidden="true" />
      {state === undefined ? "unknown" : WORDS[state]}
    </span>
  );
}

/** What is dialled, since when, and why there is no connection. */
export function Absent({ board, now }: { readonly board: BoardState; readonly now: number }): JSX.Element | null {
  const { link, name } = board;
  if (link === undefined || link.state === "connected") {
    return null;
  }
  const { address, since, text, state } = link;
  return (
    <section class="notice critical" role="status" data-notice="absent">
      <strong>No connection to {name}</strong>
      <dl class="facts">
        <dt>dialled</dt>
        <dd>{address}</dd>
        <dt>{state === "lost" ? "lost" : "since"}</dt>
        <dd>
          {momentText(since, now)} UTC, {spanText(now - since)} ago
        </dd>
        {text !== undefined && !text.startsWith("dialling ") && (
          <>
            <dt>why</dt>
            <dd>{text}</dd>
          </>
        )}
      </dl>
      <p>
        {state === "lost" && board.values.size > 0
          ? "The values below are the last that came. The station goes on trying."
          : "The station goes on trying. Is the board powered, on this network, and listening on that port?"}
      </p>
    </section>
  );
}

export function Mismatch({ board }: { readonly board: BoardState }): JSX.Element | null {
  if (board.link?.dictionary !== "wrong") {
    return null;
  }
  const said = board.values.get(HASH_PARAMETER)?.raw;
  return (
    <section class="notice alarm" role="alert" data-notice="mismatch">
      <strong>Dictionary mismatch: values and commands of {board.name} may be wrong</strong>
      <p>
        The board runs another dictionary{typeof said === "number" ? ` (${hashText(said)})` : ""} than the station reads
        it with ({hashText(board.dictionaryHash)}). Build the board and the station from the same definitions.
      </p>
    </section>
  );
}

export function hashText(hash: number | string | undefined): string {
  return typeof hash === "number" ? `0x${hash.toString(16).padStart(8, "0")}` : (hash ?? "unknown");
}
