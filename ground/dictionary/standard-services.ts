/**
 * The standard's services of a board, as data, like its own: what a ground tool needs to make every telecommand and to read every
 * report. Where a layout depends on an identifier, its variants are the dictionary's structures, events, functions, parameters.
 */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { ServiceDefinition } from "../../modules/dictionary/dictionary.js";
import { verificationMessages } from "../../modules/pus/messages/st01-messages.js";
import { housekeepingMessages } from "../../modules/pus/messages/st03-messages.js";
import { eventMessages } from "../../modules/pus/messages/st05-messages.js";
import { functionMessages } from "../../modules/pus/messages/st08-messages.js";
import { timeMessages } from "../../modules/pus/messages/st09-messages.js";
import { monitoredOf, monitoringMessages } from "../../modules/pus/messages/st12-messages.js";
import { TEST_MESSAGES } from "../../modules/pus/messages/st17-messages.js";
import { MAX_PARAMETERS, parameterMessages } from "../../modules/pus/messages/st20-messages.js";
import { pFieldOf } from "../../modules/pus/messages/time-values.js";

/** As large as the dictionary: a board does without. */
export function standardServices(dictionary: BoardDictionary): Readonly<Record<string, ServiceDefinition>> {
  const { widths, timeCode, createdStructures } = dictionary.conventions;
  const pField = pFieldOf(timeCode);
  const structures = Object.keys(dictionary.structures ?? {}).length + createdStructures;
  const monitored = Object.keys(monitoredOf(dictionary)).length;
  return {
    requestVerification: verificationMessages(widths, dictionary),
    housekeeping: housekeepingMessages(widths, structures, dictionary),
    eventReporting: eventMessages(widths, dictionary),
    functionManagement: functionMessages(widths, dictionary),
    timeManagement: timeMessages(pField),
    // Where the dictionary monitors nothing, the board has no such service.
    ...(monitored === 0 ? {} : { onBoardMonitoring: monitoringMessages(widths, monitored, dictionary, pField) }),
    test: TEST_MESSAGES,
    parameterManagement: parameterMessages(widths, MAX_PARAMETERS, dictionary),
  };
}

/** Every service of the board by its name, the standard's and its own. */
export function allServices(dictionary: BoardDictionary): Readonly<Record<string, ServiceDefinition>> {
  return { ...standardServices(dictionary), ...dictionary.services };
}
