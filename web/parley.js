// The page: language, data, figures and downloads.  The only global name is `parley` (and Plot, of web/plot.js).
//
// Data stand in <script type="application/json" id="parley-data">:  {"words": {ID: {"en", "es"}}, "parts": {ID: ...}}.
// Texts in data are strings, or {"en", "es"}; numbers that are missing are null.  A figure is
//     <figure data-figure="NAME" data-part="ID" data-...><figcaption>...</figcaption></figure>
// and is drawn into its first <div class="plot"> (made before its caption where there is none) by what
// web/figures/NAME.js registers:  parley.figure("NAME", (element, data, context) => node).  It is drawn again when the
// language or its width changes; a figure whose data are missing, or that throws, leaves its table to speak.
const parley = (() => {
  "use strict";

  const root = document.documentElement;
  const source = document.getElementById("parley-data");
  const content = source ? JSON.parse(source.textContent) : {};
  const words = content.words ?? {};
  const parts = content.parts ?? {};
  const titles = { en: root.dataset.en ?? document.title, es: root.dataset.es ?? document.title };

  // ---- language ----------------------------------------------------------------------------------------------

  const locales = { en: "en-US", es: "es-MX" };
  const listeners = [];
  let language = "en";

  function asked() {
    const [first] = location.hash.slice(1).split("&");
    if (first in locales) return first;
    return /^es/.test(navigator.language ?? "") ? "es" : "en";
  }

  // Figures and the playing follow; the page's own texts are there in both languages, and the style shows one.
  function speak(code) {
    language = code;
    root.lang = code;
    document.title = titles[code];
    const button = document.getElementById(`to-${code}`);
    if (button) button.checked = true;
    listeners.forEach((listener) => listener(code));
  }

  // A text of the data in the page's language.
  function text(value) {
    if (value === null || value === undefined) return "";
    return typeof value === "object" ? value[language] ?? value.en ?? "" : String(value);
  }

  // A text of the catalogue, its %1, %2, ... replaced.
  function word(id, ...values) {
    return text(words[id] ?? id).replace(/%([1-9])/g, (whole, place) => values[place - 1] ?? "");
  }

  // ---- numbers -----------------------------------------------------------------------------------------------

  const formats = new Map();

  function formatted(value, options) {
    const key = language + JSON.stringify(options);
    if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(locales[language], options));
    return formats.get(key).format(value).replace("-", "\u2212");
  }

  // Decimals that keep `digits` significant digits of the largest of the values; none where that is 1000 or more.
  function decimals(values, digits = 3) {
    const largest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
    if (!largest) return 0;
    return Math.min(12, Math.max(0, digits - 1 - Math.floor(Math.log10(largest))));
  }

  function number(value, places = decimals([value])) {
    if (value === null || value === undefined || Number.isNaN(value)) return "\u2013";
    if (Math.abs(value) >= 1e15) return formatted(value, { notation: "scientific", maximumFractionDigits: 2 });
    return formatted(value, { minimumFractionDigits: places, maximumFractionDigits: places });
  }

  function signed(value, places = decimals([value])) {
    const shown = number(value, places);
    return value > 0 && /[1-9]/.test(shown) ? `+${shown}` : shown;
  }

  function percent(value, places = 0) {
    return value === null || value === undefined || Number.isNaN(value)
      ? "\u2013" : `${number(100 * value, places)}\u00a0%`;
  }

  // For axes: short, the same decimals on all of them are Plot's business.
  function tick(value) {
    return formatted(value, { maximumSignificantDigits: 4, notation: Math.abs(value) >= 1e6 ? "compact" : "standard" });
  }

  // ---- looks -------------------------------------------------------------------------------------------------

  // Each reaches 3:1 on white, and colour-blind readers tell neighbours apart; bands are fills behind lines.
  const colours = {
    ink: "#1b2330", soft: "#566072", line: "#d9dee6", pale: "#f5f7fa", main: "#0072b2", deep: "#00466e", base: "#b34700",
    band90: "#d3e6f3", band50: "#9fcae6", path: "#33475f", contested: "#8a5200",
    series: ["#0072b2", "#b34700", "#007a5a", "#8a3f7d", "#7a5c00", "#4d5a6b"],
    low: "#f3f7fb", high: "#00588c", worse: "#b34700", better: "#00588c", neutral: "#f6f6f4",
  };
  const dashes = ["", "6 4", "2 3", "10 4 2 4", "8 3", "3 2"];
  const style = { background: "none", color: colours.ink, fontFamily: "system-ui, -apple-system, 'Segoe UI', sans-serif",
    fontSize: "12px", overflow: "visible" };

  function mixed(from, to, share) {
    const part = (colour, at) => parseInt(colour.slice(at, at + 2), 16);
    const channels = [1, 3, 5].map((at) => Math.round(part(from, at) + (part(to, at) - part(from, at)) * share));
    return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
  }

  // A fill between pale and full for a share of 0 to 1, or about a middle for -1 to 1; the ink that reads on it.
  function shade(share) {
    return mixed(colours.low, colours.high, Math.min(1, Math.max(0, share)));
  }
  function diverging(share) {
    const size = Math.min(1, Math.abs(share));
    return mixed(colours.neutral, share < 0 ? colours.worse : colours.better, size);
  }
  function inkOn(fill) {
    const linear = (at) => {
      const channel = parseInt(fill.slice(at, at + 2), 16) / 255;
      return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    };
    const luminance = 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
    return luminance > 0.3 ? colours.ink : "#ffffff";
  }

  // A drawing by Observable Plot in the page's looks.
  function plot(options) {
    return Plot.plot({ style, ...options });
  }

  // About how many pixels a text takes.
  function measure(value, size = 12) {
    return [...value].length * size * 0.56;
  }

  // ---- elements ----------------------------------------------------------------------------------------------

  // An element with attributes and children; texts are never read as HTML.
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  const space = "http://www.w3.org/2000/svg";

  function makeSvg(name, attributes = {}, ...children) {
    const element = document.createElementNS(space, name);
    for (const [key, value] of Object.entries(attributes))
      if (value !== null && value !== undefined) element.setAttribute(key, value);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  // ---- downloads ---------------------------------------------------------------------------------------------

  function save(name, type, content) {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const link = make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  // The figure's own drawing, not the icons around it.
  function drawing(figure) {
    return figure.querySelector(".plot svg") ?? figure.querySelector("svg");
  }

  function saveSvg(figure, name) {
    const copy = drawing(figure).cloneNode(true);
    copy.setAttribute("xmlns", space);
    copy.prepend(makeSvg("title", {}, figure.querySelector("figcaption")?.innerText ?? name));
    save(`${name}.svg`, "image/svg+xml", `<?xml version="1.0" encoding="UTF-8"?>\n${copy.outerHTML}`);
  }

  // RFC 4180; a field that a spreadsheet would take for a formula is kept a text.
  function field(value) {
    const plain = String(value ?? "");
    const safe = /^[=@\t\r]|^[+-](?![\d.])/.test(plain) ? `'${plain}` : plain;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  function csv(rows) {
    return rows.map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
  }

  // A table of the page: a cell's data-value where it has one, else its text in the page's language.
  function cellText(cell) {
    if (cell.dataset.value !== undefined) return cell.dataset.value;
    const other = language === "en" ? "es" : "en";
    const copy = cell.cloneNode(true);
    copy.querySelectorAll(`[lang=${other}]`).forEach((element) => element.remove());
    return copy.textContent.trim().replace(/\s+/g, " ");
  }

  function saveTable(table, name) {
    const rows = [...table.rows].map((row) => [...row.cells].map(cellText));
    save(`${name}.csv`, "text/csv", `\ufeff${csv(rows)}`);
  }

  // The table that belongs to a figure: data-table names it, else the next one in its section.
  function tableOf(figure) {
    if (figure.dataset.table) return document.getElementById(figure.dataset.table);
    const tables = [...(figure.closest("section, article") ?? document).querySelectorAll("table")];
    return tables.find((table) => figure.contains(table)) ??
      tables.find((table) => figure.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING);
  }

  function nameOf(figure) {
    return figure.dataset.download ?? figure.dataset.part ?? figure.dataset.figure;
  }

  // <button data-download="svg|csv" data-for="ID of the figure or table"> anywhere; a figure without any gets its own.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-download]");
    if (!button) return;
    const target = button.dataset.for ? document.getElementById(button.dataset.for) : button.closest("figure");
    if (!target) return;
    if (button.dataset.download === "svg") saveSvg(target, nameOf(target));
    else if (target.tagName === "TABLE") saveTable(target, target.id || "table");
    else if (tableOf(target)) saveTable(tableOf(target), nameOf(target));
  });

  function offerDownloads(figure) {
    if (figure.querySelector(".downloads") || figure.dataset.downloads === "none") return;
    const kinds = tableOf(figure) ? ["svg", "csv"] : ["svg"];
    const bar = make("div", { class: "downloads" });
    for (const kind of kinds)
      bar.append(make("button", { type: "button", "data-download": kind }, kind.toUpperCase()));
    figure.append(bar);
  }

  function nameDownloads(figure) {
    for (const button of figure.querySelectorAll(".downloads button"))
      button.setAttribute("aria-label", `${word("DOWNLOAD")} ${button.textContent}: ${captionOf(figure)}`);
  }

  // ---- figures -----------------------------------------------------------------------------------------------

  const drawers = new Map();
  let serial = 0;

  function figure(name, draw) {
    drawers.set(name, draw);
  }

  function captionOf(element) {
    return cellText(element.querySelector("figcaption") ?? element).slice(0, 300);
  }

  function place(element) {
    let box = element.querySelector(":scope > .plot, :scope > div > .plot");
    if (!box) {
      box = make("div", { class: "plot" });
      element.prepend(box);
    }
    return box;
  }

  // What screen readers hear of a drawing is its caption; the table has the numbers.
  function describe(element, box) {
    const caption = element.querySelector("figcaption");
    if (caption && !caption.id) caption.id = `caption-${++serial}`;
    for (const svg of box.querySelectorAll("svg")) {
      svg.removeAttribute("aria-label");
      if (svg.parentElement.closest("svg") || svg.getAttribute("aria-hidden")) continue;
      svg.setAttribute("role", "img");
      if (caption) svg.setAttribute("aria-labelledby", caption.id);
      for (const group of svg.querySelectorAll("[aria-label], [aria-description]")) {
        group.removeAttribute("aria-label");
        group.removeAttribute("aria-description");
      }
    }
  }

  function context(element, width) {
    return { figure: element, select: element.dataset, width, language, text, word, number, signed, percent, decimals, tick,
      colours, dashes, style, plot, measure, shade, diverging, inkOn, make, makeSvg };
  }

  // data-pick="a.0.b" takes what is there within a part.
  function dataOf(element) {
    if (!element.dataset.part) return {};
    const steps = element.dataset.pick ? element.dataset.pick.split(".") : [];
    return steps.reduce((data, step) => data?.[step], parts[element.dataset.part]);
  }

  // What is wider than its place scrolls, and is then reached by keyboard.
  function letScroll(element, box) {
    const wide = box.scrollWidth > box.clientWidth + 1;
    const attributes = { tabindex: "0", role: "region", "aria-label": captionOf(element) };
    for (const [name, value] of Object.entries(attributes))
      if (wide) box.setAttribute(name, value);
      else box.removeAttribute(name);
  }

  function draw(element) {
    const drawer = drawers.get(element.dataset.figure);
    const data = dataOf(element);
    if (!drawer || data === undefined) {
      element.classList.add("undrawn");
      return;
    }
    const box = place(element);
    const width = Math.max(240, Math.floor(box.clientWidth || element.clientWidth || 640));
    box.dataset.width = width;
    const node = drawer(box, data, context(element, width));
    if (node) box.replaceChildren(node);
    describe(element, box);
    letScroll(element, box);
    offerDownloads(element);
    nameDownloads(element);
    element.dataset.drawn = language;
  }

  function drawSafely(element) {
    try {
      draw(element);
    } catch (error) {
      element.classList.add("undrawn");
      console.error(`${element.dataset.figure}: ${error.stack ?? error}`);
    }
  }

  const figures = () => [...document.querySelectorAll("figure[data-figure]")];

  // Those in sight at once, the others when they come near, all before the page is printed.
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries)
      if (entry.isIntersecting && entry.target.dataset.drawn !== language) drawSafely(entry.target);
  }, { rootMargin: "600px" });

  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const box = target.querySelector(".plot");
      if (box?.dataset.width && Math.abs(box.clientWidth - box.dataset.width) > 2 && box.clientWidth) drawSafely(target);
    }
  });

  function drawAll() {
    for (const element of figures()) if (element.dataset.drawn !== language) drawSafely(element);
  }

  function watch(element) {
    near.observe(element);
    sizes.observe(element);
  }

  function redraw() {
    for (const element of figures()) {
      delete element.dataset.drawn;
      near.unobserve(element);
      near.observe(element);
    }
  }

  // ---- start -------------------------------------------------------------------------------------------------

  function start() {
    for (const code of Object.keys(locales))
      document.getElementById(`to-${code}`)?.addEventListener("change", () => speak(code));
    addEventListener("hashchange", () => {
      const [first] = location.hash.slice(1).split("&");
      if (first in locales && first !== language) speak(first);
    });
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("details:not([open])")];
      opened.forEach((element) => { element.open = true; });
      drawAll();
    });
    addEventListener("afterprint", () => opened.forEach((element) => { element.open = false; }));
    listeners.push(redraw);
    speak(asked());
    figures().forEach(watch);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else setTimeout(start); // behind the scripts that register figures

  return {
    words, parts, figure, draw: drawSafely, drawAll, watch, text, word, number, signed, percent, decimals, tick, colours,
    dashes, style, plot, measure, shade, diverging, inkOn, make, makeSvg, save, csv, speak,
    get language() { return language; },
    onLanguage(listener) { listeners.push(listener); },
  };
})();
