/** Services of a board's own dictionary, as the dispatcher runs them: lengths and ranges are looked at before a handler is asked. */
import type { Dictionary, RequestMessage, ServiceDefinition } from "../dictionary/dictionary.js";
import { longestMessage } from "../dictionary/value-check.js";
import { SUCCESS } from "../pus/failure-codes.js";
import type { PusService, RequestDefinition } from "../pus/service.js";
import type { AnyBinding, RequestHandler } from "./board-module.js";
import { RequestLayout } from "./request-layout.js";

export function servicesOf(own: Dictionary, binding: AnyBinding): PusService[] {
  return Object.entries(own.services ?? {}).map(([name, service]) => {
    const { type, requests = {}, reports = {} } = service;
    const handlers = binding.services?.[name] ?? {};
    return {
      serviceType: type,
      name,
      requests: Object.entries(requests).map(([key, request]) => requestOf(key, request, service, handlers[key]!)),
      reports: Object.entries(reports).map(([key, { subtype }]) => ({ messageSubtype: subtype, name: key })),
    };
  });
}

function requestOf(
  name: string,
  request: RequestMessage,
  { reports = {} }: ServiceDefinition,
  handler: RequestHandler,
): RequestDefinition {
  const replies = (request.replies ?? []).map((reply) => reports[reply]!);
  const layout = new RequestLayout(request);
  return {
    messageSubtype: request.subtype,
    name,
    maxDataLength: layout.longest,
    replies: replies.length,
    replyLength: replies.reduce((sum, reply) => sum + longestMessage(reply), 0),
    lengthOf: (received) => layout.lengthOf(received),
    start: (received) => layout.check(received),
    execute: (received) => handler(received) ?? SUCCESS,
  };
}
