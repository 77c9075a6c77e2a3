/** From packets of the archive to what they say: as they come, and again where a station was killed in between. */
import type { AlarmBook } from "./alarms/alarm-book.js";
import type { Archive, Derived, PacketRow, StoredPacket } from "./archive/archive.js";
import type { Deriver, Said } from "./derive.js";

/** Packets that are read again in one go. */
const BATCH = 1000;

/**
 * Reads again what was stored and not read, as after a station was killed in between.
 * @param alarmsOf the board's alarms, where they do not know of the packets yet
 * @returns packets
 */
export function deriveAgain(
  archive: Archive,
  deriverOf: (packet: PacketRow) => Deriver | undefined,
  alarmsOf: (packet: PacketRow) => AlarmBook | undefined = () => undefined,
): number {
  let count = 0;
  for (;;) {
    const packets = archive.packetsBehind(archive.derivedUpTo, BATCH);
    if (packets.length === 0) {
      return count;
    }
    const books = new Set<AlarmBook>();
    const said = packets.flatMap((packet) => {
      const one = deriverOf(packet)?.derive(packet);
      const book = one && alarmsOf(packet);
      if (book !== undefined) {
        book.look(one!.news);
        books.add(book);
      }
      return one ?? [];
    });
    keepDerived(archive, derived(packets, said, archive.derivedUpTo + 1), [...books]);
    count += packets.length;
  }
}

/**
 * Keeps what packets said, and the alarms that it changed: both or neither.
 * @param also one part more of the same transaction
 * @throws Error when the archive takes nothing
 */
export function keepDerived(
  archive: Archive,
  what: Derived,
  books: readonly AlarmBook[],
  also: () => void = () => {},
): void {
  archive.addDerived(what, () => {
    also();
    for (const book of books) {
      book.store();
    }
  });
  for (const book of books) {
    book.stored();
  }
}

/** What packets said, as the archive keeps it. @param from packets that are gone count as read */
export function derived(packets: readonly StoredPacket[], said: readonly Said[], from = packets[0]!.id): Derived {
  return {
    from,
    upTo: packets.at(-1)!.id,
    samples: said.flatMap(({ samples }) => samples),
    events: said.flatMap(({ events }) => events),
  };
}
