/** What can be sent, how it is sent, and what became of what was sent. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { matches } from "../format.js";
import { Search } from "../parts/search.js";
import { routeText } from "../route.js";
import type { CommandEntry } from "../wire.js";
import { CommandForm } from "./command-form.js";
import { CommandHistory } from "./command-history.js";
import type { ViewProperties } from "./view.js";

export function CommandsView({ board, route }: ViewProperties): JSX.Element {
  const [search, setSearch] = useState("");
  const commands = board.sendable ?? [];
  const shown = commands.filter(({ name, service, description, serviceType, subtype }) =>
    matches(search, name, service, description, `${serviceType},${subtype}`),
  );
  const chosen = commands.find(({ name }) => name === route.open);
  const open = (name: string): void => {
    location.hash = routeText({ view: "commands", board: board.name, open: name });
  };
  return (
    <>
      <div class={`commands${chosen === undefined ? "" : " chosen"}`}>
        <section class="choose" aria-label="Commands">
          <Search
            label="Search commands"
            text={search}
            onText={setSearch}
            onEnter={() => {
              const [first] = shown;
              if (first !== undefined) {
                open(first.name);
              }
            }}
          />
          {commands.length === 0 && <p class="empty">Asking the station for the commands.</p>}
          {commands.length > 0 && shown.length === 0 && <p class="empty">No command is like that.</p>}
          <ul>
            {shown.map((command) => (
              <Choice key={command.name} board={board.name} command={command} isChosen={command === chosen} />
            ))}
          </ul>
        </section>
        {chosen === undefined ? (
          <p class="empty">Choose a command. Each says what it takes, and shows its octets before it is sent.</p>
        ) : (
          <CommandForm key={chosen.name} board={board} command={chosen} />
        )}
      </div>
      <CommandHistory board={board} />
    </>
  );
}

interface ChoiceProperties {
  readonly board: string;
  readonly command: CommandEntry;
  readonly isChosen: boolean;
}

function Choice({ board, command, isChosen }: ChoiceProperties): JSX.Element {
  const { name, serviceType, subtype, dangerous } = command;
  return (
    <li>
      <a
        href={routeText({ view: "commands", board, open: name })}
        aria-current={isChosen ? "true" : undefined}
        data-command={name}
      >
        <span class="name">{name}</span>
        {dangerous !== undefined && <span class="tag critical">dangerous</span>}
        <span class="muted">
          {serviceType},{subtype}
        </span>
      </a>
    </li>
  );
}
