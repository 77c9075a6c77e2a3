/** Tables to take away. */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { csvLines } from "../export/csv.js";
import type { WideQuery } from "../export/wide-rows.js";
import type { Station } from "../station.js";
import { boardIn } from "./board-routes.js";
import { PARAMETERS, PERIOD, parametersIn, periodIn } from "./data-routes.js";
import type { Call, Route } from "./route.js";

/** Lines that are written at once: in between, boards are served. */
const LINES = 500;

type Pieces = Iterable<string | Uint8Array>;

export function exportRoutes(station: Station): Route[] {
  const route = (format: string, contentType: string, piecesOf: (query: WideQuery) => Promise<Pieces>): Route => ({
    method: "GET",
    path: `/api/v1/boards/{board}/export.${format}`,
    summary: `Values of parameters as ${format === "csv" ? "CSV" : "Apache Parquet"}, a row for each time`,
    access: "read",
    query: [PARAMETERS, ...PERIOD],
    status: 200,
    contentType,
    async stream(call) {
      const query = queryIn(station, call);
      const pieces = await piecesOf(query);
      const { response } = call;
      response.writeHead(200, {
        "Content-Type": contentType,
        "Content-Disposition": `attachment; filename="flatlink.${format}"`,
      });
      await send(pieces, response);
    },
  });
  return [
    route("csv", "text/csv; charset=utf-8", async (query) => together(csvLines(query))),
    route("parquet", "application/vnd.apache.parquet", async (query) => {
      // Loaded where it is needed.
      const { parquetPieces } = await import("../export/parquet.js");
      return parquetPieces(query);
    }),
  ];
}

function queryIn(station: Station, call: Call): WideQuery {
  const board = boardIn(station, call);
  return {
    archive: station.archive,
    board: board.id,
    parameters: parametersIn(call, board),
    ...periodIn(call),
  };
}

function* together(lines: Iterable<string>): Generator<string> {
  let waiting: string[] = [];
  for (const line of lines) {
    waiting.push(line);
    if (waiting.length === LINES) {
      yield waiting.join("");
      waiting = [];
    }
  }
  yield waiting.join("");
}

/** As fast as it is taken. */
async function send(pieces: Pieces, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  try {
    for (const piece of pieces) {
      if (!response.write(piece)) {
        await once(response, "drain", { signal: gone.signal });
      }
      await new Promise((resolve) => setImmediate(resolve));
      gone.signal.throwIfAborted();
    }
    response.end();
  } catch (error) {
    if (!gone.signal.aborted) {
      throw error;
    }
  }
}
