/** The frame around the views: which board, which view, what is wrong. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { waiting } from "./alarms.js";
import { spanText } from "./format.js";
import { useKeys } from "./keys.js";
import { useNews, useNow, useRoute } from "./parts/hooks.js";
import { LinkMark, Mismatch } from "./parts/link.js";
import { routeText, TITLES, VIEWS, type View } from "./route.js";
import type { BoardState, PageState } from "./state.js";
import type { Store } from "./store.js";
import { BoardView } from "./views/board-view.js";
import { BoardsView } from "./views/boards-view.js";
import { CommandsView } from "./views/commands-view.js";
import { EventsView } from "./views/events-view.js";
import { PacketsView } from "./views/packets-view.js";
import { PlotView } from "./views/plot-view.js";
import type { ViewProperties } from "./views/view.js";

const CLOCK_MS = 500;

export function App({ store }: { readonly store: Store }): JSX.Element {
  useNews(store);
  const route = useRoute();
  const now = useNow(CLOCK_MS);
  const { state } = store;
  const board = state.boards.get(route.board ?? "") ?? state.boards.values().next().value;
  const name = board?.name;
  useKeys(name);
  useEffect(() => {
    if (name !== undefined) {
      store.watch(name);
    }
    document.title = name === undefined ? "flatlink ground" : `${name} - ${TITLES[route.view]}`;
  }, [store, name, route.view]);
  return (
    <>
      <header class="bar">
        <h1>
          <a href={routeText({ view: "boards" })}>flatlink</a>
        </h1>
        {board !== undefined && <Which state={state} board={board} view={route.view} now={now} />}
        <nav aria-label="Views">
          {VIEWS.map((view, k) => (
            <a
              key={view}
              href={routeText({ view, ...(name === undefined ? {} : { board: name }) })}
              aria-current={view === route.view ? "page" : undefined}
              title={`${TITLES[view]} (${k + 1})`}
            >
              {TITLES[view]}
              {view === "events" && board !== undefined && waiting(board) > 0 && (
                <span class="count">{waiting(board)}</span>
              )}
            </a>
          ))}
        </nav>
      </header>
      <main>
        <Notices store={store} board={board} now={now} />
        {board === undefined ? (
          <p class="empty">{state.isLoaded ? "The station has no boards." : "Asking the station for its boards."}</p>
        ) : (
          <Shown key={`${name} ${route.view}`} store={store} board={board} route={route} now={now} />
        )}
      </main>
    </>
  );
}

interface WhichProperties {
  readonly state: PageState;
  readonly board: BoardState;
  readonly view: View;
  readonly now: number;
}

function Which({ state, board, view, now }: WhichProperties): JSX.Element {
  const names = [...state.boards.keys()];
  return (
    <div class="which">
      {names.length === 1 ? (
        <strong>{board.name}</strong>
      ) : (
        <select
          aria-label="Board"
          value={board.name}
          onChange={(event) => {
            location.hash = routeText({ view: view === "boards" ? "board" : view, board: event.currentTarget.value });
          }}
        >
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
      <LinkMark board={board} />
      <span class="muted age" data-age>
        {board.lastPacket === undefined ? "no packet yet" : `${spanText(now - board.lastPacket)} since the last packet`}
      </span>
    </div>
  );
}

interface NoticesProperties {
  readonly store: Store;
  readonly board: BoardState | undefined;
  readonly now: number;
}

function Notices({ store, board, now }: NoticesProperties): JSX.Element {
  const { station, lostSince, failure } = store.state;
  return (
    <>
      {station === "lost" && (
        <section class="notice critical" role="status" data-notice="station">
          <strong>The station does not answer</strong> since {spanText(now - lostSince)}. The page goes on by itself
          when it is back; nothing is lost that the station stored.
        </section>
      )}
      {board?.archiveFailure !== undefined && (
        <section class="notice critical" role="status">
          <strong>Nothing is kept:</strong> {board.archiveFailure}. Packets are shown, commands work.
        </section>
      )}
      {failure !== undefined && (
        <section class="notice critical" role="alert" data-notice="failure">
          {failure}{" "}
          <button type="button" onClick={() => store.dismiss()}>
            Dismiss
          </button>
        </section>
      )}
      {board !== undefined && <Mismatch board={board} />}
    </>
  );
}

function Shown(properties: ViewProperties): JSX.Element {
  switch (properties.route.view) {
    case "plot":
      return <PlotView {...properties} />;
    case "commands":
      return <CommandsView {...properties} />;
    case "events":
      return <EventsView {...properties} />;
    case "packets":
      return <PacketsView {...properties} />;
    case "boards":
      return <BoardsView {...properties} />;
    default:
      return <BoardView {...properties} />;
  }
}
