// What was observed against the model: dots observed (hollow where they were kept out), a line and a band of the model.
//
// history:     {points: [{time, value, held, own, prior: [5, 50, 95 %], fitted: the same, null where no fit is known}]}
// history-key: what the marks mean; data-fitted says whether there is a fit.
(() => {
  "use strict";

  const known = (values) => values.every((value) => Number.isFinite(value));

  function whole(value) {
    return Number.isInteger(value) ? String(value) : "";
  }

  function reading(point, context, places) {
    const show = (value) => context.number(value, places), lines = [`${point.time}`];
    lines.push(`${context.word(point.held ? "HISTORY_HELD" : "HISTORY_OBSERVED")}: ${show(point.value)}`);
    lines.push(`${context.word("HISTORY_OWN")}: ${show(point.own)}`);
    const span = ([low, , high]) => `${show(low)} \u2026 ${show(high)}`;
    if (known(point.prior)) lines.push(`${context.word("HISTORY_PRIOR")}: ${span(point.prior)}`);
    if (known(point.fitted))
      lines.push(`${context.word("HISTORY_POSTERIOR")}: ${show(point.fitted[1])}, ${span(point.fitted)}`);
    return lines.join("\n");
  }

  function draw(element, { points }, context) {
    const { colours } = context, times = points.map((point) => point.time);
    const priors = points.filter((point) => known(point.prior)), fitted = points.filter((point) => known(point.fitted));
    const values = points.flatMap((point) => [point.value, point.own, ...point.prior,
      ...point.fitted]).filter(Number.isFinite);
    const low = Math.min(...values), high = Math.max(...values), places = context.decimals(values);
    const held = points.filter((point) => point.held),
      room = Math.max(0.5, 0.03 * (Math.max(...times) - Math.min(...times)));
    const domain = [Math.min(...times) - room, Math.max(...times) + room];
    const from = held.length && held.length < points.length
      ? (held[0].time + points[points.length - held.length - 1].time) / 2 : NaN;
    const band = (list, of, fill) =>
      Plot.areaY(list, { x: "time", y1: (point) => of(point)[0], y2: (point) => of(point)[2], fill });
    const range = low > 0 && low < 0.4 * high ? [0, high] : [low, high];
    const marks = [
      Number.isFinite(from) ? Plot.rect([0], { x1: from, x2: domain[1], fill: colours.pale }) : null,
      Plot.gridY({ stroke: colours.ink, strokeOpacity: 0.09 }),
      band(priors, (point) => point.prior, colours.band90),
      fitted.length ? band(fitted, (point) => point.fitted, colours.band50) : null,
      fitted.length ? Plot.line(fitted, { x: "time", y: (point) => point.fitted[1], stroke: colours.main,
        strokeWidth: 1.6, strokeDasharray: "2 3" }) : null,
      Plot.line(points, { x: "time", y: "own", stroke: colours.deep, strokeWidth: 2.2 }),
      Number.isFinite(from) ? Plot.ruleX([from], { stroke: colours.soft, strokeDasharray: "2 4" }) : null,
      Plot.dot(points, { x: "time", y: "value", r: 3.6, fill: (point) => (point.held ? "white" : colours.base),
        stroke: colours.base, strokeWidth: 1.7 }),
      Plot.axisX({ ticks: context.width < 420 ? 4 : 6, tickFormat: whole, label: null }),
      Plot.axisY({ ticks: 5, tickFormat: context.tick, label: null }),
      Plot.tip(points, Plot.pointerX({ x: "time", y: "value", title: (point) => reading(point, context, places) })),
    ];
    return context.plot({ width: context.width, height: Math.round(Math.min(280, Math.max(190, context.width * 0.55))),
      marginLeft: context.tickRoom(range), marginRight: 20, marginTop: 12, marginBottom: 26,
        y: { domain: range, nice: true },
      x: { domain }, marks });
  }

  const swatches = { HISTORY_OBSERVED: "dot", HISTORY_HELD: "ring", HISTORY_OWN: "line", HISTORY_PRIOR: "band",
    HISTORY_POSTERIOR: "band fitted" };

  function key(element, data, { word, make, select }) {
    const items = Object.entries(swatches).filter(([name]) => name !== "HISTORY_POSTERIOR" || select.fitted === "yes");
    return make("ul", { class: "key" }, ...items.map(([name, swatch]) =>
      make("li", {}, make("span", { class: `swatch ${swatch}` }), " ", word(name))));
  }

  parley.figure("history", draw);
  parley.figure("history-key", key);
})();
