// What the model gives against what was observed: dots observed, the line and band the model's.
//
// data: {units, observed: [{time, value}], model: {times, median, low, high (absent: no band)}, holdout: time from which
//        observations were not used, from: time at which they begin to count}
// or {variables: [such data, with title]} and data-variable chooses one.
(() => {
  "use strict";

  function draw(element, all, context) {
    const data = all.variables ? all.variables[Number(context.select.variable ?? 0)] : all;
    const { colours } = context, { model } = data;
    const path = model.times.map((time, k) => ({ time, value: model.median[k], low: model.low?.[k], high: model.high?.[k] }));
    const values = [...path.flatMap((point) => [point.value, point.low, point.high]), ...data.observed.map((point) => point.value)].filter(Number.isFinite);
    const low = Math.min(...values), high = Math.max(...values), places = context.decimals(values);
    const times = [...model.times, ...data.observed.map((point) => point.time)];
    const until = Math.max(...times);
    const marks = [
      Number.isFinite(data.holdout) ? Plot.rect([0], { x1: data.holdout, x2: until, fill: colours.pale }) : null,
      Plot.gridY({ stroke: colours.ink, strokeOpacity: 0.09 }),
      model.low ? Plot.areaY(path, { x: "time", y1: "low", y2: "high", fill: colours.band90 }) : null,
      Plot.line(path, { x: "time", y: "value", stroke: colours.deep, strokeWidth: 2.2 }),
      Number.isFinite(data.holdout) ? Plot.ruleX([data.holdout], { stroke: colours.soft, strokeDasharray: "2 4" }) : null,
      Plot.dot(data.observed, { x: "time", y: "value", r: 3.4, fill: (point) => (point.time >= (data.holdout ?? Infinity) ? "white" : colours.base),
        stroke: colours.base, strokeWidth: 1.6 }),
      Plot.axisX({ ticks: context.width < 420 ? 4 : 6, tickFormat: (time) => String(time), label: null }),
      Plot.axisY({ ticks: 5, tickFormat: context.tick, label: null }),
      Plot.tip(data.observed, Plot.pointerX({ x: "time", y: "value", title: (point) => `${point.time}: ${context.number(point.value, places)}` })),
    ];
    return context.plot({ width: context.width, height: Math.round(Math.min(300, Math.max(190, context.width * 0.55))), marginLeft: 56,
      marginRight: 10, marginTop: 12, marginBottom: 26, y: { domain: low > 0 && low < 0.4 * high ? [0, high] : [low, high], nice: true },
      x: { domain: [Math.min(...times), until] }, marks });
  }

  parley.figure("history", draw);
})();
