/**
 * Takes telecommand packets, finds the service that each is for, and reports what becomes of it (ST[01]).
 *
 * ```
 * damaged, or not a telecommand      counted by reason, no report: nothing in it can be trusted
 * its frame may not be taken         no report: it may be a replay; its decoder counts it
 * for another APID                   1,10
 * not PUS-C, segmented, not allowed,
 * unknown type, unknown subtype,
 * wrong length                       1,2
 * arguments refused by `start`       1,1  1,4
 * `execute` fails                    1,1  1,3  (reports)  1,8
 * all is well                        1,1  1,3  (reports)  1,7
 * ```
 *
 * A request that names several items is refused whole when one of them is unknown: half-done commands are worse to
 * operate than the exact letter of ECSS-E-ST-70-41C, which would carry out the rest.
 */

import { APID_JUDGED, NOTHING_JUDGED } from "../ccsds/judgements.js";
import type { PacketExtraction, PacketReception, Receipt } from "../ccsds/packet-services.js";
import { apid, isIdle, sequenceFlags, VALID } from "../ccsds/primary-header.js";
import { NO_SPI } from "../ccsds/sdls.js";
import {
  IN_PROGRESS,
  INTERNAL_ERROR,
  NOT_AUTHORIZED,
  SEGMENTED_FAILURE,
  SUCCESS,
  UNKNOWN_APPLICATION_PROCESS,
  UNKNOWN_MESSAGE_SUBTYPE,
  UNKNOWN_SERVICE_TYPE,
  UNSUPPORTED_PUS_VERSION_FAILURE,
} from "./failure-codes.js";
import {
  NO_SECONDARY_HEADER,
  PUS_STATUS_NAMES,
  SEGMENTED,
  UNSUPPORTED_PUS_VERSION,
  WRONG_PACKET_TYPE,
} from "./packet-status.js";
import type { ReportWriter } from "./report-writer.js";
import { PusRequest } from "./request.js";
import { RequestRoute } from "./request-route.js";
import { checkService, type PusService } from "./service.js";
import type { VerificationService } from "./st01-verification.js";
import { checkTelecommand, telecommandMessageSubtype, telecommandServiceType } from "./telecommand.js";

/** ST[01] sends at most three reports about a telecommand that it completes at once. */
const VERIFICATION_REPORTS = 3;

/** Knows what each sender may have carried out. */
export interface TelecommandAccess {
  /**
   * Asked for each sound telecommand. Must not allocate.
   * @param spi of the association that it came under; `NO_SPI`: nobody knows who sent it
   */
  allows(spi: number, request: PusRequest): boolean;
}

export interface PusDispatcherOptions {
  reports: ReportWriter;
  verification: VerificationService;
  services: readonly PusService[];
  /** The application process whose requests these are, 0 to 2046; default: that of the reports. */
  apid?: number;
  /** Watches the sequence counts of the process's telecommands: of those that can be trusted, once each. */
  extraction?: PacketExtraction;
  /** Default: everybody may have everything carried out. */
  access?: TelecommandAccess | undefined;
  /** The handler of a request threw; the telecommand is reported as failed. `type` is service type * 256 + message subtype. */
  onHandlerError?: ((error: unknown, request: PusRequest, type: number) => void) | undefined;
}

export class PusDispatcher implements PacketReception {
  readonly apid: number;
  /** Telecommands accepted (1,1). */
  accepted = 0;
  /** Telecommands refused with a failure report: routing or acceptance. */
  refused = 0;
  /** Telecommands accepted that failed later. */
  failed = 0;
  /** Idle packets, dropped. */
  idle = 0;
  /** Handlers that threw. */
  handlerErrors = 0;
  /** Packets that are no telecommand that can be trusted, by the status of `checkTelecommand`. */
  readonly rejected: number[] = PUS_STATUS_NAMES.map(() => 0);

  readonly #reports: ReportWriter;
  readonly #verification: VerificationService;
  readonly #extraction: PacketExtraction | undefined;
  readonly #access: TelecommandAccess | undefined;
  readonly #onHandlerError: PusDispatcherOptions["onHandlerError"];
  readonly #request = new PusRequest();
  /** A handler has the request in its hands: another telecommand would take it away from it. */
  #isRunning = false;
  /** Types of the services, and the routes of each. Few: searched in order. */
  readonly #serviceTypes: number[] = [];
  readonly #routes: (readonly RequestRoute[])[] = [];

