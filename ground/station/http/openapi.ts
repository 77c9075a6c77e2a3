/** The OpenAPI 3.1 document, out of the routes themselves. */
import type { Route, Schema } from "./route.js";
import { ref, SCHEMAS } from "./schemas.js";

/** What may be wrong, with each route. */
const FAILURES: Readonly<Record<string, string>> = {
  400: "what was asked for is wrong",
  401: "a name and a password are needed",
  403: "whoever asks may not",
  404: "there is none",
};

export function openApi(routes: readonly Route[], version: string): Schema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path]![route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: "3.1.0",
    info: { title: "flatlink ground station", version, description: "Times are UNIX milliseconds." },
    paths,
    components: {
      schemas: SCHEMAS,
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "the station prints it when it begins" },
        user: { type: "http", scheme: "basic", description: "where the station has a users file" },
      },
    },
  };
}

function operation(route: Route): Record<string, unknown> {
  const { path, summary, access, query = [], body, status } = route;
  const failures = access === "command" ? { ...FAILURES, 409: "it is dangerous, and not confirmed" } : FAILURES;
  return {
    summary,
    ...(access === "read" || access === "open" ? {} : { security: [{ token: [] }, { user: [] }] }),
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        name,
        in: "path",
        required: true,
        schema: { type: name === "packet" || name === "alarm" ? "integer" : "string" },
      })),
      ...query.map((parameter) => ({ in: "query", required: false, ...parameter })),
    ],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: {
      [status]: { description: "as asked for", ...contentOf(route) },
      ...Object.fromEntries(
        Object.entries(failures).map(([code, description]) => [
          code,
          { description, content: { "application/json": { schema: ref("Error") } } },
        ]),
      ),
    },
  };
}

function contentOf(route: Route): Record<string, unknown> {
  if ("stream" in route) {
    return { content: { [route.contentType]: {} } };
  }
  return route.reply === undefined ? {} : { content: { "application/json": { schema: route.reply } } };
}
