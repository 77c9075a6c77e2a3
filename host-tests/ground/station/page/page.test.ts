/** The page in a real browser, with a real station and a simulated board behind it. Pictures of it are kept in dist/screenshots, or where FLATLINK_SCREENSHOTS says. */
import test from "ava";
import type { Browser, Page } from "playwright-core";
import type { EventNews } from "../../../../ground/station/contracts.js";
import { routeText, VIEWS } from "../../../../ground/station/page/route.js";
import { report } from "../../link/board.js";
import {
  bring,
  bringRejected,
  CHROMIUM,
  type Opened,
  openBrowser,
  openPage,
  overflow,
  picture,
  type Rig,
  SimulatedBoard,
  stationFor,
} from "./rig.js";

const BOARD = "flatsat";
/** Nothing listens there. */
const ABSENT = "spare";
const MAX_BYTES = 200_000;
const FIRST_VALUE_MS = 3000;
/** Events that are told at once. */
const AT_ONCE = 2500;
/** Long: the machine may be busy with other things. */
const PATIENCE = { timeout: 30_000 };

let board: SimulatedBoard;
let rig: Rig;
let browser: Browser;

const inBrowser = CHROMIUM === undefined ? test.serial.skip : test.serial;
if (CHROMIUM === undefined) {
  console.log("the page is not tested: there is no Chromium; CHROMIUM=/path/to/it says where it is");
}

test.before(async () => {
  if (CHROMIUM !== undefined) {
    board = await SimulatedBoard.start();
    rig = await stationFor({ [BOARD]: board.port, [ABSENT]: 1 });
    browser = await openBrowser();
  }
});

test.after.always(async () => {
  await browser?.close();
  await rig?.close();
  await board?.stop();
});

