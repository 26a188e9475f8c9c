// The page: language, data, state in the address, figures and downloads.  The only global name is `parley` (and Plot,
// of web/plot.js).
//
// Data stand in <script type="application/json" id="parley-data">:  {title, futures, profiles: [title], base, actors,
// measures, words: {ID: text}, parts: {ID: ...}}.  Texts in data are strings, or [English, Spanish]; numbers that are
// missing are null; many numbers may be packed (unpack below).  A figure is
//     <figure data-figure="NAME" data-part="ID" data-...></figure>   (an element of class caption before it names it)
// and is drawn into a <div class="plot"> in it by what web/figures/NAME.js registers:
//     parley.figure("NAME", (element, data, context) => node)
// It is drawn again when the language or its width changes; a figure whose data are missing, or that throws, leaves its
// table to speak.
const parley = (() => {
  "use strict";

  const root = document.documentElement;
  const source = document.getElementById("parley-data");
  const data = source ? JSON.parse(source.textContent) : {};
  const words = data.words ?? {};
  const parts = data.parts ?? {};
  const titles = { en: root.dataset.en ?? document.title, es: root.dataset.es ?? document.title };

  // The numbers of a packed array: 16-bit integers i, each for low + i x step; NaN where one is missing.
  function unpack({ low, step, packed }) {
    const bytes = atob(packed), values = new Array(bytes.length / 2);
    for (let i = 0; i < values.length; i++) {
      const whole = bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8);
      values[i] = whole === 65535 ? NaN : low + whole * step;
    }
    return values;
  }

  // ---- state -------------------------------------------------------------------------------------------------

  // #key=value&key=value: what a shared link carries.  Whoever reads a value checks it: anyone may have written it.
  const state = {
    read() {
      return new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1, 20000) : "");
    },
    write(changes) {
      const values = state.read();
      for (const [key, value] of Object.entries(changes))
        if (value === null || value === "") values.delete(key);
        else values.set(key, value);
      const text = values.toString();
      history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
    },
  };

  // ---- language ----------------------------------------------------------------------------------------------

  const locales = { en: "en-US", es: "es-MX" };
  const listeners = [];
  let language = "en";

  function asked() {
    const code = state.read().get("lang") ?? location.hash.slice(1);
    if (Object.hasOwn(locales, code)) return code;
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
    if (Array.isArray(value)) return String(value[language === "es" ? 1 : 0] ?? value[0] ?? "");
    return typeof value === "object" ? String(value[language] ?? value.en ?? "") : String(value);
  }

  // A text of the catalogue, its %1, %2, ... replaced.
  function word(id, ...values) {
    return text(words[id] ?? id).replace(/%([1-9])/g, (whole, place) => values[place - 1] ?? "");
  }

  // A measure with its units, where its title does not tell them ("Output, %", "Cost, thousand million dollars per
  // year").
  function inUnits({ title, units }) {
    const name = text(title), unit = text(units);
    return !unit || name.includes(unit.split("/")[0]) ? name : `${name} (${unit})`;
  }

  // ---- numbers -----------------------------------------------------------------------------------------------

  const formats = new Map();

  // With the typographic minus, and none before what rounds to zero.
  function formatted(value, options) {
    const key = language + JSON.stringify(options);
    if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(locales[language], options));
    return formats.get(key).format(value).replace("-", "\u2212").replace(/^\u2212(?=[0.,]*$)/, "");
  }

  // Decimals that keep `digits` significant digits of the largest of the values; none where that is 1000 or more.
  function decimals(values, digits = 3) {
    const largest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
      0);
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

  // For axes: of all ticks the same decimals and the same unit, millions where the largest has one.
  function tick(value, k, all = [value]) {
    const largest = Math.max(...all.map(Math.abs)), unit = largest >= 1e6 ? 1e6 : 1;
    if (largest >= 1e15) return number(value);
    const exact = (places) => all.every((one) =>
      Math.abs(one / unit - Number((one / unit).toFixed(places))) < 1e-6 * largest / unit);
    let places = 0;
    while (places < 12 && !exact(places)) places++;
    return number(value / unit, places) + (unit > 1 ? "\u00a0M" : "");
  }

  // The room that such ticks take beside an axis that stands upright.
  function tickRoom([low, high]) {
    const step = 10 ** Math.floor(Math.log10((high - low) / 5 || 1));
    const ends = [Math.floor(low / step), Math.ceil(high / step)].map((end) => Number((end * step).toPrecision(12)));
    return Math.max(44, 16 + Math.max(...ends.map((end) => measure(tick(end, 0, [...ends, step])))));
  }

  // ---- looks -------------------------------------------------------------------------------------------------

  // Each reaches 3:1 on white, and colour-blind readers tell neighbours apart; bands are fills behind lines.
  const colours = {
    ink: "#1b2330", soft: "#566072", line: "#d9dee6", pale: "#f5f7fa", main: "#0072b2", deep: "#00466e",
      base: "#b34700",
    tied: "#ccd2da", band90: "#d3e6f3", band50: "#9fcae6", path: "#33475f", contested: "#8a5200",
    series: ["#0072b2", "#b34700", "#007a5a", "#8a3f7d", "#7a5c00", "#4d5a6b"],
    low: "#f3f7fb", high: "#00588c", worse: "#b34700", better: "#00588c", neutral: "#f6f6f4",
  };
  const dashes = ["", "6 4", "2 3", "10 4 2 4", "8 3", "3 2"];
  const style = { background: "none", color: colours.ink,
    fontFamily: "system-ui, -apple-system, 'Segoe UI', sans-serif",
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

  // The width at which Plot wraps a text so that it stays within so many pixels: Plot counts on narrower letters than
  // some systems' fonts have.
  function wrapped(pixels, size = 12) {
    return pixels / (1.06 * size);
  }

  // A title in lines of at most so many letters; a longer word stays whole.
  function broken(title, letters) {
    const lines = [];
    for (const word_ of title.split(" "))
      if ((lines.at(-1)?.length ?? Infinity) + 1 + word_.length <= letters) lines.push(`${lines.pop()} ${word_}`);
      else lines.push(word_);
    return lines;
  }

  // Titles of columns that are too long to stand level: at half a right angle, whole, in as many lines as there is
  // room for between two columns.  Gives the titles in lines, and the room that they take above the columns and beyond
  // the last.
  const slantedLine = 13;

  function slanted(columns, each) {
    const most = Math.max(1, Math.min(3, Math.floor((0.71 * each) / slantedLine)));
    let letters = 12;
    while (columns.some((title) => broken(title, letters).length > most)) letters++;
    const lines = columns.map((title) => broken(title, letters));
    const reach = lines.map((rows) =>
      0.71 * (1.08 * Math.max(...rows.map((row) => measure(row))) + slantedLine * rows.length) + 10);
    return { titles: lines.map((rows) => rows.join("\n")), top: Math.max(...reach),
      right: Math.max(8, ...reach.map((room, c) => room - (columns.length - c - 0.5) * each)) };
  }

  const slantedTitles = { frameAnchor: "top", textAnchor: "start", lineAnchor: "middle", rotate: -45, dy: -10 };

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

  // A drawing by itself: with the colours and fonts that the page gives it.
  function saveSvg(figure, name) {
    const copy = figure.querySelector(".plot svg").cloneNode(true);
    copy.setAttribute("xmlns", space);
    copy.removeAttribute("aria-labelledby");
    copy.style.cssText += ";background:#fff;font-family:system-ui,sans-serif";
    copy.prepend(makeSvg("title", {}, captionOf(figure)));
    save(`${name}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(copy));
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

  function button(word_, label, act) {
    const made = make("button", { type: "button", class: "download", onclick: act });
    const name = () => {
      made.textContent = word(word_);
      made.setAttribute("aria-label", `${word(word_)}: ${label()}`);
    };
    name();
    listeners.push(name);
    return made;
  }

  // Below each table and each drawing.
  function offerDownloads() {
    document.querySelectorAll("table[data-part]").forEach((table, k) => {
      const label = () => (table.caption ? cellText(table.caption) : table.dataset.part);
      const place = table.closest(".scroll") ?? table;
      place.after(button("DOWNLOAD_CSV", label, () => saveTable(table, `${table.dataset.part}-${k + 1}`)));
    });
  }

  function offerSvg(figure) {
    if (figure.querySelector(".download") || !figure.querySelector(".plot svg")) return;
    const name = figure.dataset.download ?? figure.dataset.part ?? figure.dataset.figure;
    figure.append(button("DOWNLOAD_SVG", () => captionOf(figure), () => saveSvg(figure, name)));
  }

  // ---- figures -----------------------------------------------------------------------------------------------

  const drawers = new Map();
  let serial = 0;

  function figure(name, draw) {
    drawers.set(name, draw);
  }

  // The element that says what is seen: in the figure, before it, or what names it.
  function captionElement(figure) {
    const own = figure.querySelector("figcaption");
    if (own) return own;
    for (let before = figure.previousElementSibling; before; before = before.previousElementSibling)
      if (before.classList.contains("caption")) return before;
    return document.getElementById(figure.getAttribute("aria-labelledby")) ??
      figure.closest("section")?.querySelector("h2, h3");
  }

  function captionOf(figure) {
    const element = captionElement(figure);
    return element ? cellText(element).slice(0, 400) : figure.dataset.figure;
  }

  function place(element) {
    let box = element.querySelector(":scope > .plot");
    if (!box) {
      box = make("div", { class: "plot" });
      element.prepend(box);
    }
    return box;
  }

  // What screen readers hear of a drawing is its caption; the table has the numbers.
  function describe(element, box) {
    const caption = captionElement(element);
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
    return { figure: element, page: data, unpack, select: element.dataset, width, language, text, inUnits, word, number,
      signed, percent, decimals, tick,
      tickRoom, colours, dashes, style, plot, measure, wrapped, broken, slanted, slantedTitles, shade, diverging, inkOn,
        make, makeSvg };
  }

  // data-pick="a.0.b" takes what is there within a part.
  function dataFor(element) {
    if (!element.dataset.part) return {};
    const steps = element.dataset.pick ? element.dataset.pick.split(".") : [];
    return steps.reduce((found, step) => found?.[step], parts[element.dataset.part]);
  }

  // What is wider than its place scrolls, and is then reached by keyboard.  All that was drawn is measured at once: to
  // ask after each drawing would lay the whole page out each time.
  const drawnLately = new Map();

  function letScroll() {
    const wide = [...drawnLately].map(([element, box]) => [element, box, box.scrollWidth > box.clientWidth]);
    drawnLately.clear();
    for (const [element, box, scrolls] of wide) {
      const attributes = { tabindex: "0", role: "region", "aria-label": scrolls ? captionOf(element) : "" };
      for (const [name, value] of Object.entries(attributes))
        if (scrolls) box.setAttribute(name, value);
        else box.removeAttribute(name);
    }
  }

  const widths = new WeakMap(); // of figures, as last seen
  const onPaper = new Set(); // those that are drawn for printing
  const paperWidth = 680;

  function draw(element) {
    const drawer = drawers.get(element.dataset.figure);
    const given = dataFor(element);
    if (!drawer || given === undefined) {
      element.classList.add("undrawn");
      return;
    }
    element.classList.remove("undrawn"); // what was missing may have come: the playing's fan does
    const box = place(element);
    if (!widths.get(element)) widths.set(element, element.clientWidth);
    const width = Math.max(240, Math.floor(widths.get(element) || 640));
    element.dataset.width = width;
    const node = drawer(box, given, context(element, width));
    if (node) box.replaceChildren(node);
    describe(element, box);
    if (!drawnLately.size) requestAnimationFrame(letScroll);
    drawnLately.set(element, box);
    offerSvg(element);
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

  // Those in sight at once, the others when they come near, and before printing all that are not behind a closed
  // toggle.
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries)
      if (entry.isIntersecting && entry.target.dataset.drawn !== language) drawSafely(entry.target);
  }, { rootMargin: "600px" });

  const sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      widths.set(target, contentRect.width);
      const drawn = Number(target.dataset.width);
      if (drawn && !onPaper.has(target) && contentRect.width &&
        Math.abs(Math.max(240, contentRect.width) - drawn) > 2) drawSafely(target);
    }
  });

  function drawAll(wanted = () => true) {
    const late = figures().filter((element) => element.dataset.drawn !== language && wanted(element));
    for (const element of late) widths.set(element, element.clientWidth);
    late.forEach(drawSafely);
  }

  // On paper a wide figure is drawn for the paper's width: scaled down, its texts would be too small to read.
  function fitToPaper() {
    drawAll((element) => !element.closest("details:not([open])"));
    for (const element of figures()) {
      if (Number(element.dataset.width) <= paperWidth || !element.clientWidth) continue;
      onPaper.add(element);
      widths.set(element, paperWidth);
      drawSafely(element);
    }
  }

  function fitToScreen() {
    for (const element of onPaper) {
      widths.set(element, element.clientWidth);
      drawSafely(element);
    }
    onPaper.clear();
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

  // Links within the page go to their place and leave the state in the address alone.
  function follow(event) {
    const link = event.target.closest?.('a[href^="#"]');
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    event.preventDefault();
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView();
  }

  // ---- start -------------------------------------------------------------------------------------------------

  function start() {
    for (const code of Object.keys(locales))
      document.getElementById(`to-${code}`)?.addEventListener("change", () => {
        state.write({ lang: code });
        speak(code);
      });
    addEventListener("hashchange", () => {
      if (asked() !== language) speak(asked());
    });
    document.addEventListener("click", follow);
    addEventListener("beforeprint", fitToPaper);
    addEventListener("afterprint", fitToScreen);
    speak(asked());
    offerDownloads();
    listeners.push(redraw);
    figures().forEach(watch);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else setTimeout(start); // behind the scripts that register figures

  return {
    data, words, parts, unpack, state, figure, draw: drawSafely, drawAll, watch, text, word, number, signed, percent,
      decimals, tick, colours,
    dashes, style, plot, measure, shade, diverging, inkOn, make, makeSvg, save, csv, speak,
    get language() { return language; },
    onLanguage(listener) { listeners.push(listener); },
  };
})();
