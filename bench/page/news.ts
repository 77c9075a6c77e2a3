/** News without end, as a board's packets make them: an event and values, turn about. */
import type { EventNews, ValuesNews } from "../../ground/station/contracts.js";

export function eventOf(board: string, packet: number): EventNews {
  return {
    kind: "event",
    board,
    packet,
    time: Date.now(),
    event: 6,
    name: "test",
    severity: "informative",
    text: `raised by function 2 with ${packet}`,
  };
}

export function valuesOf(board: string, packet: number): ValuesNews {
  const value = 8 + Math.sin(packet / 100);
  return {
    kind: "values",
    board,
    packet,
    time: Date.now(),
    values: ["batteryVoltage", "busVoltage", "load"].map((name) => ({ name, value, raw: value, unit: "V" })),
  };
}
