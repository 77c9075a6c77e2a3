/** Services of a board's own dictionary, as the dispatcher runs them: lengths and ranges are looked at before a handler is asked. */
import type { Dictionary, RequestMessage } from "../dictionary/dictionary.js";
import { SUCCESS } from "../pus/failure-codes.js";
import type { PusService, RequestHandling } from "../pus/service.js";
import type { AnyBinding, RequestHandler } from "./board-module.js";
import { RequestLayout } from "./request-layout.js";

export function servicesOf(own: Dictionary, binding: AnyBinding): PusService[] {
  return Object.entries(own.services ?? {}).map(([name, definition]) => {
    const handlers = binding.services?.[name] ?? {};
    const requests = Object.entries(definition.requests ?? {});
    return {
      name,
      definition,
      requests: Object.fromEntries(requests.map(([key, request]) => [key, handlingOf(request, handlers[key]!)])),
    };
  });
}

function handlingOf(request: RequestMessage, handler: RequestHandler): RequestHandling {
  const layout = new RequestLayout(request);
  return {
    ...(request.variants && { lengthOfVariant: (id, received, at) => layout.lengthOfVariant(id, received, at) }),
    start: (received) => layout.check(received),
    execute: (received) => handler(received) ?? SUCCESS,
  };
}
