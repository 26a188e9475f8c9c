// A report in Firefox, by its Marionette protocol:  node firefox.mjs FLAGSHIP.html FIREFOX PICTURE.png
//
// The page from its file draws every figure, runs its engine to the native numbers, and follows a choice; its first screens are
// kept as a picture.  Closes with 'N passed, N failed'.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, finish, runAll } from "./runner.mjs";

const [flagship, firefox, picture] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), "parley-firefox-"));
writeFileSync(join(profile, "user.js"), 'user_pref("marionette.port", 0);\nuser_pref("intl.accept_languages", "en-US");\n');
const browser = spawn(firefox, ["--headless", "--marionette", "--profile", profile, "--width", "1280", "--height", "1600"],
  { stdio: "ignore", env: { ...process.env, HOME: profile } });
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Messages are LENGTH:JSON; the first tells of the protocol, then each answer is [1, id, error, value].
class Marionette {
  constructor(port) {
    this.serial = 0;
    this.waiting = new Map();
    this.left = Buffer.alloc(0);
    this.socket = connect(port, "127.0.0.1");
    this.socket.on("data", (data) => this.read(data));
  }

  read(data) {
    this.left = Buffer.concat([this.left, data]);
    for (let colon; (colon = this.left.indexOf(":")) > 0;) {
      const end = colon + 1 + Number(this.left.subarray(0, colon));
      if (this.left.length < end) return;
      const message = JSON.parse(this.left.subarray(colon + 1, end));
      this.left = this.left.subarray(end);
      if (!Array.isArray(message)) continue;
      const [, id, error, value] = message, { resolve, reject } = this.waiting.get(id);
      if (error) reject(new Error(`${error.error}: ${error.message}`));
      else resolve(value?.value ?? value);
    }
  }

  ask(command, parameters = {}) {
    const id = ++this.serial, text = JSON.stringify([0, id, command, parameters]);
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  // In the page's own scope, where its scripts' names are.
  async run(script) {
    const text = `JSON.stringify((() => { ${script} })() ?? null)`;
    const found = await this.ask("WebDriver:ExecuteScript",
      { script: "return (0, window.eval)(arguments[0])", args: [text], newSandbox: false, scriptTimeout: 60000 });
    return JSON.parse(found);
  }

  async until(script, what) {
    for (let k = 0; k < 600; k++, await pause(200)) if (await this.run(script)) return;
    throw new Error(`${what}: not within two minutes`);
  }
}

async function start() {
  const file = join(profile, "MarionetteActivePort");
  for (let k = 0; k < 300 && !(existsSync(file) && Number(readFileSync(file, "utf8"))); k++) await pause(200);
  expect(existsSync(file), "it does not start");
  const page = new Marionette(Number(readFileSync(file, "utf8")));
  await page.ask("WebDriver:NewSession", { capabilities: { alwaysMatch: { pageLoadStrategy: "normal" } } });
  return page;
}

const complete = "return Boolean(document.getElementById('play').dataset.complete)";

const tests = {
  async "every figure is drawn, in both languages"(page) {
    await page.until(complete, "the engine");
    for (const code of ["es", "en"]) {
      await page.run(`document.getElementById("to-${code}").click(); parley.drawAll();`);
      const bare = await page.run(`return [...document.querySelectorAll("figure[data-figure]")]
        .filter((figure) => !figure.querySelector(".plot")?.childElementCount || figure.classList.contains("undrawn")).map((figure) => figure.dataset.figure)`);
      expect(bare.length === 0, `in ${code} these are not: ${bare.join(", ")}`);
    }
  },

  async "the numbers of the base are native code's"(page) {
    await pause(1000);
    const pairs = await page.run(`const { parts, measures, base } = parley.data, titles = measures.map(({ title, units }) =>
        parley.text(units) ? parley.text(title) + " (" + parley.text(units) + ")" : parley.text(title));
      return [...document.querySelectorAll("#play .tables tr")].filter((row) => row.cells.length === 5 && row.cells[1].dataset.value)
        .map((row) => [Number(row.cells[1].dataset.value), parts.outcomes.cells[titles.indexOf(row.cells[0].textContent)]?.[base]?.[0]])`);
    const wrong = pairs.filter(([found, native]) => !(Math.abs(found - native) <= 5.1e-4 * Math.abs(native)));
    expect(pairs.length > 10 && wrong.length === 0, `${wrong.length} of ${pairs.length} differ: ${wrong[0]}`);
  },

  async "a course changes the fan"(page) {
    const fan = "return document.querySelector('#play figure svg').innerHTML";
    const before = await page.run(fan);
    await page.run(`delete document.getElementById("play").dataset.complete;
      const select = document.querySelector("#play fieldset select"); select.selectedIndex = 2; select.dispatchEvent(new Event("change"));`);
    await page.until(complete, "the run");
    expect((await page.run(fan)) !== before, "it stays");
    expect(/courses=/.test(await page.run("return location.hash")), "the address does not tell");
  },

  async "nothing is cut off or wider than the window"(page) {
    const found = await page.run(`return [document.documentElement.scrollWidth - innerWidth,
      [...document.querySelectorAll("figure .plot")].filter((box) => box.offsetParent && box.scrollHeight > box.clientHeight + 20)
        .map((box) => box.parentElement.dataset.figure + " " + box.scrollHeight + " " + box.clientHeight)]`);
    expect(found[0] <= 0, `the page is ${found[0]} pixels too wide`);
    expect(found[1].length === 0, `${found[1].length} figures are: ${found[1][0]}`);
  },

  async "a picture of it"(page) {
    await page.ask("WebDriver:Navigate", { url: pathToFileURL(flagship).href });
    const shot = Buffer.from(await page.ask("WebDriver:TakeScreenshot", { full: false, hash: false, scroll: false }), "base64");
    writeFileSync(picture, shot);
    expect(shot.readUInt32BE(16) > 1000 && shot.readUInt32BE(20) > 1000 && shot.length > 50000, `${shot.length} bytes`);
    console.log(`  ${picture}`);
  },
};

let told = { passed: 0, failed: 1 };
try {
  const page = await start();
  await page.ask("WebDriver:Navigate", { url: `${pathToFileURL(flagship).href}#lang=en` });
  told = await runAll(tests, page);
} catch (why) {
  console.log(`FAILED Firefox: ${why.message}`);
}
const ended = new Promise((resolve) => browser.once("exit", resolve));
browser.kill("SIGTERM");
await Promise.race([ended, pause(10000)]);
if (browser.exitCode === null && browser.signalCode === null) browser.kill("SIGKILL");
rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
finish(told);
