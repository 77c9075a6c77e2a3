/** A dictionary whose names the compiler checks. */
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";

export const DICTIONARY = defineDictionary({
  name: "typed",
  parameters: {
    celsius: { id: 256, type: "int16", settable: true },
    flag: { id: 257, type: "boolean" },
    axes: { id: 258, type: "int16", count: 3, settable: true },
    label: { id: 259, type: "ascii", length: 8 },
    status: { id: 260, type: "uint8", bits: { mode: { width: 3 } } },
  },
  events: { hot: { id: 256, severity: "high" } },
  functions: { heat: { id: 16, arguments: { on: { type: "boolean" } } }, reset: { id: 17 } },
  failureCodes: { stuck: { code: 256 } },
  services: {
    camera: {
      type: 200,
      requests: { shoot: { subtype: 1 } },
      reports: {
        picture: { subtype: 2 },
        state: { subtype: 3, values: { what: { type: "uint8" } }, variants: { idle: { id: 1 } } },
      },
    },
    beacon: { type: 201, reports: { alive: { subtype: 1 } } },
  },
});
