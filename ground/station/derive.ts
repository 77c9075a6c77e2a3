/** What a stored packet says: samples and an event for the archive, news for who watches. The same for the same packet, at any time. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { DecodedValue } from "../dictionary/decoded-value.js";
import { describeEvent, parametersIn, plainValue } from "../dictionary/describe.js";
import { type DecodedPacket, PacketDecoder } from "../dictionary/packet-decoder.js";
import { PacketError } from "../dictionary/packet-error.js";
import type { EventRow, SampleRow, StoredPacket } from "./archive/archive.js";
import type { News } from "./contracts.js";

export interface Said {
  readonly decoded?: DecodedPacket;
  readonly samples: readonly SampleRow[];
  readonly events: readonly EventRow[];
  /** The packet itself first. */
  readonly news: readonly News[];
}

export class Deriver {
  readonly #name: string;
  readonly #board: BoardDictionary;
  readonly #decoder: PacketDecoder;

  /** @param name of the board in the station */
  constructor(name: string, board: BoardDictionary) {
    this.#name = name;
    this.#board = board;
    this.#decoder = new PacketDecoder(board);
  }

  derive(packet: StoredPacket): Said {
    const board = this.#name;
    let decoded: DecodedPacket;
    try {
      decoded = this.#decoder.decode(packet.bytes);
    } catch (error) {
      // What one packet does to the decoder must not end the station.
      const why = error instanceof PacketError ? error.message : `it cannot be read: ${(error as Error).message}`;
      return { samples: [], events: [], news: [{ kind: "packet", board, packet, error: why }] };
    }
    const time = timeOf(packet);
    const values = parametersIn(decoded);
    const event = describeEvent(this.#board, decoded);
    const news: News[] = [{ kind: "packet", board, packet, decoded }];
    if (values.length > 0) {
      news.push({ kind: "values", board, packet: packet.id, time, values: values.map(plainValue) });
    }
    if (event === undefined) {
      return { decoded, samples: this.#samples(packet, time, values), events: [], news };
    }
    const { name, severity, text } = event;
    const id = this.#board.events?.[name]?.id ?? 0;
    news.push({ kind: "event", board, packet: packet.id, time, event: id, name, severity, text });
    const row = { packet: packet.id, board: packet.board, time, event: id, severity, text };
    return { decoded, samples: [], events: [row], news };
  }

  #samples(packet: StoredPacket, time: number, values: readonly DecodedValue[]): SampleRow[] {
    return values.flatMap(({ name, raw }) => {
      const parameter = this.#board.parameters?.[name]?.id;
      return parameter === undefined
        ? []
        : [{ board: packet.board, parameter, time, packet: packet.id, raw: storable(raw) }];
    });
  }
}

/** A board's stamps count from its boot until it knows the time. */
export function timeOf({ synchronized, stamp, received }: StoredPacket): number {
  return synchronized !== 0 && stamp !== null && stamp > 0 ? stamp : received;
}

function storable(raw: DecodedValue["raw"]): number | string {
  switch (typeof raw) {
    case "number":
      // SQLite keeps no NaN.
      return Number.isNaN(raw) ? "NaN" : raw;
    case "boolean":
      return Number(raw);
    case "string":
      return raw;
    case "bigint":
      return String(raw);
    default:
      return JSON.stringify(raw, (_, value) => (typeof value === "bigint" ? String(value) : value));
  }
}
