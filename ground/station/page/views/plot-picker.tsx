/** Which values are plotted. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { matches, plottable } from "../format.js";
import { groupsOf } from "../grouping.js";
import { Search } from "../parts/search.js";
import { MOST_LINES } from "../plot/chart.js";
import type { BoardState } from "../state.js";

interface PickerProperties {
  readonly board: BoardState;
  readonly parameters: readonly string[];
  readonly onToggle: (name: string) => void;
}

export function PlotPicker({ board, parameters, onToggle }: PickerProperties): JSX.Element {
  const [search, setSearch] = useState("");
  const groups = groupsOf(board.dictionary, board.values)
    .map(({ name, parameters: members }) => ({
      name,
      members: members.filter((one) => matches(search, one, name) && isPlottable(board, one)),
    }))
    .filter(({ members }) => members.length > 0);
  return (
    <details class="picker" open={parameters.length === 0 || matchMedia("(min-width: 800px)").matches}>
      <summary>Values</summary>
      <Search
        label="Search values"
        text={search}
        onText={setSearch}
        onEnter={() => {
          const first = groups[0]?.members[0];
          if (first !== undefined) {
            onToggle(first);
          }
        }}
      />
      <div class="members">
        {groups.map(({ name, members }) => (
          <fieldset key={name}>
            <legend>{name}</legend>
            {members.map((member) => {
              const isOn = parameters.includes(member);
              return (
                <label class="check" key={member}>
                  <input
                    type="checkbox"
                    checked={isOn}
                    disabled={!isOn && parameters.length >= MOST_LINES}
                    onChange={() => onToggle(member)}
                  />
                  {member}
                </label>
              );
            })}
          </fieldset>
        ))}
      </div>
    </details>
  );
}

/** Text and arrays have no line. */
function isPlottable(board: BoardState, name: string): boolean {
  const definition = board.dictionary?.parameters?.[name];
  if (definition === undefined) {
    return !Number.isNaN(plottable(board.values.get(name)?.value));
  }
  return definition.type !== "ascii" && definition.type !== "bytes" && definition.count === undefined;
}
