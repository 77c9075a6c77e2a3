/** What is asked of the station itself. */
import type { Station } from "../station.js";
import type { Live } from "./live.js";
import { metricsPage } from "./metrics.js";
import { HttpError, type Route, type Schema } from "./route.js";
import { ref } from "./schemas.js";

/** @param document the OpenAPI document, made when it is asked for */
export function stationRoutes(station: Station, live: Live, document: () => Schema): Route[] {
  const read = { method: "GET", access: "read", status: 200 } as const;
  return [
    {
      ...read,
      path: "/api/v1/openapi.json",
      summary: "This document",
      reply: { type: "object", required: ["openapi", "info", "paths", "components"] },
      handle: document,
    },
    {
      ...read,
      path: "/healthz",
      summary: "Whether the station does what it should; 503 where the archive takes nothing",
      reply: ref("Health"),
      access: "open",
      handle() {
        const { archiveFailure } = station;
        if (archiveFailure !== undefined) {
          throw new HttpError(503, `the archive takes nothing: ${archiveFailure}`);
        }
        return { status: "ok" };
      },
    },
    {
      ...read,
      path: "/metrics",
      summary: "For Prometheus",
      contentType: "text/plain; version=0.0.4; charset=utf-8",
      async stream({ response }) {
        response.writeHead(200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" });
        response.end(metricsPage(station, { liveClients: live.clients, slowClients: live.slowClients }));
      },
    },
  ];
}
