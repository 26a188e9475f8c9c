// A report in Chromium:  node page.mjs FLAGSHIP.html HOSTILE.html CHROMIUM
//
// Each test opens the page anew from its file. Closes with 'N passed, N failed'; how fast the fan follows a slider is
// told and not judged.
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { close, launch, newPage, runPages, settled } from "./chromium.mjs";
import { expect, finish } from "./runner.mjs";

const [flagship, hostile, executablePath] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const addressOf = (path) => pathToFileURL(path).href;
await launch(executablePath);

async function open(address, size) {
  const page = await newPage((url) => url.split("#")[0] === address.split("#")[0], size);
  await page.goto(address);
  await page.evaluate(() => parley.drawAll());
  return page;
}

// After an act, until all futures of its runs are there.
async function played(page, act) {
  await page.evaluate(() => { delete document.getElementById("play").dataset.complete; });
  await act();
  await settled(page);
  await page.waitForTimeout(700); // the tables and the sentence follow; the address, too
}

const numbersOf = (page) => page.evaluate(() => [...document.querySelectorAll("#play .tables td")].map((cell) =>
  cell.textContent));
const rangeOf = (page, name) => page.locator(`#play input[type=range][aria-label^="${name}"]`);
const seen = (page, selector) =>
  page.evaluate((at) => [...document.querySelectorAll(at)].filter((element) => element.checkVisibility()).length,
    selector);

// ---- the tests -----------------------------------------------------------------------------------------------

