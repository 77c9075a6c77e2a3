/** Octets that are no packet: where they stood in the stream, and why they were rejected. */
import type { JSX } from "preact";
import { clockText, momentText } from "../format.js";
import { Pure } from "../parts/pure.js";
import { routeText } from "../route.js";
import type { RejectedEntry } from "../wire.js";
import { HexTable } from "./hex-table.js";

const PREFIX = "rejected";

/** As it stands in the address, beside the numbers of packets. */
export function rejectedKey({ id }: RejectedEntry): string {
  return PREFIX + id;
}

export function isRejectedKey(open: string): boolean {
  return open.startsWith(PREFIX);
}

interface RejectedRowProperties {
  readonly rejected: RejectedEntry;
  readonly board: string;
  readonly isOpen: boolean;
}

export class RejectedRow extends Pure<RejectedRowProperties> {
  render(): JSX.Element {
    const { rejected, board, isOpen } = this.props;
    const { id, received, offset, length, reason } = rejected;
    const open = rejectedKey(rejected);
    return (
      <tr data-rejected={id} class={isOpen ? "current" : ""}>
        <td class="time">
          <a href={routeText({ view: "packets", board, open })} aria-current={isOpen ? "true" : undefined}>
            {clockText(received)}
          </a>
        </td>
        <td class="number left">none</td>
        <td class="number" />
        <td class="number">{length}</td>
        <td class="cut">
          <span class="tag warning">rejected: {reason}</span> at octet {offset}
        </td>
      </tr>
    );
  }
}

interface OpenedRejectedProperties {
  readonly rejected: RejectedEntry;
  readonly board: string;
}

export function OpenedRejected({ rejected, board }: OpenedRejectedProperties): JSX.Element {
  const { received, offset, length, reason, hex } = rejected;
  const shown = hex.length / 2;
  return (
    <section class="opened" aria-label="Rejected octets" data-opened={rejectedKey(rejected)}>
      <header>
        <h2>Rejected octets</h2>
        <a class="button" href={routeText({ view: "packets", board })} data-escape>
          Close
        </a>
      </header>
      <p class="notice">{reason}</p>
      <p class="muted">
        {length} octets at octet {offset} of the connection, received {momentText(received, Date.now())} UTC
        {shown < length ? `; the first ${shown}` : ""}
      </p>
      <div class="inside">
        <HexTable hex={hex} />
      </div>
    </section>
  );
}
