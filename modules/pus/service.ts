/**
 * What a service is: its requests, named with the sizes of their arguments and their handlers, and the reports it sends.
 * An application adds a service of its own by handing one more of these to the dispatcher.
 *
 * ```
 * const echo: PusService = {
 *   serviceType: 128,
 *   name: "echo",
 *   requests: [
 *     {
 *       messageSubtype: 1,
 *       name: "echo",
 *       maxDataLength: 64,
 *       replyLength: 64,
 *       execute(request) {
 *         if (reports.begin(128, 2, request.applicationDataLength)) {
 *           reports.putBytes(request.bytes, request.applicationDataStart, request.applicationDataEnd);
 *           reports.end();
 *         }
 *         return SUCCESS;
 *       },
 *     },
 *   ],
 *   reports: [{ messageSubtype: 2, name: "echoed" }],
 * };
 * ```
 */

import type { UnsignedType } from "../data/field-kinds.js";
import type { FieldDefinition } from "./definitions.js";
import type { PusRequest } from "./request.js";

/** N, then N times the same fields. */
export interface ItemList {
  /** The type of N. */
  readonly countType: UnsignedType;
  readonly items: readonly FieldDefinition[];
  /** Most items in one message. */
  readonly maxCount: number;
  /** Each item is a parameter ID, followed by a value of that parameter's type. Default false. */
  readonly withValues?: boolean;
}

/** One kind of telecommand. Its application data is the arguments, then the list, then free data. */
export interface RequestDefinition {
  readonly messageSubtype: number;
  readonly name: string;
  readonly description?: string;
  /** Fields of fixed size. Default none. */
  readonly arguments?: readonly FieldDefinition[];
  /** Default none. */
  readonly list?: ItemList;
  /** Free data may have this many octets at most. Default 0: there is no free data. */
  readonly maxDataLength?: number;
  /** The most source data octets of all reports that `execute` sends, without those of ST[01]. Default 0. */
  readonly replyLength?: number;
  /** The most reports that `execute` sends. Default 1 if there is a `replyLength` (also if it is 0), otherwise 0. */
  readonly replies?: number;
  /** For free data that tells its own length. Returns the right length of the application data; -1: no length is right. */
  lengthOf?(request: PusRequest): number;
  /** Checks the arguments before anything is done. Returns 0, or a failure code, which is reported as failed start. */
  start?(request: PusRequest): number;
  /** Carries it out. Returns `SUCCESS` (0), `IN_PROGRESS`, or a failure code, which is reported as failed completion. */
  execute(request: PusRequest): number;
}

/** One kind of telemetry. Its source data is the fields, then the list, then free data. */
export interface ReportDefinition {
  readonly messageSubtype: number;
  readonly name: string;
  readonly description?: string;
  readonly fields?: readonly FieldDefinition[];
  readonly list?: ItemList;
}

export interface PusService {
  /** 1 to 255; 128 and above are the application's (ECSS-E-ST-70-41C, 5.3.3.1). */
  readonly serviceType: number;
  readonly name: string;
  readonly requests: readonly RequestDefinition[];
  /** What it sends, for ground configuration. */
  readonly reports?: readonly ReportDefinition[];
}
