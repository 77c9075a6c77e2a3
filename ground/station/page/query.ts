/** Addresses of the API. */

const BASE = "/api/v1";

export type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** An address below the API. Path parts and parameters are escaped; a list is a parameter several times. */
export function address(path: readonly (string | number)[], parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value]) {
      query.append(name, String(one));
    }
  }
  const text = query.toString();
  return `${BASE}/${path.map((part) => encodeURIComponent(part)).join("/")}${text === "" ? "" : `?${text}`}`;
}

export function ofBoard(board: string, path: readonly (string | number)[], parameters: Parameters = {}): string {
  return address(["boards", board, ...path], parameters);
}

export interface HistoryRange {
  /** UNIX milliseconds. */
  readonly from: number;
  readonly to: number;
}

export function historyAddress(
  board: string,
  parameters: readonly string[],
  { from, to }: HistoryRange,
  points: number,
): string {
  return ofBoard(board, ["history"], {
    parameter: parameters,
    from: Math.floor(from),
    to: Math.ceil(to),
    points,
  });
}

/** Where a CSV file of these parameters is. */
export function exportAddress(board: string, parameters: readonly string[], { from, to }: HistoryRange): string {
  return ofBoard(board, ["export.csv"], { parameter: parameters, from: Math.floor(from), to: Math.ceil(to) });
}
