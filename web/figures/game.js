// The game.  "payoffs": the courses of two actors against each other, in each cell the payoff of every actor with its
// interval, best responses marked, equilibria framed; the courses of further actors are chosen above.  "map": where the
// equilibria lie: circles whose area is the share of futures.
//
// payoffs: {actors: [{title, courses: [title]}] (else the page's), estimate, low, high: [actor][profile],
//           best: [actor][profile] true | false, equilibria: [profile], start: profile}; profiles number the
//           combinations, the last actor fastest
// map:     {rows: [title], columns: [title], cells: [{row, column, share, low, high, note}], rowTitle, columnTitle}
(() => {
  "use strict";

  function profileOf(actors, courses) {
    return actors.reduce((profile, actor, a) => profile * actor.courses.length + courses[a], 0);
  }

  function coursesOf(actors, profile) {
    const courses = [];
    for (let a = actors.length - 1; a >= 0; a--) {
      courses[a] = profile % actors[a].courses.length;
      profile = Math.floor(profile / actors[a].courses.length);
    }
    return courses;
  }

  const states = new WeakMap(); // what a reader has chosen stays when the figure is drawn again

  function chooser(element, data, context, state) {
    const boxes = data.actors.slice(2).map((actor, k) => {
      const select = context.make("select", {}, ...actor.courses.map((course, c) =>
        context.make("option", { value: c, selected: c === state[k + 2] }, context.text(course))));
      select.addEventListener("change", () => {
        state[k + 2] = Number(select.value);
        parley.draw(context.figure);
        element.querySelectorAll("select")[k]?.focus();
      });
      return context.make("label", { class: "choose" }, `${context.text(actor.title)} `, select);
    });
    return boxes.length ? context.make("div", { class: "choices" }, ...boxes) : null;
  }

  function payoffLines(data, profile, context, places) {
    return data.actors.map((actor, a) => {
      const value = data.estimate[a][profile], low = data.low?.[a]?.[profile], high = data.high?.[a]?.[profile];
      const interval = Number.isFinite(low)
        ? ` (${context.number(low, places[a])} \u2026 ${context.number(high, places[a])})` : "";
      return { a, best: Boolean(data.best?.[a]?.[profile]), text: context.number(value, places[a]), interval,
        name: context.text(actor.title) };
    });
  }

  function drawPayoffs(element, given, context) {
    const data = { actors: context.page.actors, ...given };
    const { colours } = context, [first, second] = data.actors;
    if (!states.has(context.figure))
      states.set(context.figure, coursesOf(data.actors, data.start ?? data.equilibria?.[0] ?? 0));
    const state = states.get(context.figure);
    const places = data.actors.map((_, a) => {
      const values = data.estimate[a].filter(Number.isFinite), largest = Math.max(...values.map(Math.abs));
      return Math.max(context.decimals(values, 2), largest < 100 ? 1 : 0);
    });
    const columns = second ? second.courses.map(context.text) : [""], rows = first.courses.map(context.text);
    const cells = rows.flatMap((_, r) => columns.map((_, c) => {
      const profile = profileOf(data.actors, data.actors.map((_, a) => (a === 0 ? r : a === 1 ? c : state[a])));
      return { r, c, profile, lines: payoffLines(data, profile, context, places),
        equilibrium: (data.equilibria ?? []).includes(profile) };
    }));
    const lines = cells.flatMap((cell) => cell.lines.map((line) => ({ ...cell, ...line })));
    const longest = Math.max(...lines.map((line) => context.measure(line.text + line.interval, 11)));
    const left = Math.min(Math.max(120, context.width * 0.22),
      Math.max(80, ...rows.map((row) => context.measure(row))) + 12);
    const each = Math.max(longest + 26, (context.width - left - 8) / columns.length), step = 15,
      high = step * data.actors.length + 12;
    const deepest = Math.max(...columns.map((column) => Math.ceil((1.25 * context.measure(column)) / each)));
    const top = Math.max(64, 14 * deepest + 20), offset = (a) => (a - (data.actors.length - 1) / 2) * step;
    const byActor = (a, part) => Plot.text(lines.filter((line) => line.a === a),
      { x: "c", y: "r", dy: offset(a), fontSize: 11,
      fontWeight: (line) => (line.best ? 700 : 400), fill: colours.series[a % colours.series.length], text: part });
    const svg = context.plot({
      width: Math.round(left + each * columns.length + 8), height: top + high * rows.length + 8, marginLeft: left,
        marginRight: 8,
      marginTop: top, marginBottom: 8, style: { ...context.style, maxWidth: "none" },
      x: { type: "band", domain: columns.map((_, c) => c), padding: 0.03, axis: null },
      y: { type: "band", domain: rows.map((_, r) => r), padding: 0.06, axis: null },
      marks: [
        Plot.cell(cells, { x: "c", y: "r", fill: colours.pale, stroke: ({ equilibrium }) =>
          (equilibrium ? colours.base : "none"), strokeWidth: 2.5 }),
        ...data.actors.map((_, a) => byActor(a, (line) => `${line.best ? "\u25cf " : ""}${line.text}${line.interval}`)),
        Plot.text(rows.map((title, r) => ({ title, r })), { y: "r", text: "title", frameAnchor: "left",
          textAnchor: "end", dx: -8, lineWidth: context.wrapped(left - 10) }),
        Plot.text(columns.map((title, c) => ({ title, c })), { x: "c", text: "title", frameAnchor: "top",
          lineAnchor: "bottom", dy: -6, lineWidth: context.wrapped(each - 8) }),
        Plot.tip(cells, Plot.pointer({ x: "c", y: "r", title: (cell) => [rows[cell.r], columns[cell.c],
          ...cell.lines.map((line) =>
            `${line.best ? "\u25cf " : ""}${line.name}: ${line.text}${line.interval}`)].join("\n") })),
      ],
    });
    const key = context.make("ul", { class: "key" }, ...data.actors.map((actor, a) => context.make("li", {},
      context.make("span", { "aria-hidden": "true", style: `color:${colours.series[a % colours.series.length]}` },
        "\u25a0"),
      ` ${context.text(actor.title)}`)),
      context.make("li", {}, `\u25cf ${context.word("BEST_RESPONSE")}`),
      context.make("li", {}, context.make("span", { class: "frame", "aria-hidden": "true" }),
        ` ${context.word("NASH_EQUILIBRIUM")}`));
    return context.make("div", {}, chooser(element, data, context, state), key,
      context.make("div", { class: "scroll", tabindex: "0", role: "region",
      "aria-label": data.actors.map((actor) => context.text(actor.title)).join(" \u00d7 ") }, svg));
  }

  function drawMap(element, data, context) {
    const { colours, text } = context, rows = data.rows.map(text), columns = data.columns.map(text);
    const left = Math.min(Math.max(120, context.width * 0.22),
      Math.max(80, ...rows.map((row) => context.measure(row))) + 12);
    const each = Math.max(58, Math.min(130, (context.width - left - 16) / columns.length));
    const high = Math.max(52, ...rows.map((row) => 14 * Math.ceil((1.15 * context.measure(row)) / (left - 16)) + 6));
    const longest = Math.max(...columns.map((column) => context.measure(column)));
    const turned = longest > each * 1.9,
      { top, right, titles } = turned ? context.slanted(columns, each) : { top: 52, right: 12 };
    const radius = (cell) => 23 * Math.sqrt(Math.max(0, cell.share));
    return context.plot({
      width: Math.floor(left + each * columns.length + right), height: top + high * rows.length + 6, marginLeft: left,
      marginRight: right, marginTop: top, marginBottom: 4, style: { ...context.style, maxWidth: "none" },
      x: { type: "band", domain: columns.map((_, c) => c), padding: 0.04, axis: null },
      y: { type: "band", domain: rows.map((_, r) => r), padding: 0.06, axis: null }, r: { type: "identity" },
      marks: [
        Plot.cell(rows.flatMap((_, r) => columns.map((_, c) => ({ r, c }))), { x: "c", y: "r", fill: colours.pale }),
        Plot.dot(data.cells, { x: "column", y: "row", r: radius, fill: colours.main, fillOpacity: 0.85 }),
        Plot.text(data.cells.filter((cell) => radius(cell) > 15),
          { x: "column", y: "row", text: (cell) => context.percent(cell.share),
          fill: "white", fontSize: 11 }),
        Plot.text(data.cells.filter((cell) => radius(cell) <= 15),
          { x: "column", y: "row", text: (cell) => context.percent(cell.share),
          dx: 17, textAnchor: "start", fontSize: 11 }),
        Plot.text(rows.map((title, r) => ({ title, r })), { y: "r", text: "title", frameAnchor: "left",
          textAnchor: "end", dx: -8, lineWidth: context.wrapped(left - 10) }),
        Plot.text((titles ?? columns).map((title, c) => ({ title, c })), turned
          ? { x: "c", text: "title", ...context.slantedTitles }
          : { x: "c", text: "title", frameAnchor: "top", lineAnchor: "bottom", dy: -6,
            lineWidth: context.wrapped(each) }),
        Plot.tip(data.cells, Plot.pointer({ x: "column", y: "row",
          title: (cell) => [rows[cell.row], columns[cell.column],
          context.percent(cell.share, 1) + (Number.isFinite(cell.low)
            ? ` [${context.percent(cell.low, 1)}, ${context.percent(cell.high, 1)}]` : ""),
          text(cell.note)].filter(Boolean).join("\n") })),
      ],
    });
  }

  parley.figure("payoffs", drawPayoffs);
  parley.figure("map", drawMap);
})();
