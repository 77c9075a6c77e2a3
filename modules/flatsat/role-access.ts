/** What each sender may have carried out, by its role. */
import { NO_SPI } from "../ccsds/sdls.js";
import type { UnsignedType } from "../data/field-kinds.js";
import { kindOf, widthOf } from "../data/field-kinds.js";
import type { TelecommandAccess } from "../pus/dispatcher.js";
import { FUNCTION_SERVICE, PERFORM_FUNCTION } from "../pus/messages/st08-messages.js";
import type { PusRequest } from "../pus/request.js";
import { isForCommanders, NO_FUNCTION, roleOf, type SecuritySettings } from "../security/roles.js";

export class RoleAccess implements TelecommandAccess {
  readonly #settings: SecuritySettings;
  readonly #idType: number;
  readonly #idWidth: number;

  constructor(settings: SecuritySettings, functionIdType: UnsignedType) {
    this.#settings = settings;
    this.#idType = kindOf(functionIdType);
    this.#idWidth = widthOf(this.#idType);
  }

  allows(spi: number, request: PusRequest): boolean {
    const { serviceType, messageSubtype } = request;
    const functionId = this.#functionOf(request, serviceType, messageSubtype);
    if (spi === NO_SPI) {
      // Whoever reaches a port without keys may do all but decide who has keys.
      return !isForCommanders(functionId);
    }
    return roleOf(this.#settings, spi)?.allows(serviceType, messageSubtype, functionId) === true;
  }

  #functionOf(request: PusRequest, serviceType: number, messageSubtype: number): number {
    return serviceType === FUNCTION_SERVICE &&
      messageSubtype === PERFORM_FUNCTION &&
      request.applicationDataLength >= this.#idWidth
      ? request.field(this.#idType, 0)
      : NO_FUNCTION;
  }
}