function show(page: Page, hash: string): Promise<void> {
  return page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

interface Size {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** Runs with a page of its own, whose console must say nothing wrong at the end but what is expected. */
async function withPage(work: (opened: Opened) => Promise<void>, size: Size = {}, expected = /(?!)/): Promise<void> {
  const opened = await openPage(browser, rig.web.url, size);
  opened.page.setDefaultTimeout(PATIENCE.timeout);
  try {
    await work(opened);
    const errors = opened.errors.filter((text) => !expected.test(text));
    if (errors.length > 0) {
      throw new Error(`the console says: ${errors.join("\n")}`);
    }
  } finally {
    await opened.page.context().close();
  }
}

inBrowser("the first value is there within three seconds, and the page weighs less than 200 kB", async (t) => {
  await withPage(async ({ page }) => {
    // The board has sent something by now; then it is the page's time that counts.
    await page.waitForSelector("[data-value]");
    const sizes: Promise<{ responseBodySize: number; responseHeadersSize: number }>[] = [];
    page.on("response", (response) => {
      if (!response.url().includes("/api/")) {
        sizes.push(response.request().sizes());
      }
    });
    const begin = performance.now();
    await page.reload({ waitUntil: "commit" });
    await page.waitForSelector("[data-value]");
    const first = performance.now() - begin;
    await page.waitForLoadState();
    const bytes = (await Promise.all(sizes)).reduce(
      (sum, { responseBodySize, responseHeadersSize }) => sum + responseBodySize + responseHeadersSize,
      0,
    );
    t.log(`first value after ${Math.round(first)} ms, ${bytes} octets`);
    t.true(first < FIRST_VALUE_MS);
    t.true(bytes > 10_000);
    t.true(bytes < MAX_BYTES);
    t.false(page.url().includes("token"));
    await picture(page, "board-light");
  });
});

inBrowser("values move, in groups, with their units and words", async (t) => {
  await withPage(
    async ({ page }) => {
      const uptime = page.locator("[data-parameter=uptime] .value");
      await uptime.locator(":text('-')").waitFor({ state: "detached" });
      const before = await uptime.innerText();
      await page.waitForFunction(
        (text) => document.querySelector<HTMLElement>("[data-parameter=uptime] .value")?.innerText !== text,
        before,
      );
      t.is(await page.locator("[data-parameter=uptime] .unit").innerText(), "ms");
      // Another structure has it.
      const mode = page.locator("[data-parameter=mode] .value");
      await mode.locator(":text('-')").waitFor({ state: "detached" });
      t.regex(await mode.innerText(), /^[a-z]+$/i);
      t.deepEqual((await page.locator(".group h2").allInnerTexts()).slice(-4), ["board", "link", "port1", "other"]);
      await page.waitForSelector("[data-dictionary=same]");
      await page.waitForSelector("header [data-link=connected]");
      await picture(page, "board-dark");
    },
    { dark: true },
  );
});

inBrowser(
  "a ping: found, sent and followed to its completion with the keyboard alone; a reload keeps it",
  async (t) => {
    await withPage(async ({ page }) => {
      await page.waitForSelector("[data-value]");
      await page.keyboard.press("3");
      await page.waitForSelector("[data-command=areYouAlive]");
      await page.keyboard.press("/");
      await page.keyboard.type("alive");
      await page.keyboard.press("Enter");
      await page.waitForSelector("[data-form=areYouAlive] [data-preview]");
      const hex = await page.locator("[data-preview]").getAttribute("data-preview");
      t.regex(hex ?? "", /^18\w+1101/);
      await page.keyboard.press("Enter");
      await page.waitForSelector("[data-sent][data-state=completed]");
      for (const stage of ["sent", "accepted", "started", "completed"]) {
        t.is(await page.locator(`[data-chip=${stage}]`).first().getAttribute("data-chip-state"), "done");
      }
      await picture(page, "commands");
      await page.reload();
      await page.waitForSelector("[data-sent][data-state=completed]");
      t.is(await page.locator("[data-sent]").count(), 1);
      t.regex(await page.locator("[data-sent]").innerText(), /operator[\s\S]*areYouAlive/);
    });
  },
);

inBrowser("a dangerous command asks first, with its reason; Enter by mistake sends nothing", async (t) => {
  await withPage(async ({ page }) => {
    await page.waitForSelector("[data-value]");
    await show(page, routeText({ view: "commands", board: BOARD, open: "restart" }));
    await page.waitForSelector("[data-form=restart] [data-preview]");
    const sent = (): Promise<number> => page.locator("[data-sent]:has-text('restart')").count();
    await page.keyboard.press("Enter");
    const dialog = page.locator("dialog[open]");
    await dialog.waitFor();
    t.regex(await dialog.innerText(), /Send restart to flatsat\?[\s\S]*Every connection ends/);
    await picture(page, "confirmation");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    t.is(await sent(), 0);
    await page.locator("[data-form=restart] button[type=submit]").click();
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    t.is(await sent(), 0);
    await page.locator("[data-form=restart] button[type=submit]").click();
    await dialog.locator("button.danger").click();
    await page.waitForSelector("[data-sent]:has-text('restart')");
    await page.waitForSelector("[data-sent]:has-text('restart') [data-chip=accepted][data-chip-state=done]");
  });
});

inBrowser("what an argument may not be is said beside it", async (t) => {
  await withPage(
    async ({ page }) => {
      await page.waitForSelector("[data-value]");
      await show(page, routeText({ view: "commands", board: BOARD, open: "setPartialFrameTimeout" }));
      await page.locator("input[name=partialFrameTimeout]").fill("much");
      await page.waitForSelector(".hint.wrong");
      t.regex(await page.locator(".hint.wrong").innerText(), /partialFrameTimeout is .*, not "much"/);
      // The browser tells of the refused question, too; the page says why.
    },
    {},
    /status of 400/,
  );
});

inBrowser("an event of high severity waits for somebody to acknowledge it, and then says who did", async (t) => {
  await withPage(async ({ page }) => {
    await page.waitForSelector("[data-value]");
    // batteryLow, at 7 %.
    bring(rig.station, BOARD, report(5, 4, Uint8Array.of(0x01, 0x03, 7)));
    await page.keyboard.press("4");
    const row = page.locator("tr[data-event].open:has-text('batteryLow')").first();
    await row.waitFor();
    const packet = await row.getAttribute("data-event");
    await picture(page, "events");
    await row.locator("button").click();
    const acknowledged = page.locator(`[data-event="${packet}"]:has-text("acknowledged by")`);
    await acknowledged.waitFor();
    await page.reload();
    await acknowledged.waitFor();
    t.regex(await acknowledged.innerText(), /acknowledged by operator/);
    await page.getByLabel("informative").uncheck();
    t.is(await page.locator("[data-event] .tag:text-is('informative')").count(), 0);
    await page.getByLabel("Search events").fill("batteryLow");
    t.true((await page.locator("[data-event]").count()) >= 1);
  });
});

inBrowser("a packet is opened: octets beside fields", async (t) => {
  await withPage(async ({ page }) => {
    await page.waitForSelector("[data-value]");
    await page.keyboard.press("5");
    await page.getByLabel("hold the list").check();
    await page.locator("[data-packet] a").first().click();
    await page.waitForSelector(".fields :text('structureId'), .fields :text('CRC')");
    await page.locator(".fields button:text-is('sequence count')").focus();
    t.is(await page.locator(".octets td.on").count(), 2);
    await picture(page, "packets");
    await page.keyboard.press("Escape");
    await page.waitForSelector("[data-opened]", { state: "detached" });
    t.pass();
  });
});

inBrowser(
  "octets that are no packet stand among the packets, with reason and place; a reload keeps them",
  async (t) => {
    await withPage(async ({ page }) => {
      await page.waitForSelector("[data-value]");
      await show(page, routeText({ view: "packets", board: BOARD }));
      await page.waitForSelector("[data-packet]");
      const first = Number(await page.locator("[data-packet]").first().getAttribute("data-packet"));
      bringRejected(rig.station, BOARD, {
        packet: first,
        offset: 4711,
        length: 600,
        reason: "invalidPacket (2)",
        hex: "c0ffee".padEnd(512, "0"),
      });
      await page.waitForSelector("[data-rejected]");
      await page.reload();
      const row = page.locator("[data-rejected]");
      await row.waitFor();
      t.regex(await row.innerText(), /600[\s\S]*rejected: invalidPacket \(2\)\s+at octet 4711/);
      t.is(
        await row.locator("xpath=following-sibling::tr[1]").getAttribute("data-packet"),
        String(first),
        "in its place",
      );
      await row.locator("a").click();
      await page.waitForSelector("[data-opened^=rejected]");
      t.deepEqual((await page.locator(".octets tr").first().locator("td").allInnerTexts()).slice(0, 3), [
        "c0",
        "ff",
        "ee",
      ]);
      t.regex(
        await page.locator(".opened").innerText(),
        /600 octets at octet 4711 of the connection[\s\S]*the first 256/,
      );
      await picture(page, "rejected");
      await page.getByRole("searchbox").fill("rejected");
      await page.waitForSelector("[data-packet]", { state: "detached" });
      t.is(await page.locator("[data-rejected]").count(), 1);
    });
  },
);

inBrowser("a plot has history and live samples; a drag zooms, Escape goes back, CSV and PNG are there", async (t) => {
  await withPage(async ({ page }) => {
    await page.waitForSelector("[data-value]");
    // Anywhere in the row.
    await page.locator("[data-parameter=batteryVoltage] .unit").click({ force: true });
    await page.getByRole("button", { name: "1 min", exact: true }).click();
    await page.getByLabel("busVoltage", { exact: true }).check();
    const samples = (): Promise<number> =>
      page.locator("[data-samples]").evaluate((element) => Number((element as HTMLElement).dataset["samples"]));
    await page.waitForFunction(
      () => Number(document.querySelector<HTMLElement>("[data-samples]")?.dataset["samples"]) > 4,
    );
    const before = await samples();
    await page.waitForFunction(
      (n) => Number(document.querySelector<HTMLElement>("[data-samples]")?.dataset["samples"]) > n,
      before,
    );
    await picture(page, "plot");
    const field = (await page.locator(".u-over").boundingBox())!;
    await page.mouse.move(field.x + 0.5 * field.width, field.y + 50);
    await page.mouse.down();
    await page.mouse.move(field.x + 0.9 * field.width, field.y + 50, { steps: 5 });
    await page.mouse.up();
    await page.waitForSelector("[data-following=false]");
    await page.keyboard.press("Escape");
    await page.waitForSelector("[data-following=true]");
    const csv = await page.locator("a:text-is('CSV')").getAttribute("href");
    const table = await page.evaluate((address) => fetch(address).then((answer) => answer.text()), csv!);
    t.regex(table, /batteryVoltage[^\n]*busVoltage/);
    t.true(table.split("\n").length > 3);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "PNG" }).click(),
    ]);
    t.is(download.suggestedFilename(), "flatsat.png");
  });
});

