/** The standard's services, by the names that they have here: their types. */
import { VERIFICATION_SERVICE } from "./st01-messages.js";
import { HOUSEKEEPING_SERVICE } from "./st03-messages.js";
import { EVENT_SERVICE } from "./st05-messages.js";
import { FUNCTION_SERVICE } from "./st08-messages.js";
import { TIME_SERVICE } from "./st09-messages.js";
import { MONITORING_SERVICE } from "./st12-messages.js";
import { TEST_SERVICE } from "./st17-messages.js";
import { PARAMETER_SERVICE } from "./st20-messages.js";

export const STANDARD_SERVICES: Readonly<Record<string, number>> = Object.freeze({
  requestVerification: VERIFICATION_SERVICE,
  housekeeping: HOUSEKEEPING_SERVICE,
  eventReporting: EVENT_SERVICE,
  functionManagement: FUNCTION_SERVICE,
  timeManagement: TIME_SERVICE,
  onBoardMonitoring: MONITORING_SERVICE,
  test: TEST_SERVICE,
  parameterManagement: PARAMETER_SERVICE,
});
