/** Packets as they came; one of them octet by octet. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ExplainedField } from "../../../dictionary/explain.js";
import { failureText, get } from "../api.js";
import { clockText, hexRows, matches, momentText } from "../format.js";
import { messageName } from "../message-name.js";
import { Pure } from "../parts/pure.js";
import { Search } from "../parts/search.js";
import { ofBoard } from "../query.js";
import { routeText } from "../route.js";
import type { ExplainedPacket, PacketEntry } from "../wire.js";
import type { ViewProperties } from "./view.js";

const ROWS = 200;

export function PacketsView({ board, route }: ViewProperties): JSX.Element {
  const [search, setSearch] = useState("");
  const [held, setHeld] = useState<readonly PacketEntry[] | undefined>(undefined);
  const packets = held ?? board.packets.items;
  const shown = packets
    .filter((packet) =>
      matches(
        search,
        typeText(packet),
        messageName(board.dictionary, packet),
        packet.error,
        String(packet.count ?? ""),
        packet.hex,
      ),
    )
    .slice(0, ROWS);
  const isOpen = route.open !== undefined;
  return (
    <>
      <div class="tools">
        <Search label="Search packets" text={search} onText={setSearch} />
        <label class="check">
          <input
            type="checkbox"
            checked={held !== undefined}
            onChange={(event) => setHeld(event.currentTarget.checked ? [...board.packets.items] : undefined)}
          />
          hold the list
        </label>
        <span class="muted">type as in 3,25; the latest {ROWS}</span>
      </div>
      <div class={isOpen ? "split" : ""}>
        {shown.length === 0 ? (
          <p class="empty">{packets.length === 0 ? "No packets yet." : "No packet is like that."}</p>
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
                {shown.map((packet) => (
                  <PacketRow
                    key={packet.id}
                    packet={packet}
                    message={messageName(board.dictionary, packet)}
                    board={board.name}
                    isOpen={route.open === String(packet.id)}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {route.open !== undefined && <Opened key={route.open} board={board.name} id={route.open} />}
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

function HexTable({ hex, field }: { readonly hex: string; readonly field: ExplainedField | undefined }): JSX.Element {
  const from = field?.offset ?? -1;
  const to = field === undefined ? -1 : from + Math.ceil(((field.bit ?? 0) + field.bits) / 8);
  return (
    <table class="octets">
      <tbody>
        {hexRows(hex).map(({ offset, octets }) => (
          <tr key={offset}>
            <th scope="row">{offset}</th>
            {octets.map((octet, k) => (
              <td key={k} class={offset + k >= from && offset + k < to ? "on" : ""}>
                {octet}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
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
