/** The latest value of each of a board's parameters. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { PlainValue } from "../dictionary/describe.js";
import type { Archive } from "./archive/archive.js";
import { latest } from "./archive/history.js";
import type { News } from "./contracts.js";
import type { Deriver } from "./derive.js";

/** A value with where it is from. */
export interface LatestValue extends PlainValue {
  readonly packet: number;
  /** UNIX milliseconds. */
  readonly time: number;
}

export class LatestValues {
  readonly #values = new Map<string, LatestValue>();

  get all(): readonly LatestValue[] {
    return [...this.#values.values()];
  }

  remember(news: News): void {
    if (news.kind !== "values") {
      return;
    }
    const { packet, time, values } = news;
    for (const value of values) {
      this.#values.set(value.name, { ...value, packet, time });
    }
  }

  /**
   * Those of an earlier station: the packets that the latest samples are of, read again, as the archive has raw numbers.
   * @param board in the archive
   * @param hash of the dictionary, of the whole
   */
  recall(archive: Archive, board: number, { parameters = {} }: BoardDictionary, hash: number, deriver: Deriver): void {
    const ids = Object.values(parameters).map(({ id }) => id);
    const packets = latest(archive, board, ids).map(({ packet }) => packet);
    for (const id of [...new Set(packets)].sort((a, b) => a - b)) {
      const packet = archive.packet(id);
      for (const news of packet?.dictionary === hash ? deriver.derive(packet).news : []) {
        this.remember(news);
      }
    }
  }
}
