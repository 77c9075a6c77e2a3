/** What somebody must look at, and what boards said happened. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { toAcknowledge } from "../alarms.js";
import { clockText, matches, momentText, severityLevel } from "../format.js";
import { ListHead } from "../parts/list-head.js";
import { Pure } from "../parts/pure.js";
import { Search } from "../parts/search.js";
import { routeText } from "../route.js";
import type { BoardState } from "../state.js";
import type { Store } from "../store.js";
import type { EventEntry } from "../wire.js";
import { AlarmList } from "./alarm-list.js";
import type { ViewProperties } from "./view.js";

const SEVERITIES = ["informative", "low", "medium", "high"] as const;
const PAGE = 200;
const COLUMNS = ["time (UTC)", "severity", "event", "text"];

export function EventsView({ store, board }: ViewProperties): JSX.Element {
  const [search, setSearch] = useState("");
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const [isOpen, setIsOpen] = useState(false);
  const [rows, setRows] = useState(PAGE);
  const found = board.events.items.filter(
    (event) =>
      !hidden.includes(event.severity) &&
      matches(search, event.name, event.text, event.severity) &&
      (!isOpen || toAcknowledge(event)),
  );
  const shown = found.slice(0, rows);
  return (
    <>
      <AlarmList store={store} board={board} />
      <h2>Events</h2>
      <div class="tools">
        <Search label="Search events" text={search} onText={setSearch} />
        <fieldset class="choices">
          <legend class="hidden">Severities</legend>
          {SEVERITIES.map((severity) => (
            <label class="check" key={severity}>
              <input
                type="checkbox"
                checked={!hidden.includes(severity)}
                onChange={() =>
                  setHidden(
                    hidden.includes(severity) ? hidden.filter((one) => one !== severity) : [...hidden, severity],
                  )
                }
              />
              {severity}
            </label>
          ))}
          <label class="check">
            <input type="checkbox" checked={isOpen} onChange={(event) => setIsOpen(event.currentTarget.checked)} />
            to acknowledge only
          </label>
        </fieldset>
      </div>
      {found.length === 0 ? (
        <p class="empty">{board.events.items.length === 0 ? "No events yet." : "No event is like that."}</p>
      ) : (
        <div class="scroll">
          <table class="list events">
            <ListHead columns={COLUMNS} />
            <tbody>
              {shown.map((event) => (
                <EventRow key={event.packet} event={event} board={board} store={store} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <button
        type="button"
        onClick={() => {
          setRows(rows + PAGE);
          if (rows + PAGE > found.length) {
            void store.olderEvents(board);
          }
        }}
      >
        Older events
      </button>
    </>
  );
}

interface EventRowProperties {
  readonly event: EventEntry;
  readonly board: BoardState;
  readonly store: Store;
}

class EventRow extends Pure<EventRowProperties> {
  render(): JSX.Element {
    const { event, board, store } = this.props;
    const { time, severity, name, text, acknowledged, packet } = event;
    const level = severityLevel(severity);
    return (
      <tr data-event={packet} class={toAcknowledge(event) ? `open ${level}` : ""}>
        <td class="time" title={new Date(time).toISOString()}>
          {momentText(time, Date.now())}
          <span class="fine">{clockText(time).slice(8)}</span>
        </td>
        <td>
          <span class={`tag ${level}`}>{severity}</span>
        </td>
        <td>
          <a href={routeText({ view: "packets", board: board.name, open: String(packet) })}>{name}</a>
        </td>
        <td class="text">{text}</td>
        <td class="act">
          {toAcknowledge(event) ? (
            <button type="button" onClick={() => void store.acknowledge(board, packet)}>
              Acknowledge
            </button>
          ) : (
            <span class="muted">{(acknowledged ?? null) === null ? "" : `acknowledged by ${acknowledged}`}</span>
          )}
        </td>
      </tr>
    );
  }
}
