/** The keys of a link with SDLS: the options that name their files, and what the framing is made with. */
import { type Command, Option } from "commander";
import { numberOption } from "../../host/command.js";
import { MAX_SPI, MIN_SPI } from "../../modules/ccsds/sdls.js";
import type { FrameSecurity } from "../../modules/framing/contract/frame-security.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { closeKeys } from "../keys/close-keys.js";
import { openSenderKey } from "../keys/sender-key.js";
import { openTelemetryKey } from "../keys/telemetry-key.js";
import type { CountingSealer } from "./packet-sealer.js";

/** A command that only listens needs no key to send with, and takes none: whoever sends has it for itself. */
export type LinkUse = "sends" | "listens";

/** A key's file, and how the board knows the key. */
export interface KeyChoice {
  readonly file: string;
  readonly spi: number;
}

export interface KeyChoices {
  readonly sender?: KeyChoice | undefined;
  readonly telemetry?: KeyChoice | undefined;
}

/** What telecommands of a link are sealed with. */
export interface LinkKey {
  readonly spi: number;
  readonly sealer: CountingSealer;
}

const DEFAULT_SPI = 1;
const DEFAULT_TELEMETRY_SPI = 9;
/** What gives open keys back. */
const open = new Set<{ close(): void }>();
const EXAMPLE = "tc-frames,scid=1,sdls=tc";

/** Adds `--key` and `--spi` where the command sends, and `--telemetry-key` and `--telemetry-spi`. */
export function addKeyOptions(command: Command, use: LinkUse): Command {
  if (use === "sends") {
    command
      .addOption(new Option("--key <file>", "with sdls: the key that telecommands are sealed with"))
      .addOption(spiOption("--spi <spi>", `how the board knows the key (default: ${DEFAULT_SPI})`));
  }
  return command
    .addOption(new Option("--telemetry-key <file>", "with sdls=tmtc: the key that the board seals telemetry with"))
    .addOption(
      spiOption("--telemetry-spi <spi>", `how the board knows the telemetry's key (default: ${DEFAULT_TELEMETRY_SPI})`),
    );
}

function spiOption(flags: string, help: string): Option {
  return numberOption(flags, help, MIN_SPI, MAX_SPI);
}

/** @param options of a command with `addKeyOptions` @throws RangeError for an SPI of no key */
export function keyChoices(options: Readonly<Record<string, unknown>>): KeyChoices {
  return {
    sender: choice(options["key"], options["spi"], "--key", DEFAULT_SPI),
    telemetry: choice(options["telemetryKey"], options["telemetrySpi"], "--telemetry-key", DEFAULT_TELEMETRY_SPI),
  };
}

function choice(file: unknown, spi: unknown, option: string, usual: number): KeyChoice | undefined {
  if (file === undefined && spi !== undefined) {
    throw new RangeError(`${option.replace("key", "spi")} is of no use without ${option}`);
  }
  return file === undefined ? undefined : { file: file as string, spi: (spi as number | undefined) ?? usual };
}

/**
 * Makes a framing, and opens its keys. They are erased, and given back, when the process ends.
 * @param make the framing, which reads keys when its decoders and encoders are made
 * @returns with the key that telecommands are sealed with; undefined: they are not sealed, or nothing is sent
 * @throws KeyError for a key that cannot be opened; RangeError where one is missing, or one too many; what `make` throws
 */
export function withKeys(
  make: (security: FrameSecurity) => Framing,
  { sender, telemetry }: KeyChoices,
  use: LinkUse,
): { readonly framing: Framing; readonly key: LinkKey | undefined } {
  const security: FrameSecurity = { end: "ground", opener: undefined, sealer: undefined };
  const framing = make(security);
  checkSenderKey(framing, sender, use);
  checkTelemetryKey("--framing", framing, telemetry);
  if (telemetry !== undefined) {
    const key = openTelemetryKey(telemetry);
    security.opener = key.opener;
    closeAtExit(key);
  }
  if (sender === undefined) {
    return { framing, key: undefined };
  }
  const key = openSenderKey(sender);
  security.sealer = key.sealer;
  closeAtExit(key);
  return { framing, key };
}

/** However the program ends, short of being killed. */
function closeAtExit(key: { close(): void }): void {
  if (open.size === 0) {
    process.once("exit", () => closeKeys(open));
  }
  open.add(key);
}

/**
 * Whether there is a key for the telemetry, where the board seals it, and only there.
 * @param option that names the framing which telemetry comes in
 * @throws RangeError
 */
export function checkTelemetryKey(option: string, { name, sdls }: Framing, telemetry: KeyChoice | undefined): void {
  if (sdls !== "tmtc" && telemetry !== undefined) {
    throw new RangeError(`--telemetry-key: without sdls=tmtc, the board's telemetry in ${name} is not sealed`);
  }
  if (sdls === "tmtc" && telemetry === undefined) {
    throw new RangeError(
      `${option}: ${name} with sdls=tmtc needs --telemetry-key FILE, the key that the board seals telemetry with`,
    );
  }
}

function checkSenderKey({ name, sdls }: Framing, sender: KeyChoice | undefined, use: LinkUse): void {
  if (sdls === undefined && sender !== undefined) {
    throw new RangeError(`--key: ${name} without sdls seals nothing; write --framing ${EXAMPLE}, as the board has it`);
  }
  if (sdls !== undefined && use === "sends" && sender === undefined) {
    throw new RangeError(`--framing: ${name} with sdls needs --key FILE, the key that telecommands are sealed with`);
  }
}
