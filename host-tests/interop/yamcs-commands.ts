/** Every command that is generated: what is sent, what comes of it, and what is refused before it is sent. */
import { commandsOf, type Message } from "../../ground/dictionary/messages.js";
import { Names } from "../../ground/generate/yamcs/names.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { rangeOf } from "../../modules/dictionary/value-check.js";
import { buildTelecommand } from "../../modules/pus/build-parse.js";
import { Random } from "../framing/random.js";
import { randomCall } from "./yamcs-arguments.js";
import type { Board } from "./yamcs-board.js";
import { INSTANCE, STAGES, telemetry } from "./yamcs-cases.js";
import { demand, until, type Yamcs } from "./yamcs-server.js";

const PRIMARY_HEADER = 6;
const CRC_LENGTH = 2;
/** Ends the board: the last one. */
const RESTART = "restart";
const SECONDS = 1000;

/** What Yamcs sends, without what its link fills in. */
function octetsOf(
  { serviceType, subtype }: Message,
  { conventions }: BoardDictionary,
  applicationData: Uint8Array,
): string {
  const packet = buildTelecommand({
    apid: conventions.apid,
    packetSequenceCount: 0,
    serviceType,
    messageSubtype: subtype,
    applicationData,
  });
  return Buffer.from(packet)
    .subarray(PRIMARY_HEADER, packet.length - CRC_LENGTH)
    .toString("hex");
}

/** Each of the board's commands with random arguments that are in range: done, or a failure that the dictionary knows. */
export async function everyCommand(yamcs: Yamcs, { dictionary }: Board, seed: number): Promise<string> {
  const random = new Random(seed);
  const commands = commandsOf(dictionary);
  const ordered = [
    ...commands.filter(({ name }) => name !== RESTART),
    ...commands.filter(({ name }) => name === RESTART),
  ];
  let failed = 0;
  for (const command of ordered) {
    const { args, octets } = await callOf(command, dictionary, random);
    const history = await yamcs.command(INSTANCE, command.name, args);
    const label = `${command.name} ${JSON.stringify(args)}`;
    const sent = Buffer.from(history["binary"]!, "base64");
    const wanted = octetsOf(command, dictionary, octets);
    const found = sent.subarray(PRIMARY_HEADER, sent.length - CRC_LENGTH).toString("hex");
    demand(found === wanted, `${label} is sent as ${found}, not ${wanted}`);
    const statuses = STAGES.map((stage) => history[`${stage}_Status`]);
    if (statuses.join(" ") !== "OK OK OK OK") {
      failed++;
      const message = history["CommandComplete_Message"] ?? "";
      const word = /^(\w+), data \d+$/.exec(message)?.[1] ?? "";
      const isKnown = Object.hasOwn(dictionary.failureCodes ?? {}, word);
      demand(history["CommandComplete_Status"] === "NOK" && isKnown, `${label}: ${statuses.join(" ")}, ${message}`);
    }
  }
  return `${ordered.length} commands, ${failed} of them with a failure that the dictionary knows`;
}

/** A time of the board's clock must be one of today. */
async function callOf(command: Message, board: BoardDictionary, random: Random) {
  const call = randomCall(command, board, random);
  if (command.name !== "setTime") {
    return call;
  }
  const seconds = Math.floor(Date.now() / SECONDS);
  const octets = new Uint8Array(call.octets);
  new DataView(octets.buffer).setUint32(1, seconds);
  return { args: { ...call.args, seconds }, octets };
}

