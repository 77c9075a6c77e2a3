/** Octets in rows; those of one field stand out. */
import type { JSX } from "preact";
import type { ExplainedField } from "../../../dictionary/explain.js";
import { hexRows } from "../format.js";

interface HexTableProperties {
  readonly hex: string;
  readonly field?: ExplainedField | undefined;
}

export function HexTable({ hex, field }: HexTableProperties): JSX.Element {
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
