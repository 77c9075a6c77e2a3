/**
 * The gateway: tools without SDLS have a board to themselves at its ports, and the board gets sealed frames alone.
 *
 * ```
 * tool -TCP-> local port -> uplink: sealed with the key, sent until the board has it -> board
 * Yamcs -UDP-> UDP port: taken out of its CLTU, as it is                              -> board, on a connection of its own
 * board -> telemetry, from the connection of the telecommands or from another port    -> every client of every local port
 * ```
 *
 * What comes over UDP has a connection of its own: what is forged there ends that one, and not the one that the key is used on.
 */
import type { Framing } from "../../modules/framing/contract/framing.js";
import { raw } from "../../modules/framing/formats/raw.js";
import { Client } from "../link/client.js";
import { PARTIAL_FRAME_TIMEOUT_MS, RECONNECT } from "../link/link-client.js";
import type { CountingSealer } from "../link/packet-sealer.js";
import { SealingClient } from "../link/sealing-client.js";
import type { AllowedClients } from "../ports/allowed-clients.js";
import { PacedReport } from "../ports/paced-report.js";
import { type BoardClient, BoardLink, CONNECT_TIMEOUT_MS } from "./board-link.js";
import type { LocalChoice, Uplink } from "./contracts.js";
import { LocalPort } from "./local-port.js";
import type { FrameAgreement } from "./sealed-frames.js";
import { SealedUplink } from "./sealed-uplink.js";
import { type UdpChoice, UdpPort } from "./udp-port.js";

const MAX_FRAME_LENGTH = 1024;
/** Frames of UDP that may wait for the socket to the board. */
const UDP_LIMIT = 256;
/** More than all windows of all clients together. */
const OUTSTANDING_LIMIT = 65_536;

export interface GatewayOptions {
  readonly board: {
    readonly host: string;
    readonly port: number;
    /** With `sdls`; with a sealer where there is one. */
    readonly framing: Framing;
  };
  /** The one that the framing was made with; undefined: only what is sealed already is sent. */
  readonly sealer: CountingSealer | undefined;
  /** Where telemetry comes from; undefined: from where telecommands go. */
  readonly telemetry: { readonly port: number; readonly framing: Framing } | undefined;
  readonly local: readonly LocalChoice[];
  readonly udp: { readonly choice: UdpChoice; readonly agreement: FrameAgreement } | undefined;
  readonly allowed: AllowedClients;
  /** What happens, in one line. */
  report(line: string): void;
}

/** What the gateway has come to. */
export interface GatewayTotals {
  /** Telecommands that were taken from tools. */
  readonly telecommands: number;
  /** Of them, those that were given up. */
  readonly notSent: number;
  /** Of them, those that the board has not said to have. */
  readonly unsettled: number;
  /** Telecommands and frames of tools that were not passed on. */
  readonly refused: number;
  /** Frames from UDP that a socket took, and those that were not passed on, by cause. */
  readonly frames: number;
  readonly framesRefused: Readonly<Record<string, number>>;
  /** Packets of the board. */
  readonly telemetry: number;
}

const OVERDUE =
  "the board does not say that it has the telecommands: are --key and --spi right, or does telemetry come from another port (--telemetry)?";

const NO_KEY: Uplink = { send: () => Promise.resolve() };

export class Gateway {
  readonly ports: readonly LocalPort[];
  readonly udp: UdpPort | undefined;
  readonly #options: GatewayOptions;
  readonly #uplink: SealedUplink | undefined;
  readonly #links: BoardLink[] = [];
  readonly #paced: PacedReport<"notSent" | "overdue">;
  #telemetry = 0;

