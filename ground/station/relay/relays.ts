/**
 * The relay ports of a station. Other tools connect to them instead of a board: each has the board to itself, in a framing of its own,
 * and the station's one command queue, archive and history for what it sends.
 */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { timeCode } from "../../../modules/flatsat/application-process.js";
import type { TimeCodeName } from "../../../modules/flatsat/configuration.js";
import { CommandReader } from "../../dictionary/read-command.js";
import type { AllowedClients } from "../../ports/allowed-clients.js";
import type { Auditor } from "../auditor.js";
import type { Bus } from "../bus.js";
import type { News } from "../contracts.js";
import { type BoardConventions, lookAt } from "./board-packet.js";
import type { RelayChoice } from "./relay-choice.js";
import type { RelayQueue } from "./relay-client.js";
import { RelayPort } from "./relay-port.js";

/** More than comes in one turn, should the station have been busy for seconds: who takes what it can is not slow. */
const MAX_WAITING = 8 << 20;

export interface RelayBoard {
  readonly name: string;
  readonly dictionary: BoardDictionary;
  readonly queue: RelayQueue;
  /** How many clients its relay ports have. */
  tools: number;
}

export interface RelaysOptions {
  /** By the names of boards. */
  readonly choices: readonly (readonly [board: RelayBoard, relays: readonly RelayChoice[]])[];
  readonly allowed: AllowedClients;
  readonly audit: Auditor;
  readonly bus: Bus;
  report(line: string): void;
  now(): number;
}

interface Relayed {
  readonly conventions: BoardConventions;
  readonly ports: readonly RelayPort[];
}

export class Relays {
  readonly #options: RelaysOptions;
  readonly #boards = new Map<string, Relayed>();
  #endListening: () => void = () => {};

  constructor(options: RelaysOptions) {
    this.#options = options;
    for (const [board, relays] of options.choices) {
      if (relays.length > 0) {
        this.#boards.set(board.name, this.#relayed(board, relays));
      }
    }
  }

  get ports(): readonly RelayPort[] {
    return [...this.#boards.values()].flatMap(({ ports }) => ports);
  }

  /** Those of one board. */
  of(board: string): readonly RelayPort[] {
    return this.#boards.get(board)?.ports ?? [];
  }

  /** @throws (rejects) ListenError */
  async listen(): Promise<void> {
    if (this.#boards.size > 0) {
      this.#endListening = this.#options.bus.listen((news) => this.#told(news));
    }
    for (const port of this.ports) {
      await port.listen();
    }
  }

  async close(): Promise<void> {
    this.#endListening();
    await Promise.all(this.ports.map((port) => port.close()));
  }

  #relayed(board: RelayBoard, relays: readonly RelayChoice[]): Relayed {
    const { name, dictionary, queue } = board;
    const { apid, maxTelemetryLength, timeCode: code } = dictionary.conventions;
    const reader = new CommandReader(dictionary);
    const { allowed, audit, report, now } = this.#options;
    const common = {
      board: name,
      allowed,
      audit,
      apid,
      maxTelemetryLength,
      queue,
      maxWaiting: MAX_WAITING,
      report,
      now,
    };
    return {
      conventions: { apid, stampLength: timeCode(code as TimeCodeName).length },
      ports: relays.map(
        (choice) =>
          new RelayPort({
            ...common,
            choice,
            read: (telecommand) => reader.read(telecommand),
            onClients: () => {
              board.tools = this.of(name).reduce((sum, { clients }) => sum + clients.length, 0);
            },
          }),
      ),
    };
  }

  #told(news: News): void {
    if (news.kind !== "packet") {
      return;
    }
    const relayed = this.#boards.get(news.board);
    if (relayed === undefined || relayed.ports.every(({ hasClients }) => !hasClients)) {
      return;
    }
    const packet = lookAt(news.packet.bytes, relayed.conventions);
    for (const port of relayed.ports) {
      port.give(packet);
    }
  }
}
