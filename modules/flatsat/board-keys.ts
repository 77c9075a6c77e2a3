/** The keys of a board with its settings on its platform, and what people are told of ports with keys and without. */

import { makeAes } from "../crypto/aes-gcm.js";
import { BoardSecurity } from "../security/board-security.js";
import type { Configuration, PortConfiguration } from "./configuration.js";
import type { BoardPlatform } from "./platform.js";

/**
 * To be made before decoders and encoders are: they keep the opener and the sealer that are there.
 * @returns undefined: the settings name no association, or the platform keeps none
 */
export function keysOf({ security }: Configuration, platform: BoardPlatform = {}): BoardSecurity | undefined {
  const { frames, associations } = security;
  const { securityStore, makeAead = makeAes } = platform;
  if (associations.length > 0 && securityStore !== undefined) {
    return new BoardSecurity(security, securityStore, makeAead);
  }
  // The settings may have served another board.
  frames.opener = undefined;
  frames.sealer = undefined;
  return undefined;
}

/** What people are told once, when the board has started. */
export type KeyEvent =
  /** These ports take telecommands from whoever reaches them. */
  | { event: "open"; ports: number[] }
  /** These ports have no key for what they take, or send. */
  | { event: "noKey"; packets: "telecommands" | "telemetry"; ports: number[] };

/** @param listening numbers of the ports, in their order */
export function keyEvents(
  { ports, address }: Configuration,
  listening: readonly number[],
  keys: BoardSecurity | undefined,
): KeyEvent[] {
  const those = (is: (port: PortConfiguration) => boolean) => listening.filter((_, n) => is(ports[n]!));
  const open = isLoopback(address) ? [] : those(({ framing, role }) => role !== "tm" && framing.sdls === undefined);
  const deaf =
    keys?.ring.isActive === true ? [] : those(({ framing, role }) => role !== "tm" && framing.sdls !== undefined);
  const mute = keys?.seals === true ? [] : those(({ framing, role }) => role !== "tc" && framing.sdls === "tmtc");
  const events: KeyEvent[] = [
    { event: "open", ports: open },
    { event: "noKey", packets: "telecommands", ports: deaf },
    { event: "noKey", packets: "telemetry", ports: mute },
  ];
  return events.filter((event) => event.ports.length > 0);
}

/** The event in words. */
export function describeKeys(event: KeyEvent): string {
  const { ports } = event;
  const [name, end] = ports.length === 1 ? ["port", "s"] : ["ports", ""];
  const which = `${name} ${ports.join(" and ")}`;
  if (event.event === "open") {
    return `anyone on the network commands this board: ${which} take${end} telecommands without a key`;
  }
  return event.packets === "telecommands"
    ? `no key is provisioned: ${which} take${end} no telecommand`
    : `no key is provisioned: ${which} send${end} no telemetry`;
}

/** Nobody on the network reaches it. */
function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || address.startsWith("127.");
}
