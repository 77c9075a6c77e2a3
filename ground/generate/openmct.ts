/** The dictionary for Open MCT: its objects as data, and a plugin that shows them. */
import type { Generator } from "./generator.js";
import { EVENTS_TYPE, objectsOf, PARAMETER_TYPE } from "./openmct/objects.js";

export const OPENMCT_GENERATOR: Generator = {
  name: "openmct",
  help: "objects for Open MCT 4.2: folders, telemetry points with units, words and limits; and a plugin that shows them",
  generate(board) {
    const objects = objectsOf(board);
    return [
      { path: "objects.json", text: `${JSON.stringify(objects, null, 2)}\n` },
      { path: "plugin.js", text: PLUGIN },
      { path: "index.html", text: PAGE },
      { path: "README.md", text: readme(objects.namespace) },
    ];
  },
};

/** A module for browsers: `flatlinkObjects` installs the objects of one board. */
export const PLUGIN = `/**
 * Objects and limits of a board for Open MCT 4.2. Values come from a telemetry provider of your own: it is asked for objects of the types
 * "${PARAMETER_TYPE}" and "${EVENTS_TYPE}", by their property \`parameter\`.
 */

const LEVELS = {
  critical: { name: "CRITICAL", color: "red" },
  warning: { name: "WARNING", color: "yellow" },
};

/** @param file what objects.json has in it */
export function flatlinkObjects(file) {
  return (openmct) => {
    openmct.types.addType("${PARAMETER_TYPE}", { name: "Parameter", description: "A value of the board", cssClass: "icon-telemetry" });
    openmct.types.addType("${EVENTS_TYPE}", { name: "Events", description: "What the board says happened", cssClass: "icon-tabular-scrolling" });
    openmct.objects.addRoot(file.root);
    openmct.objects.addProvider(file.namespace, { get: async ({ key }) => file.objects[key] });
    openmct.telemetry.addProvider({
      supportsLimits: ({ type, limits }) => type === "${PARAMETER_TYPE}" && limits !== undefined,
      getLimitEvaluator: ({ limits }) => ({
        // The value, or an element of an array.
        evaluate: (datum, value) => (/^value(_\\d+)?$/.test(value?.key) ? violation(limits, datum[value.key]) : undefined),
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
      return { cssClass: \`is-limit--lwr is-limit--\${color}\`, name: \`\${name} low\`, low: -Infinity, high: low };
    }
    if (value > high) {
      return { cssClass: \`is-limit--upr is-limit--\${color}\`, name: \`\${name} high\`, low: high, high: Infinity };
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
`;

const PAGE = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Open MCT</title>
<script src="node_modules/openmct/dist/openmct.js"></script>
</head>
<body>
<div id="openmct"></div>
<script type="module">
  import { flatlinkObjects } from "./plugin.js";

  const { openmct } = window;
  openmct.setAssetPath("node_modules/openmct/dist");
  openmct.install(openmct.plugins.LocalStorage());
  openmct.install(openmct.plugins.UTCTimeSystem());
  openmct.install(openmct.plugins.Espresso());
  openmct.time.setClock("local");
  openmct.time.setTimeSystem("utc");
  openmct.time.setMode("realtime", { start: -900000, end: 0 });
  openmct.install(flatlinkObjects(await (await fetch("objects.json")).json()));
  openmct.start(document.getElementById("openmct"));
</script>
</body>
</html>
`;

function readme(namespace: string): string {
  return `# The board in Open MCT

\`objects.json\` has the board's domain objects for Open MCT 4.2, in the namespace \`${namespace}\`: folders by structure and by group, a
telemetry point for each parameter with its unit, words and limits, and one for events. \`plugin.js\` shows them, with their limits.
\`index.html\` is a page with both.

In this directory:

1. \`npm install openmct@4.2.0\` gets Open MCT.
2. \`python3 -m http.server 8080\` serves the page.
3. Open http://localhost:8080.

Objects have no values before a telemetry provider brings them. A datum of a parameter is \`{ timestamp, value }\`: UNIX milliseconds, and the
value in its unit. With a calibration it has \`raw\`, too; with bits \`value_NAME\` for each part; an array of up to 16 elements has
\`value_0\`, \`value_1\` and so on. A datum of \`events\` is \`{ timestamp, event, severity, text }\`.
`;
}
