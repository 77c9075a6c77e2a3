/** The setting `security`: what it says, and what is wrong with it. Case by case, for Node and for XS. */
import { NO_FUNCTION, parseSecurity, type Role } from "../../modules/security/roles.js";
import { equal, holds } from "../link/expect.js";
import type { Cases } from "../link/rig.js";

function roleOf(text: string): Role {
  return parseSecurity(`1=${text}`).associations[0]!.role;
}

/** Service type, message subtype, function; whether operator:17+20.1+f2+8.3 may. */
const ASKED: readonly (readonly [number, number, number, boolean])[] = [
  [17, 1, NO_FUNCTION, true],
  [17, 255, NO_FUNCTION, true],
  [18, 1, NO_FUNCTION, false],
  [16, 255, NO_FUNCTION, false],
  [20, 1, NO_FUNCTION, true],
  [20, 3, NO_FUNCTION, false],
  [8, 1, 2, true],
  [8, 1, 1, false],
  [8, 1, NO_FUNCTION, false],
  [8, 3, NO_FUNCTION, true],
  [1, 2, NO_FUNCTION, false],
  // The number of function 2 is that of no message.
  [0, 2, NO_FUNCTION, false],
];

/** What is wrong, and the error. */
const WRONG: readonly (readonly [string, string])[] = [
  ["1", 'security: "1" must be SPI=ROLE[:ALLOWED], as in 1=commander or 2=operator:17+20.1'],
  ["1=a=b", 'security: "1=a=b" must be SPI=ROLE[:ALLOWED], as in 1=commander or 2=operator:17+20.1'],
  ["0=commander", 'security: "0=commander": the SPI must be from 1 to 65534, not 0'],
  ["65535=commander", 'security: "65535=commander": the SPI must be from 1 to 65534, not 65535'],
  ["x=commander", 'security: "x=commander": the SPI must be a whole number from 1 to 65534, not "x"'],
  ["1=admiral", 'security: "1=admiral": the role must be commander or operator or none or telemetry, not "admiral"'],
  ["1=commander 1=none", "security: SPI 1 is named twice"],
  ["1=none 2=none 3=none 4=none 5=none 6=none 7=none 8=none 9=none", "security: there may be at most 8 SPIs, not 9"],
  ["8=telemetry 9=telemetry", "security: telemetry is sealed with one key; SPI 8 and 9 have the role telemetry"],
  ["1=commander:17", 'security: "1=commander:17": only an operator has a list of what it may do'],
  ["1=operator", 'security: "1=operator": name what the operator may do, as in operator:17+20.1+f2'],
  ["1=operator:", 'security: "1=operator:": name what the operator may do, as in operator:17+20.1+f2'],
  ["1=operator:17:18", 'security: "1=operator:17:18": name what the operator may do, as in operator:17+20.1+f2'],
  ["1=operator:0", 'security: "1=operator:0": the service type must be from 1 to 255, not 0'],
  ["1=operator:256", 'security: "1=operator:256": the service type must be from 1 to 255, not 256'],
  ["1=operator:8.0", 'security: "1=operator:8.0": the message subtype must be from 1 to 255, not 0'],
  ["1=operator:f65536", 'security: "1=operator:f65536": the function must be from 0 to 65535, not 65536'],
  ["1=operator:f8", 'security: "1=operator:f8": function 8 is for commanders only'],
  ["1=operator:17+f9", 'security: "1=operator:17+f9": function 9 is for commanders only'],
  ...["f2.1", "17+", "ping", "17.1.1", "-1"].map(
    (item) =>
      [
        `1=operator:${item}`,
        `security: "1=operator:${item}": "${item.split("+").at(-1)}" must be a service type, as 17, a message subtype, as 20.1, or a function of 8,1, as f2`,
      ] as const,
  ),
];

export const rolesCases: Cases = {
  "an empty setting has no associations, and a frame security without keys"() {
    for (const text of ["", "   "]) {
      const { associations, frames } = parseSecurity(text);
      equal([associations, frames.end, frames.opener, frames.sealer], [[], "board", undefined, undefined], text);
    }
  },

  "each SPI has its role, in the order of the setting"() {
    const { associations } = parseSecurity(" 3=none  1=commander 65534=operator:17+f2 9=telemetry ");
    equal(
      associations.map(({ spi, role }) => [spi, role.name, role.text]),
      [
        [3, "none", "none"],
        [1, "commander", "commander"],
        [65534, "operator", "operator:17+f2"],
        [9, "telemetry", "telemetry"],
      ],
      "associations",
    );
  },

  "an operator may do what is listed, and nothing else"() {
    const role = roleOf("operator:17+20.1+f2+8.3");
    for (const [type, subtype, functionId, may] of ASKED) {
      equal(role.allows(type, subtype, functionId), may, `${type},${subtype} function ${functionId}`);
    }
  },

  "a commander may do everything; none and telemetry nothing"() {
    for (const [type, subtype, functionId] of ASKED) {
      const what = `${type},${subtype} function ${functionId}`;
      equal(roleOf("commander").allows(type, subtype, functionId), true, `commander: ${what}`);
      equal(roleOf("none").allows(type, subtype, functionId), false, `none: ${what}`);
      equal(roleOf("telemetry").allows(type, subtype, functionId), false, `telemetry: ${what}`);
    }
  },

  "who has keys is decided by commanders only, whatever an operator's list says"() {
    for (const functionId of [8, 9]) {
      equal(roleOf("commander").allows(8, 1, functionId), true, `commander: function ${functionId}`);
      for (const list of ["8", "8.1"]) {
        equal(roleOf(`operator:${list}`).allows(8, 1, functionId), false, `${list}: function ${functionId}`);
        equal(roleOf(`operator:${list}`).allows(8, 1, 7), true, `${list}: function 7`);
      }
    }
  },

  "what is wrong is quoted, with what would do"() {
    for (const [text, message] of WRONG) {
      let said = "nothing";
      try {
        parseSecurity(text);
      } catch (error) {
        said = (error as Error).message;
        holds(error instanceof TypeError || error instanceof RangeError, `${text}: the kind of error`);
      }
      equal(said, message, text);
    }
  },
};
