/** A dictionary with one of everything, for tests of hashes and of JSON. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";

export const SAMPLE = defineDictionary({
  name: "sample",
  description: "a board",
  parameters: {
    celsius: {
      id: 1,
      type: "int16",
      unit: "degC",
      description: "inside",
      calibration: { polynomial: [0, 0.1] },
      minimum: -500,
      maximum: 1250,
      limits: { warning: { low: 0, high: 40 }, critical: { high: 60 } },
      group: "thermal",
      settable: true,
      dangerous: "it burns",
      initial: 200,
    },
    mode: { id: 2, type: "uint8", words: { off: 0, on: 1 } },
    axes: { id: 3, type: "float32", count: 3 },
    label: { id: 4, type: "ascii", length: 8, initial: "abc" },
    status: { id: 5, type: "uint16", bits: { kind: { width: 3, words: { a: 1 } }, level: { width: 7 } } },
    pressure: {
      id: 6,
      type: "uint16",
      calibration: {
        points: [
          [0, 0],
          [100, 7],
        ],
      },
    },
  },
  structures: {
    thermal: { id: 16, description: "heat", parameters: ["celsius", "mode"], intervalMs: 1000, minimumIntervalMs: 200 },
  },
  events: {
    hot: {
      id: 300,
      severity: "medium",
      description: "too hot",
      text: "it is {celsius}",
      values: { celsius: { type: "int16", unit: "degC" } },
    },
  },
  functions: {
    heat: {
      id: 16,
      description: "heats",
      dangerous: "hot",
      arguments: { on: { type: "boolean", default: false }, watts: { type: "uint8", maximum: 50, default: 10 } },
    },
  },
  failureCodes: { tooHot: { code: 300, description: "no more heat", data: "its value" } },
  services: {
    camera: {
      type: 200,
      description: "pictures",
      requests: {
        shoot: {
          subtype: 1,
          values: { exposure: { type: "uint16", unit: "ms" } },
          replies: ["picture"],
          dangerous: "no",
        },
        configure: {
          subtype: 2,
          values: { what: { type: "uint8" } },
          variants: { gain: { id: 1, values: { gain: { type: "int8" } } }, name: { id: 2, maxDataLength: 16 } },
        },
      },
      reports: {
        picture: {
          subtype: 3,
          values: { width: { type: "uint16" } },
          list: { countType: "uint8", items: { pixel: { type: "uint8" } }, maxCount: 32 },
          maxDataLength: 4,
        },
      },
    },
  },
});

export const BOARD: BoardDictionary = {
  ...SAMPLE,
  conventions: {
    apid: 2,
    timeCode: "cds",
    acknowledge: "always",
    widths: {
      countType: "uint8",
      structureIdType: "uint8",
      parameterIdType: "uint16",
      eventIdType: "uint16",
      functionIdType: "uint8",
      failureCodeType: "uint16",
      failureDataType: "uint32",
      stepIdType: "uint8",
    },
    ports: [{ framing: "cobs,delimiter=both", port: 7302, role: "tmtc" }],
    createdStructures: 4,
    maxTelemetryLength: 512,
  },
};
