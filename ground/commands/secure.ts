/** `flatlink secure`: a gateway that seals what tools without SDLS send to a board. */
import type { FrameSecurity } from "../../modules/framing/contract/frame-security.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { Gateway, type GatewayTotals } from "../gateway/gateway.js";
import { closeKeys } from "../keys/close-keys.js";
import { openSenderKey, type SenderKey } from "../keys/sender-key.js";
import { openTelemetryKey, type TelemetryKey } from "../keys/telemetry-key.js";
import { checkTelemetryKey } from "../link/link-keys.js";
import { MAX_PACKET_LENGTH } from "../link/link-options.js";
import { EXIT_DONE, fromUsage, type Program, runProgram } from "./program.js";
import { parseSecureOptions, type SecureOptions } from "./secure-options.js";

interface Keys {
  readonly sender: SenderKey | undefined;
  readonly telemetry: TelemetryKey | undefined;
}

async function secure(program: Program): Promise<number> {
  const options = await fromUsage(() => parseSecureOptions(program.args, program.write));
  if (options === undefined) {
    return EXIT_DONE;
  }
  const keys = await fromUsage(() => openKeys(options));
  try {
    await serve(program, options, keys);
  } finally {
    closeKeys([keys.sender, keys.telemetry]);
  }
  return EXIT_DONE;
}

/** @throws KeyError */
function openKeys({ keys }: SecureOptions): Keys {
  const sender = keys.sender && openSenderKey(keys.sender);
  try {
    return { sender, telemetry: keys.telemetry && openTelemetryKey(keys.telemetry) };
  } catch (error) {
    sender?.close();
    throw error;
  }
}

async function serve({ stop, write, complain }: Program, options: SecureOptions, keys: Keys): Promise<void> {
  const { host, port, local, udp, allowed } = options;
  const { framing, telemetry } = await fromUsage(() => framingsOf(options, keys));
  const gateway = new Gateway({
    board: { host, port, framing },
    sealer: keys.sender?.sealer,
    telemetry,
    local,
    udp,
    allowed,
    report: complain,
  });
  try {
    await gateway.listen();
    gateway.start();
    write(welcome(gateway, options, keys));
    if (!stop.aborted) {
      await new Promise((resolve) => stop.addEventListener("abort", resolve));
    }
  } finally {
    await gateway.close();
  }
  write(summary(gateway.totals));
}

/** @throws TypeError or RangeError */
function framingsOf(
  { framingText, telemetry: source, keys: chosen }: SecureOptions,
  { sender, telemetry: key }: Keys,
): { readonly framing: Framing; readonly telemetry: { readonly port: number; readonly framing: Framing } | undefined } {
  const security: FrameSecurity = { end: "ground", opener: key?.opener, sealer: sender?.sealer };
  const common = { maxPacketLength: MAX_PACKET_LENGTH, security };
  const framing = parseFraming("--framing", framingText, common);
  if (framing.sdls === undefined) {
    throw new TypeError(`--framing: ${framingText} seals nothing: give it sdls=tc, as the board's port has it`);
  }
  if (source === undefined) {
    checkTelemetryKey("--framing", framing, chosen.telemetry);
    return { framing, telemetry: undefined };
  }
  const telemetry = { port: source.port, framing: parseFraming("--telemetry", source.framingText, common) };
  checkTelemetryKey("--telemetry", telemetry.framing, chosen.telemetry);
  return { framing, telemetry };
}

function welcome(
  { ports, udp }: Gateway,
  { host, port, framingText }: SecureOptions,
  { sender, telemetry }: Keys,
): string {
  const sealed = sender === undefined ? "" : `; SPI ${sender.spi}, key ${sender.id}`;
  const opened = telemetry === undefined ? "" : `; telemetry SPI ${telemetry.spi}, key ${telemetry.id}`;
  const lines = [
    `the gateway to ${host} port ${port}: ${framingText}${sealed}${opened}`,
    ...ports.map(
      ({ choice, port: own }) =>
        `listening on ${choice.host} port ${own}: ${choice.framingText}${choice.role === "tmtc" ? "" : `, ${choice.role}`}`,
    ),
  ];
  if (udp !== undefined) {
    const { host: bound, cltu, isRandomized } = udp.choice;
    const how = cltu === "none" ? "bare" : isRandomized ? "in CLTUs (BCH), randomized" : "in CLTUs (BCH)";
    lines.push(`listening on ${bound} UDP port ${udp.port}: frames that are sealed already, ${how}`);
  }
  return `${lines.join("\n")}\n`;
}

function summary({
  telecommands,
  notSent,
  unsettled,
  refused,
  frames,
  framesRefused,
  telemetry,
}: GatewayTotals): string {
  const causes = Object.entries(framesRefused).map(([cause, times]) => `${cause} ${times}`);
  const uncertain = unsettled === 0 ? "" : `, ${unsettled} of which the board did not say that it has them`;
  const dropped = causes.length === 0 ? "" : `, not passed on: ${causes.join(", ")}`;
  return (
    `${telecommands} telecommands sealed${uncertain}, ${notSent} not sent, ${refused} refused; ` +
    `${frames} frames from UDP${dropped}; ${telemetry} packets of telemetry\n`
  );
}

await runProgram("flatlink secure", secure);
