// Points in a plane ("scatter"): a trade-off such as coverage against density, or two measures of profiles.
//
// data: {x: {title, units, format, better}, y: the same, points: [{x, y, label, note, group, chosen}], groups: [title],
//        quiet: true (the last group is but the background), line: true (joins the points of a group in their order),
//        domain: {x: [low, high], y: [low, high]}}
// x and y may have xLow, xHigh, yLow, yHigh for intervals.  format: "number" | "percent".  better: 1 where more is better,
// -1 where less is, told at the axis.  A label stands where no other does; its point is found by pointing, too.
(() => {
  "use strict";

  function shown(axis, values, context) {
    if (axis.format === "percent") return (value) => context.percent(value);
    const places = context.decimals(values);
    return (value) => context.number(value, places);
  }

  // "All killings per year (people/year)", and which way is better: "\u2190 less is better".
  function titleOf(axis, context, [less, more]) {
    const title = context.inUnits(axis);
    if (!axis.better) return title;
    return axis.better > 0 ? `${title}: ${context.word("BETTER_MORE")} ${more}`
      : `${title}: ${less} ${context.word("BETTER_LESS")}`;
  }

  // Labels beside their points: at the first place around a point that no label and no other labelled point has.
  function labels(points, { text, measure, makeSvg, colours }) {
    const around = [[0, -9], [11, 4], [-11, 4], [0, 17], [13, -7], [-13, -7], [13, 15], [-13, 15], [0, -22], [24, 4],
      [-24, 4], [0, 30]];
    return (index, { x, y }) => {
      const labelled = points.filter((point) => point.label).map((point) =>
        ({ label: text(point.label), x: x(point.x), y: y(point.y) }));
      const taken = labelled.map((point) => [point.x - 3, point.y - 3, point.x + 3, point.y + 3]);
      return makeSvg("g", { "font-size": 11, "text-anchor": "middle", fill: colours.ink, stroke: "white",
        "stroke-width": 3, "paint-order": "stroke" },
        ...labelled.map((point) => {
          const half = measure(point.label, 11) / 2 + 1;
          const boxes = around.map(([dx, dy]) => [point.x + dx - half, point.y + dy - 9, point.x + dx + half,
            point.y + dy + 1]);
          const free = boxes.findIndex((box) => !taken.some((other) => box[0] < other[2] && other[0] < box[2] &&
            box[1] < other[3] && other[1] < box[3]));
          const [dx, dy] = around[Math.max(0, free)];
          taken.push(boxes[Math.max(0, free)]);
          return makeSvg("text", { x: point.x + dx, y: point.y + dy }, point.label);
        }));
    };
  }

  function draw(element, data, context) {
    const { colours, text } = context, symbols = ["circle", "square", "triangle", "diamond", "cross", "star"];
    const points = data.points.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y));
    const showX = shown(data.x, points.map((point) => point.x), context);
    const showY = shown(data.y, points.map((point) => point.y), context);
    const isQuiet = (point) => data.quiet && point.group === data.groups.length - 1;
    const colour = (point) => (isQuiet(point)
      ? colours.soft : colours.series[(point.group ?? 0) % colours.series.length]);
    const radius = (point) => (point.chosen ? 7 : isQuiet(point) ? 2.4 : data.quiet ? 5.5 : 4);
    const ticks = (axis) => (axis.format === "percent" ? (value) => context.percent(value) : context.tick);
    const spread = (low, high) => points.filter((point) => Number.isFinite(point[low]) && Number.isFinite(point[high]));
    const numbered = points.some((point) => /^\d+$/.test(text(point.label)));
    const room = (pixels) => Math.floor(pixels / context.measure("x"));
    const across = context.broken(titleOf(data.x, context, ["\u2190", "\u2192"]), room(context.width - 84));
    const up = context.broken(titleOf(data.y, context, ["\u2193", "\u2191"]), room(context.width - 20));
    const title = (lines, options) => Plot.text([lines.join("\n")], { text: (line) => line, ...options });
    const left = data.y.format === "percent"
      ? 56 : context.tickRoom([Math.min(...points.map((point) => point.y)),
        Math.max(...points.map((point) => point.y))]);
    const back = [...points].reverse(); // the first group lies on top
    const marks = [
      Plot.gridX({ stroke: colours.ink, strokeOpacity: 0.09 }),
      Plot.gridY({ stroke: colours.ink, strokeOpacity: 0.09 }),
      Plot.axisX({ ticks: context.width < 420 ? 4 : 6, tickFormat: ticks(data.x), label: null }),
      Plot.axisY({ ticks: 5, tickFormat: ticks(data.y), label: null }),
      title(across, { frameAnchor: "bottom", lineAnchor: "top", dy: 29 }),
      title(up, { frameAnchor: "top-left", lineAnchor: "bottom", dx: 6 - left, dy: -10 }),
      data.line ? Plot.line(points, { x: "x", y: "y", z: (point) => point.group ?? 0, stroke: colour, strokeWidth: 1.4,
        strokeOpacity: 0.6 }) : null,
      Plot.link(spread("xLow", "xHigh"), { x1: "xLow", x2: "xHigh", y1: "y", y2: "y", stroke: colour }),
      Plot.link(spread("yLow", "yHigh"), { x1: "x", x2: "x", y1: "yLow", y2: "yHigh", stroke: colour }),
      Plot.dot(back, { x: "x", y: "y", r: radius, fill: (point) => (isQuiet(point) ? "white" : colour(point)),
        stroke: (point) => (point.chosen ? colours.ink : isQuiet(point) ? colours.soft : "white"),
        strokeWidth: (point) => (point.chosen ? 2 : 1),
        symbol: (point) => (isQuiet(point) ? "circle" : symbols[(point.group ?? 0) % symbols.length]) }),
      numbered ? labels(points, context) : Plot.text(points.filter((point) => point.label), { x: "x", y: "y",
        text: (point) => text(point.label), dy: -11, fontSize: 11, lineWidth: 16, stroke: "white", strokeWidth: 4,
          fill: colours.ink }),
      Plot.tip(points, Plot.pointer({ x: "x", y: "y",
        title: (point) => [text(point.label), `${text(data.x.title)}: ${showX(point.x)}`,
        `${text(data.y.title)}: ${showY(point.y)}`, text(point.note)].filter(Boolean).join("\n") })),
    ];
    const svg = context.plot({ width: context.width,
      height: Math.round(Math.min(440, Math.max(280, context.width * 0.6))), marginLeft: left,
      marginRight: 28, marginTop: 18 + 14 * up.length, marginBottom: 36 + 14 * across.length, r: { type: "identity" },
      symbol: { type: "identity" }, x: { nice: true, domain: data.domain?.x, inset: 12 },
      y: { nice: true, domain: data.domain?.y, inset: 12 }, marks });
    if (!data.groups || data.groups.length < 2) return svg;
    const signs = ["\u25cf", "\u25a0", "\u25b2", "\u25c6", "\u271a", "\u2605"];
    const entry = (title, k) => {
      const quiet = data.quiet && k === data.groups.length - 1;
      return context.make("li", {}, context.make("span", { "aria-hidden": "true",
        style: `color:${quiet ? colours.soft : colours.series[k % colours.series.length]}` }, quiet
          ? "\u25cb" : signs[k % signs.length]),
        ` ${text(title)}`);
    };
    return context.make("div", {}, context.make("ul", { class: "key" }, ...data.groups.map(entry)), svg);
  }

  parley.figure("scatter", draw);
})();
