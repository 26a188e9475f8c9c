// Pages in Chromium, each in a context of its own; whatever one asks for without leave, or says on the console, is a
// fault.
import { chromium } from "playwright-core";
import { faults, runAll } from "./runner.mjs";

let browser;
export const launch = async (executablePath) => {
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
};
export const close = () => browser.close();

// isOwn(url): whether the page may ask for it.
export async function newPage(isOwn, { width = 1280, height = 900 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: "en-US", acceptDownloads: true });
  const page = await context.newPage();
  page.on("console", (message) => faults.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (!/^(blob|data):/.test(request.url()) && !isOwn(request.url())) faults.push(`request: ${request.url()}`);
  });
  return page;
}

// Until all futures of the page's runs are there.
export async function settled(page) {
  await page.waitForFunction(() => document.getElementById("play").dataset.complete, null, { timeout: 120000 });
}

// Runs tests, and closes the pages of each.
export const runPages = (tests) => runAll(tests, undefined, async () => {
  for (const context of browser.contexts()) await context.close();
});
