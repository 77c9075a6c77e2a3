/** The body of a request. */
import type { IncomingMessage } from "node:http";
import { HttpError } from "./route.js";

const MAX_LENGTH = 1 << 20;

/**
 * JSON that says it is JSON: a page of elsewhere cannot send that without asking first.
 * @throws (rejects) HttpError
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    throw new HttpError(415, "the body must be JSON, with Content-Type: application/json");
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_LENGTH) {
      throw new HttpError(413, `the body has more than ${MAX_LENGTH} bytes`);
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new HttpError(400, "the body is no JSON");
  }
}
