/** `flatlink ground`: the station, as a program. */
import { randomBytes } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../../host/make-folder.js";
import { Web, type WebOptions } from "../station/http/server.js";
import { readUsers, Users, userLine } from "../station/http/users.js";
import { Station } from "../station/station.js";
import { fanOutOf } from "./fan-out.js";
import { findOpenMct } from "./find-open-mct.js";
import { boardEntries, type SimulatedBoard, simulatedBoard } from "./ground-boards.js";
import { type GroundOptions, parseGroundOptions, type UserOptions } from "./ground-options.js";
import { readPassword } from "./password.js";
import { EXIT_DONE, EXIT_FAILED, fromUsage, type Program, runProgram } from "./program.js";
import { withRelays } from "./relay-argument.js";

const TOKEN_LENGTH = 24;
/** Whoever runs the station again may want the links to go on. */
const TOKEN_VARIABLE = "FLATLINK_TOKEN";
const VERSION = (
  JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as { version: string }
).version;

async function ground(program: Program): Promise<number> {
  const options = await fromUsage(() => parseGroundOptions(program.args, program.write));
  if (options === undefined) {
    return EXIT_DONE;
  }
  if ("user" in options) {
    return makeUser(program, options);
  }
  const openMct = options.openMct ? await fromUsage(() => findOpenMct()) : undefined;
  let failure: Error | undefined;
  const ended = new AbortController();
  program.stop.addEventListener("abort", () => ended.abort());
  const fail = (error: Error): void => {
    failure = error;
    ended.abort();
  };
  const { users: file } = options;
  const users = file === undefined ? undefined : await fromUsage(() => new Users(readUsers(file)));
  const isSimulated = options.boards.length === 0 && options.fanOut.from === undefined;
  const simulated = isSimulated ? await simulatedBoard(options.settings, fail) : undefined;
  try {
    await serve(program, options, { users, openMct }, simulated, ended.signal);
  } finally {
    await simulated?.stop();
  }
  if (failure !== undefined) {
    program.complain(`the simulated board failed: ${failure.message}`);
    return EXIT_FAILED;
  }
  return EXIT_DONE;
}

async function serve(
  program: Program,
  options: GroundOptions,
  found: Pick<WebOptions, "users" | "openMct">,
  simulated: SimulatedBoard | undefined,
  end: AbortSignal,
): Promise<void> {
  const alone = simulated === undefined ? await fromUsage(() => boardEntries(options)) : [simulated.entry];
  const { archive: file, retention, host, port, hostNames, relays, relayFrom } = options;
  const boards = withRelays(alone, relays);
  if (file !== ":memory:") {
    makeFolder(dirname(file));
  }
  const report = program.complain;
  const station = await fromUsage(() => new Station({ file, boards, retention, relayFrom, report }));
  try {
    const token = process.env[TOKEN_VARIABLE] || randomBytes(TOKEN_LENGTH).toString("base64url");
    const web = await fromUsage(
      () => new Web({ station, host, port, token, ...found, hostNames, version: VERSION, report }),
    );
    await fromUsage(() => station.listen());
    const fanOut = await fromUsage(() => fanOutOf(options.fanOut, station, report));
    await fromUsage(() => web.listen());
    station.start();
    fanOut?.start();
    program.write(welcome(web, station, simulated !== undefined, options));
    if (!end.aborted) {
      await new Promise((resolve) => end.addEventListener("abort", resolve));
    }
    await fanOut?.close();
    await web.close();
  } finally {
    await station.close();
  }
}

function welcome(
  { url, openMctUrl }: Web,
  { boards, archive: { file }, relays }: Station,
  isSimulated: boolean,
  { openMct, fanOut: { from } }: GroundOptions,
): string {
  const [first] = boards;
  const board = first?.name ?? "NAME";
  const parameter = Object.keys(first?.dictionary.parameters ?? {})[0] ?? "NAME";
  const own = isSimulated
    ? "a simulated flatsat, and its station"
    : `the station of ${boards.map(({ name }) => name).join(", ")}`;
  const ports = relays.ports.map(
    ({ host, port, board: name, framingText }) => `  ${host} port ${port}: ${name}, ${framingText}`,
  );
  const lines = [
    `${from === undefined ? own : `a station of what ${from.shown} has`}; archive ${file}`,
    "",
    `  ${url}`,
    ...(openMct ? [`  ${openMctUrl} (Open MCT)`] : []),
    "",
    ...(ports.length === 0 ? [] : ["Other tools connect to the station in place of the board:", ...ports, ""]),
    "Three things to try there:",
    "  Board: click a value, and see how it goes",
    "  Commands: send areYouAlive, and see the board's reports on it come",
    "  reload the page: what was shown is there again",
    "",
    "Ctrl-C ends it. Then, for a table of what came:",
    `  flatlink export ${file} --board ${board} --parameter ${parameter} -o ${board}.csv`,
  ];
  return `${lines.join("\n")}\n`;
}

async function makeUser({ stop, write }: Program, { user, role, users }: UserOptions): Promise<number> {
  const password = await readPassword(user, stop);
  const line = `${await fromUsage(() => userLine(user, role, password))}\n`;
  if (users === undefined) {
    write(line);
  } else {
    appendFileSync(users, line, { mode: 0o600 });
    write(`${user} is in ${users}, as ${role}\n`);
  }
  return EXIT_DONE;
}

await runProgram("flatlink ground", ground);
