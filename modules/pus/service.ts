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

/** One kind of telecommand. Its application data: the arguments, then the list, then free data. */
export interface RequestDefinition {
  readonly messageSubtype: number;
  readonly name: string;
  readonly description?: string;
  /** Fields of fixed size. Default none. */
  readonly arguments?: readonly FieldDefinition[];
  /** Default none. */
  readonly list?: ItemList;
  /** Most octets of data whose size the definition does not say; default 0. */
  readonly maxDataLength?: number;
  /** Source data octets of all reports that executing it sends, at most; ST[01]'s not counted. Default 0. */
  readonly replyLength?: number;
  /** Number of those reports, at most; default 1 where there is a `replyLength` (0 included), else 0. */
  readonly replies?: number;
  /** For free data whose length depends on what it says: the application data's right length, or -1 for none. */
  lengthOf?(request: PusRequest): number;
  /** Looks at the arguments before anything is done. Returns a failure code, reported as failed start, or 0. */
  start?(request: PusRequest): number;
  /** Does it. Returns a failure code, reported as failed completion, `SUCCESS` (0), or `IN_PROGRESS`. */
  execute(request: PusRequest): number;
}

/** One kind of telemetry. Its source data: the fields, then the list, then free data. */
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
