/** Packets and what was rejected, as they came one behind the other. */
import type { PacketEntry, RejectedEntry } from "./wire.js";

export type Arrival =
  | { readonly kind: "packet"; readonly packet: PacketEntry }
  | { readonly kind: "rejected"; readonly rejected: RejectedEntry };

/** Both the latest first, and so is what they make. */
export function arrivals(packets: readonly PacketEntry[], rejected: readonly RejectedEntry[]): Arrival[] {
  const all: Arrival[] = [];
  let next = 0;
  for (const packet of packets) {
    while (next < rejected.length && isBehind(rejected[next]!, packet)) {
      all.push({ kind: "rejected", rejected: rejected[next++]! });
    }
    all.push({ kind: "packet", packet });
  }
  return [...all, ...rejected.slice(next).map((one) => ({ kind: "rejected", rejected: one }) as const)];
}

/** Of what could not be stored, the numbers say nothing. */
function isBehind(rejected: RejectedEntry, { id, received }: PacketEntry): boolean {
  return id < 0 || rejected.packet < 0 ? rejected.received >= received : rejected.packet >= id;
}
