/** Alarms on the page, in a real browser: seen, filtered and acknowledged, with a mouse and without. */
import test from "ava";
import type { Browser, Page } from "playwright-core";
import { routeText } from "../../../../ground/station/page/route.js";
import { batteryLow, parameterReport } from "../packets.js";
import { bring, CHROMIUM, openBrowser, openPage, overflow, picture, type Rig, stationFor } from "./rig.js";

const PATIENCE = 30_000;
const ONE = "one";
const TWO = "two";

let rig: Rig;
let browser: Browser;

const inBrowser = CHROMIUM === undefined ? test.serial.skip : test.serial;

test.before(async () => {
  if (CHROMIUM !== undefined) {
    // Nobody is there: what comes is what is brought.
    rig = await stationFor({ [ONE]: 1, [TWO]: 1 });
    browser = await openBrowser();
  }
});

test.after.always(async () => {
  await browser?.close();
  await rig?.close();
});

const rows = (page: Page) => page.locator("[data-alarm]");
const stateOf = (page: Page, name: string): Promise<string | null> =>
  page.locator(`[data-alarm]:has-text("${name}")`).getAttribute("data-state");

async function opened(hash: string, size: { width?: number; height?: number; dark?: boolean } = {}) {
  const { page, errors } = await openPage(browser, rig.web.url, size);
  page.setDefaultTimeout(PATIENCE);
  await page.waitForSelector("header [data-link]");
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  return { page, errors };
}

inBrowser(
  "alarms come, are acknowledged with the keyboard, and go; other tabs see it, a reload keeps it",
  async (t) => {
    const { page, errors } = await opened(routeText({ view: "events", board: ONE }));
    const other = await opened(routeText({ view: "events", board: ONE }));
    await page.waitForSelector("[data-alarms]");
    t.is(await rows(page).count(), 0);
    bring(rig.station, ONE, parameterReport("batteryCharge", 40));
    bring(rig.station, ONE, parameterReport("batteryCharge", 44));
    bring(rig.station, ONE, batteryLow(9));
    bring(rig.station, ONE, batteryLow(8));
    await page.waitForFunction(() => document.querySelectorAll("[data-alarm]").length === 2);
    const charge = page.locator("[data-alarm]:has-text('batteryCharge')");
    t.regex(await charge.innerText(), /warning[\s\S]*now 44 % low; at worst 40 % low/);
    t.regex(await page.locator("[data-alarm]:has-text('batteryLow')").innerText(), /critical[\s\S]*8 %; 2 times since/);
    t.is(await page.locator("nav .count").innerText(), "2");

    // The event's is the later one, and the first.
    await page.keyboard.press("a");
    await page.waitForFunction(() => document.activeElement?.textContent?.includes("batteryLow"));
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => document.activeElement?.textContent?.includes("batteryCharge"));
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll("[data-alarm]").length === 1);
    for (const tab of [page, other.page]) {
      // Of two events, both are acknowledged with the alarm.
      await tab.waitForFunction(
        () =>
          document.querySelectorAll("[data-event] .act .muted").length === 2 &&
          [...document.querySelectorAll("[data-event]")].every((row) =>
            row.textContent?.includes("acknowledged by operator"),
          ),
      );
      t.is(await tab.locator("nav .count").innerText(), "1");
    }
    await charge.getByRole("button").click();
    await page.waitForSelector("[data-alarm][data-state=acknowledged]:has-text('acknowledged by operator')");
    t.is(await page.locator("nav .count").count(), 0);
    await page.reload();
    await page.waitForSelector("[data-alarm][data-state=acknowledged]:has-text('acknowledged by operator')");
    // Worse than what was acknowledged.
    bring(rig.station, ONE, parameterReport("batteryCharge", 20));
    await page.waitForSelector("[data-alarm][data-state=active]:has-text('20 % critical low')");
    bring(rig.station, ONE, parameterReport("batteryCharge", 90));
    await page.waitForSelector("[data-alarm][data-state=returned]:has-text('over since')");
    await charge.getByRole("button").click();
    await charge.waitFor({ state: "detached" });
    await page.getByLabel("gone", { exact: true }).check();
    await page.waitForFunction(() => document.querySelectorAll("[data-alarm][data-state=gone]").length === 2);
    t.deepEqual([...errors, ...other.errors], []);
    await page.context().close();
    await other.page.context().close();
  },
);

inBrowser("alarms of all boards, by their level and their state", async (t) => {
  bring(rig.station, ONE, parameterReport("load", 6000));
  bring(rig.station, TWO, parameterReport("batteryCharge", 10));
  bring(rig.station, TWO, batteryLow(7));
  for (const dark of [false, true]) {
    for (const [size, width] of [
      ["desk", 1280],
      ["phone", 390],
    ] as const) {
      const { page, errors } = await opened(routeText({ view: "events", board: ONE }), { width, height: 844, dark });
      await page.waitForFunction(() => document.querySelectorAll("[data-alarm]").length === 1);
      await page.getByLabel("Alarms of").selectOption({ label: "of all boards" });
      await page.waitForFunction(() => document.querySelectorAll("[data-alarm]").length === 3);
      t.is(await page.locator("[data-alarms]").getAttribute("data-alarms"), "3");
      t.true((await overflow(page)) <= 0);
      await picture(page, `alarms-${size}-${dark ? "dark" : "light"}`);
      await page.getByLabel("warning", { exact: true }).uncheck();
      await page.waitForFunction(() => document.querySelectorAll("[data-alarm]").length === 2);
      await page.getByLabel("returned", { exact: true }).uncheck();
      await page.waitForFunction(() => document.querySelectorAll("[data-alarm]").length === 1);
      t.is(await stateOf(page, "batteryCharge"), "active");
      await page.evaluate(
        (to) => {
          location.hash = to;
        },
        routeText({ view: "boards" }),
      );
      await page.waitForSelector(".tile:has-text('two') :text('2 to acknowledge')");
      await picture(page, `boards-alarms-${size}-${dark ? "dark" : "light"}`);
      t.deepEqual(errors, []);
      await page.context().close();
    }
  }
});
