// Rows with an estimate and its interval: as bars from 0 ("bars"), or as dots ("dots").
//
// data: {rows: [{name, value, low, high, series, strong}], series: [title], format: "number" | "signed" | "percent",
//        axis: title, domain: [low, high], reference: number}
// series: which of the titles the row belongs to, from 0; rows of one name stand together.  strong: set in bold.
(() => {
  "use strict";

  // Rows of one name are one group, in the order in which the names come.
  function grouped(rows, text) {
    const groups = new Map();
    for (const row of rows) {
      const name = text(row.name);
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(row);
    }
    return [...groups];
  }

  // A place from the top for each row; a group's name stands at the middle of its rows, or, where it is narrow, above
  // them in as many lines as it needs.
  function placed(groups, narrow, linesOf) {
    const places = [], names = [];
    let y = 0;
    for (const [name, rows] of groups) {
      const more = narrow ? linesOf(name) - 1 : 0;
      if (narrow) y += 0.9 + 0.6 * more;
      const first = y;
      for (const row of rows) places.push({ row, y: y++ });
      names.push({ name, y: narrow ? first - 0.85 - 0.3 * more : (first + y - 1) / 2,
        strong: rows.some((row) => row.strong) });
      y += 0.35;
    }
    return { places, names, height: y };
  }

  function formatter(data, context) {
    const values = data.rows.flatMap((row) => [row.value, row.low, row.high]).filter(Number.isFinite);
    const places = context.decimals(values);
    if (data.format === "percent") return (value) => context.percent(value, Math.max(...values.map(Math.abs)) < 0.1
      ? 1 : 0);
    return (value) => (data.format === "signed" ? context.signed(value, places) : context.number(value, places));
  }

  function limits(data, bars) {
    const values = data.rows.flatMap((row) => [row.value, row.low, row.high]).filter(Number.isFinite);
    if (bars || data.reference !== undefined) values.push(data.reference ?? 0);
    if (!values.length) values.push(0, 1);
    return data.domain ?? [Math.min(...values), Math.max(...values)];
  }

  function says(row, show, context) {
    const interval = Number.isFinite(row.low) ? ` [${show(row.low)}, ${show(row.high)}]` : "";
    return `${context.text(row.name)}\n${show(row.value)}${interval}`;
  }

  function drawRows(data, context, bars) {
    const { colours, text } = context, narrow = context.width < 560;
    const letters = Math.floor((context.width - 40) / context.measure("x"));
    const groups = grouped(data.rows, text), { places, names, height } = placed(groups, narrow,
      (name) => context.broken(name, letters).length);
    const show = formatter(data, context), several = (data.series ?? []).length > 1;
    const colour = (place) => colours.series[(several ? place.row.series ?? 0 : 0) % colours.series.length];
    const symbols = ["circle", "square", "triangle", "diamond", "cross", "star"];
    const room = Math.min(context.width * 0.42, Math.max(60, ...names.map(({ name }) => context.measure(name)) ) + 12);
    const left = narrow ? 10 : room, wrap = narrow ? 200 : context.wrapped(room);
    const known = places.filter(({ row }) => Number.isFinite(row.value));
    const spans = places.filter(({ row }) => Number.isFinite(row.low) && Number.isFinite(row.high));
    const x = (key) => (place) => place.row[key];
    const marks = [
      Plot.gridX({ stroke: colours.ink, strokeOpacity: 0.09 }),
      bars || data.reference !== undefined ? Plot.ruleX([data.reference ?? 0], { stroke: colours.soft }) : null,
      bars ? Plot.rect(known, { x1: data.reference ?? 0, x2: x("value"), y1: ({ y }) => y - 0.34,
        y2: ({ y }) => y + 0.34,
        fill: colour, fillOpacity: 0.55 }) : null,
      Plot.link(spans, { x1: x("low"), x2: x("high"), y1: "y", y2: "y", stroke: bars ? colours.ink : colour,
        strokeWidth: bars ? 1.4 : 2.2 }),
      bars ? null : Plot.dot(known, { x: x("value"), y: "y", r: 4.5, fill: colour, stroke: "white", strokeWidth: 1,
        symbol: (place) => symbols[(several ? place.row.series ?? 0 : 0) % symbols.length] }),
      Plot.text(names, { x: () => limitsOfData[0], y: "y",
        text: ({ name }) => (narrow ? context.broken(name, letters).join("\n") : name), textAnchor: narrow
          ? "start" : "end",
        dx: narrow ? 0 : -10, lineWidth: wrap, fontSize: 12, fontWeight: ({ strong }) => (strong ? 650 : 400) }),
      Plot.axisX({ anchor: "bottom", ticks: narrow ? 4 : 6, label: null,
        tickFormat: data.format === "percent" ? (value) => context.percent(value, 0) : context.tick }),
      Plot.tip(known, Plot.pointer({ x: x("value"), y: "y", title: ({ row }) => says(row, show, context) })),
    ];
    const limitsOfData = limits(data, bars);
    const plotted = context.plot({ width: context.width, height: Math.round(height * (narrow ? 24 : 23)) + 46,
      marginLeft: left,
      marginRight: 26, marginTop: 8, marginBottom: data.axis ? 46 : 26,
      x: { domain: limitsOfData, nice: !data.domain, label: data.axis ? text(data.axis) : null, labelOffset: 42 },
      y: { domain: [height - 0.2, narrow ? -0.4 : -0.7], axis: null }, marks });
    return several ? context.make("div", {}, key(data, context, symbols, bars), plotted) : plotted;
  }

  // The series by colour and sign.
  function key(data, context, symbols, bars) {
    const signs = { circle: "\u25cf", square: "\u25a0", triangle: "\u25b2", diamond: "\u25c6", cross: "\u271a",
      star: "\u2605" };
    return context.make("ul", { class: "key" }, ...data.series.map((title, k) =>
      context.make("li", {}, context.make("span", { "aria-hidden": "true",
        style: `color:${context.colours.series[k % context.colours.series.length]}` },
        bars ? "\u25a0" : signs[symbols[k % symbols.length]]), ` ${context.text(title)}`)));
  }

  parley.figure("bars", (element, data, context) => drawRows(data, context, true));
  parley.figure("dots", (element, data, context) => drawRows(data, context, false));
})();
