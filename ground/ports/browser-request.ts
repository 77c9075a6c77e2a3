/**
 * Any page of the web can make a browser send a request to this computer, with octets that others chose: in the body over HTTP, in a
 * session ticket over TLS. A framing that searches for packets would find a telecommand there. So what begins as HTTP or TLS does is
 * no ground tool, and nothing of it is read.
 */
const METHODS = ["GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH "];
/** Octets that decide on HTTP. */
const LONGEST = Math.max(...METHODS.map(({ length }) => length));

const MAX_RECORD = 1 << 14;
/**
 * What the first octets of TLS may be: the header of a record, and that of a ClientHello in it. No framing has a telecommand that begins
 * so: a packet of these octets would be a part of a longer one, COBS has no 0 within, and as lengths they are too much, or belong to telemetry.
 */
const CLIENT_HELLO: readonly ((octet: number) => boolean)[] = [
  // A handshake.
  (octet) => octet === 0x16,
  // Version 3.1 to 3.4.
  (octet) => octet === 3,
  (octet) => octet >= 1 && octet <= 4,
  // Length of the record.
  (octet) => octet <= MAX_RECORD >> 8,
  () => true,
  // A ClientHello.
  (octet) => octet === 1,
  // Its length. A session ticket has 2^16 octets at most.
  (octet) => octet <= 1,
  () => true,
  () => true,
];

export type Beginning =
  /** Neither HTTP nor TLS. */
  | "other"
  /** A method of HTTP. */
  | "http"
  /** A ClientHello of TLS. */
  | "tls"
  /** It may become HTTP or TLS. */
  | "unknown";

/** @param bytes the first ones of a connection */
export function beginningOf(bytes: Uint8Array): Beginning {
  const text = Buffer.from(bytes.subarray(0, LONGEST)).toString("latin1");
  if (METHODS.some((method) => text.startsWith(method))) {
    return "http";
  }
  return METHODS.some((method) => method.startsWith(text)) ? "unknown" : beginningOfTls(bytes);
}

function beginningOfTls(bytes: Uint8Array): Beginning {
  if (!CLIENT_HELLO.every((may, k) => k >= bytes.length || may(bytes[k]!))) {
    return "other";
  }
  if (bytes.length < CLIENT_HELLO.length) {
    return "unknown";
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const record = view.getUint16(3);
  const hello = 4 + (view.getUint32(5) & 0xffffff);
  // One with a long ticket goes on in the next record, behind a full one.
  return record === MAX_RECORD || (record < MAX_RECORD && hello <= record) ? "tls" : "other";
}