  /** @throws TypeError or RangeError for options that do not fit */
  constructor(options: GatewayOptions) {
    const { board, sealer, telemetry, local, udp, allowed, report } = options;
    this.#options = options;
    this.#paced = new PacedReport(report);
    /** Which connection brings the telemetry. */
    const source = telemetry !== undefined ? "telemetry" : sealer !== undefined ? "sealed" : "udp";
    const common = {
      host: board.host,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      partialFrameTimeoutMs: PARTIAL_FRAME_TIMEOUT_MS,
      reconnect: RECONNECT,
    };
    if (sealer !== undefined) {
      const { port } = board;
      const framing = source === "sealed" ? board.framing : deaf(board.framing);
      const client = new SealingClient({ ...common, port, framing, sealer, outstandingLimit: OUTSTANDING_LIMIT });
      const uplink = new SealedUplink({
        client,
        onNotSent: (why) => this.#paced.add("notSent", `a telecommand was not sent: ${why}`),
        onOverdue: () => this.#paced.add("overdue", OVERDUE),
      });
      this.#uplink = uplink;
      this.#link(client, port, framing.name, (packet) => {
        if (source === "sealed") {
          uplink.look(packet);
          this.#give(packet);
        }
      });
    }
    if (udp !== undefined) {
      const { port } = board;
      const framing = forSealed(source === "udp" ? board.framing : deaf(board.framing));
      const sends = { maxPacketLength: MAX_FRAME_LENGTH, unsent: "drop", sendLimit: UDP_LIMIT } as const;
      const client = new Client({ ...common, port, framing, ...sends });
      this.udp = new UdpPort({ ...udp, allowed, report, send: (frame) => client.send(frame) });
      this.#link(client, port, `${framing.name} from UDP`, (packet) => {
        if (source === "udp") {
          this.#give(packet);
        }
      });
    }
    if (telemetry !== undefined) {
      const { port, framing } = telemetry;
      this.#link(new Client({ ...common, port, framing }), port, framing.name, (packet) => {
        this.#uplink?.look(packet);
        this.#give(packet);
      });
    }
    this.ports = local.map((choice) => new LocalPort({ choice, uplink: this.#uplink ?? NO_KEY, allowed, report }));
  }

  get totals(): GatewayTotals {
    const ports = this.ports.map(({ totals }) => totals);
    return {
      telecommands: ports.reduce((sum, { telecommands }) => sum + telecommands, 0),
      notSent: this.#uplink?.notSent ?? 0,
      unsettled: this.#uplink?.unsettled ?? 0,
      refused: ports.reduce((sum, { refused }) => sum + refused, 0),
      frames: this.udp?.frames ?? 0,
      framesRefused: this.udp?.refused ?? {},
      telemetry: this.#telemetry,
    };
  }

  /** @throws (rejects) ListenError */
  async listen(): Promise<void> {
    for (const port of this.ports) {
      await port.listen();
    }
    await this.udp?.listen();
  }

  /** Dials the board, again and again. */
  start(): void {
    for (const link of this.#links) {
      link.start();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.ports.map((port) => port.close()), this.udp?.close()]);
    await Promise.all(this.#links.map((link) => link.close()));
    this.#uplink?.end();
    this.#paced.end();
  }

  #link(client: BoardClient, port: number, what: string, packet: (packet: Uint8Array) => void): void {
    const { board, report } = this.#options;
    this.#links.push(new BoardLink({ client, where: `${board.host} port ${port}, ${what}`, packet, report }));
  }

  #give(packet: Uint8Array): void {
    this.#telemetry++;
    for (const port of this.ports) {
      port.give(packet);
    }
  }
}

/**
 * What comes is thrown away. Where telemetry is sealed, one connection opens it: a board counts frames over all connections, so that
 * one would refuse as replays what another one has not brought yet.
 */
function deaf(framing: Framing): Framing {
  const { decoderMemory, decoder } = raw({ maxPacketLength: MAX_FRAME_LENGTH });
  return framing.sdls === "tmtc" ? { ...framing, decoderMemory, decoder } : framing;
}

/** Its frames are sealed already. @throws TypeError for a framing without `sdls` */
function forSealed(framing: Framing): Framing {
  const { sealedEncoder } = framing;
  if (sealedEncoder === undefined) {
    throw new TypeError(`${framing.name} has no sealed frames: it must have sdls`);
  }
  return { ...framing, encoder: (memory) => sealedEncoder(memory) };
}
