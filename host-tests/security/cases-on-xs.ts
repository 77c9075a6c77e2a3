/** Imported inside XS: lets the test run the cases there by title. */
import { allCases } from "./all-cases.js";

Object.assign(globalThis, {
  caseTitles: () => JSON.stringify(Object.keys(allCases)),
  runCase: (title: string) => {
    (allCases[title] as () => void)();
    return "ok";
  },
});
