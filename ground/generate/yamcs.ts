/** A whole instance of Yamcs: its database in XTCE, its configuration, event texts, displays, and what starts it. */
import type { BoardDictionary, PortConvention } from "../../modules/dictionary/conventions.js";
import { wireHash } from "../../modules/dictionary/dictionary-hash.js";
import { isBareSpacePackets, toolPorts } from "./framing-text.js";
import { type GeneratedFile, type Generator, SIMULATE } from "./generator.js";
import { eventTemplates, parameterTable } from "./yamcs/events.js";
import {
  instanceFile,
  MAVEN_FILE,
  type PacketTime,
  PROCESSOR_FILE,
  readmeFile,
  START_FILE,
  serverFile,
} from "./yamcs/files.js";
import { Names } from "./yamcs/names.js";
import { xtceOf } from "./yamcs/xtce.js";

const EPOCHS: Readonly<Record<string, "UNIX" | "TAI">> = { cuc: "UNIX", "cuc-tai": "TAI" };

export const YAMCS_GENERATOR: Generator = {
  name: "yamcs",
  help: "an instance of Yamcs 5.13: XTCE 1.2, the link, events, displays, a start script",
  generate: yamcsFiles,
};

/** @throws RangeError when Yamcs cannot read the board's time stamps, or none of its ports */
export function yamcsFiles(
  board: BoardDictionary,
  simulate = `${SIMULATE} --time-code ${board.conventions.timeCode} --apid ${board.conventions.apid}`,
): readonly GeneratedFile[] {
  const { conventions, structures = {}, events = {} } = board;
  const epoch = EPOCHS[conventions.timeCode];
  if (epoch === undefined) {
    throw new RangeError(
      `Yamcs reads no time stamps in ${conventions.timeCode}: generate for a board with time_code=cuc`,
    );
  }
  const time: PacketTime = { epoch };
  const { port } = bareOf(toolPorts(conventions.ports));
  const xtce = xtceOf(board, epoch);
  const { name, telemetry } = xtce;
  const hash = wireHash(board).toString(16).padStart(8, "0");
  const instance = {
    name,
    eventId: Object.keys(events).length === 0 ? undefined : `/${name}/${telemetry.eventId}`,
    rootContainer: `/${name}/${telemetry.header.name}`,
    port,
    maxPacketLength: conventions.maxTelemetryLength,
    time,
  };
  const files = new Names();
  const displays = Object.entries(structures).map(([structure, { parameters }]) => {
    const shown = parameters.flatMap((parameter) => telemetry.own.get(parameter)?.parameters ?? []);
    return { path: `displays/${name}/${files.claim(structure)}.par`, text: parameterTable(shown, name) };
  });
  const first = Object.values(structures)[0]?.parameters[0] ?? Object.keys(board.parameters ?? {})[0] ?? "";
  const parameter = telemetry.own.get(first)?.parameters[0] ?? "";
  const title = board.name.replaceAll(/\s+/g, " ").trim();
  return [
    {
      path: "README.md",
      text: readmeFile(title, name, parameter, conventions, port, hash, simulate),
    },
    ...displays,
    { path: `etc/events.${name}.json`, text: eventTemplates(board, xtce) },
    { path: "etc/processor.yaml", text: PROCESSOR_FILE },
    { path: `etc/yamcs.${name}.yaml`, text: instanceFile(instance) },
    { path: "etc/yamcs.yaml", text: serverFile(name, board.description ?? board.name) },
    { path: `mdb/${name}.xml`, text: xtce.text },
    { path: "pom.xml", text: MAVEN_FILE },
    { path: "start.sh", text: START_FILE, executable: true },
  ];
}

function bareOf(ports: readonly PortConvention[]): PortConvention {
  const bare = ports.find(({ framing, role }) => role === "tmtc" && isBareSpacePackets(framing));
  if (bare === undefined) {
    throw new RangeError(
      "Yamcs reads bare space packets, and no port of the board has them: say listen=space-packets:7301",
    );
  }
  return bare;
}
