/** Packets as they came, and what came and is none; one of them octet by octet. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ExplainedField } from "../../../dictionary/explain.js";
import { failureText, get } from "../api.js";
import { clockText, matches, momentText } from "../format.js";
import { messageName } from "../message-name.js";
import { type Arrival, arrivals } from "../packet-list.js";
import { Pure } from "../parts/pure.js";
import { Search } from "../parts/search.js";
import { ofBoard } from "../query.js";
import { routeText } from "../route.js";
import type { ExplainedPacket, PacketEntry } from "../wire.js";
import { HexTable } from "./hex-table.js";
import { isRejectedKey, OpenedRejected, RejectedRow, rejectedKey } from "./rejected-octets.js";
import type { ViewProperties } from "./view.js";

const ROWS = 200;

export function PacketsView({ board, route }: ViewProperties): JSX.Element {
  const [search, setSearch] = useState("");
  const [held, setHeld] = useState<readonly Arrival[] | undefined>(undefined);
  const now = (): readonly Arrival[] => arrivals(board.packets.items, board.rejected.items);
  const came = held ?? now();
  const isWanted = (arrival: Arrival): boolean => {
    if (arrival.kind === "rejected") {
      return matches(search, "rejected", arrival.rejected.reason, arrival.rejected.hex);
    }
    const { packet } = arrival;
    const message = messageName(board.dictionary, packet);
    return matches(search, typeText(packet), message, packet.error, String(packet.count ?? ""), packet.hex);
  };
  const shown = came.filter(isWanted).slice(0, ROWS);
  const opened = board.rejected.items.find((rejected) => rejectedKey(rejected) === route.open);
  const isOpen = route.open !== undefined;
  return (
    <>
      <div class="tools">
        <Search label="Search packets" text={search} onText={setSearch} />
        <label class="check">
          <input
            type="checkbox"
            checked={held !== undefined}
            onChange={(event) => setHeld(event.currentTarget.checked ? now() : undefined)}
          />
          hold the list
        </label>
        <span class="muted">type as in 3,25, or rejected; the latest {ROWS}</span>
      </div>
      <div class={isOpen ? "split" : ""}>
        {shown.length === 0 ? (
          <p class="empty">{came.length === 0 ? "No packets yet." : "No packet is like that."}</p>
        ) : (
          <div class="scroll">
            <table class="list packets">
              <thead>
                <tr>
                  <th scope="col">received (UTC)</th>
                  <th scope="col">type</th>
                  <th scope="col" class="number">
                    count
                  </th>
                  <th scope="col" class="number">
                    octets
                  </th>
                  <th scope="col">message</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((arrival) =>
                  arrival.kind === "packet" ? (
                    <PacketRow
                      key={arrival.packet.id}
                      packet={arrival.packet}
                      message={messageName(board.dictionary, arrival.packet)}
                      board={board.name}
                      isOpen={route.open === String(arrival.packet.id)}
                    />
                  ) : (
                    <RejectedRow
                      key={rejectedKey(arrival.rejected)}
                      rejected={arrival.rejected}
                      board={board.name}
                      isOpen={route.open === rejectedKey(arrival.rejected)}
                    />
                  ),
                )}
              </tbody>
            </table>
          </div>
        )}
        {opened !== undefined && <OpenedRejected rejected={opened} board={board.name} />}
        {route.open !== undefined && !isRejectedKey(route.open) && (
          <Opened key={route.open} board={board.name} id={route.open} />
        )}
      </div>
    </>
  );
}

function typeText({ service, subtype }: PacketEntry): string {
  return (service ?? undefined) === undefined ? "?" : `${service},${subtype}`;
}

interface PacketRowProperties {
  readonly packet: PacketEntry;
  readonly message: string;
  readonly board: string;
  readonly isOpen: boolean;
}

class PacketRow extends Pure<PacketRowProperties> {
  render(): JSX.Element {
    const { packet, message, board, isOpen } = this.props;
    const { id, received, count, hex, error } = packet;
    return (
      <tr data-packet={id} class={isOpen ? "current" : ""}>
        <td class="time">
          <a href={routeText({ view: "packets", board, open: String(id) })} aria-current={isOpen ? "true" : undefined}>
            {clockText(received)}
          </a>
        </td>
        <td class="number left">{typeText(packet)}</td>
        <td class="number">{count ?? ""}</td>
        <td class="number">{hex.length / 2}</td>
        <td class="cut">{error === undefined ? message : <span class="tag critical">{error}</span>}</td>
      </tr>
    );
  }
}

function Opened({ board, id }: { readonly board: string; readonly id: string }): JSX.Element {
  const [packet, setPacket] = useState<ExplainedPacket | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [field, setField] = useState<ExplainedField | undefined>(undefined);
  useEffect(() => {
    get<ExplainedPacket>(ofBoard(board, ["packets", id])).then(setPacket, (error: unknown) =>
      setFailure(failureText(error)),
    );
  }, [board, id]);
  return (
    <section class="opened" aria-label="Packet" data-opened={id}>
      <header>
        <h2>Packet {id}</h2>
        <a class="button" href={routeText({ view: "packets", board })} data-escape>
          Close
        </a>
      </header>
      {failure !== undefined && <p class="notice critical">{failure}</p>}
      {packet !== undefined && (
        <>
          <p class="muted">
            TM[{typeText(packet)}], received {momentText(packet.received, Date.now())} UTC, {packet.hex.length / 2}{" "}
            octets
          </p>
          {packet.error !== undefined && <p class="notice critical">{packet.error}</p>}
          <div class="inside">
            <HexTable hex={packet.hex} field={field} />
            <Fields fields={packet.fields ?? []} field={field} onField={setField} />
          </div>
        </>
      )}
    </section>
  );
}

interface FieldsProperties {
  readonly fields: readonly ExplainedField[];
  readonly field: ExplainedField | undefined;
  readonly onField: (field: ExplainedField) => void;
}

function Fields({ fields, field, onField }: FieldsProperties): JSX.Element {
  return (
    <table class="list fields">
      <thead>
        <tr>
          <th scope="col" class="number">
            octet
          </th>
          <th scope="col">field</th>
          <th scope="col">meaning</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((one) => (
          <tr
            key={`${one.offset}.${one.bit ?? ""} ${one.name}`}
            class={one === field ? "current" : ""}
            onMouseEnter={() => onField(one)}
          >
            <td class="number">{one.bit === undefined ? one.offset : `${one.offset}.${one.bit}`}</td>
            <td>
              <button type="button" class="plain" onFocus={() => onField(one)} onClick={() => onField(one)}>
                {one.name}
              </button>
            </td>
            <td class="text">{one.meaning}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
