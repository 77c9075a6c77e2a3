/** The form of a dictionary as JSON, as JSON Schema (draft 2020-12): what a script may rely on. */

type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: "string" };
const WHOLE: Schema = { type: "integer" };
const NAME: Schema = { pattern: "^[A-Za-z][A-Za-z0-9_]*$", maxLength: 200 };

function text(description: string): Schema {
  return { type: "string", description };
}

function octets(description: string): Schema {
  return { type: "integer", minimum: 0, description };
}

function reference(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

function entries(name: string, description: string): Schema {
  return { type: "object", description, propertyNames: NAME, additionalProperties: reference(name) };
}

function object(description: string, required: readonly string[], properties: Schema): Schema {
  return { type: "object", description, required, properties, additionalProperties: false };
}

const NUMBER_TYPES = [
  "uint8",
  "uint16",
  "uint24",
  "uint32",
  "uint64",
  "int8",
  "int16",
  "int24",
  "int32",
  "int64",
  "float32",
  "float64",
];
const UNSIGNED_TYPES = ["uint8", "uint16", "uint24", "uint32"];
const ID: Schema = { type: "integer", minimum: 0, maximum: 65_535, description: "unique among its kind" };
const DANGEROUS = text("why it is dangerous");

/** Of every value on the wire. */
const VALUE: Schema = {
  type: {
    enum: [...NUMBER_TYPES, "boolean", "ascii", "bytes"],
    description: "big-endian; a boolean has one octet, 0 or 1",
  },
  length: octets("octets of ascii and bytes; text that is shorter is followed by zeros"),
  count: octets("an array of so many numbers or booleans"),
  bits: entries("bits", "parts of an unsigned number, from the most significant bit on; what is left is reserved"),
  unit: text("as the operator reads it; left out for plain numbers"),
  description: TEXT,
  words: reference("words"),
  calibration: reference("calibration"),
  minimum: { type: "number", description: "least raw value that makes sense; the type's where it is left out" },
  maximum: { type: "number", description: "greatest raw value that makes sense; the type's where it is left out" },
};

/** Text and octets have a length, others have none. */
const LENGTHS: Schema = {
  if: { properties: { type: { enum: ["ascii", "bytes"] } } },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so.
  then: { required: ["length"] },
  else: { properties: { length: false } },
};

/** Of messages, and of what follows an identifier in them. */
const LAYOUT: Schema = {
  values: entries("argument", "in the order of the wire"),
  list: reference("list"),
  trailer: entries("argument", "values behind the list"),
  maxDataLength: octets("most octets of data behind all that, which the dictionary does not describe"),
};

const INITIAL: Schema = {
  description: "raw, at boot",
  anyOf: [
    { type: ["number", "boolean", "string"] },
    { type: "array", items: { type: "number" } },
    { type: "array", items: { type: "boolean" } },
  ],
};

const RANGE = object("the good range, in the unit", [], { low: { type: "number" }, high: { type: "number" } });

const DEFINITIONS: Schema = {
  words: { type: "object", description: "words for raw values", additionalProperties: WHOLE },
  bits: object("a part of a number", ["width"], {
    width: { type: "integer", minimum: 1, maximum: 32 },
    words: reference("words"),
    description: TEXT,
  }),
  calibration: {
    description: "from a raw number to a value in the unit",
    oneOf: [
      object("the sum of coefficient k times raw to the power of k", ["polynomial"], {
        polynomial: { type: "array", minItems: 1, items: { type: "number" } },
      }),
      object("pairs of raw and value, raw rising: a line between each two, and the outer lines go on", ["points"], {
        points: {
          type: "array",
          minItems: 2,
          items: { type: "array", prefixItems: [{ type: "number" }, { type: "number" }], minItems: 2, maxItems: 2 },
        },
      }),
    ],
  },
  range: RANGE,
  argument: {
    ...object("one value on the wire", ["type"], {
      ...VALUE,
      // Values of reports may be parameters, with all that these say.
      id: ID,
      limits: reference("limits"),
      monitoring: reference("monitoring"),
      group: TEXT,
      settable: { type: "boolean" },
      dangerous: DANGEROUS,
      initial: INITIAL,
      default: {
        type: ["number", "boolean"],
        description: "raw: what the ground sends when the operator says nothing",
      },
    }),
    ...LENGTHS,
  },
  limits: object("in the unit; a value beyond them is out of limits", [], {
    warning: reference("range"),
    critical: reference("range"),
  }),
  monitoring: object("the board itself looks after the value (ST[12])", [], {
    intervalMs: octets("between two checks; default 1000"),
    repetitions: octets("equal results in a row that make a new status; default 1"),
    enabled: { type: "boolean", description: "from boot on; default true" },
    expected: object("the raw number that it should have", ["value"], {
      value: { type: ["number", "boolean"] },
      mask: octets("the bits that count"),
    }),
    events: object("names of the events that are raised", [], {
      low: TEXT,
      high: TEXT,
      criticalLow: TEXT,
      criticalHigh: TEXT,
      unexpected: TEXT,
    }),
  }),
  parameter: {
    ...object("a value of the board", ["id", "type"], {
      ...VALUE,
      id: ID,
      limits: reference("limits"),
      monitoring: reference("monitoring"),
      group: text("what it belongs to"),
      settable: { type: "boolean", description: "whether ST[20] may set it; default false" },
      dangerous: DANGEROUS,
      initial: INITIAL,
    }),
    ...LENGTHS,
  },
  structure: object("a housekeeping report (ST[03])", ["id", "parameters", "intervalMs"], {
    id: ID,
    description: TEXT,
    parameters: {
      type: "array",
      minItems: 1,
      uniqueItems: true,
      items: TEXT,
      description: "names, in the order of the report",
    },
    intervalMs: octets("collection interval at boot"),
    minimumIntervalMs: octets("shortest that may be set; default 100"),
    enabled: { type: "boolean", description: "sent periodically from boot on; default true" },
  }),
  event: object("what the board says happened (ST[05])", ["id", "severity"], {
    id: ID,
    severity: { enum: ["informative", "low", "medium", "high"] },
    description: TEXT,
    text: text("for the operator, with values in braces; default: the description"),
    values: entries("argument", "auxiliary data, in the order of the wire"),
    enabled: { type: "boolean", description: "reported from boot on; default true" },
  }),
  function: object("what the board does when it is told to (ST[08])", ["id"], {
    id: ID,
    description: TEXT,
    arguments: entries("argument", "in the order of the wire"),
    dangerous: DANGEROUS,
  }),
  failureCode: object("why a telecommand failed", ["code"], {
    code: octets("below 256: flatlink's"),
    description: TEXT,
    data: text("what the failure data is"),
  }),
  list: object("N, then N times the same values", ["countType", "items", "maxCount"], {
    countType: { enum: UNSIGNED_TYPES, description: "type of N" },
    items: entries("argument", "in the order of the wire"),
    minCount: octets("fewest items in one message; default 0"),
    maxCount: octets("most items in one message"),
    variants: entries("itemVariant", "what follows an item's last value, an identifier"),
  }),
  itemVariant: object("what follows one identifier of an item", ["id", "values"], {
    id: { ...ID, description: "the identifier's value" },
    description: TEXT,
    dangerous: DANGEROUS,
    values: entries("argument", "in the order of the wire"),
  }),
  variant: object("what follows one identifier", ["id"], {
    id: { ...ID, description: "the identifier's value" },
    description: TEXT,
    dangerous: DANGEROUS,
    ...LAYOUT,
  }),
  request: object("a telecommand", ["subtype"], {
    subtype: { type: "integer", minimum: 1, maximum: 255 },
    description: TEXT,
    ...LAYOUT,
    variants: entries("variant", "what follows the last of the values, an identifier"),
    replies: { type: "array", items: TEXT, description: "names of reports that carrying it out sends" },
    dangerous: DANGEROUS,
  }),
  report: object("a telemetry packet", ["subtype"], {
    subtype: { type: "integer", minimum: 1, maximum: 255 },
    description: TEXT,
    ...LAYOUT,
    variants: entries("variant", "what follows the last of the values, an identifier"),
  }),
  service: object("a service, the standard's or the board's own", ["type"], {
    type: { type: "integer", minimum: 1, maximum: 255 },
    description: TEXT,
    requests: entries("request", "telecommands"),
    reports: entries("report", "telemetry packets"),
  }),
  port: object("a TCP port of the board", ["framing", "port", "role"], {
    framing: text("the framing with its options, as in cobs,delimiter=both"),
    port: { type: "integer", minimum: 0, maximum: 65_535 },
    role: { enum: ["tmtc", "tc", "tm"] },
  }),
  hash: { type: "integer", minimum: 0, maximum: 0xffffffff },
};

const WIDTHS = [
  "countType",
  "structureIdType",
  "parameterIdType",
  "eventIdType",
  "functionIdType",
  "failureCodeType",
  "failureDataType",
  "stepIdType",
];
const CONVENTIONS = ["apid", "timeCode", "acknowledge", "widths", "ports", "createdStructures", "maxTelemetryLength"];

export const DICTIONARY_SCHEMA: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "dictionary of a flatlink board",
  ...object(
    "Numbers are raw, as on the wire; limits are in the unit. Entries are by name.",
    ["name", "services", "conventions", "hashes"],
    {
      name: { type: "string", minLength: 1, description: "the board's" },
      description: TEXT,
      parameters: entries("parameter", "values of the board"),
      structures: entries("structure", "housekeeping structures"),
      events: entries("event", "events"),
      functions: entries("function", "functions"),
      failureCodes: entries("failureCode", "reasons of failures"),
      services: entries("service", "all of them, with the layout of each message"),
      conventions: object("what comes from the settings of the board", CONVENTIONS, {
        apid: { type: "integer", minimum: 0, maximum: 2046 },
        timeCode: { enum: ["cds", "cuc", "cuc-tai"], description: "of the stamps in telemetry" },
        acknowledge: { enum: ["always", "asRequested"], description: "when success is reported" },
        widths: object(
          "types of the fields that the standard leaves to the mission",
          WIDTHS,
          Object.fromEntries(WIDTHS.map((width) => [width, { enum: UNSIGNED_TYPES }])),
        ),
        ports: { type: "array", items: reference("port") },
        createdStructures: octets("structures that the ground may create at run time"),
        maxTelemetryLength: octets("longest telemetry packet"),
      }),
      hashes: object("32 bits each", ["wire", "whole"], {
        wire: {
          ...reference("hash"),
          description: "of what both ends must agree on; the board reports it in the parameter dictionaryHash",
        },
        whole: { ...reference("hash"), description: "of everything in the dictionary" },
      }),
    },
  ),
  $defs: DEFINITIONS,
};
