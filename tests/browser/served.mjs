// The page as `parley serve` gives it, in Chromium:  node served.mjs PARLEY RESULTS.nc CHROMIUM
//
// What the page asks for goes to its own server and nowhere else, under a policy that stops everything else.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { close, launch, newPage, runPages, settled } from "./chromium.mjs";
import { expect, faults, finish } from "./runner.mjs";

const [parley, results, executablePath] = process.argv.slice(2);

const server = spawn(parley, ["serve", results, "--futures", "3000", "--quiet"], { stdio: ["ignore", "pipe", "inherit"] });
const [address] = await once(createInterface({ input: server.stdout }), "line");
await launch(executablePath);

async function open(hash = "") {
  const page = await newPage((url) => url.startsWith(address));
  page.on("request", (request) => {
    if (request.headers().referer) faults.push(`referer: ${request.headers().referer}`);
  });
  await page.goto(address + hash);
  await settled(page);
  await page.waitForTimeout(700);
  return page;
}

const larger = (page, state) => page.waitForFunction((wanted) => document.getElementById("play").dataset.larger === wanted, state, { timeout: 120000 });
const run = (page) => page.locator("#play .larger button").first();
const fanOf = (page) => page.locator("#play figure svg").innerHTML();

const tests = {
  async "a larger run is started, told of, and shown"() {
    const page = await open();
    await page.locator("#play fieldset select").first().selectOption({ index: 1 });
    await page.waitForTimeout(1500);
    const before = await fanOf(page), caption = await page.locator("#play figcaption").innerText();
    await page.locator("#play .larger select").selectOption("3000");
    await run(page).click();
    await page.waitForFunction(() => document.querySelector("#play .larger progress").value > 0 || document.getElementById("play").dataset.larger === "3000");
    await larger(page, "3000");
    expect((await fanOf(page)) !== before, "the fan stays as it was");
    expect(/3,000/.test(await page.locator("#play figcaption").innerText()) && !/3,000/.test(caption), "the caption does not tell how many");
    expect(/3,000 futures/.test(await page.locator("#play .tables h3 >> text=medians").innerText()), "the tables do not");
    expect(/of 3,?000/.test(await page.locator("#play .tables td").last().innerText()), "the shares are not of all");
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#play .larger a").click()]);
    expect(/\.csv$/.test(download.suggestedFilename()), "there is nothing to download");
    await page.locator("#play fieldset select").first().selectOption({ index: 0 });
    await larger(page, "done");
    expect(!/3,000/.test(await page.locator("#play figcaption").innerText()), "what has changed is shown with old futures");
  },

  async "in Spanish, too, and the run stays"() {
    const page = await open("#lang=es");
    await page.locator("#play .larger select").selectOption("1000");
    await run(page).click();
    await larger(page, "1000");
    expect(/1,000 futuros/.test(await page.locator("#play .larger").innerText()), "it is not told in Spanish");
    await page.locator("label[for=to-en]").click();
    expect(/1,000 futures/.test(await page.locator("#play .larger").innerText()), "the language does not follow");
  },

  async "a run is cancelled"() {
    const page = await open();
    await page.locator("#play .larger select").selectOption("3000");
    await run(page).click();
    await page.locator("#play .larger button").nth(1).click();
    await page.waitForFunction(() => ["cancelled", "3000"].includes(document.getElementById("play").dataset.larger));
    await run(page).click();
    await larger(page, "3000");
  },
};

const told = await runPages(tests);
await close();
server.kill("SIGINT");
const [code] = await once(server, "exit");
if (code !== 0) console.log(`FAILED the server ends with ${code}`);
finish({ passed: told.passed, failed: told.failed + (code !== 0) });
