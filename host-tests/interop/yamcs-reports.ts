/** Reports beside housekeeping as Yamcs shows them: events, parameters on request, structures of the ground's own, monitoring. */
import { createdWords } from "../../ground/generate/yamcs/created-structures.js";
import type { Board } from "./yamcs-board.js";
import { INSTANCE } from "./yamcs-cases.js";
import { demand, until, type Yamcs } from "./yamcs-server.js";
import { plainOf, type Sample } from "./yamcs-values.js";

const PARAMETERS = `processors/${INSTANCE}/realtime/parameters/${INSTANCE}/`;

/** Sends a telecommand that the board must carry out. */
async function done(yamcs: Yamcs, name: string, args: object): Promise<void> {
  const history = await yamcs.command(INSTANCE, name, args);
  demand(history["CommandComplete_Status"] === "OK", `${name}: ${JSON.stringify(history)}`);
}

/** Waits until a parameter has a value; @param wanted undefined: any */
async function has(yamcs: Yamcs, parameter: string, wanted?: number | string): Promise<Sample> {
  let found: unknown;
  return until(
    () => `${parameter} of ${wanted}: it is ${found}`,
    async () => {
      const sample = await yamcs.ask<Partial<Sample>>(`${PARAMETERS}${parameter}`);
      found = sample.engValue && plainOf(sample.engValue);
      return found !== undefined && (wanted === undefined || found === wanted) ? (sample as Sample) : undefined;
    },
  );
}

/** With their text, severity and word. */
export async function events(yamcs: Yamcs): Promise<void> {
  await done(yamcs, "raiseTestEvent", { value: 77 });
  const wanted = [
    "WATCH modeChanged: mode nominal became payload: telecommand",
    "INFO test: raised by function 2 with 77",
  ];
  let found: string[] = [];
  await until(
    () => `events ${wanted.join("; ")} among ${found.join("; ")}`,
    async () => {
      const { event = [] } = await yamcs.ask<{ event?: { severity: string; type: string; message: string }[] }>(
        `archive/${INSTANCE}/events?limit=1000`,
      );
      found = event.map(({ severity, type, message }) => `${severity} ${type}: ${message}`);
      return wanted.every((each) => found.includes(each)) ? true : undefined;
    },
  );
}

/** No structure has them: they come from one 20,2 only. */
export async function reported(yamcs: Yamcs): Promise<void> {
  await done(yamcs, "setScratch", { scratch: 4_000_000_000 });
  await done(yamcs, "reportParameters", { parameterIds: ["scratch", "idleTimeout", "partialFrameTimeout"] });
  const samples = [
    await has(yamcs, "scratch", 4_000_000_000),
    await has(yamcs, "idleTimeout"),
    await has(yamcs, "partialFrameTimeout"),
  ];
  const times = new Set(samples.map(({ generationTime }) => generationTime));
  demand(times.size === 1, `they come from ${times.size} packets`);
}

/** Its name is one that the database has; what is in it are octets. */
export async function created(yamcs: Yamcs, { dictionary }: Board): Promise<void> {
  const structureIds = ["created1"];
  demand(Object.keys(createdWords(dictionary)).includes("created1"), "the board has no place");
  await done(yamcs, "createStructure", {
    structureId: "created1",
    collectionInterval: 1000,
    parameterIds: ["heaterOnBelow", "batteryLowLimit"],
  });
  await done(yamcs, "oneShotHousekeeping", { structureIds });
  await has(yamcs, "housekeepingReportCreated_values", "0428");
  await done(yamcs, "reportStructures", { structureIds });
  await has(yamcs, "housekeeping_parameterId", "batteryLowLimit");
  await done(yamcs, "deleteStructures", { structureIds });
}

/** In ST[12]'s own reports. */
export async function monitoring(yamcs: Yamcs): Promise<void> {
  await done(yamcs, "reportMonitoringDefinitions", { monitoringIds: ["batteryVoltage"] });
  await has(yamcs, "monitoringDefinitionReportBatteryVoltage_lowLimit", 7);
  await has(yamcs, "monitoringDefinitionReportBatteryVoltage_criticalHighLimit", 8.6);
  await done(yamcs, "reportMonitoringStatus", {});
  await has(yamcs, "onBoardMonitoring_monitoringId", "payloadTemperature");
}
