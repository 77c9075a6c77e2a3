/** A packet of each kind that a board sends or takes, with random values in it: the octets, and what a decoder should find. */

import { allServices } from "../../../ground/dictionary/standard-services.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type {
  ItemVariant,
  LayoutDefinition,
  MessageDefinition,
  ValueDefinition,
} from "../../../modules/dictionary/dictionary.js";
import { timeCode } from "../../../modules/flatsat/application-process.js";
import type { TimeCodeName } from "../../../modules/flatsat/configuration.js";
import { buildTelecommand, buildTelemetry } from "../../../modules/pus/build-parse.js";
import { type Decoded, encode } from "../../dictionary/independent-codec.js";
import { randomValue } from "../../dictionary/random-dictionaries.js";
import type { Random } from "../../framing/random.js";

export interface Expected {
  /** In the order of the wire. */
  readonly values: readonly [name: string, definition: ValueDefinition, value: Decoded][];
  /** What the last of the values has behind it. */
  readonly variant?: Expected;
  readonly items?: readonly Expected[];
  readonly trailer?: readonly [name: string, definition: ValueDefinition, value: Decoded][];
  readonly data?: readonly number[];
}

export interface RandomPacket {
  readonly name: string;
  readonly isTelecommand: boolean;
  readonly serviceType: number;
  readonly subtype: number;
  readonly packet: Uint8Array;
  /** UNIX milliseconds of the stamp. */
  readonly time: number;
  readonly expected: Expected;
}

/** 2026, on a day of its own. */
const FIRST_DAY = 1_767_225_600_000;

export function randomPackets(random: Random, board: BoardDictionary): RandomPacket[] {
  const packets: RandomPacket[] = [];
  for (const [service, { type, requests = {}, reports = {} }] of Object.entries(allServices(board))) {
    for (const [kind, messages] of Object.entries({ requests, reports })) {
      for (const [message, definition] of Object.entries<MessageDefinition>(messages)) {
        const variants = definition.variants === undefined ? [undefined] : Object.keys(definition.variants);
        for (const variant of variants) {
          const made = new Maker(random);
          const expected = made.message(definition, variant);
          packets.push({
            name: [service, message, variant].filter((part) => part !== undefined).join("."),
            isTelecommand: kind === "requests",
            serviceType: type,
            subtype: definition.subtype,
            ...packetOf(random, board, kind === "requests", type, definition.subtype, Uint8Array.from(made.octets)),
            expected,
          });
        }
      }
    }
  }
  return packets;
}

function packetOf(
  random: Random,
  board: BoardDictionary,
  isTelecommand: boolean,
  serviceType: number,
  messageSubtype: number,
  data: Uint8Array,
) {
  const { apid, timeCode: name } = board.conventions;
  const common = { apid, packetSequenceCount: random.below(16_384), serviceType, messageSubtype };
  const time = FIRST_DAY + random.below(86_400_000);
  if (isTelecommand) {
    return { time, packet: buildTelecommand({ ...common, sourceId: random.below(65_536), applicationData: data }) };
  }
  const code = timeCode(name as TimeCodeName);
  const timeStamp = new Uint8Array(code.length);
  code.write(timeStamp, 0, time);
  return {
    time,
    packet: buildTelemetry({ ...common, timeStamp, sourceData: data, timeReferenceStatus: random.below(2) }),
  };
}

class Maker {
  readonly octets: number[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  message(definition: MessageDefinition, variant: string | undefined): Expected {
    const { variants } = definition;
    if (variant === undefined) {
      return this.#layout(definition);
    }
    const chosen = variants![variant]!;
    return { values: this.#values(definition.values, chosen.id), variant: this.#layout(chosen) };
  }

  #layout({ values, list, trailer, maxDataLength = 0 }: LayoutDefinition): Expected {
    const made = this.#values(values);
    let items: Expected[] | undefined;
    if (list !== undefined) {
      const ids = Object.values(list.variants ?? {});
      const count =
        list.variants !== undefined && ids.length === 0
          ? 0
          : (list.minCount ?? 0) + this.#random.below(list.maxCount - (list.minCount ?? 0) + 1);
      this.#write({ type: list.countType }, count);
      items = Array.from({ length: count }, () => this.#item(list.items, ids));
    }
    const behind = this.#values(trailer);
    const data = Array.from(this.#random.bytes(this.#random.below(maxDataLength + 1)));
    this.octets.push(...data);
    return {
      values: made,
      ...(items === undefined ? {} : { items }),
      trailer: behind,
      ...(maxDataLength > 0 ? { data } : {}),
    };
  }

  #item(items: Readonly<Record<string, ValueDefinition>>, variants: readonly ItemVariant[]): Expected {
    if (variants.length === 0) {
      return { values: this.#values(items) };
    }
    const chosen = variants[this.#random.below(variants.length)]!;
    return { values: this.#values(items, chosen.id), variant: { values: this.#values(chosen.values) } };
  }

  /** @param last what the last of them is, an identifier */
  #values(values: Readonly<Record<string, ValueDefinition>> = {}, last?: number): [string, ValueDefinition, Decoded][] {
    return Object.entries(values).map(([name, definition], k, all) => {
      const value = last !== undefined && k === all.length - 1 ? last : randomValue(this.#random, definition);
      this.#write(definition, value);
      return [name, definition, value];
    });
  }

  #write(definition: ValueDefinition, value: Decoded): void {
    this.octets.push(...encode(definition, value));
  }
}
