/** What somebody must look at: parameters out of their limits, events of medium and high severity. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ALARM_LEVELS, ALARM_STATES, isWaiting } from "../../alarms/alarm-state.js";
import type { Alarm } from "../../contracts.js";
import { alarmText, MEANINGS, waiting } from "../alarms.js";
import { clockText, momentText } from "../format.js";
import { ListHead } from "../parts/list-head.js";
import { routeText } from "../route.js";
import type { BoardState } from "../state.js";
import type { Store } from "../store.js";

interface AlarmListProperties {
  readonly store: Store;
  readonly board: BoardState;
}

const ALL = "";
const COLUMNS = ["since (UTC)", "level", "of", "what"];

export function AlarmList({ store, board }: AlarmListProperties): JSX.Element {
  const [hidden, setHidden] = useState<readonly string[]>(["gone"]);
  const [which, setWhich] = useState(board.name);
  const boards = [...store.state.boards.values()];
  const asked = boards.filter(({ name }) => which === ALL || name === which);
  const shown = asked
    .flatMap((each) => each.alarms.items.map((alarm) => ({ board: each, alarm })))
    .filter(({ alarm: { level, state } }) => !hidden.includes(level) && !hidden.includes(state))
    .sort((a, b) => Number(isWaiting(b.alarm.state)) - Number(isWaiting(a.alarm.state)) || b.alarm.id - a.alarm.id);
  const toggle = (word: string): void => {
    setHidden(hidden.includes(word) ? hidden.filter((one) => one !== word) : [...hidden, word]);
    if (word === "gone" && hidden.includes(word)) {
      for (const each of boards) {
        void store.goneAlarms(each);
      }
    }
  };
  const count = asked.reduce((sum, each) => sum + waiting(each), 0);
  return (
    <section class="alarms" aria-label="Alarms" data-alarms={count}>
      <div class="tools">
        <h2>Alarms</h2>
        {boards.length > 1 && (
          <select aria-label="Alarms of" value={which} onChange={(event) => setWhich(event.currentTarget.value)}>
            <option value={board.name}>of {board.name}</option>
            <option value={ALL}>of all boards</option>
          </select>
        )}
        <fieldset class="choices">
          <legend class="hidden">Alarms that are shown</legend>
          {[...ALARM_LEVELS, ...ALARM_STATES].map((word) => (
            <label class="check" key={word} title={MEANINGS[word]}>
              <input type="checkbox" checked={!hidden.includes(word)} onChange={() => toggle(word)} />
              {word}
            </label>
          ))}
        </fieldset>
        <span class="muted">{count === 0 ? "none" : count} to acknowledge</span>
      </div>
      {shown.length === 0 ? (
        <p class="empty">No alarm is like that.</p>
      ) : (
        <div class="scroll">
          <table class="list events">
            <ListHead columns={COLUMNS} />
            <tbody onKeyDown={(event) => moved(event, store)}>
              {shown.map(({ board: of, alarm }) => (
                <AlarmRow
                  key={`${of.name} ${alarm.id}`}
                  board={of}
                  alarm={alarm}
                  store={store}
                  hasBoard={which === ALL && boards.length > 1}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** The arrows go from row to row; Enter or `a` acknowledges the one that is reached. */
function moved(event: KeyboardEvent, store: Store): void {
  const row = event.target;
  if (!(row instanceof HTMLTableRowElement)) {
    return;
  }
  const { board, alarm } = row.dataset;
  switch (event.key) {
    case "ArrowDown":
      (row.nextElementSibling as HTMLElement | null)?.focus();
      break;
    case "ArrowUp":
      (row.previousElementSibling as HTMLElement | null)?.focus();
      break;
    case "Enter":
    case "a":
      if (row.classList.contains("open")) {
        void store.acknowledgeAlarm(store.state.boards.get(board!)!, Number(alarm));
      }
      break;
    default:
      return;
  }
  event.preventDefault();
  event.stopPropagation();
}

interface AlarmRowProperties {
  readonly board: BoardState;
  readonly alarm: Alarm;
  readonly store: Store;
  readonly hasBoard: boolean;
}

function AlarmRow({ board, alarm, store, hasBoard }: AlarmRowProperties): JSX.Element {
  const { id, source, name, state, level, first, lastPacket, acknowledged } = alarm;
  const now = Date.now();
  const open =
    source === "parameter"
      ? ({ view: "plot", board: board.name, parameters: [name] } as const)
      : ({ view: "packets", board: board.name, open: String(lastPacket) } as const);
  return (
    <tr
      tabIndex={0}
      data-alarm={id}
      data-board={board.name}
      data-state={state}
      class={isWaiting(state) ? `open ${level}` : ""}
    >
      <td class="time" title={new Date(first).toISOString()}>
        {momentText(first, now)}
        <span class="fine">{clockText(first).slice(8)}</span>
      </td>
      <td>
        <span class={`tag ${state === "gone" ? "none" : level}`}>{level}</span>
      </td>
      <td>
        {hasBoard && <span class="muted">{board.name} </span>}
        <a href={routeText(open)}>{name}</a>
      </td>
      <td class="text">{alarmText(shownNow(board, alarm), now)}</td>
      <td class="act">
        {isWaiting(state) ? (
          <button type="button" tabIndex={-1} onClick={() => void store.acknowledgeAlarm(board, id)}>
            Acknowledge
          </button>
        ) : (
          <span class="muted" title={acknowledged === null ? "" : new Date(acknowledged.time).toISOString()}>
            {acknowledged === null ? "" : `acknowledged by ${acknowledged.user}`}
          </span>
        )}
      </td>
    </tr>
  );
}

/** Its news come when it changes; the value itself moves on. */
function shownNow(board: BoardState, alarm: Alarm): Alarm {
  const latest = board.values.get(alarm.name);
  return alarm.source === "event" || latest?.limit === undefined || !["number", "string"].includes(typeof latest.value)
    ? alarm
    : { ...alarm, latest: { time: latest.time, value: latest.value as number | string, limit: latest.limit } };
}
