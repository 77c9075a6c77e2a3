/**
 * Objects and limits of a board for Open MCT 4.2. Values come from a telemetry provider of your own: it is asked for objects of the types
 * "flatlink.parameter" and "flatlink.events", by their property `parameter`.
 */

const LEVELS = {
  critical: { name: "CRITICAL", color: "red" },
  warning: { name: "WARNING", color: "yellow" },
};

/** @param file what objects.json has in it */
export function flatlinkObjects(file) {
  return (openmct) => {
    openmct.types.addType("flatlink.parameter", { name: "Parameter", description: "A value of the board", cssClass: "icon-telemetry" });
    openmct.types.addType("flatlink.events", { name: "Events", description: "What the board says happened", cssClass: "icon-tabular-scrolling" });
    openmct.objects.addRoot(file.root);
    openmct.objects.addProvider(file.namespace, { get: async ({ key }) => file.objects[key] });
    openmct.telemetry.addProvider({
      supportsLimits: ({ type, limits }) => type === "flatlink.parameter" && limits !== undefined,
      getLimitEvaluator: ({ limits }) => ({
        // The value, or an element of an array.
        evaluate: (datum, value) => (/^value(_\d+)?$/.test(value?.key) ? violation(limits, datum[value.key]) : undefined),
      }),
      getLimits: ({ limits }) => ({ limits: async () => limitLines(limits) }),
    });
  };
}

/** What Open MCT shows of a value out of limits; undefined within them. */
export function violation(limits, value) {
  for (const [level, { name, color }] of Object.entries(LEVELS)) {
    const { low = -Infinity, high = Infinity } = limits[level] ?? {};
    if (value < low) {
      return { cssClass: `is-limit--lwr is-limit--${color}`, name: `${name} low`, low: -Infinity, high: low };
    }
    if (value > high) {
      return { cssClass: `is-limit--upr is-limit--${color}`, name: `${name} high`, low: high, high: Infinity };
    }
  }
  return undefined;
}

/** For lines in plots. */
function limitLines(limits) {
  return Object.fromEntries(
    Object.entries(LEVELS)
      .filter(([level]) => limits[level] !== undefined)
      .map(([level, { name, color }]) => [
        name,
        Object.fromEntries(Object.entries(limits[level]).map(([end, value]) => [end, { color, value }])),
      ]),
  );
}
