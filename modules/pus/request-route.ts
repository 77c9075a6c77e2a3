/** A request made ready to be run: its sizes worked out once from its definition, when the dispatcher is made. */

import { kindOf, numberKind, widthOf } from "../data/field-kinds.js";
import type { MessageDefinition, RequestMessage } from "../dictionary/dictionary.js";
import { longestMessage, valuesLength } from "../dictionary/value-check.js";
import { INVALID_COUNT, INVALID_LENGTH, SUCCESS } from "./failure-codes.js";
import type { PusRequest } from "./request.js";
import { type RequestHandling, UNKNOWN_VARIANT } from "./service.js";

/** `#countType`, `#idType`: there is none. */
const NONE = -1;

/** Room that every telecommand needs for its verification, and every report beside its source data. */
export interface ReportRoom {
  /** Octets of the reports of ST[01] about one telecommand, and how many they are. */
  readonly verificationLength: number;
  readonly verificationReports: number;
  readonly overhead: number;
}

export class RequestRoute {
  readonly handling: RequestHandling;
  readonly messageSubtype: number;
  /** Octets of every report that it can lead to, at most, and how many they are. */
  readonly room: number;
  readonly reportCount: number;
  readonly #valuesLength: number;
  readonly #countType: number;
  readonly #itemLength: number;
  readonly #minCount: number;
  readonly #maxCount: number;
  readonly #trailerLength: number;
  readonly #maxDataLength: number;
  /** Of the identifier that the rest of the layout depends on. */
  readonly #idType: number;

  /** @param reports of the service, by name */
  constructor(
    request: RequestMessage,
    handling: RequestHandling,
    reports: Readonly<Record<string, MessageDefinition>>,
    room: ReportRoom,
  ) {
    const { list, values = {} } = request;
    this.handling = handling;
    this.messageSubtype = request.subtype;
    this.#valuesLength = valuesLength(values);
    this.#countType = list === undefined ? NONE : kindOf(list.countType);
    this.#itemLength = valuesLength(list?.items);
    this.#minCount = list?.minCount ?? 0;
    this.#maxCount = list?.maxCount ?? 0;
    this.#trailerLength = valuesLength(request.trailer);
    this.#maxDataLength = request.maxDataLength ?? 0;
    const identifier = Object.values(list?.items ?? values).pop();
    this.#idType = handling.lengthOfVariant === undefined ? NONE : numberKind(identifier?.type);
    const replies = request.replies ?? [];
    const replyLength =
      handling.replyLength ?? replies.reduce((sum, name) => sum + longestMessage(reports[name] ?? {}), 0);
    const replyCount = handling.replies ?? replies.length;
    this.reportCount = room.verificationReports + replyCount;
    this.room = room.verificationLength + replyCount * room.overhead + replyLength;
  }

  /**
   * Judges the length of the application data.
   * @returns `SUCCESS`, or a failure code with its data left in the request
   */
  checkLength(request: PusRequest): number {
    const length = request.applicationDataLength;
    const countType = this.#countType;
    let at = this.#valuesLength;
    if (length < at + this.#trailerLength + (countType === NONE ? 0 : widthOf(countType))) {
      return refuseLength(request, length);
    }
    // Variants without a list count as one item, which is only the identifier.
    let count = 1;
    if (countType !== NONE) {
      count = request.field(countType, at);
      if (count < this.#minCount || count > this.#maxCount) {
        request.failureData = count;
        return INVALID_COUNT;
      }
      at += widthOf(countType);
    }
    at = this.#idType === NONE ? at + count * this.#itemLength : this.#endOfVariants(request, at, count);
    if (at === UNKNOWN_VARIANT) {
      return SUCCESS;
    }
    const end = at + this.#trailerLength;
    return at < 0 || length < end || length > end + this.#maxDataLength ? refuseLength(request, length) : SUCCESS;
  }

  /** @returns where so many items end; `UNKNOWN_VARIANT`, or `NO_LENGTH` */
  #endOfVariants(request: PusRequest, first: number, count: number): number {
    const { handling } = this;
    const idType = this.#idType;
    let at = first;
    for (let i = 0; i < count; i++) {
      at += this.#itemLength;
      if (at > request.applicationDataLength) {
        return at;
      }
      const octets = handling.lengthOfVariant!(request.field(idType, at - widthOf(idType)), request, at);
      if (octets < 0) {
        return octets;
      }
      at += octets;
    }
    return at;
  }
}

function refuseLength(request: PusRequest, length: number): number {
  request.failureData = length;
  return INVALID_LENGTH;
}