inBrowser(
  "a board restarts: the page says why it is gone, the plot has a gap, values go on by themselves",
  async (t) => {
    await withPage(async ({ page }) => {
      await page.waitForSelector("[data-value]");
      await show(page, routeText({ view: "plot", board: BOARD, parameters: ["uptime"], seconds: 60 }));
      await page.waitForFunction(
        () => Number(document.querySelector<HTMLElement>("[data-samples]")?.dataset["samples"]) > 1,
      );
      const gaps = await page
        .locator("[data-gaps]")
        .evaluate((element) => Number((element as HTMLElement).dataset["gaps"]));
      await board.stop();
      await page.waitForSelector("header [data-link=lost], header [data-link=dialling]");
      await show(page, routeText({ view: "board", board: BOARD }));
      await page.waitForSelector("[data-notice=absent]");
      t.regex(await page.locator("[data-notice=absent]").innerText(), /127\.0\.0\.1 port \d+[\s\S]*why/);
      await picture(page, "board-lost");
      await board.start();
      await page.waitForSelector("[data-notice=absent]", { state: "detached" });
      await show(page, routeText({ view: "plot", board: BOARD, parameters: ["uptime"], seconds: 60 }));
      await page.waitForFunction(
        (n) => Number(document.querySelector<HTMLElement>("[data-gaps]")?.dataset["gaps"]) > n,
        gaps,
      );
      await picture(page, "plot-gap");
      await page.reload();
      await page.waitForFunction(() => Number(document.querySelector<HTMLElement>("[data-gaps]")?.dataset["gaps"]) > 0);
      t.pass();
    });
  },
);

