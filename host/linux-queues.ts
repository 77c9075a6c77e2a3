/**
 * How much of what was sent the peer has not taken, as Linux tells it.
 *
 * A socket of Node tells when the system took bytes. Linux takes megabytes, and says that there is room again only when a
 * third of them is gone: a peer that reads all the time would seem not to move for minutes. Its tables (proc(5),
 * /proc/net/tcp) have the bytes of each connection that the peer has not acknowledged and, where the peer is on this
 * machine, those that its program has not read.
 */
import { readFile } from "node:fs";
import { isIPv4, type Socket } from "node:net";
import { endianness } from "node:os";

/**
 * @returns (resolves) for each connection the bytes that were sent and not taken, 0 for one that is not known; undefined when
 *   this system does not tell. Never rejects
 */
export type HeldBySystem = (connections: readonly Connection[]) => Promise<readonly number[] | undefined>;

/** Whose connection it is. */
export type Connection = Pick<Socket, "localAddress" | "localPort" | "remoteAddress" | "remotePort">;

/** An IPv4 address that an IPv6 socket has. */
const MAPPED = "::ffff:";
/** Behind the two ends of a connection: its state, and a space. */
const STATE_LENGTH = 3;

/** Takes the system some milliseconds, which are not ours. */
export async function heldByLinux(connections: readonly Connection[]): Promise<readonly number[] | undefined> {
  const all = await read("/proc/net/tcp");
  if (all === undefined) {
    return undefined;
  }
  const all6 = connections.some(({ localAddress }) => localAddress?.includes(":")) ? await read("/proc/net/tcp6") : "";
  return connections.map((connection) => heldIn(all, all6 ?? "", connection));
}

/**
 * @param all the text of /proc/net/tcp
 * @param all6 that of /proc/net/tcp6
 */
export function heldIn(all: string, all6: string, connection: Connection): number {
  const { localAddress, localPort, remoteAddress, remotePort } = connection;
  if (
    localAddress === undefined ||
    localPort === undefined ||
    remoteAddress === undefined ||
    remotePort === undefined
  ) {
    return 0;
  }
  // Either end may be of the other kind, where the address is an IPv4 one.
  const find = (queue: 0 | 1, from: string, fromPort: number, to: string, toPort: number): number =>
    queueIn(all, queue, `${address4(from)}:${hex(fromPort, 4)} ${address4(to)}:${hex(toPort, 4)} `) ??
    queueIn(all6, queue, `${address6(from)}:${hex(fromPort, 4)} ${address6(to)}:${hex(toPort, 4)} `) ??
    0;
  const unacknowledged = find(0, localAddress, localPort, remoteAddress, remotePort);
  const unread = find(1, remoteAddress, remotePort, localAddress, localPort);
  return unacknowledged + unread;
}

/** @param queue 0: bytes sent and not acknowledged; 1: bytes received and not read */
function queueIn(table: string, queue: 0 | 1, ends: string): number | undefined {
  const at = table.indexOf(ends);
  if (at < 0) {
    return undefined;
  }
  const from = at + ends.length + STATE_LENGTH + queue * 9;
  return Number.parseInt(table.slice(from, from + 8), 16);
}

/** @returns nothing that stands in the table, for an address that is none of IPv4 */
function address4(address: string): string {
  const numeric = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
  return isIPv4(numeric) ? inTable(octets4(numeric)) : "-";
}

function address6(address: string): string {
  return inTable(octets6(isIPv4(address) ? MAPPED + address : address));
}

function octets4(address: string): number[] {
  return address.split(".").map(Number);
}

/** RFC 4291: eight groups of 16 bits, a run of zeros as `::`, perhaps an IPv4 address at the end, perhaps a zone behind it. */
function octets6(address: string): number[] {
  const [head = "", tail] = address.replace(/%.*/, "").split("::");
  const start = octetsOfGroups(head);
  const end = octetsOfGroups(tail ?? "");
  return [...start, ...new Array<number>(16 - start.length - end.length).fill(0), ...end];
}

function octetsOfGroups(groups: string): number[] {
  return groups
    .split(":")
    .filter((group) => group !== "")
    .flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return isIPv4(group) ? octets4(group) : [value >> 8, value & 0xff];
    });
}

/** The table has 32 bits at a time, as numbers of this machine. */
function inTable(octets: readonly number[]): string {
  let text = "";
  for (let at = 0; at < octets.length; at += 4) {
    const word = octets.slice(at, at + 4);
    text += (endianness() === "LE" ? word.reverse() : word).map((octet) => hex(octet, 2)).join("");
  }
  return text;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0");
}

function read(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    readFile(path, "latin1", (error, text) => resolve(error === null ? text : undefined));
  });
}
