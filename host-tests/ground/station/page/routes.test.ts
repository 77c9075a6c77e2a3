/** Addresses: of the API, and of what is shown. */
import test from "ava";
import { exportAddress, historyAddress, ofBoard } from "../../../../ground/station/page/query.js";
import { DEFAULT_SECONDS, parseRoute, routeText, VIEWS } from "../../../../ground/station/page/route.js";

test("names are escaped, lists are repeated, what is not said is left out", (t) => {
  t.is(ofBoard("a/b c", ["events", 5, "acknowledge"]), "/api/v1/boards/a%2Fb%20c/events/5/acknowledge");
  t.is(ofBoard("a", ["events"], { before: undefined, limit: 10 }), "/api/v1/boards/a/events?limit=10");
  const range = { from: 1.5, to: 9.2 };
  t.is(
    historyAddress("a", ["x", "y&z"], range, 500),
    "/api/v1/boards/a/history?parameter=x&parameter=y%26z&from=1&to=10&points=500",
  );
  t.is(exportAddress("a", ["x"], range), "/api/v1/boards/a/export.csv?parameter=x&from=1&to=10");
});

test("what is shown survives a reload", (t) => {
  for (const view of VIEWS) {
    for (const board of ["flatsat", "a/b ?#&c", "boards"]) {
      const route = { view, board, parameters: ["x", "y=1&z"], seconds: 60, open: "12" };
      t.deepEqual(parseRoute(routeText(route)), route);
    }
  }
});

test("nothing, and nonsense, is the first board", (t) => {
  const plain = { board: undefined, parameters: [], seconds: DEFAULT_SECONDS, open: undefined };
  t.deepEqual(parseRoute(""), { ...plain, view: "board" });
  t.deepEqual(parseRoute("#/boards"), { ...plain, view: "boards" });
  t.deepEqual(parseRoute("#/a/nonsense?seconds=-1"), { ...plain, view: "board", board: "a" });
  t.is(parseRoute("#/%zz/plot").board, "%zz");
  t.is(routeText({ view: "boards" }), "#/boards");
  t.is(routeText({ view: "plot", board: "a", seconds: DEFAULT_SECONDS }), "#/a/plot");
});
