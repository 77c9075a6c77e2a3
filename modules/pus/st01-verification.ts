/**
 * ST[01] request verification (ECSS-E-ST-70-41C, 6.1 and 8.1): the reports that tell the ground what became of a
 * telecommand. Driven by the dispatcher; a service uses it for progress, and to complete what it left in progress.
 *
 * Source data: request ID 4 octets, then the step ID (progress only), then for failures the failure code and its data.
 */

import { kindOf, NUMBER_KINDS, widthOf } from "../data/field-kinds.js";
import { DEFAULT_PUS_SETTINGS, type PusSettings } from "./definitions.js";
import {
  ACCEPTANCE_FAILURE,
  ACCEPTANCE_SUCCESS,
  COMPLETION_FAILURE,
  COMPLETION_SUCCESS,
  PROGRESS_FAILURE,
  PROGRESS_SUCCESS,
  ROUTING_FAILURE,
  START_FAILURE,
  START_SUCCESS,
  VERIFICATION_SERVICE,
  verificationMessages,
} from "./messages/st01-messages.js";
import type { ReportWriter } from "./report-writer.js";
import type { PusService } from "./service.js";
import {
  ACKNOWLEDGE_ACCEPTANCE,
  ACKNOWLEDGE_COMPLETION,
  ACKNOWLEDGE_PROGRESS,
  ACKNOWLEDGE_START,
} from "./telecommand.js";

const REQUEST_ID_LENGTH = 4;

export class VerificationService {
  readonly #reports: ReportWriter;
  readonly #settings: PusSettings;
  readonly #always: boolean;
  readonly #stepType: number;
  /** The greatest that a failure report has room for. */
  readonly maxFailureCode: number;
  readonly #codeType: number;
  readonly #dataType: number;

  constructor(reports: ReportWriter, settings: PusSettings = DEFAULT_PUS_SETTINGS) {
    this.#reports = reports;
    this.#always = settings.acknowledge === "always";
    this.#stepType = kindOf(settings.stepIdType);
    this.#codeType = kindOf(settings.failureCodeType);
    this.maxFailureCode = NUMBER_KINDS[this.#codeType]!.maximum;
    this.#dataType = kindOf(settings.failureDataType);
    this.#settings = settings;
  }

  /** For the dispatcher. The ground sends it nothing. */
  asService(): PusService {
    return { name: "requestVerification", definition: verificationMessages(this.#settings), requests: {} };
  }

  /** Source data octets of a failure report without a step. */
  get failureLength(): number {
    return REQUEST_ID_LENGTH + widthOf(this.#codeType) + widthOf(this.#dataType);
  }

  /**
   * 1,1.
   * @param requestId as `TelecommandView.requestId` gives it
   * @param flags the telecommand's acknowledgement flags, for when reports are sent as requested only
   */
  acceptanceSuccess(requestId: number, flags: number): void {
    this.#success(ACCEPTANCE_SUCCESS, requestId, flags & ACKNOWLEDGE_ACCEPTANCE);
  }

  /** 1,2: the telecommand is refused. Failures are reported whatever the flags say (6.1.3). */
  acceptanceFailure(requestId: number, code: number, data: number): void {
    this.#failure(ACCEPTANCE_FAILURE, requestId, code, data);
  }

  /** 1,3. */
  startSuccess(requestId: number, flags: number): void {
    this.#success(START_SUCCESS, requestId, flags & ACKNOWLEDGE_START);
  }

  /** 1,4: the arguments make no sense; nothing was done. */
  startFailure(requestId: number, code: number, data: number): void {
    this.#failure(START_FAILURE, requestId, code, data);
  }

  /** 1,5: a step of something long is done. */
  progressSuccess(requestId: number, flags: number, step: number): void {
    const requested = this.#always || (flags & ACKNOWLEDGE_PROGRESS) !== 0;
    if (requested && this.#begin(PROGRESS_SUCCESS, requestId, widthOf(this.#stepType))) {
      this.#reports.putField(this.#stepType, step);
      this.#reports.end();
    }
  }

  /** 1,6: a step failed. */
  progressFailure(requestId: number, step: number, code: number, data: number): void {
    const length = widthOf(this.#stepType) + this.failureLength - REQUEST_ID_LENGTH;
    if (this.#begin(PROGRESS_FAILURE, requestId, length)) {
      this.#reports.putField(this.#stepType, step);
      this.#putFailure(code, data);
    }
  }

  /** 1,7. */
  completionSuccess(requestId: number, flags: number): void {
    this.#success(COMPLETION_SUCCESS, requestId, flags & ACKNOWLEDGE_COMPLETION);
  }

  /** 1,8: it was begun and could not be done. */
  completionFailure(requestId: number, code: number, data: number): void {
    this.#failure(COMPLETION_FAILURE, requestId, code, data);
  }

  /** 1,10: no application process here has this APID. */
  routingFailure(requestId: number, code: number, data: number): void {
    this.#failure(ROUTING_FAILURE, requestId, code, data);
  }

  #success(subtype: number, requestId: number, requested: number): void {
    if ((this.#always || requested !== 0) && this.#begin(subtype, requestId, 0)) {
      this.#reports.end();
    }
  }

  #failure(subtype: number, requestId: number, code: number, data: number): void {
    if (this.#begin(subtype, requestId, this.failureLength - REQUEST_ID_LENGTH)) {
      this.#putFailure(code, data);
    }
  }

  #putFailure(code: number, data: number): void {
    this.#reports.putField(this.#codeType, code);
    this.#reports.putField(this.#dataType, data);
    this.#reports.end();
  }

  #begin(subtype: number, requestId: number, furtherLength: number): boolean {
    if (!this.#reports.begin(VERIFICATION_SERVICE, subtype, REQUEST_ID_LENGTH + furtherLength)) {
      return false;
    }
    this.#reports.putUint32(requestId);
    return true;
  }
}
