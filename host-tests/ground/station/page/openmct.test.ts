/** Open MCT itself, from npm, in a real browser: a plot by its address, which shows what was and goes on with what comes. */

import { pathToFileURL } from "node:url";
import test from "ava";
import type { Browser, Page } from "playwright-core";
import { findOpenMct, OPEN_MCT_VERSION } from "../../../../ground/commands/find-open-mct.js";
import { npmPackage, Unavailable } from "../../../interop/environment.js";
import { batteryLow, parameterReport, uptimeReport } from "../packets.js";
import { bring, CHROMIUM, openBrowser, openPage, picture, type Rig, stationFor } from "./rig.js";

const PATIENCE = 60_000;
const BOARD = "flatsat";
const SPARE = "spare";
/** The browser's own, where there is no graphics card. */
const DRIVER = /GL Driver Message|WebGL|GPU stall/;

function installedOpenMct(): URL | undefined {
  if (CHROMIUM === undefined) {
    return undefined;
  }
  try {
    return findOpenMct([pathToFileURL(npmPackage("openmct", OPEN_MCT_VERSION))]);
  } catch (error) {
    if (!(error instanceof Unavailable)) {
      throw error;
    }
    console.log(`Open MCT is not tested: ${error.message}`);
    return undefined;
  }
}

const openMct = installedOpenMct();
const inOpenMct = openMct === undefined ? test.serial.skip : test.serial;

let rig: Rig;
let browser: Browser;

test.before(async () => {
  if (openMct !== undefined) {
    // Nobody is there: what comes is what is brought.
    rig = await stationFor({ [BOARD]: 1, [SPARE]: 1 }, {}, openMct);
    browser = await openBrowser();
  }
});

test.after.always(async () => {
  await browser?.close();
  await rig?.close();
});

/** @param path keys, from the root's children on */
function addressOf(path: readonly string[], view: string, board = BOARD): string {
  const keys = ["root", ...path].map((key) => `flatlink.${board}:${key}`).join("/");
  const time = "tc.mode=local&tc.startDelta=120000&tc.endDelta=5000&tc.timeSystem=utc";
  return `${rig.web.openMctUrl}#/browse/${keys}?${time}&view=${view}`;
}

async function withPage(url: string, work: (page: Page) => Promise<void>): Promise<void> {
  const { page, errors } = await openPage(browser, url);
  page.setDefaultTimeout(PATIENCE);
  await work(page);
  const told = errors.filter((text) => !DRIVER.test(text));
  if (told.length > 0) {
    throw new Error(`the console says: ${told.map((text) => text.slice(0, 300)).join("\n")}`);
  }
  await page.context().close();
}

/** The numbers at the left of a plot go from below one to above the other. */
function ticksAround(page: Page, least: number, greatest: number): Promise<unknown> {
  return page.waitForFunction(
    ([low, high]) => {
      const ticks = [...document.querySelectorAll(".gl-plot-y-tick-label")].map(({ textContent }) =>
        Number(textContent),
      );
      return ticks.length > 1 && Math.min(...ticks) <= low! && Math.max(...ticks) >= high!;
    },
    [least, greatest],
  );
}

inOpenMct("a plot by its address has what the archive has, and goes on live", async (t) => {
  t.timeout(600_000);
  for (const uptime of [10_000, 12_000, 20_000]) {
    bring(rig.station, BOARD, uptimeReport(uptime));
  }
  const url = addressOf(["groups", "group.board", "parameter.uptime"], "plot-single");
  await withPage(url, async (page) => {
    await ticksAround(page, 12_000, 18_000);
    t.false(page.url().includes("token"));
    bring(rig.station, BOARD, uptimeReport(90_000));
    await ticksAround(page, 20_000, 80_000);
    await picture(page, "openmct-plot");
    await page.reload();
    await ticksAround(page, 20_000, 80_000);
    t.pass();
  });
});

inOpenMct("limits are shown in a table; events are a table, live and of before", async (t) => {
  t.timeout(600_000);
  bring(rig.station, BOARD, parameterReport("batteryCharge", 80));
  bring(rig.station, BOARD, batteryLow(9));
  await withPage(addressOf(["groups", "group.power", "parameter.batteryCharge"], "table"), async (page) => {
    await page.waitForSelector("td:text-is('80')");
    t.is(await page.locator("td.is-limit--lwr").count(), 0);
    bring(rig.station, BOARD, parameterReport("batteryCharge", 40));
    await page.waitForSelector("td.is-limit--lwr.is-limit--yellow:text-is('40')");
    bring(rig.station, BOARD, parameterReport("batteryCharge", 10));
    await page.waitForSelector("td.is-limit--lwr.is-limit--red:text-is('10')");
    await picture(page, "openmct-limits");
  });
  await withPage(addressOf(["events"], "table"), async (page) => {
    await page.waitForSelector("td:text-is('the battery is down to 9 %')");
    bring(rig.station, BOARD, batteryLow(8));
    await page.waitForSelector("td:text-is('the battery is down to 8 %')");
    await page.waitForSelector("td:text-is('high')");
    await picture(page, "openmct-events");
  });
});

inOpenMct("without an address it opens at the first board, beside the others", async (t) => {
  t.timeout(600_000);
  await withPage(rig.web.openMctUrl, async (page) => {
    await page.waitForSelector(".l-browse-bar__object-name:text-is('flatsat')");
    await page.waitForSelector(".c-tree__item__name:text-is('spare')");
    await page.waitForSelector(".c-object-label__name:text-is('Structures'), .c-grid-item__name:text-is('Structures')");
    await picture(page, "openmct-board");
    t.pass();
  });
});
