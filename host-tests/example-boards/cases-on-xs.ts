/** Imported inside XS: lets the test run the cases there by title. */
import { flatsatCases } from "./flatsat-cases.js";

Object.assign(globalThis, {
  caseTitles: () => JSON.stringify(Object.keys(flatsatCases)),
  runCase: (title: string) => {
    flatsatCases[title]!();
    return "ok";
  },
});