const tests = {
  async "the file is small: 600 KB without data, 3 MB with them"() {
    const text = readFileSync(flagship, "utf8"), data = text.match(/<script[^>]* id="parley-data">[^]*?<\/script>/)[0];
    const scripts = [...text.matchAll(/<(script|style)[^>]*>[^]*?<\/\1>/g)].map(([whole]) => whole).filter((whole) =>
      whole !== data);
    const bare = scripts.reduce((sum, one) => sum + one.length, 0), all = statSync(flagship).size;
    console.log(`  scripts, styles and the engine: ${bare} bytes; the whole: ${all} bytes`);
    expect(bare < 600e3 && all < 3e6, `${bare} and ${all} bytes`);
  },

  async "every figure is drawn, in both languages"() {
    const page = await open(addressOf(flagship));
    await settled(page); // the playing's fan comes with its first run
    for (const code of ["es", "en"]) {
      await page.locator(`label[for=to-${code}]`).click();
      await page.evaluate(() => parley.drawAll());
      const bare = await page.evaluate(() => [...document.querySelectorAll("figure[data-figure]")]
        .filter((figure) => !figure.querySelector(".plot")?.childElementCount ||
          figure.classList.contains("undrawn")).map((figure) => `${figure.dataset.figure} of ${figure.dataset.part}`));
      const all = await page.locator("figure[data-figure]").count();
      expect(bare.length === 0 && all > 3, `${bare.length} of ${all} figures are not drawn: ${bare.join(", ")}`);
    }
  },

  async "the language is switched, and the link to it"() {
    const page = await open(addressOf(flagship));
    expect((await page.locator("html").getAttribute("lang")) === "en", "it does not begin in English");
    const english = await page.title();
    await page.locator("label[for=to-es]").click();
    expect((await page.locator("html").getAttribute("lang")) === "es", "the page's language does not follow");
    expect((await page.title()) !== english, "the title does not follow");
    expect((await seen(page, "main [lang=en]:not(label)")) === 0, "English is still seen");
    expect((await seen(page, "main [lang=es]")) > 50, "Spanish is not seen");
    expect((await page.locator("#play legend").first().innerText()) === "Estados Unidos",
      "the playing does not follow");
    const again = await open(page.url());
    expect((await again.locator("html").getAttribute("lang")) === "es", "the link does not open in Spanish");
  },

  async "tables open by keyboard and are saved as CSV"() {
    const page = await open(addressOf(flagship));
    const box = page.locator("details:has(table[data-part])").first();
    await box.locator("summary").focus();
    await page.keyboard.press("Enter");
    expect(await box.locator("table").isVisible(), "the table does not open");
    const [download] = await Promise.all([page.waitForEvent("download"),
      box.locator("button.download").first().click()]);
    const lines = readFileSync(await download.path(), "utf8").replace(/^\ufeff/, "").trim().split("\r\n");
    const rows = await box.locator("table tr").count();
    expect(lines.length === rows && /\.csv$/.test(download.suggestedFilename()),
      `${lines.length} lines for ${rows} rows`);
  },

  async "a figure is saved as SVG"() {
    const page = await open(addressOf(flagship));
    const button = page.locator("figure[data-figure] button.download:visible").first();
    const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
    const text = readFileSync(await download.path(), "utf8");
    const parsed = await page.evaluate((svg) => new DOMParser().parseFromString(svg,
      "image/svg+xml").documentElement.nodeName, text);
    expect(parsed === "svg" && !/href="http|<script/.test(text), `a file of ${parsed}`);
  },

  // Both languages write numbers alike; native code is held to the same lines by tests/test_report.c.
  async "numbers are written as native code writes them"() {
    const lines = readFileSync(new URL("numbers.txt", import.meta.url), "utf8").trim().split("\n").map((line) =>
      line.split(" "));
    const page = await open(addressOf(hostile));
    for (const code of ["es", "en"]) {
      const found = await page.evaluate(([language, all]) => {
        parley.speak(language);
        return all.map(([value, places]) => [parley.number(Number(value), Number(places)),
          parley.signed(Number(value), Number(places))]);
      }, [code, lines]);
      lines.forEach(([value, , plain, signed], k) =>
        expect(found[k][0] === plain && found[k][1] === signed, `${value} in ${code}: ${found[k]}`));
    }
    expect(lines.length > 10, "no numbers");
  },

  async "no label is cut, and no dot lies outside its axes"() {
    for (const width of [1280, 390]) {
      for (const code of ["en", "es"]) {
        const page = await open(`${addressOf(flagship)}#lang=${code}`, { width });
        await settled(page);
        const cut = await page.evaluate(() =>
          [...document.querySelectorAll("figure[data-figure] .plot svg")].flatMap((svg) => {
          const frame = svg.getBoundingClientRect(), of = svg.closest("figure").dataset;
          return [...svg.querySelectorAll("text, path")].filter((element) => {
            const box = element.getBoundingClientRect();
            return !element.closest("[aria-label=tip]") && box.width &&
              (/\u2026$/.test(element.textContent) || box.left < frame.left - 2 ||
              box.right > frame.right + 2 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2);
          }).map((element) => `${of.figure} of ${of.part}: ${element.textContent || element.tagName}`);
        }));
        // every fan's dots, one for each future, between its top and its axis of time
        const stray = await page.evaluate(() =>
          [...document.querySelectorAll("figure[data-figure=fan] .plot svg")].filter((svg) => {
          const dots = [...svg.querySelectorAll("path")].find((path) =>
            /h0$/.test(path.getAttribute("d")))?.getAttribute("d") ?? "";
          const heights = [...dots.matchAll(/M[^,]+,([^h]+)h/g)].map(([, y]) => Number(y));
          return heights.length < parley.data.futures ||
            heights.some((y) => y < 10 || y > svg.height.baseVal.value - 24);
        }).length);
        expect(stray === 0, `the dots of ${stray} fans are not all there at ${width}`);
        expect(cut.length === 0, `${cut.length} at ${width} in ${code}: ${[...new Set(cut)].slice(0, 8).join("; ")}`);
      }
    }
  },

  async "axes of what cannot be had together say which way is better, and its numbers stand in the table"() {
    const page = await open(addressOf(flagship));
    for (const [code, better] of [["en", /(more is better [\u2192\u2191]|[\u2190\u2193] less is better)/g],
      ["es", /([\u2190\u2193] menos|más) es mejor|/g]]) {
      await page.evaluate((language) => { parley.speak(language); parley.drawAll(); }, code);
      const figures = await page.locator("#front figure svg").allTextContents();
      expect(figures.length > 1, "no figures");
      for (const text of figures) expect((text.match(better) ?? []).filter(Boolean).length === 2,
        `in ${code}: ${text.slice(-300)}`);
    }
    const numbers = await page.locator("#front figure svg g[paint-order] text").allTextContents();
    const rows = await page.locator("#front table").first().locator("tbody tr td:nth-child(2)").allTextContents();
    expect(numbers.length > 3 && numbers.join() === rows.join(), `${numbers} drawn, ${rows} in the table`);
  },

  async "where nothing differs the cell is grey, and says so"() {
    const page = await open(addressOf(flagship));
    const found = await page.evaluate(() => {
      const { tied, values } = parley.parts.burdens;
      const shown = [...document.querySelectorAll("#burdens figure svg text")].filter((text) =>
        text.textContent === "=").length;
      const grey = [...document.querySelectorAll("#burdens figure svg rect")].filter((cell) =>
        cell.getAttribute("fill") === parley.colours.tied).length;
      return { shown, grey, tied: tied.flat().filter(Boolean).length, wrong: tied.flat().filter((is, k) => is &&
        values.flat()[k] !== 0).length };
    });
    expect(found.tied > 0 && found.shown === found.tied && found.grey === found.tied && !found.wrong,
      JSON.stringify(found));
    expect(/=/.test(await page.locator("#burdens .caption").first().innerText()), "the caption does not say it");
  },

  // A cell ends with the median of the difference, its 5 and 95 % quantiles, and the share above, 0.5 of ties.
  async "in the matrix only what equals the base in every future is grey"() {
    const page = await open(addressOf(flagship));
    const found = await page.evaluate(() => {
      const { cells, tied, wanted } = parley.parts.outcomes;
      const wrong = cells.flatMap((row, m) => row.map((cell, c) => tied[m][c] &&
        (c === parley.data.base || cell.slice(3).join() !== "0,0,0,0.5"))).filter(Boolean).length;
      const grey = [...document.querySelectorAll("#outcomes figure svg rect")].filter((cell) =>
        cell.getAttribute("fill") === parley.colours.tied).length;
      return { grey, wrong, tied: tied.filter((_, m) => wanted[m]).flat().filter(Boolean).length };
    });
    expect(found.grey === found.tied && found.wrong === 0, JSON.stringify(found));
  },

  // The futures in the page are those of the results, so medians under the base are native code's to all digits that
  // it tells.
  async "the numbers of the base are native code's"() {
    const page = await open(addressOf(flagship));
    await settled(page);
    await page.waitForTimeout(700);
    const pairs = await page.evaluate(() => {
      const { parts, measures, base } = parley.data, titles = measures.map(({ title, units }) =>
        parley.text(units) ? `${parley.text(title)} (${parley.text(units)})` : parley.text(title));
      return [...document.querySelectorAll("#play .tables tr")].filter((row) => row.cells.length === 5 &&
        row.cells[1].dataset.value)
        .map((row) => [row.cells[0].textContent, Number(row.cells[1].dataset.value),
          parts.outcomes.cells[titles.indexOf(row.cells[0].textContent)]?.[base]?.[0]]);
    });
    const wrong = pairs.filter(([, found, native]) => !(Math.abs(found - native) <= 5.1e-4 * Math.abs(native)));
    expect(pairs.length > 10 && wrong.length === 0, `${wrong.length} of ${pairs.length} differ: ${wrong[0]}`);
  },

  async "a course changes the numbers, and back to the base undoes it"() {
    const page = await open(addressOf(flagship));
    await settled(page);
    await page.waitForTimeout(700);
    const before = await numbersOf(page);
    await played(page, () => page.locator("#play fieldset select").first().selectOption({ index: 2 }));
    const after = await numbersOf(page);
    expect(after.join() !== before.join(), "no number changes");
    expect(/=/.test(new URL(page.url()).hash), "the address does not tell");
    expect((await page.locator("#play .differs li").count()) === 1, "the difference is not listed");
    await played(page, () => page.locator("#play .tables .buttons button").first().click());
    expect((await numbersOf(page)).join() === before.join(), "the base does not come back");
    expect(!/courses=/.test(page.url()), "the address keeps it");
  },

  async "sliders move by keyboard, and the fan follows"() {
    const page = await open(addressOf(flagship));
    await settled(page);
    await page.locator("#play fieldset details summary").first().click();
    const range = rangeOf(page, "Tariff (").or(rangeOf(page, "Tariff")).first();
    const path = () => page.locator("#play figure svg").innerHTML();
    const before = await path();
    expect(await seen(page, "#play figure svg"), "the fan is not to be seen");
    await range.focus();
    await played(page, async () => { for (let k = 0; k < 30; k++) await page.keyboard.press("ArrowRight"); });
    expect((await path()) !== before, "the fan stays");
    expect(/set=tariff/.test(decodeURIComponent(page.url())), `the address does not tell: ${page.url()}`);
    expect(/\d/.test(await page.locator("#play .status").innerText()), "no sentence tells how it ends");
    const times = [];
    for (let k = 0; k < 12; k++) {
      await played(page, () => page.keyboard.press(k % 2 ? "ArrowLeft" : "ArrowRight"));
      times.push(Number(await page.locator("#play").getAttribute("data-first")));
    }
    times.sort((a, b) => a - b);
    console.log(`  from the slider to the fan of the first futures: median ${times[6]} ms, least ${times[0]} ms`);
  },

  async "a shared address gives the same numbers"() {
    const page = await open(addressOf(flagship));
    await settled(page);
    await played(page, () => page.locator("#play fieldset select").nth(1).selectOption({ index: 1 }));
    await page.locator("#play fieldset details summary").last().click();
    const range = page.locator("#play fieldset").last().locator("input[type=range]").first();
    await range.focus();
    await played(page, () => page.keyboard.press("End"));
    expect(/fixed=/.test(page.url()), "the address does not tell what is fixed");
    const again = await open(page.url());
    await settled(again);
    await again.waitForTimeout(700);
    expect((await numbersOf(again)).join() === (await numbersOf(page)).join(), "other numbers");
    expect((await again.locator("#play .differs li").count()) === 2, "other differences");
  },

  async "an address with nonsense is the base"() {
    const nonsense = "#lang=xx&courses=%22%3E%3Cimg%7C__proto__%7C..&set=tariff~1e999|tariff~-5|constructor~1|~|%E0%A4%A&fixed=recruitment%20rate~NaN|x~1&show=__proto__";
    const page = await open(addressOf(flagship) + nonsense);
    await settled(page);
    await page.waitForTimeout(700);
    const plain = await open(addressOf(flagship));
    await settled(plain);
    await plain.waitForTimeout(700);
    expect((await numbersOf(page)).join() === (await numbersOf(plain)).join(), "it is not the base");
  },

  async "links within the page leave the state alone"() {
    const page = await open(`${addressOf(flagship)}#lang=es`);
    await page.locator('nav a[href="#playing"]').click();
    expect(/lang=es/.test(page.url()), "the state is gone");
    const top = await page.evaluate(() => Math.abs(document.getElementById("playing").getBoundingClientRect().top));
    expect(top < 80, "the page does not go there");
  },

  async "it prints to PDF"() {
    const page = await open(addressOf(flagship));
    const bytes = await Promise.race([page.pdf({ format: "A4" }), page.waitForTimeout(120000)]);
    expect(bytes, "no file within two minutes");
    const pages = (bytes.toString("latin1").match(/\/Type\s*\/Page[^s]/g) ?? []).length;
    console.log(`  ${bytes.length} bytes, ${pages} pages`);
    expect(bytes.subarray(0, 5).toString() === "%PDF-" && bytes.length > 30000, `${bytes.length} bytes`);
  },

  async "on paper long tables are cut, which is said, and figures fit"() {
    const page = await open(addressOf(flagship));
    const widthsOf = () => page.evaluate(() =>
      [...document.querySelectorAll("#front figure")].map((figure) => Number(figure.dataset.width)));
    await page.evaluate(() => {
      document.querySelectorAll("#game details").forEach((box) => { box.open = true; });
      dispatchEvent(new Event("beforeprint"));
    });
    const wide = await widthsOf();
    expect(wide.length > 1 && wide.every((width) => width <= 680), wide.join());
    await page.emulateMedia({ media: "print" });
    const found = await page.evaluate(() => {
      const seenRows = (table) => [...table.tBodies[0].rows].filter((row) => row.checkVisibility()).length;
      return [...document.querySelectorAll("#game table")].map((table) =>
        [table.tBodies[0].rows.length, seenRows(table), Boolean(table.nextElementSibling?.checkVisibility())]);
    });
    expect(found.some(([all]) => all > 200) &&
      found.every(([all, shown, said]) => shown === Math.min(200, all) && said === all > 200), JSON.stringify(found));
    await page.emulateMedia({ media: "screen" });
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    expect((await widthsOf())[0] > 680, "the screen keeps the paper's width");
  },

  async "a phone shows it without scrolling sideways"() {
    for (const code of ["en", "es"]) {
      const page = await open(`${addressOf(flagship)}#lang=${code}`, { width: 390, height: 844 });
      await settled(page);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width <= 390, `${width} pixels wide in ${code}`);
    }
  },

  async "axe-core finds no violation, in either language"() {
    for (const code of ["en", "es"]) {
      const page = await open(`${addressOf(flagship)}#lang=${code}`);
      await settled(page);
      // everything open, but of long tables the first rows, of many figures the first, and of drawings (images) the
      // outside: the rest is written by the same lines, and the page has tens of thousands of elements
      await page.evaluate(() => {
        document.querySelectorAll("tbody").forEach((body) => [...body.rows].slice(4).forEach((row) => row.remove()));
        document.querySelectorAll(".small").forEach((grid) => [...grid.children].slice(1).forEach((one) =>
          one.remove()));
        document.querySelectorAll("figure svg").forEach((drawing) => drawing.replaceChildren());
        document.querySelectorAll("details").forEach((box) => { box.open = true; });
      });
      await page.waitForTimeout(700);
      await page.evaluate(axe);
      const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      const told = found.violations.map(({ id, nodes }) =>
        `${id} (${nodes.length}): ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary?.slice(0, 300)}`);
      expect(told.length === 0, `in ${code}: ${told.join("\n    ")}`);
    }
  },

  async "texts that would do harm are texts"() {
    const page = await open(addressOf(hostile));
    await settled(page);
    await page.locator("label[for=to-es]").click();
    await page.locator("label[for=to-en]").click();
    await played(page, () => page.locator("#play fieldset select").first().selectOption({ index: 1 }));
    await page.locator("#play details").evaluateAll((boxes) => boxes.forEach((box) => { box.open = true; }));
    await page.waitForTimeout(300);
    expect((await page.locator("img").count()) === 0, "an image is made");
    expect((await page.locator("h1").innerText()).includes("</script><script>"), "the title is not told");
    const again = await open(page.url());
    await settled(again);
    expect((await again.locator("#play .differs li").count()) === 1, "its address is not read");
  },
};

const told = await runPages(tests);
await close();
finish(told);
