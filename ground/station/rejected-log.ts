/** What one board sends that is no packet, on its way into the archive: pieces that follow one another are joined. */
import { MAX_KEPT, type RejectedBytes } from "../link/rejected-bytes.js";
import type { Archive } from "./archive/archive.js";
import { keepRejected, type NewRejected, type Rejected } from "./archive/rejected.js";

interface Waiting extends RejectedBytes {
  readonly received: number;
  /** Packets that wait to be stored and came before. */
  readonly behind: number;
}

export class RejectedLog {
  /** Octets since the station began. */
  octets = 0;
  readonly #archive: Archive;
  readonly #board: number;
  #waiting: Waiting[] = [];
  /** Of the last piece: what follows it and has none is more of it. */
  #causes = "";
  /** The board's last packet that is stored; 0: none. */
  #packet: number;
  /** What could not be stored has numbers, too: below those of the archive. */
  #unstored = 0;

  /** @param board its number in the archive */
  constructor(archive: Archive, board: number) {
    this.#archive = archive;
    this.#board = board;
    const last = archive.statement("SELECT id FROM packet WHERE board = ? ORDER BY received DESC, id DESC LIMIT 1");
    this.#packet = (last.get(board) as { id: number } | undefined)?.id ?? 0;
  }

  /** Nothing waits. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /**
   * @param received UNIX milliseconds
   * @param behind packets that wait to be stored, and came before
   */
  add(rejected: RejectedBytes, received: number, behind: number): void {
    this.octets += rejected.length;
    const last = this.#waiting.at(-1);
    if (last !== undefined && last.behind === behind && last.offset + last.length === rejected.offset) {
      this.#waiting[this.#waiting.length - 1] = joined(last, rejected);
    } else {
      this.#waiting.push({ ...rejected, received, behind });
    }
  }

  /**
   * Stores what waits, as far as the archive takes it.
   * @param packets numbers of the packets that waited with it
   * @param onWorks the archive took it
   * @returns it with its numbers
   */
  flush(packets: readonly number[], onError: (error: Error) => void, onWorks: () => void): readonly Rejected[] {
    const pieces = this.#waiting.map((piece) =>
      this.#plain(piece, Math.max(packets[piece.behind - 1] ?? 0, 0) || this.#packet),
    );
    this.#waiting = [];
    // Those that could not be stored have numbers below 0.
    this.#packet = Math.max(packets.at(-1) ?? 0, this.#packet);
    if (pieces.length === 0) {
      return [];
    }
    try {
      const kept = keepRejected(this.#archive, this.#board, pieces);
      onWorks();
      return kept;
    } catch (error) {
      onError(error as Error);
      return pieces.map((piece) => ({ ...piece, id: --this.#unstored }));
    }
  }

  #plain({ received, offset, length, bytes, reasons }: Waiting, packet: number): NewRejected {
    const causes = Object.entries(reasons).map(([name, count]) => (count === 1 ? name : `${name} (${count})`));
    if (causes.length > 0) {
      this.#causes = causes.join(", ");
    }
    return { received, packet, offset, length, reason: this.#causes, hex: Buffer.from(bytes).toString("hex") };
  }
}

function joined(first: Waiting, { length, bytes, reasons }: RejectedBytes): Waiting {
  const counts = { ...first.reasons };
  for (const [reason, count] of Object.entries(reasons)) {
    counts[reason] = (counts[reason] ?? 0) + count;
  }
  return {
    ...first,
    length: first.length + length,
    bytes: first.bytes.length < first.length ? first.bytes : Buffer.concat([first.bytes, bytes]).subarray(0, MAX_KEPT),
    reasons: counts,
  };
}
