/** What is shown, as the part of the URL behind `#`: a reload shows the same. */

export const VIEWS = ["board", "plot", "commands", "events", "packets", "boards"] as const;
export type View = (typeof VIEWS)[number];

export const TITLES: Readonly<Record<View, string>> = {
  board: "Board",
  plot: "Plot",
  commands: "Commands",
  events: "Events",
  packets: "Packets",
  boards: "Boards",
};

/** A minute of the past up to now; a range of its own where somebody zoomed. */
export const DEFAULT_SECONDS = 300;

export interface Route {
  readonly view: View;
  /** Undefined: the first. */
  readonly board: string | undefined;
  /** That are plotted. */
  readonly parameters: readonly string[];
  /** Of a plot that follows. */
  readonly seconds: number;
  /** Command, packet: what is open. */
  readonly open: string | undefined;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?");
  const [first = "", second = ""] = path.split("/").map(decoded);
  const said = new URLSearchParams(query);
  const seconds = Number(said.get("seconds"));
  const view = VIEWS.find((one) => one === second) ?? (first === "boards" && second === "" ? "boards" : "board");
  return {
    view,
    board: first === "" || (first === "boards" && second === "") ? undefined : first,
    parameters: said.getAll("p"),
    seconds: seconds > 0 ? seconds : DEFAULT_SECONDS,
    open: said.get("open") ?? undefined,
  };
}

/** @param route what is left out is the default */
export function routeText({
  view,
  board = "",
  parameters = [],
  seconds,
  open,
}: Partial<Route> & Pick<Route, "view">): string {
  const said = new URLSearchParams();
  for (const parameter of parameters) {
    said.append("p", parameter);
  }
  if (seconds !== undefined && seconds !== DEFAULT_SECONDS) {
    said.set("seconds", String(seconds));
  }
  if (open !== undefined) {
    said.set("open", open);
  }
  const query = said.toString();
  const path = board === "" ? (view === "boards" ? "boards" : "") : `${encodeURIComponent(board)}/${view}`;
  return `#/${path}${query === "" ? "" : `?${query}`}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
