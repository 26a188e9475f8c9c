// Shares of loops over time: a line for each, dashed differently and named at its end; the first with its band.
//
// data: {times, loops: [{id, sign, median: [share], low, high (absent: one run)}]}; loops without median are left out
(() => {
  "use strict";

  // Labels at the right end, moved apart so that none covers another.
  function apart(labels, least) {
    const sorted = labels.sort((a, b) => a.y - b.y);
    for (let k = 1; k < sorted.length; k++) sorted[k].y = Math.max(sorted[k].y, sorted[k - 1].y + least);
    return sorted;
  }

  function draw(element, data, context) {
    const { colours, dashes, word } = context, { times } = data;
    const shown = data.loops.filter((loop) => loop.median?.length === times.length);
    const lines = shown.map((loop) =>
      times.map((time, k) => ({ time, value: loop.median[k], low: loop.low?.[k], high: loop.high?.[k] })));
    const most = Math.max(0.02, ...lines.flat().map((point) => point.value ?? 0),
      ...(lines[0] ?? []).map((point) => point.high ?? 0));
    const height = Math.round(Math.min(340, Math.max(220, context.width * 0.5)));
    const colour = (k) => colours.series[k % colours.series.length];
    const labels = apart(shown.map((loop, k) => ({ text: loop.id, y: lines[k].at(-1).value ?? 0, colour: colour(k) })),
      most * 15 / (height - 40));
    const marks = [
      Plot.gridY({ stroke: colours.ink, strokeOpacity: 0.09 }),
      shown[0]?.low ? Plot.areaY(lines[0], { x: "time", y1: "low", y2: "high", fill: colours.band90 }) : null,
      ...lines.map((line, k) => Plot.line(line, { x: "time", y: "value", stroke: colour(k), strokeWidth: k ? 1.6 : 2.4,
        strokeDasharray: dashes[k % dashes.length] || undefined })),
      ...labels.map((label) => Plot.text([label], { x: times.at(-1), y: "y", text: "text", dx: 6, textAnchor: "start",
        fill: label.colour,
        fontWeight: 600 })),
      Plot.axisX({ ticks: context.width < 420 ? 4 : 7, tickFormat: (time) => String(time), label: null }),
      Plot.axisY({ ticks: 5, tickFormat: (share) => context.percent(share), label: word("LOOPS_SHARE_AXIS"),
        labelArrow: "none" }),
    ];
    return context.plot({ width: context.width, height, marginLeft: 48, marginRight: 44, marginTop: 24,
      marginBottom: 28,
      y: { domain: [0, most] }, x: { domain: [times[0], times.at(-1)] }, marks });
  }

  parley.figure("shares", draw);
})();
