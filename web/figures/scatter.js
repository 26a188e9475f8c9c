// Points in a plane ("scatter"): a trade-off such as coverage against density, or two measures of profiles.
//
// data: {x: {title, format}, y: {title, format}, points: [{x, y, label, note, group, chosen}], groups: [title],
//        line: true (joins the points of a group in their order), domain: {x: [low, high], y: [low, high]}}
// x and y may have xLow, xHigh, yLow, yHigh for intervals.  format: "number" | "percent".
(() => {
  "use strict";

  function shown(axis, values, context) {
    if (axis.format === "percent") return (value) => context.percent(value);
    const places = context.decimals(values);
    return (value) => context.number(value, places);
  }

  function draw(element, data, context) {
    const { colours, text } = context, symbols = ["circle", "square", "triangle", "diamond", "cross", "star"];
    const points = data.points.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y));
    const showX = shown(data.x, points.map((point) => point.x), context), showY = shown(data.y, points.map((point) => point.y), context);
    const colour = (point) => colours.series[(point.group ?? 0) % colours.series.length];
    const ticks = (axis) => (axis.format === "percent" ? (value) => context.percent(value) : context.tick);
    const spread = (low, high) => points.filter((point) => Number.isFinite(point[low]) && Number.isFinite(point[high]));
    const marks = [
      Plot.gridX({ stroke: colours.ink, strokeOpacity: 0.09 }),
      Plot.gridY({ stroke: colours.ink, strokeOpacity: 0.09 }),
      Plot.axisX({ ticks: context.width < 420 ? 4 : 6, tickFormat: ticks(data.x), label: text(data.x.title), labelArrow: "none", labelAnchor: "center", labelOffset: 42 }),
      Plot.axisY({ ticks: 5, tickFormat: ticks(data.y), label: text(data.y.title), labelArrow: "none" }),
      data.line ? Plot.line(points, { x: "x", y: "y", z: (point) => point.group ?? 0, stroke: colour, strokeWidth: 1.4, strokeOpacity: 0.6 }) : null,
      Plot.link(spread("xLow", "xHigh"), { x1: "xLow", x2: "xHigh", y1: "y", y2: "y", stroke: colour }),
      Plot.link(spread("yLow", "yHigh"), { x1: "x", x2: "x", y1: "yLow", y2: "yHigh", stroke: colour }),
      Plot.dot(points, { x: "x", y: "y", r: (point) => (point.chosen ? 7 : 4), fill: colour, stroke: (point) => (point.chosen ? colours.ink : "white"),
        strokeWidth: (point) => (point.chosen ? 2 : 1), symbol: (point) => symbols[(point.group ?? 0) % symbols.length] }),
      Plot.text(points.filter((point) => point.label), { x: "x", y: "y", text: (point) => text(point.label), dy: -11, fontSize: 11,
        lineWidth: 16, stroke: "white", strokeWidth: 4, fill: colours.ink }),
      Plot.tip(points, Plot.pointer({ x: "x", y: "y", title: (point) => [text(point.label), `${text(data.x.title)}: ${showX(point.x)}`,
        `${text(data.y.title)}: ${showY(point.y)}`, text(point.note)].filter(Boolean).join("\n") })),
    ];
    const svg = context.plot({ width: context.width, height: Math.round(Math.min(420, Math.max(260, context.width * 0.6))), marginLeft: 56,
      marginRight: 28, marginTop: 28, marginBottom: 48, r: { type: "identity" }, symbol: { type: "identity" },
      x: { nice: true, domain: data.domain?.x }, y: { nice: true, domain: data.domain?.y }, marks });
    if (!data.groups || data.groups.length < 2) return svg;
    const signs = ["\u25cf", "\u25a0", "\u25b2", "\u25c6", "\u271a", "\u2605"];
    return context.make("div", {}, context.make("ul", { class: "key" }, ...data.groups.map((title, k) => context.make("li", {},
      context.make("span", { "aria-hidden": "true", style: `color:${colours.series[k % colours.series.length]}` }, signs[k % signs.length]),
      ` ${text(title)}`))), svg);
  }

  parley.figure("scatter", draw);
})();
