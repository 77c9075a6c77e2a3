/** The interface control document in a real browser: on a phone, on a desk, in the dark, on paper. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { boardChoice, boardDictionary } from "../../ground/commands/board-choice.js";
import { ICD_GENERATOR } from "../../ground/generate/icd.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { nastyBoard } from "../ground/generate/boards.js";
import { Unavailable } from "./environment.js";

/** As much of playwright-core as is used: its types need those of a browser's page, which nothing else here does. */
interface Browser {
  newPage(options: { viewport: { width: number; height: number }; colorScheme: "light" | "dark" }): Promise<Page>;
  close(): Promise<void>;
}

interface Page {
  on(event: "pageerror", listener: (error: Error) => void): void;
  on(event: "console", listener: (message: { text(): string }) => void): void;
  on(event: "request", listener: (request: { url(): string }) => void): void;
  goto(url: string): Promise<unknown>;
  evaluate(expression: string): Promise<unknown>;
  fill(selector: string, text: string): Promise<void>;
  isVisible(selector: string): Promise<boolean>;
  emulateMedia(options: { media: "print" }): Promise<void>;
  pdf(options: { preferCSSPageSize: boolean; printBackground: boolean }): Promise<Buffer>;
  close(): Promise<void>;
}

interface Chromium {
  launch(options: { executablePath: string; args: readonly string[] }): Promise<Browser>;
}

const PLAYWRIGHT: string = "playwright-core";
const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];
/** Of A4, in CSS pixels, less the page's margins. */
const PAPER = { width: 688, height: 1001 };

/** Names of what stands beyond the right edge. */
const BEYOND = `[...document.querySelectorAll("body *")]
  .filter((element) => element.getClientRects().length > 0 && element.getBoundingClientRect().right > innerWidth + 0.5)
  .map((element) => element.outerHTML.slice(0, 80))`;
const SHOWN = `document.querySelectorAll("main article:not([hidden])").length`;
/** Heights of drawings, and whether each may be cut. */
const DRAWINGS = `[...document.querySelectorAll("svg")].map((svg) => [svg.getBoundingClientRect().height, getComputedStyle(svg).breakInside])`;

/** @throws Unavailable */
function findBrowser(): { path: string; version: string } {
  for (const name of BROWSERS) {
    const found = spawnSync("which", [name], { encoding: "utf8" });
    const run = found.status === 0 ? spawnSync(name, ["--version"], { encoding: "utf8", timeout: 30_000 }) : undefined;
    if (run?.status === 0) {
      return { path: found.stdout.trim(), version: run.stdout.trim() };
    }
  }
  throw new Unavailable(`there is none of ${BROWSERS.join(", ")}`);
}

/** @throws (rejects) Unavailable; @returns whether all went well */
export async function runPages(_engines: readonly string[], say: (line: string) => void): Promise<boolean> {
  const { path, version } = findBrowser();
  const folder = mkdtempSync(join(tmpdir(), "flatlink-icd-"));
  const { chromium } = (await import(PLAYWRIGHT)) as { chromium: Chromium };
  const browser = await chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
  const faults: string[] = [];
  try {
    const boards = { flatsat: await boardDictionary(boardChoice({}, [])), markup: nastyBoard() };
    for (const [name, board] of Object.entries(boards)) {
      const file = pageOf(folder, name, board);
      for (const [view, look] of Object.entries(VIEWS)) {
        faults.push(...(await look(browser, file)).map((fault) => `${name}, ${view}: ${fault}`));
      }
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
  for (const fault of faults) {
    say(`  ${fault}`);
  }
  say(`the interface control document in ${version}: ${faults.length} faults`);
  return faults.length === 0;
}

function pageOf(folder: string, name: string, board: BoardDictionary): string {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, ICD_GENERATOR.generate(board).find(({ path }) => path === "icd.html")!.text);
  return pathToFileURL(file).href;
}

type Look = (browser: Browser, file: string) => Promise<string[]>;

const VIEWS: Readonly<Record<string, Look>> = {
  "390 px": (browser, file) => onScreen(browser, file, 390, "light"),
  "1280 px, dark": (browser, file) => onScreen(browser, file, 1280, "dark"),
  A4: onPaper,
};

/** @param work on the page; what it returns is wrong */
async function opened(
  browser: Browser,
  file: string,
  options: { width: number; height: number; colorScheme: "light" | "dark" },
  work: (page: Page) => Promise<string[]>,
): Promise<string[]> {
  const { width, height, colorScheme } = options;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => faults.push(message.text()));
  page.on("request", (request) => {
    if (request.url() !== file) {
      faults.push(`asked for ${request.url()}`);
    }
  });
  await page.goto(file);
  faults.push(...(await work(page)));
  await page.close();
  return faults;
}

function onScreen(browser: Browser, file: string, width: number, colorScheme: "light" | "dark"): Promise<string[]> {
  return opened(browser, file, { width, height: 844, colorScheme }, async (page) => {
    const faults: string[] = [];
    const scrolled = (await page.evaluate("document.documentElement.scrollWidth")) as number;
    if (scrolled > width) {
      faults.push(`${scrolled} px wide`);
    }
    faults.push(
      ...((await page.evaluate(BEYOND)) as string[]).slice(0, 5).map((element) => `beyond the edge: ${element}`),
    );
    faults.push(...(await searched(page)));
    const background = (await page.evaluate("getComputedStyle(document.body).backgroundColor")) as string;
    if ((background === "rgb(255, 255, 255)") !== (colorScheme === "light")) {
      faults.push(`${colorScheme}, and the background is ${background}`);
    }
    return faults;
  });
}

/** A search hides what has not all its words; without words everything is there. */
async function searched(page: Page): Promise<string[]> {
  const all = (await page.evaluate(SHOWN)) as number;
  await page.fill("#search", "TC[17,1] ALIVE");
  const few = (await page.evaluate(SHOWN)) as number;
  await page.fill("#search", "nothing like this is there");
  const told = await page.isVisible("#nothing");
  const none = (await page.evaluate(SHOWN)) as number;
  await page.fill("#search", "");
  const again = (await page.evaluate(SHOWN)) as number;
  return few === 1 && none === 0 && told && again === all
    ? []
    : [`of ${all}, a search shows ${few}, ${none}, ${again}`];
}

async function onPaper(browser: Browser, file: string): Promise<string[]> {
  return opened(browser, file, { ...PAPER, colorScheme: "light" }, async (page) => {
    await page.emulateMedia({ media: "print" });
    const faults = ((await page.evaluate(BEYOND)) as string[])
      .slice(0, 5)
      .map((element) => `beyond the edge: ${element}`);
    for (const [height, breaks] of (await page.evaluate(DRAWINGS)) as [number, string][]) {
      if (height > PAPER.height || breaks !== "avoid") {
        faults.push(`a drawing of ${height} px, break-inside ${breaks}`);
      }
    }
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    // 210 mm by 297 mm, in points.
    if (!/\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/.test(pdf.toString("latin1"))) {
      faults.push("it is not printed on A4");
    }
    return faults;
  });
}
