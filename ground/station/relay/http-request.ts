/**
 * Any page of the web can make a browser send a request to this computer, with octets of its choice in the body. A framing that searches
 * for packets would find a telecommand there. So what begins as HTTP does is no ground tool, and nothing of it is read.
 */
const METHODS = ["GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH "];
/** Octets that decide. */
const LONGEST = Math.max(...METHODS.map(({ length }) => length));

/** | what it begins with | `other`: no method of HTTP; `http`: one; `unknown`: it may become one | */
export type Beginning = "other" | "http" | "unknown";

/** @param bytes the first ones of a connection */
export function beginningOf(bytes: Uint8Array): Beginning {
  const text = Buffer.from(bytes.subarray(0, LONGEST)).toString("latin1");
  if (METHODS.some((method) => text.startsWith(method))) {
    return "http";
  }
  return METHODS.some((method) => method.startsWith(text)) ? "unknown" : "other";
}
