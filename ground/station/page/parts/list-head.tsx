import type { JSX } from "preact";

/** Of a list whose last column says who acknowledged a row, or has the button for it. */
export function ListHead({ columns }: { readonly columns: readonly string[] }): JSX.Element {
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column} scope="col">
            {column}
          </th>
        ))}
        <th scope="col">
          <span class="hidden">acknowledged</span>
        </th>
      </tr>
    </thead>
  );
}
