/** What boards said happened, and what is out of its limits now. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { clockText, limitLevel, limitText, matches, momentText, severityLevel, valueText } from "../format.js";
import { Pure } from "../parts/pure.js";
import { Search } from "../parts/search.js";
import { routeText } from "../route.js";
import { type BoardState, isAlarm, unacknowledged } from "../state.js";
import type { Store } from "../store.js";
import type { EventEntry } from "../wire.js";
import type { ViewProperties } from "./view.js";

const SEVERITIES = ["informative", "low", "medium", "high"] as const;
const PAGE = 200;

export function EventsView({ store, board }: ViewProperties): JSX.Element {
  const [search, setSearch] = useState("");
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const [isOpen, setIsOpen] = useState(false);
  const [rows, setRows] = useState(PAGE);
  const found = board.events.items.filter(
    (event) =>
      !hidden.includes(event.severity) &&
      matches(search, event.name, event.text, event.severity) &&
      (!isOpen || isAlarm(event)),
  );
  const shown = found.slice(0, rows);
  return (
    <>
      <Limits board={board} />
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
        <span class="muted">{unacknowledged(board)} to acknowledge</span>
      </div>
      {found.length === 0 ? (
        <p class="empty">{board.events.items.length === 0 ? "No events yet." : "No event is like that."}</p>
      ) : (
        <div class="scroll">
          <table class="list events">
            <thead>
              <tr>
                <th scope="col">time (UTC)</th>
                <th scope="col">severity</th>
                <th scope="col">event</th>
                <th scope="col">text</th>
                <th scope="col">
                  <span class="hidden">acknowledged</span>
                </th>
              </tr>
            </thead>
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
      <tr data-event={packet} class={isAlarm(event) ? `open ${level}` : ""}>
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
          {isAlarm(event) ? (
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

/** Values that are out of their limits at this moment. */
function Limits({ board }: { readonly board: BoardState }): JSX.Element | null {
  const bad = [...board.values.values()].filter(({ limit }) => limit !== undefined && limit !== "ok");
  if (bad.length === 0) {
    return null;
  }
  return (
    <section class="now" aria-label="Out of limits now">
      <h2>Out of limits now</h2>
      <ul>
        {bad.map((value) => (
          <li key={value.name}>
            <a href={routeText({ view: "plot", board: board.name, parameters: [value.name] })}>{value.name}</a>{" "}
            <span class="number">
              {valueText(value)} {value.unit}
            </span>{" "}
            <span class={`tag ${limitLevel(value.limit)}`}>{limitText(value.limit)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
