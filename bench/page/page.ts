/**
 * `npm run bench:page`: a tab that is left open, and a plot that is zoomed, in a real Chromium. What the tab's heap has after more and more
 * events, and how long the browser takes from one frame to the next.
 */
import { Command } from "commander";
import type { Browser, CDPSession, Page } from "playwright-core";
import { routeText } from "../../ground/station/page/route.js";
import { numberOption } from "../../host/command.js";
import { CHROMIUM, openBrowser, openPage, type Rig, stationFor } from "../../host-tests/ground/station/page/rig.js";
import { eventOf, valuesOf } from "./news.js";

const BOARD = "flatsat";
/** Told at once: no more than a client may leave untaken. */
const AT_ONCE = 1000;
const PARAMETERS = ["batteryVoltage", "batteryCurrent", "batteryCharge", "solarCurrent", "busVoltage", "load"];
const HOUR_MS = 3_600_000;
const ZOOMS = 20;
/** Frames without anything to do, to compare with. */
const IDLE_MS = 2000;
const PATIENCE_MS = 120_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function shown(browser: Browser, rig: Rig, hash: string): Promise<Page> {
  const { page } = await openPage(browser, rig.web.url);
  page.setDefaultTimeout(PATIENCE_MS);
  await page.waitForSelector("header [data-link]");
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  return page;
}

/** Bytes that are in use when all is collected. */
async function heapOf(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}

async function leftOpen(browser: Browser, rig: Rig, events: number): Promise<void> {
  const page = await shown(browser, rig, routeText({ view: "events", board: BOARD }));
  const session = await page.context().newCDPSession(page);
  const begin = performance.now();
  let next = Math.min(10_000, events);
  for (let packet = 1; packet <= events; packet++) {
    rig.station.bus.tell(eventOf(BOARD, packet));
    rig.station.bus.tell(valuesOf(BOARD, packet));
    if (packet % AT_ONCE === 0 || packet === events) {
      await page.waitForSelector(`[data-event="${packet}"]`, { state: "attached" });
    }
    if (packet === next) {
      const rate = Math.round(packet / ((performance.now() - begin) / 1000));
      say(`${packet} events: ${((await heapOf(session)) / 1e6).toFixed(1)} MB of heap, ${rate} events/s`);
      next = Math.min(10 * next, events);
    }
  }
  await page.context().close();
}

/** Samples of six parameters, of the last hour. */
function fill({ station }: Rig, samples: number): void {
  const { id: board, dictionary } = station.board(BOARD)!;
  const now = Date.now();
  station.archive.addDerived({
    from: 1,
    upTo: samples,
    events: [],
    samples: PARAMETERS.flatMap((name, n) =>
      Array.from({ length: samples }, (_, k) => ({
        board,
        parameter: dictionary.parameters![name]!.id,
        time: now - HOUR_MS + (HOUR_MS * k) / samples,
        packet: k + 1,
        raw: Math.round(1000 + 500 * Math.sin(k / (50 + 20 * n)) + 100 * Math.random()),
      })),
    ),
  });
}

/** Milliseconds from one frame to the next, while something is done. */
async function framesOf(page: Page, work: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const frames: number[] = [];
    const state = { frames, isOver: false };
    (window as unknown as Record<string, unknown>)["measured"] = state;
    let last: number | undefined;
    const frame = (time: number): void => {
      if (last !== undefined) {
        frames.push(time - last);
      }
      last = time;
      if (!state.isOver) {
        requestAnimationFrame(frame);
      }
    };
    requestAnimationFrame(frame);
  });
  await work();
  return page.evaluate(() => {
    const state = (window as unknown as Record<string, { frames: number[]; isOver: boolean }>)["measured"]!;
    state.isOver = true;
    return state.frames;
  });
}

function frameText(frames: readonly number[]): string {
  const sorted = [...frames].sort((a, b) => a - b);
  const at = (share: number): string => `${sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(0)} ms`;
  const late = frames.filter((ms) => ms > 50).length;
  return `${frames.length} frames, median ${at(0.5)}, 95 % ${at(0.95)}, longest ${at(1)}, ${late} longer than 50 ms`;
}

async function zoomed(browser: Browser, rig: Rig, samples: number): Promise<void> {
  fill(rig, samples);
  const page = await shown(
    browser,
    rig,
    routeText({ view: "plot", board: BOARD, parameters: PARAMETERS, seconds: 3600 }),
  );
  await page.waitForFunction(
    () => Number(document.querySelector<HTMLElement>("[data-samples]")?.dataset["samples"]) > 5000,
  );
  const idle = await framesOf(page, () => page.waitForTimeout(IDLE_MS));
  const field = (await page.locator(".u-over").boundingBox())!;
  const zooming = await framesOf(page, async () => {
    for (let k = 0; k < ZOOMS; k++) {
      const from = 0.1 + 0.02 * k;
      await page.mouse.move(field.x + from * field.width, field.y + 80);
      await page.mouse.down();
      await page.mouse.move(field.x + (from + 0.4) * field.width, field.y + 80, { steps: 10 });
      await page.mouse.up();
      await page.waitForSelector("[data-following=false]");
      await page.keyboard.press("Escape");
      await page.waitForSelector("[data-following=true]");
    }
  });
  say(`${samples} samples of ${PARAMETERS.length} parameters, nothing done: ${frameText(idle)}`);
  say(`${samples} samples of ${PARAMETERS.length} parameters, ${ZOOMS} zooms: ${frameText(zooming)}`);
  await page.context().close();
}

const program = new Command("bench:page")
  .addOption(numberOption("--events <count>", "events that come to a tab", 1, 10_000_000).default(1_000_000))
  .addOption(numberOption("--samples <count>", "samples of each of six parameters", 100, 1_000_000).default(10_000));
program.parse();
const { events, samples } = program.opts<{ events: number; samples: number }>();
if (CHROMIUM === undefined) {
  say("there is no Chromium; CHROMIUM=/path/to/it says where it is");
} else {
  const browser = await openBrowser();
  const rig = await stationFor({ [BOARD]: 1 });
  try {
    await zoomed(browser, rig, samples);
    await leftOpen(browser, rig, events);
  } finally {
    await browser.close();
    await rig.close();
  }
}
