/** A request definition made ready to be run: its sizes worked out once, when the dispatcher is made. */

import { kindOf, typeWidth } from "../data/field-kinds.js";
import type { FieldDefinition } from "./definitions.js";
import { INVALID_COUNT, INVALID_LENGTH, SUCCESS } from "./failure-codes.js";
import type { PusRequest } from "./request.js";
import type { RequestDefinition } from "./service.js";

/** Octets of fields, one after the other. */
export function fieldsLength(fields: readonly FieldDefinition[]): number {
  return fields.reduce((sum, field) => sum + typeWidth(field.type), 0);
}

export class RequestRoute {
  readonly definition: RequestDefinition;
  readonly messageSubtype: number;
  /** Octets of every report that it can lead to, at most, and how many they are. */
  readonly room: number;
  readonly reportCount: number;
  readonly #argumentsLength: number;
  /** Octets up to and including N. */
  readonly #headLength: number;
  readonly #countType: number;
  readonly #itemLength: number;
  readonly #maxCount: number;
  readonly #maxDataLength: number;

  /** @param verificationLength octets of the reports of ST[01], `verificationReports` in number */
  constructor(
    definition: RequestDefinition,
    verificationLength: number,
    verificationReports: number,
    reportOverhead: number,
  ) {
    const { list } = definition;
    this.definition = definition;
    this.messageSubtype = definition.messageSubtype;
    this.#argumentsLength = fieldsLength(definition.arguments ?? []);
    this.#countType = list === undefined ? -1 : kindOf(list.countType);
    this.#headLength = this.#argumentsLength + (list === undefined ? 0 : typeWidth(list.countType));
    this.#itemLength = list === undefined ? 0 : fieldsLength(list.items);
    this.#maxCount = list?.maxCount ?? 0;
    this.#maxDataLength = definition.maxDataLength ?? 0;
    const replies = definition.replies ?? (definition.replyLength === undefined ? 0 : 1);
    this.reportCount = verificationReports + replies;
    this.room = verificationLength + replies * reportOverhead + (definition.replyLength ?? 0);
  }

  /**
   * Judges the length of the application data.
   * @returns `SUCCESS`, or a failure code with its data left in the request
   */
  checkLength(request: PusRequest): number {
    const length = request.applicationDataLength;
    if (length < this.#headLength) {
      return refuseLength(request, length);
    }
    let fixed = this.#headLength;
    if (this.#countType >= 0) {
      const count = request.field(this.#countType, this.#argumentsLength);
      if (count < 1 || count > this.#maxCount) {
        request.failureData = count;
        return INVALID_COUNT;
      }
      fixed += count * this.#itemLength;
    }
    if (length < fixed || length > fixed + this.#maxDataLength) {
      return refuseLength(request, length);
    }
    if (this.definition.lengthOf !== undefined) {
      return this.definition.lengthOf(request) === length ? SUCCESS : refuseLength(request, length);
    }
    return SUCCESS;
  }
}

function refuseLength(request: PusRequest, length: number): number {
  request.failureData = length;
  return INVALID_LENGTH;
}