inBrowser("the station is gone and comes back: the page says so, and what happened in between is there", async (t) => {
  await withPage(
    async ({ page }) => {
      await page.waitForSelector("[data-value]");
      await show(page, routeText({ view: "events", board: BOARD }));
      await rig.hangUp();
      await page.waitForSelector("[data-notice=station]");
      await picture(page, "station-gone");
      const before = rig.station.archive.derivedUpTo;
      bring(rig.station, BOARD, report(5, 4, Uint8Array.of(0x01, 0x03, 3)));
      await rig.reopen();
      await page.waitForSelector("[data-notice=station]", { state: "detached" });
      await page.waitForSelector(`[data-event="${before + 1}"], [data-event]:has-text('down to 3 %')`);
      const numbers = await page
        .locator("[data-event]")
        .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset["event"]));
      t.is(new Set(numbers).size, numbers.length);
    },
    {},
    /ERR_|Failed to load resource/,
  );
});

inBrowser("a board that was never there: what is dialled, since when, why it failed", async (t) => {
  await withPage(async ({ page }) => {
    await page.waitForSelector("header [data-link]");
    await show(page, routeText({ view: "board", board: ABSENT }));
    await page.waitForSelector(
      "[data-notice=absent]:has-text('refuse'), [data-notice=absent]:has-text('ECONNREFUSED'), [data-notice=absent]:has-text('nothing')",
    );
    const text = await page.locator("[data-notice=absent]").innerText();
    t.regex(text, /No connection to spare[\s\S]*127\.0\.0\.1 port 1\b[\s\S]*since[\s\S]*ago/);
    t.log(text.replaceAll("\n", " | "));
    await picture(page, "board-absent");
  });
});

