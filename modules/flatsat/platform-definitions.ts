/** The telemetry and telecommands that rest on the board's platform, beside those in definitions.ts. */
import type { FunctionDefinition, ParameterDefinition } from "../pus/definitions.js";
import { SUCCESS } from "../pus/failure-codes.js";
import type { BoardPlatform } from "./platform.js";

export const FUNCTION_RESTART = 3;

function unknown(): number {
  return 0;
}

/** Part of housekeeping, on every board: what a platform does not know is 0. */
export function platformParameters(platform: BoardPlatform): ParameterDefinition[] {
  return [
    {
      id: 16,
      name: "rssi",
      type: "int8",
      unit: "dBm",
      description: "0: not on Wi-Fi, or unknown",
      get: platform.rssi ?? unknown,
    },
    {
      id: 17,
      name: "freeSlots",
      type: "uint32",
      description: "of the XS heap, garbage not counted; 0: unknown",
      get: platform.freeSlots ?? unknown,
    },
    {
      id: 18,
      name: "freeChunks",
      type: "uint32",
      unit: "B",
      description: "of XS's chunk memory, garbage not counted; 0: unknown",
      get: platform.freeChunks ?? unknown,
    },
  ];
}

/** @param restart undefined: the platform cannot, and the board has no such function */
export function platformFunctions(restart: (() => void) | undefined): FunctionDefinition[] {
  if (restart === undefined) {
    return [];
  }
  return [
    {
      id: FUNCTION_RESTART,
      name: "restart",
      description:
        "DANGEROUS: restarts the board a second later. Every connection ends, telemetry that nobody was given is lost, " +
        "counters and settings begin anew.",
      execute: () => {
        restart();
        return SUCCESS;
      },
    },
  ];
}
