// Playing with the model: choices and sliders on the left, on the right what comes of them, against the base's ghost.
//
// The state is courses (one for each actor), levers that the reader moved, uncertainties that the reader fixed, and the
// variable that is shown.  It stands in the address as courses=, set=, fixed= and show=, by names; what is read from
// there is checked against what there is.  Runs are parley.engine's business, and where the page is served, larger ones
// parley.serving's.  Boxes of the analysis come from parts.discover.boxes:
// [{title, limits: [{name, low, high}]}].
(() => {
  "use strict";

  const play = parley.parts.playing;
  const root = document.getElementById("play");
  if (!play || !root) return;
  const { make, word, text, number, signed } = parley;

  const weights = new Float64Array(parley.engine.bytesOf(play.weights).buffer);
  const draws = new Float64Array(parley.engine.bytesOf(play.draws).buffer);
  const drawsOf = (u) => draws.subarray(u * play.futures, (u + 1) * play.futures);
  const levers = new Map(play.actors.flatMap((actor) => actor.levers.map((lever) => [lever.input, lever])));

  // ---- state -------------------------------------------------------------------------------------------------

  const fresh = () => ({ courses: [...play.base], set: new Map(), fixed: new Map(), show: 0 });
  let state = fresh();

  const pack = (pairs) => pairs.map((pair) => pair.map(encodeURIComponent).join("~")).join("|");
  const unpack = (value) => (value ? value.split("|").slice(0, 500).map((pair) => pair.split("~").map(decoded)) : []);

  function decoded(part) {
    try {
      return decodeURIComponent(part);
    } catch {
      return "";
    }
  }

  function writeState() {
    const same = state.courses.every((course, a) => course === play.base[a]);
    parley.state.write({
      courses: same ? null : pack(state.courses.map((course, a) => [play.actors[a].courses[course].name])),
      set: pack([...state.set].map(([input, value]) => [levers.get(input).name, value])),
      fixed: pack([...state.fixed].map(([u, value]) => [play.uncertainties[u].name, value])),
      show: state.show ? play.outputs[state.show].name : null,
    });
  }

  // The state by names, as a server takes it.
  function named() {
    return {
      courses: Object.fromEntries(play.actors.map((actor, a) => [actor.name, actor.courses[state.courses[a]].name])),
      set: Object.fromEntries([...state.set].map(([input, value]) => [levers.get(input).name, value])),
      fixed: Object.fromEntries([...state.fixed].map(([u, value]) => [play.uncertainties[u].name, value])),
    };
  }

  // A finite number within a range; null for anything else.
  function within(value, { low, high }) {
    const parsed = /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(value ?? "") ? Number(value) : NaN;
    return Number.isFinite(parsed) && parsed >= low && parsed <= high ? parsed : null;
  }

  function readState() {
    const given = parley.state.read(), read = fresh();
    unpack(given.get("courses")).slice(0, play.actors.length).forEach(([name], a) => {
      const course = play.actors[a].courses.findIndex((item) => item.name === name);
      if (course >= 0) read.courses[a] = course;
    });
    for (const [name, value] of unpack(given.get("set"))) {
      const lever = [...levers.values()].find((item) => item.name === name), known = lever
        ? within(value, lever) : null;
      if (known !== null) read.set.set(lever.input, known);
    }
    for (const [name, value] of unpack(given.get("fixed"))) {
      const u = play.uncertainties.findIndex((item) => item.name === name && !item.ofCourse);
      const known = u >= 0 ? within(value, play.uncertainties[u]) : null;
      if (known !== null) read.fixed.set(u, known);
    }
    read.show = Math.max(0, play.outputs.findIndex((output) => output.name === given.get("show")));
    return read;
  }

  // What the chosen courses give a lever at the end; the model's own value where they leave it alone.
  function courseValue(lever) {
    let value = lever.value;
    play.actors.forEach((actor, a) => {
      for (const [, input, setTo] of actor.courses[state.courses[a]].changes) if (input === lever.input) value = setTo;
    });
    return value;
  }

  // ---- numbers -----------------------------------------------------------------------------------------------

  // Quantiles as native code takes them: linear between order statistics (Hyndman and Fan's type 7).
  function quantile(sorted, level) {
    if (!sorted.length) return NaN;
    const at = level * (sorted.length - 1), below = Math.floor(at), rest = at - below;
    return below + 1 < sorted.length ? sorted[below] + rest * (sorted[below + 1] - sorted[below]) : sorted[below];
  }

  const sortedOf = (values) => Float64Array.from(values).filter((value) => Number.isFinite(value)).sort();

  const levels = [0.05, 0.25, 0.5, 0.75, 0.95];

  function fanOf(results) {
    const paths = results.series[state.show].slice(0, results.futures);
    const quantiles = levels.map(() => []);
    play.times.forEach((_, k) => {
      const sorted = sortedOf(paths.map((path) => path[k]));
      levels.forEach((level, i) => quantiles[i].push(quantile(sorted, level)));
    });
    return { times: play.times, act: play.actFrom, units: text(play.outputs[state.show].units),
      paths: paths.slice(0, 20), quantiles,
      ends: paths.map((path) => path[path.length - 1]) };
  }

  // Two rows of the same futures: medians, the difference with what nine in ten futures span, in how many it is higher.
  function compared(base, yours, futures) {
    const differences = [], known = [];
    let higher = 0, lower = 0;
    for (let f = 0; f < futures; f++) {
      const difference = yours[f] - base[f];
      if (!Number.isFinite(difference)) continue;
      known.push(f);
      differences.push(difference);
      higher += difference > 0;
      lower += difference < 0;
    }
    const sorted = sortedOf(differences), median = (row) => quantile(sortedOf(Array.from(row).slice(0, futures)), 0.5);
    return { base: median(base), yours: median(yours), difference: quantile(sorted, 0.5), low: quantile(sorted, 0.05),
      high: quantile(sorted, 0.95), higher, lower, known: known.length };
  }

  // ---- running -----------------------------------------------------------------------------------------------

  let engine = null, baseResults = null, results = null, cancel = null, waiting = false, again = false, writing = 0,
    began = 0;

  function fail(error) {
    console.warn(error);
    elements.status.textContent = word("PLAY_ERROR", String(error.message ?? error));
  }

  // At once, then one request a frame: while a slider moves, what has become old is dropped.
  function changed() {
    began = performance.now();
    if (!waiting) start();
    else again = true;
    if (!waiting) requestAnimationFrame(() => {
      waiting = false;
      if (again) start();
      again = false;
    });
    waiting = true;
    showControls();
    clearTimeout(writing);
    writing = setTimeout(writeState, 250); // browsers refuse an address that changes too often
  }

  function start() {
    if (!engine) return;
    cancel?.();
    const asked = began;
    let first = true;
    cancel = engine.run(parley.engine.request(play, state), { futures: play.futures, shown(found) {
      if (found.error) return fail(found.error);
      results = found;
      showFan();
      if (first) root.dataset.first = Math.round(performance.now() - asked);
      requestAnimationFrame(showRest);
      if (found.complete) root.dataset.complete = Math.round(performance.now() - asked);
      first = false;
    } });
  }

  // The base first, whole; then what the address asks for.
  async function open() {
    try {
      const packed = document.getElementById("parley-wasm").textContent;
      const bytes = await parley.engine.inflate(parley.engine.bytesOf(packed));
      engine = await parley.engine.open(play, bytes);
      engine.run(parley.engine.request(play, fresh()), { futures: play.futures, shown(found) {
        if (found.error) return fail(found.error);
        if (!found.complete) return;
        baseResults = found;
        if (!results) start();
        else showResults();
      } });
    } catch (error) {
      fail(error);
    }
  }

  // ---- controls ----------------------------------------------------------------------------------------------

  const elements = {};
  let refreshers = []; // each brings a control up to the state

  const label = (name, ...rest) => make("label", {}, make("span", {}, name), ...rest);

  function courseChoice(actor, a) {
    const titles = parley.data.actors[a].courses;
    const select = make("select", {},
      ...actor.courses.map((course, c) => make("option", { value: c }, text(titles[c] ?? course.name))));
    const about = make("p", { class: "note" });
    select.addEventListener("change", () => {
      state.courses[a] = Number(select.value);
      changed();
    });
    refreshers.push(() => {
      const course = actor.courses[state.courses[a]];
      select.value = state.courses[a];
      about.textContent = [text(course.text), course.rules ? word("PLAY_RULES") : ""].filter(Boolean).join(" ");
    });
    return make("div", {}, label(word("PLAY_COURSE"), select), about);
  }

  // A slider that stands at its own value until it is moved, and can be put back.
  function slider({ name, units, low, high }, { own, note, values, key }) {
    const range = make("input", { type: "range", min: low, max: high, step: (high - low) / 200 });
    const places = parley.decimals([low, high], 3), shown = make("output", {});
    const undo = make("button", { type: "button", class: "undo", "aria-label": `${word("PLAY_RESET")}: ${name}` },
      "\u21ba");
    range.setAttribute("aria-label", units ? `${name} (${units})` : name);
    range.addEventListener("input", () => {
      values().set(key, Math.min(high, Math.max(low, Number(range.value))));
      changed();
    });
    undo.addEventListener("click", () => {
      values().delete(key);
      changed();
      range.focus();
    });
    const row = make("div", { class: "slider" }, make("span", { class: "name" }, name), shown, undo, range);
    refreshers.push(() => {
      const moved = values().has(key), value = moved ? values().get(key) : own();
      range.value = value;
      row.classList.toggle("moved", moved);
      undo.hidden = !moved;
      shown.textContent = moved ? number(value, places) : `${number(value, places)} ${note}`;
      range.setAttribute("aria-valuetext", `${number(value, places)} ${units ?? ""}${moved ? "" : `, ${note}`}`);
    });
    return row;
  }

  const leverSlider = (lever) => slider({ ...lever, name: text(lever.title), units: text(lever.units) },
    { own: () => courseValue(lever), note: "", values: () => state.set, key: lever.input });

  function uncertaintySlider(u) {
    const item = play.uncertainties[u], middle = quantile(sortedOf(drawsOf(u)), 0.5);
    return slider({ ...item, name: text(item.title), units: text(item.units) },
      { own: () => middle, note: `(${word("PLAY_DRAWN")})`, values: () => state.fixed, key: u });
  }

  // A closed box whose sliders are made when it is opened first.
  function drawer(title, count, fill) {
    const changedCount = make("span", { class: "count" });
    const body = make("div", {}), box = make("details", {}, make("summary", {}, title, changedCount), body);
    box.addEventListener("toggle", () => {
      if (!box.open || body.childElementCount) return;
      body.append(...fill());
      showControls();
    });
    refreshers.push(() => {
      changedCount.textContent = count() ? ` (${count()})` : "";
    });
    return box;
  }

  function actorControls(actor, a) {
    const box = make("fieldset", {}, make("legend", {}, text(actor.title)), courseChoice(actor, a));
    if (actor.levers.length)
      box.append(drawer(word("PLAY_LEVERS"), () => actor.levers.filter(({ input }) => state.set.has(input)).length,
        () => actor.levers.map(leverSlider)));
    return box;
  }

  function uncertaintyControls() {
    const shown = play.uncertainties.map((item, u) => u).filter((u) => !play.uncertainties[u].ofCourse);
    if (!shown.length) return null;
    const fill = () => {
      const rows = shown.map((u) => [text(play.uncertainties[u].title).toLowerCase(), uncertaintySlider(u)]);
      const filter = make("input", { type: "search" });
      filter.addEventListener("input", () => {
        const asked = filter.value.trim().toLowerCase();
        for (const [name, row] of rows) row.hidden = !name.includes(asked);
      });
      return [label(word("PLAY_FILTER"), filter), ...rows.map(([, row]) => row)];
    };
    return make("fieldset", {}, make("legend", {}, word("PLAY_UNKNOWN")), backward(),
      drawer(word("PLAY_FIX"), () => state.fixed.size, fill));
  }

  // ---- the analysis backward -------------------------------------------------------------------------------

  // The middle of a box: the median of the draws that lie in it, else the middle of its limits.
  function middleOf(u, low, high) {
    const item = play.uncertainties[u], from = Math.max(low ?? item.low, item.low),
      to = Math.min(high ?? item.high, item.high);
    const inside = sortedOf(drawsOf(u).filter((value) => value >= from && value <= to));
    return inside.length ? quantile(inside, 0.5) : (from + to) / 2;
  }

  function fixBox(box) {
    state.fixed.clear(); // of another box
    for (const { name, low, high } of box.limits) {
      const u = play.uncertainties.findIndex((item) => item.name.toLowerCase() === String(name).toLowerCase());
      if (u >= 0) state.fixed.set(u, middleOf(u, low, high));
    }
    if (Array.isArray(box.courses))
      box.courses.forEach((course, a) => {
        if (play.actors[a]?.courses[course]) state.courses[a] = course;
      });
    changed();
  }

  function backward() {
    const boxes = parley.parts.discover?.boxes ?? [];
    if (!boxes.length) return null;
    return make("div", { class: "backward" }, make("h3", {}, word("PLAY_BACKWARD")),
      make("p", { class: "note" }, word("PLAY_BACKWARD_LEAD")),
      ...boxes.map((box) => make("button", { type: "button", onclick: () => fixBox(box) }, text(box.title))));
  }

  // ---- what is shown -----------------------------------------------------------------------------------------

  function difference(name, was, is, undo) {
    return make("li", {}, make("b", {}, name), `: ${word("PLAY_SET", is, was)} `,
      make("button", { type: "button", class: "undo", "aria-label": `${word("PLAY_RESET")}: ${name}`, onclick: () => {
        undo();
        changed();
        elements.differs.focus();
      } }, "\u21ba"));
  }

  function differences() {
    const items = [];
    play.actors.forEach((actor, a) => {
      const titles = parley.data.actors[a].courses;
      if (state.courses[a] !== play.base[a])
        items.push(difference(text(actor.title), text(titles[play.base[a]]), text(titles[state.courses[a]]), () => {
          state.courses[a] = play.base[a];
        }));
    });
    for (const [input, value] of state.set) {
      const lever = levers.get(input), places = parley.decimals([lever.low, lever.high], 3);
      items.push(difference(text(lever.title), number(courseValue(lever), places), number(value, places),
        () => state.set.delete(input)));
    }
    for (const [u, value] of state.fixed) {
      const item = play.uncertainties[u], places = parley.decimals([item.low, item.high], 3);
      items.push(difference(text(item.title), word("PLAY_DRAWN"), number(value, places), () => state.fixed.delete(u)));
    }
    return items.length ? items : [make("li", {}, word("PLAY_NOTHING"))];
  }

  function showControls() {
    refreshers.forEach((refresh) => refresh());
    elements.differs.replaceChildren(...differences());
  }

  function showFan() {
    const answer = answered(), fan = answer ? fanOfAnswer(answer) : fanOf(results);
    if (baseResults && !answer) fan.base = fanOf(baseResults);
    fan.ghost = true;
    parley.parts["playing-fan"] = fan;
    const name = text(play.outputs[state.show].title), units = text(play.outputs[state.show].units);
    elements.caption.textContent = word("PLAY_FAN", units ? `${name} (${units})` : name,
      number((answer ?? results).futures, 0));
    parley.draw(elements.figure);
  }

  // How the variable that is shown ends, against the base; and the runs that failed.
  function ending() {
    const answer = answered();
    if (answer) return { ...answer.outputs[state.show], failed: answer.failed.yours };
    const ends = (found) => found.series[state.show].slice(0, results.futures).map((path) => path[path.length - 1]);
    const failed = results.failed.subarray(0, results.futures).reduce((sum, one) => sum + one, 0);
    return { ...compared(ends(baseResults), ends(results), results.futures), failed };
  }

  function status() {
    if (!baseResults) return word("PLAY_RUNNING");
    const { higher, lower, known, failed } = ending();
    const [above, below, of] = [higher, lower, known].map((count) => number(count, 0));
    const sentence = higher + lower ? word("PLAY_STATUS", above, of, below) : word("PLAY_SAME", of);
    return failed ? `${sentence} ${word("PLAY_FAILED", failed)}` : sentence;
  }

  function row(title, found, betterOnly) {
    const places = parley.decimals([found.base, found.yours], 3),
      span = parley.decimals([found.low, found.high, found.difference], 2);
    const cell = (shown, value) => make("td", { "data-value": Number.isFinite(value) ? value : "" }, shown);
    return make("tr", {}, make("th", { scope: "row" }, title),
      ...(betterOnly ? [] : [cell(number(found.base, places), found.base),
        cell(number(found.yours, places), found.yours)]),
      cell(`${signed(found.difference, span)} (${number(found.low, span)} \u2026 ${number(found.high, span)})`,
        found.difference),
      cell(word("PLAY_SHARE", number(found.higher, 0), number(found.known, 0)), found.higher));
  }

  const heads = (...ids) => make("thead", {},
    make("tr", {}, ...ids.map((id) => make("th", { scope: "col" }, id ? word(id) : ""))));

  function showTables() {
    if (!baseResults) return;
    const wanted = new Set(play.actors.flatMap((actor) => actor.wants.map(({ measure }) => measure)));
    const all = elements.all.checked || !wanted.size;
    const shown = play.measures.map((_, m) => m).filter((m) => all || wanted.has(m));
    const title = (m) => {
      const { title: name, units } = parley.data.measures[m];
      return text(units) ? `${text(name)} (${text(units)})` : text(name);
    };
    const answer = answered(), { futures } = results;
    const measure = (m) => (answer ? rowOfAnswer(answer.measures[m]) : compared(baseResults.measures[m],
      results.measures[m], futures));
    elements.measures.tBodies[0].replaceChildren(...shown.map((m) => row(title(m), measure(m))));
    elements.outcomes.textContent = word("PLAY_OUTCOMES", number((answer ?? results).futures, 0));
    if (!elements.payoffs) return;
    const sums = (found) => parley.engine.payoffs(play, weights, { ...found, futures });
    const before = sums(baseResults), after = sums(results);
    const payoff = (a) => (answer ? rowOfAnswer(answer.payoffs[a]) : compared(before[a], after[a], futures));
    elements.payoffs.tBodies[0].replaceChildren(...play.actors.map((actor, a) => row(text(actor.title), payoff(a),
      true))
      .filter((_, a) => play.actors[a].wants.length));
  }

  let told = 0;

  // The sentence is read out once the futures are complete, not at every move.
  function showRest() {
    showTables();
    if (results.complete) {
      clearTimeout(told);
      told = setTimeout(() => { elements.status.textContent = status(); }, 300);
    }
  }

  function showResults() {
    if (!results) return;
    showFan();
    showRest();
  }

  // ---- more futures, where the page is served ----------------------------------------------------------------------

  const larger = { key: null, found: null, count: 0, cancel: null }; // of which state, what is known of its run
  const keyOf = () => JSON.stringify(named());

  // What a finished run of the state at hand gave; null where there is none.
  function answered() {
    return larger.found?.state === "done" && larger.key === keyOf() ? larger.found.answer : null;
  }

  const numbered = (values) => values.map((value) => value ?? NaN);
  const rowOfAnswer = ({ base, yours, difference, ...counts }) => {
    const [middle, low, high] = numbered(difference);
    return { base: base ?? NaN, yours: yours ?? NaN, difference: middle, low, high, ...counts };
  };

  function fanOfAnswer(answer) {
    const { base, yours, units } = answer.outputs[state.show];
    const opened = (fan) => ({ paths: fan.paths.map(numbered), quantiles: fan.quantiles.map(numbered),
      ends: numbered(fan.ends) });
    return { times: play.times, act: play.actFrom, units, ...opened(yours), base: opened(base) };
  }

  function tellLarger() {
    const { found } = larger;
    if (!found) return "";
    if (found.state === "running") return word("PLAY_LARGER_PROGRESS",
      number((100 * found.done) / (found.all || Infinity), 0));
    if (found.state === "cancelled") return word("PLAY_LARGER_CANCELLED");
    if (found.state === "failed") return word("PLAY_LARGER_FAILED", found.error ?? "");
    if (found.state === "gone") return word("PLAY_LARGER_GONE");
    const done = word("PLAY_LARGER_DONE", number(found.answer.futures, 0), number(found.seconds, 1));
    const told = [answered() ? done : word("PLAY_LARGER_LEFT")];
    if (found.file) told.push(word("PLAY_LARGER_SAVED", found.file));
    if (found.error) told.push(word("PLAY_LARGER_UNSAVED", found.error));
    return told.join(" ");
  }

  function showLarger() {
    const { found } = larger, running = found?.state === "running", { run, cancel, bar, told, csv } = elements.larger;
    run.disabled = running;
    cancel.hidden = bar.hidden = !running;
    bar.max = found?.all || 1;
    bar.value = found?.done ?? 0;
    told.textContent = tellLarger();
    csv.hidden = found?.state !== "done";
    if (!csv.hidden) csv.href = found.csv;
    root.dataset.larger = found ? (answered() ? answered().futures : found.state) : "";
  }

  function runLarger() {
    const asked = larger.asked = {}; // what an earlier run still tells is dropped
    larger.key = keyOf();
    larger.found = { state: "running", done: 0, all: 0 };
    larger.cancel = parley.serving.run({ futures: larger.count, ...named() }, (found) => {
      if (larger.asked !== asked) return;
      larger.found = found;
      showLarger();
      if (found.state === "done" && answered()) showResults();
    });
    showLarger();
  }

  function largerControls() {
    const { most } = parley.serving, counts = [1000, 2000, 5000, 10000, 20000, 50000, 100000].filter((count) =>
      count < most);
    const select = make("select", {},
      ...[...counts, most].map((count) => make("option", { value: count }, number(count, 0))));
    larger.count ||= [...counts, most].findLast((count) => count <= 5000) ?? most;
    select.value = larger.count;
    select.addEventListener("change", () => { larger.count = Number(select.value); });
    elements.larger = { run: make("button", { type: "button", onclick: runLarger }, word("PLAY_LARGER_RUN")),
      cancel: make("button", { type: "button", onclick: () => larger.cancel() }, word("PLAY_LARGER_CANCEL")),
      bar: make("progress", { "aria-label": word("PLAY_LARGER") }),
        told: make("span", { class: "note", role: "status" }),
      csv: make("a", { download: "" }, word("PLAY_LARGER_CSV")) };
    const { run, cancel, bar, told, csv } = elements.larger;
    refreshers.push(showLarger);
    return make("div", { class: "larger" }, make("h3", {}, word("PLAY_LARGER")),
      label(word("PLAY_LARGER_COUNT"), select), run, cancel,
      bar, make("p", {}, told, " ", csv));
  }

  // ---- the whole -----------------------------------------------------------------------------------------------

  function copyLink() {
    writeState();
    const told_ = () => { elements.copied.textContent = word("PLAY_COPIED"); };
    if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(told_, told_);
    else told_();
  }

  function resetAll() {
    state = { ...fresh(), show: state.show };
    changed();
  }

  function startChoice() {
    const select = make("select", {}, make("option", { value: "" }, word("PLAY_PICK")),
      ...play.profiles.map((profile, k) => make("option", { value: k }, text(profile.title))));
    select.addEventListener("change", () => {
      if (select.value !== "") state.courses = [...play.profiles[Number(select.value)].courses];
      changed();
    });
    refreshers.push(() => {
      const found = play.profiles.findIndex((profile) =>
        profile.courses.every((course, a) => course === state.courses[a]));
      select.value = found >= 0 ? found : "";
    });
    return label(word("PLAY_START"), select);
  }

  function controls() {
    return make("div", { class: "controls" }, play.profiles.length ? startChoice() : null,
      ...play.actors.map(actorControls),
      uncertaintyControls());
  }

  function showChoice() {
    const select = make("select", {},
      ...play.outputs.map((output, k) => make("option", { value: k }, text(output.title))));
    select.addEventListener("change", () => {
      state.show = Number(select.value);
      writeState();
      showResults();
    });
    refreshers.push(() => { select.value = state.show; });
    return label(word("PLAY_SHOW"), select);
  }

  function outcomes() {
    elements.caption = make("figcaption", {});
    elements.figure = make("figure", { "data-figure": "fan", "data-part": "playing-fan" },
      make("div", { class: "plot" }), elements.caption);
    elements.status = make("p", { class: "status", role: "status", "aria-live": "polite" }, word("PLAY_RUNNING"));
    elements.differs = make("ul", { class: "differs", tabindex: "-1" });
    elements.copied = make("span", { class: "note", role: "status" });
    elements.outcomes = make("h3", {}, word("PLAY_OUTCOMES", play.futures));
    elements.all = make("input", { type: "checkbox", onchange: () => showResults() });
    elements.measures = make("table", {}, heads("PLAY_MEASURE", "PLAY_BASE", "PLAY_YOURS", "PLAY_CHANGE",
      "PLAY_HIGHER"), make("tbody"));
    const wants = play.actors.some((actor) => actor.wants.length);
    elements.payoffs = wants ? make("table", {}, heads("PLAY_ACTOR", "PLAY_CHANGE", "PLAY_BETTER"),
      make("tbody")) : null;
    const scroll = (table, title) =>
      make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, table);
    const view = make("div", { class: "view" }, showChoice(), elements.figure, elements.status);
    return [view, controls(), make("div", { class: "tables" }, parley.serving ? largerControls() : null,
      make("h3", {}, word("PLAY_DIFFERS")), elements.differs,
      make("p", { class: "buttons" }, make("button", { type: "button", onclick: resetAll }, word("PLAY_RESET_ALL")),
        make("button", { type: "button", onclick: copyLink }, word("PLAY_LINK")), elements.copied),
      ...(wants ? [make("h3", {}, word("PLAY_PAYOFFS")), scroll(elements.payoffs, word("PLAY_PAYOFFS"))] : []),
      elements.outcomes, make("label", { class: "all" }, elements.all, ` ${word("PLAY_ALL_MEASURES")}`),
      scroll(elements.measures, word("PLAY_MEASURE")))];
  }

  let opened = false;

  // The whole again, in the page's language; boxes that were open stay so.
  function build() {
    const boxes = [...root.querySelectorAll("details")].map((box) => box.open), all = elements.all?.checked;
    refreshers = [];
    root.replaceChildren(...outcomes());
    root.className = "playing";
    root.querySelectorAll("details").forEach((box, k) => { box.open = Boolean(boxes[k]); });
    elements.all.checked = Boolean(all);
    showControls();
    showResults();
    if (!opened) open();
    opened = true;
  }

  addEventListener("hashchange", () => {
    state = readState();
    start();
    showControls();
  });
  state = readState();
  parley.onLanguage(build);
})();