inBrowser("another dictionary than the board's is told loudly", async (t) => {
  const other = await stationFor({ [BOARD]: board.port }, { failure_code_bytes: "4" });
  try {
    const { page } = await openPage(browser, other.web.url);
    await page.waitForSelector("[data-notice=mismatch]", PATIENCE);
    t.regex(await page.locator("[data-notice=mismatch]").innerText(), /Dictionary mismatch/);
    await picture(page, "mismatch");
    await page.context().close();
  } finally {
    await other.close();
  }
});

const SHOWN: Readonly<Record<string, string>> = {
  ...Object.fromEntries(VIEWS.map((view) => [view, routeText({ view, board: BOARD })])),
  plot: routeText({ view: "plot", board: BOARD, parameters: ["batteryVoltage", "batteryCurrent", "load"] }),
  command: routeText({ view: "commands", board: BOARD, open: "createStructure" }),
  absent: routeText({ view: "board", board: ABSENT }),
};
const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } } as const;

inBrowser("every view fits a phone and a desk, light and dark", async (t) => {
  t.timeout(600_000);
  bring(rig.station, BOARD, report(5, 4, Uint8Array.of(0x01, 0x03, 5)));
  for (const [size, dark] of [
    ["phone", false],
    ["phone", true],
    ["desk", false],
    ["desk", true],
  ] as const) {
    await withPage(
      async ({ page }) => {
        await page.waitForSelector("[data-value]");
        for (const [name, hash] of Object.entries(SHOWN)) {
          await show(page, hash);
          await page.waitForSelector("main > *");
          await page.evaluate(
            () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
          );
          t.true((await overflow(page)) <= 0, hash);
          await picture(page, `${name}-${size}-${dark ? "dark" : "light"}`);
        }
        await show(page, routeText({ view: "packets", board: BOARD }));
        await page.locator("[data-packet] a").first().click();
        await page.waitForSelector(".fields td");
        t.true((await overflow(page)) <= 0);
        await picture(page, `packet-${size}-${dark ? "dark" : "light"}`);
      },
      { ...SIZES[size], dark },
    );
  }
});

inBrowser("1 to 6 are the views, / is the search, Escape leaves it", async (t) => {
  await withPage(async ({ page }) => {
    await page.waitForSelector("[data-value]");
    for (const [k, view] of VIEWS.entries()) {
      await page.keyboard.press(String(k + 1));
      await page.waitForSelector(`nav a[aria-current=page][href*="/${view}"]`);
      await page.keyboard.press("/");
      await page.waitForFunction(() => document.activeElement?.matches("input[type=search]"));
      await page.keyboard.type("x1");
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => !document.activeElement?.matches("input"));
    }
    t.pass();
  });
});

// A million: npm run bench:page.
inBrowser("the heap does not grow with what came: 50,000 events", async (t) => {
  t.timeout(600_000);
  await withPage(async ({ page }) => {
    await page.waitForSelector("[data-value]");
    await show(page, routeText({ view: "events", board: ABSENT }));
    const session = await page.context().newCDPSession(page);
    const heap = async (): Promise<number> => {
      await session.send("HeapProfiler.collectGarbage");
      return (await session.send("Runtime.getHeapUsage")).usedSize;
    };
    let packet = 1_000_000;
    const burst = async (count: number): Promise<void> => {
      for (let k = 0; k < count; k += AT_ONCE) {
        for (let n = 0; n < AT_ONCE; n++) {
          rig.station.bus.tell(eventOf(++packet));
        }
        // No more than a client may leave untaken.
        await page.waitForSelector(`[data-event="${packet}"]`, { ...PATIENCE, state: "attached" });
      }
    };
    await burst(10_000);
    const before = await heap();
    await burst(40_000);
    const after = await heap();
    t.log(`heap ${(before / 1e6).toFixed(1)} MB after 10,000 events, ${(after / 1e6).toFixed(1)} MB after 50,000`);
    t.true(after - before < 3_000_000);
  });
});

function eventOf(packet: number): EventNews {
  return {
    kind: "event",
    board: ABSENT,
    packet,
    time: Date.now(),
    event: 6,
    name: "test",
    severity: "informative",
    text: `raised by function 2 with ${packet}`,
  };
}
