/** All boards at once: a wall of tiles. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { waiting } from "../alarms.js";
import { matches, spanText } from "../format.js";
import { LinkMark } from "../parts/link.js";
import { Search } from "../parts/search.js";
import { routeText } from "../route.js";
import { type BoardState, limitsOf } from "../state.js";
import type { ViewProperties } from "./view.js";

export function BoardsView({ store, now }: ViewProperties): JSX.Element {
  const [search, setSearch] = useState("");
  const boards = [...store.state.boards.values()];
  const shown = boards.filter(({ name, link }) => matches(search, name, link?.state, link?.address));
  const connected = boards.filter(({ link }) => link?.state === "connected").length;
  return (
    <>
      <div class="tools">
        <Search
          label="Search boards"
          text={search}
          onText={setSearch}
          onEnter={() => {
            const [first] = shown;
            if (first !== undefined) {
              location.hash = routeText({ view: "board", board: first.name });
            }
          }}
        />
        <span class="muted">
          {connected} of {boards.length} connected
        </span>
      </div>
      <ul class="wall">
        {shown.map((board) => (
          <Tile key={board.name} board={board} now={now} />
        ))}
      </ul>
    </>
  );
}

function Tile({ board, now }: { readonly board: BoardState; readonly now: number }): JSX.Element {
  const { name, link, received, lastPacket } = board;
  const { warning, critical } = limitsOf(board);
  const alarms = waiting(board);
  const isUp = link?.state === "connected";
  const isBad = !isUp || critical > 0 || link?.dictionary === "wrong";
  return (
    <li>
      <a
        class={`tile ${isBad ? "critical" : warning > 0 ? "warning" : ""}`}
        href={routeText({ view: "board", board: name })}
      >
        <span class="head">
          <strong>{name}</strong>
          <LinkMark board={board} />
        </span>
        <span class="muted">
          {lastPacket === undefined ? "no packet yet" : `last packet ${spanText(now - lastPacket)} ago`}
        </span>
        <span class="muted">
          {received} packets
          {link?.tools === undefined ? "" : `, ${link.tools} tool${link.tools === 1 ? "" : "s"} through relay ports`}
        </span>
        {link !== undefined && !isUp && (
          <span class="why" title={link.text}>
            {spanText(now - link.since)}: {link.text ?? link.address}
          </span>
        )}
        <span class="tags">
          {link?.dictionary === "wrong" && <span class="tag critical">dictionary mismatch</span>}
          {critical > 0 && <span class="tag critical">{critical} critical</span>}
          {warning > 0 && <span class="tag warning">{warning} warning</span>}
          {alarms > 0 && <span class="tag warning">{alarms} to acknowledge</span>}
        </span>
      </a>
    </li>
  );
}
