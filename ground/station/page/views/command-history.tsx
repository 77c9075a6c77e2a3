/** Who sent what, when, and how far it came. */
import type { JSX } from "preact";
import type { Command } from "../../contracts.js";
import { clockText, momentText } from "../format.js";
import { Pure } from "../parts/pure.js";
import { argumentsText, chipsOf, failureOf } from "../stages.js";
import type { BoardState } from "../state.js";

const ROWS = 100;

export function CommandHistory({ board }: { readonly board: BoardState }): JSX.Element {
  const commands = board.commands.items;
  return (
    <section aria-label="Sent commands">
      <h2>Sent</h2>
      {commands.length === 0 ? (
        <p class="empty">Nothing has been sent to {board.name} yet.</p>
      ) : (
        <div class="scroll">
          <table class="list history">
            <thead>
              <tr>
                <th scope="col">time (UTC)</th>
                <th scope="col">who</th>
                <th scope="col">command</th>
                <th scope="col">stages</th>
              </tr>
            </thead>
            <tbody>
              {commands.slice(0, ROWS).map((command) => (
                <HistoryRow key={command.id} command={command} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

class HistoryRow extends Pure<{ readonly command: Command }> {
  render(): JSX.Element {
    const { command } = this.props;
    const { id, time, user, origin, name, arguments: given, state } = command;
    const failure = failureOf(command);
    return (
      <tr data-sent={id} data-state={state}>
        <td class="time" title={new Date(time).toISOString()}>
          {momentText(time, Date.now())}
        </td>
        <td title={origin}>{user}</td>
        <td class="text">
          <strong>{name}</strong> <span class="muted">{argumentsText(given)}</span>
          {failure !== undefined && <div class="failure">{failure}</div>}
        </td>
        <td class="chips">
          {chipsOf(command).map((chip) => (
            <span
              key={chip.stage}
              class={`chip ${chip.state}`}
              data-chip={chip.stage}
              data-chip-state={chip.state}
              title={chip.time === undefined ? chip.state : `${chip.state}, ${clockText(chip.time)}`}
            >
              {chip.stage}
              {chip.time !== undefined && chip.stage !== "sent" && <small>{delayText(chip.time - time)}</small>}
            </span>
          ))}
        </td>
      </tr>
    );
  }
}

/** Since it was sent. */
function delayText(ms: number): string {
  return ms < 1000 ? `+${Math.max(Math.round(ms), 0)} ms` : `+${(ms / 1000).toFixed(1)} s`;
}