  /** @throws RangeError when two services, or two requests of a service, have the same number */
  constructor(options: PusDispatcherOptions) {
    this.#reports = options.reports;
    this.#verification = options.verification;
    this.#extraction = options.extraction;
    this.#access = options.access;
    this.#onHandlerError = options.onHandlerError;
    this.apid = options.apid ?? options.reports.apid;
    const verificationLength = VERIFICATION_REPORTS * (options.reports.overhead + options.verification.failureLength);
    const room = {
      verificationLength,
      verificationReports: VERIFICATION_REPORTS,
      overhead: options.reports.overhead,
    };
    for (const service of options.services) {
      const { type, requests = {}, reports = {} } = service.definition;
      checkService(service);
      if (this.#serviceTypes.includes(type)) {
        throw new RangeError(`service "${service.name}": there is another service of type ${type}`);
      }
      this.#serviceTypes.push(type);
      this.#routes.push(
        Object.entries(requests).map(
          ([name, request]) => new RequestRoute(request, service.requests[name]!, reports, room),
        ),
      );
      options.reports.reserveTypes(Object.keys(reports).length);
    }
  }

  /** Packets that are no telecommand that can be trusted. */
  get rejections(): number {
    let sum = 0;
    for (let i = 0; i < this.rejected.length; i++) {
      sum += this.rejected[i]!;
    }
    return sum;
  }

  /** Says what the failure code is about that the handler at work returns, as `PusRequest.failureData` does. */
  set failureData(data: number) {
    this.#request.failureData = data;
  }

  /** @returns false: the reports have no room now, or a handler is at work, from within which telecommands are not taken */
  accept(
    bytes: Uint8Array,
    start: number,
    end: number,
    from: number,
    _kind = 0,
    judged = NOTHING_JUDGED,
    receipt?: Receipt,
  ): boolean {
    if (this.#isRunning) {
      return false;
    }
    const status = checkTelecommand(bytes, start, end, judged);
    if (status !== VALID && status < UNSUPPORTED_PUS_VERSION) {
      this.#drop(status, bytes, start);
      return true;
    }
    const request = this.#request;
    request.attachUnchecked(bytes, start);
    request.from = from;
    request.failureData = 0;
    if ((judged & APID_JUDGED) === 0 && apid(bytes, start) !== this.apid) {
      return this.#refuseStranger(request, receipt);
    }
    const access = this.#access;
    if (access !== undefined && status === VALID && !access.allows(receipt?.spi ?? NO_SPI, request)) {
      return this.#reportRefusal(NOT_AUTHORIZED, messageType(request), request, receipt);
    }
    const route = status === VALID ? this.#find(bytes, start) : undefined;
    if (route === undefined) {
      return this.#refuse(status, request, receipt);
    }
    const code = route.checkLength(request);
    if (code !== SUCCESS) {
      return this.#reportRefusal(code, request.failureData, request, receipt);
    }
    if (!this.#reports.hasRoom(route.room, route.reportCount)) {
      return false;
    }
    // When it is certain that it is carried out now, and before anything is: what is cut off here may not run twice.
    if (isUntaken(receipt)) {
      return true;
    }
    // Now, as it will not come again, and before a handler may overwrite it.
    this.#extraction?.extract(bytes, start, from);
    this.accepted++;
    this.#run(route, request);
    return true;
  }

  #drop(status: number, bytes: Uint8Array, start: number): void {
    // A sound idle packet gets no further than these two checks.
    if ((status === WRONG_PACKET_TYPE || status === NO_SECONDARY_HEADER) && isIdle(bytes, start)) {
      this.idle++;
    } else {
      this.rejected[status] = this.rejected[status]! + 1;
    }
  }

  #find(bytes: Uint8Array, start: number): RequestRoute | undefined {
    const routes = this.#routesOf(telecommandServiceType(bytes, start));
    if (routes === undefined) {
      return undefined;
    }
    const subtype = telecommandMessageSubtype(bytes, start);
    for (let i = 0; i < routes.length; i++) {
      const route = routes[i]!;
      if (route.messageSubtype === subtype) {
        return route;
      }
    }
    return undefined;
  }

  #tell(error: unknown, request: PusRequest, type: number): void {
    try {
      this.#onHandlerError?.(error, request, type);
    } catch {
      // The one who is told fails, too: the count is all that can be kept.
    }
  }

  #routesOf(serviceType: number): readonly RequestRoute[] | undefined {
    const types = this.#serviceTypes;
    for (let i = 0; i < types.length; i++) {
      if (types[i] === serviceType) {
        return this.#routes[i];
      }
    }
    return undefined;
  }

  /** Refuses an undamaged packet for another application process. */
  #refuseStranger(request: PusRequest, receipt: Receipt | undefined): boolean {
    if (!this.#hasRoomToRefuse()) {
      return false;
    }
    if (isUntaken(receipt)) {
      return true;
    }
    this.refused++;
    this.#verification.routingFailure(request.requestId, UNKNOWN_APPLICATION_PROCESS, request.apid);
    return true;
  }

  /** Refuses an undamaged packet for this application process that no request of its services is. */
  #refuse(status: number, request: PusRequest, receipt: Receipt | undefined): boolean {
    if (status === UNSUPPORTED_PUS_VERSION) {
      return this.#reportRefusal(UNSUPPORTED_PUS_VERSION_FAILURE, request.pusVersion, request, receipt);
    }
    if (status === SEGMENTED) {
      return this.#reportRefusal(SEGMENTED_FAILURE, sequenceFlags(request.bytes, request.start), request, receipt);
    }
    if (this.#routesOf(request.serviceType) === undefined) {
      return this.#reportRefusal(UNKNOWN_SERVICE_TYPE, request.serviceType, request, receipt);
    }
    return this.#reportRefusal(UNKNOWN_MESSAGE_SUBTYPE, messageType(request), request, receipt);
  }

  #reportRefusal(code: number, data: number, request: PusRequest, receipt: Receipt | undefined): boolean {
    if (!this.#hasRoomToRefuse()) {
      return false;
    }
    if (isUntaken(receipt)) {
      return true;
    }
    this.#extraction?.extract(request.bytes, request.start, request.from);
    this.refused++;
    this.#verification.acceptanceFailure(request.requestId, code, data);
    return true;
  }

  /** False: the failure report has no room, the packet must come again. */
  #hasRoomToRefuse(): boolean {
    return this.#reports.hasRoom(this.#reports.overhead + this.#verification.failureLength, 1);
  }

  #run(route: RequestRoute, request: PusRequest): void {
    const verification = this.#verification;
    // Read now: a handler may overwrite the bytes, and the view with them.
    const requestId = request.requestId;
    const flags = request.acknowledgementFlags;
    const type = messageType(request);
    verification.acceptanceSuccess(requestId, flags);
    const misused = this.#reports.misused;
    let started = false;
    let code: number;
    this.#isRunning = true;
    try {
      code = route.handling.start === undefined ? SUCCESS : route.handling.start(request);
      if (code === SUCCESS) {
        started = true;
        verification.startSuccess(requestId, flags);
        code = route.handling.execute(request);
      }
      this.#reports.abandon();
      if (this.#reports.misused !== misused) {
        throw new Error("a handler began a report and did not end it, or put more into one than was announced");
      }
      const least = started ? IN_PROGRESS : SUCCESS;
      if (!Number.isInteger(code) || code < least || code > this.#verification.maxFailureCode) {
        throw new TypeError(`a handler must return a failure code or SUCCESS, not ${String(code)}`);
      }
    } catch (error) {
      // A handler's fault must not reach the socket that the telecommand came from, nor silence the reports to come.
      this.handlerErrors++;
      this.#reports.abandon();
      this.#tell(error, request, type);
      code = INTERNAL_ERROR;
      request.failureData = type;
    }
    this.#isRunning = false;
    if (code === SUCCESS) {
      verification.completionSuccess(requestId, flags);
    } else if (code !== IN_PROGRESS) {
      this.failed++;
      if (started) {
        verification.completionFailure(requestId, code, request.failureData);
      } else {
        verification.startFailure(requestId, code, request.failureData);
      }
    }
  }
}

function messageType(request: PusRequest): number {
  return request.serviceType * 256 + request.messageSubtype;
}

/** True: the frame may not be taken any more, so that nothing comes of the telecommand. */
function isUntaken(receipt: Receipt | undefined): boolean {
  return receipt !== undefined && !receipt.commit();
}