/** An argument beyond its range is refused, and nothing is sent. */
export async function refusals(yamcs: Yamcs, { dictionary }: Board): Promise<string> {
  const sentBefore = await sent(yamcs);
  const random = new Random(1);
  let refused = 0;
  for (const command of commandsOf(dictionary)) {
    const { args } = randomCall(command, dictionary, random);
    for (const { name, value, constant } of command.fields) {
      if (constant !== undefined || !(name in args)) {
        continue;
      }
      const { minimum, maximum } = rangeOf(value);
      const wrong =
        value.words !== undefined && value.unit === undefined ? ["no such word"] : [minimum - 1, maximum + 1];
      for (const each of value.type === "boolean" ? ["perhaps"] : wrong) {
        const path = `processors/${INSTANCE}/realtime/commands/${INSTANCE}/${command.name}`;
        const { status, message } = await yamcs.attempt(path, { args: { ...args, [name]: each } });
        demand(status === 400, `${command.name} with ${name} ${each} is answered with ${status}: ${message}`);
        refused++;
      }
    }
  }
  const nothing = await yamcs.attempt(`processors/${INSTANCE}/realtime/commands/${INSTANCE}/enableEvents`, {
    args: { eventIds: [] },
  });
  demand(nothing.status === 400, `a list without an item is answered with ${nothing.status}`);
  demand((await sent(yamcs)) === sentBefore, "something was sent");
  return `${refused + 1} times`;
}

async function sent(yamcs: Yamcs): Promise<number> {
  return Number((await yamcs.ask<{ dataOutCount: string }>(`links/${INSTANCE}/${INSTANCE}`)).dataOutCount);
}

/** After its start. */
export async function failure(yamcs: Yamcs): Promise<void> {
  const history = await yamcs.command(INSTANCE, "onBoardConnectionTest", { applicationProcessId: 9 });
  const answer = `${history["CommandComplete_Status"]}: ${history["CommandComplete_Message"]}`;
  demand(answer === "NOK: unknownApplicationProcess, data 9", `it ends with ${answer}`);
  demand(history["Verifier_Accepted_Status"] === "OK", `it is accepted with ${history["Verifier_Accepted_Status"]}`);
}

/** Heater, camera and coils together draw more than the load's limit. */
export async function limit(yamcs: Yamcs): Promise<void> {
  await telemetry(yamcs);
  for (const [name, args] of [
    ["setMode", { mode: "payload" }],
    ["setHeater", { control: "on" }],
    ["switchPayload", { on: true }],
    ["detumble", {}],
  ] as const) {
    const history = await yamcs.command(INSTANCE, name, args);
    demand(history["CommandComplete_Status"] === "OK", `${name}: ${JSON.stringify(history)}`);
  }
  await until("alarm of the load", async () => {
    const path = `processors/${INSTANCE}/realtime/alarms`;
    const { alarms = [] } = await yamcs.ask<{ alarms?: { id: { name: string }; severity: string }[] }>(path);
    return alarms.find(({ id, severity }) => id.name === "load" && severity === "WARNING");
  });
  await yamcs.command(INSTANCE, "setMode", { mode: "nominal" });
}

/** Sends nothing: what Yamcs makes of arguments, for every command of boards that do not run. @returns what is wrong */
export async function dryRun(
  yamcs: Yamcs,
  instance: string,
  board: BoardDictionary,
  random: Random,
): Promise<string[]> {
  const wrong: string[] = [];
  const names = new Names();
  for (const command of commandsOf(board)) {
    const { args, octets } = randomCall(
      command,
      board,
      random,
      1 + random.below(Math.min(3, command.list?.maxCount ?? 1)),
    );
    const path = `processors/${instance}/realtime/commands/${instance}/${names.claim(command.name)}`;
    const { binary } = await yamcs.ask<{ binary: string }>(path, { args, dryRun: true });
    const found = Buffer.from(binary, "base64").subarray(PRIMARY_HEADER).toString("hex");
    const wanted = octetsOf(command, board, octets);
    // The last bit of a number with 53 of them depends on the order of the operations that calibrate it.
    const fields = [...command.fields, ...(command.list?.items ?? [])];
    const isInexact = fields.some(({ value }) => value.calibration !== undefined && /^float|64$/.test(value.type));
    if (isInexact ? found.length !== wanted.length : found !== wanted) {
      wrong.push(`${instance}: ${command.name} ${JSON.stringify(args)} is ${found}, not ${wanted}`);
    }
  }
  return wrong;
}
