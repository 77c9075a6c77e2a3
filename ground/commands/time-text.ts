/** Times as people write them. */
const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * @param text ISO 8601, in UTC where it says no zone, or so long ago, as in `15m`
 * @param now UNIX milliseconds
 * @returns UNIX milliseconds; undefined: it is no time
 */
export function parseTime(text: string, now: number): number | undefined {
  const ago = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  if (ago !== null) {
    return now - Number(ago[1]) * UNITS_MS[ago[2]!]!;
  }
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, date, clock = "00:00", zone = "Z"] = match;
  const time = Date.parse(`${date}T${clock}${zone}`);
  return Number.isNaN(time) ? undefined : time;
}
