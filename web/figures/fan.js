// A fan chart: 20 paths, the bands that hold the middle 50 % and 90 %, the median, the base's median dashed, and beside
// them a dot for each future's end value.
//
// data: {times: [point], act, variables: [{title, units: both [English, Spanish]}], base,
//        fans: [variable][profile] {paths: [k][point], quantiles: [5, 25, 50, 75, 95 %][point], ends: [future]}},
//        each packed
// and data-variable, data-profile choose one; or one fan as such: {times, act, units, paths, quantiles, ends,
// base: {quantiles}, ghost: whether the base's 5 and 95 % are drawn, too, domain: [low, high]}.
(() => {
  "use strict";

  const shownPaths = 20;

  const inRows = (values, each) =>
    Array.from({ length: Math.floor(values.length / each) }, (_, k) => values.slice(k * each, (k + 1) * each));

  // Paths, quantiles and ends come packed. A fan that is shorter than the times begins with the courses: until then it
  // is the base's.
  function opened(fan, points, base) {
    const rows = (values, count) => {
      const whole = parley.unpack(values);
      return inRows(whole, whole.length / count);
    };
    const full = (given, first) => given.map((row, k) =>
      (row.length < points ? [...first[k].slice(0, points - row.length), ...row] : row));
    const paths = rows(fan.paths, Math.min(shownPaths, parley.data.futures,
      Math.max(1, parley.unpack(fan.ends).length)));
    return { paths: full(paths, base?.paths), quantiles: full(rows(fan.quantiles, 5), base?.quantiles),
      ends: parley.unpack(fan.ends) };
  }

  function openedAll(packed, points, baseRow) {
    const base = packed[baseRow] ? opened(packed[baseRow], points) : null;
    return packed.map((fan, row) => (row === baseRow ? base : opened(fan, points, base)));
  }

  const unpacked = new WeakMap(); // the fans of a variable, once

  const domains = new WeakMap(); // and the scale that they share

  function chosen(data, select) {
    if (!data.fans) return data;
    const variable = Number(select.variable ?? 0), profile = Number(select.profile ?? data.base ?? 0);
    const packed = data.fans[variable];
    if (!unpacked.has(packed)) unpacked.set(packed, openedAll(packed, data.times.length, data.base));
    const fans = unpacked.get(packed);
    if (!domains.has(packed)) domains.set(packed, extent(fans.flatMap(drawn)));
    const domain = domains.get(packed);
    return { times: data.times, act: data.act, units: data.variables[variable].units, domain, ...fans[profile],
      base: data.base !== undefined && data.base !== null && data.base !== profile ? fans[data.base] : null };
  }

  // All values of a fan that are drawn.
  const drawn = (fan) => [...fan.quantiles.flat(), ...fan.paths.flat(), ...(fan.ends ?? [])];

  // What is drawn of the base beside a fan: its median, and where it is a ghost its outer band.
  const drawnOfBase = (fan) =>
    (fan.base ? (fan.ghost ? [0, 2, 4] : [2]).flatMap((level) => fan.base.quantiles[level]) : []);

  function extent(values) {
    let low = Infinity, high = -Infinity;
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (low > high) return [0, 1];
    return low > 0 && low < 0.4 * high ? [0, high] : [low, high];
  }

  // All dots as one path of round ends: as elements or circles, hundreds in every fan, they would be slow to print.
  function oneDrawing(placed, { makeSvg, colours }) {
    return (index, { x, y }) => {
      const path = placed.map(({ time, value }) => [x(time), y(value)])
        .map(([across, up]) => `M${across.toFixed(1)},${up.toFixed(1)}h0`);
      return makeSvg("path", { d: path.join(""), stroke: colours.main, "stroke-width": 3.2,
        "stroke-linecap": "round" });
    };
  }

  // Round times; none under the dots of the end values.
  function ticksUpTo(start, end, most) {
    const rough = (end - start) / most, power = 10 ** Math.floor(Math.log10(rough || 1));
    const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10), ticks = [];
    for (let k = Math.ceil(start / step); k * step <= end; k++) ticks.push(Number((k * step).toPrecision(12)));
    return ticks;
  }

  const points = (times, values) => times.map((time, k) => ({ time, value: values[k] }));
  const between = (times, low, high) => times.map((time, k) => ({ time, low: low[k], high: high[k] }));

  // End values as a dot plot: dots of the same bin stand side by side.
  function dots(ends, domain, from, room, rows) {
    const counts = new Map(), placed = [];
    const size = (domain[1] - domain[0]) / rows || 1;
    for (const value of ends) {
      if (!Number.isFinite(value)) continue;
      const bin = Math.min(rows - 1, Math.floor((value - domain[0]) / size)), count = counts.get(bin) ?? 0;
      counts.set(bin, count + 1);
      placed.push({ value: domain[0] + (bin + 0.5) * size, place: count });
    }
    const most = Math.max(8, ...counts.values());
    return placed.map(({ value, place }) => ({ value, time: from + (room * (place + 0.5)) / most }));
  }

  function draw(element, data, context) {
    const fan = chosen(data, context.select), { colours } = context, { times } = fan;
    const start = times[0], end = times[times.length - 1];
    const low = fan.quantiles[0], high = fan.quantiles[4];
    const domain = fan.domain ?? extent([...drawn(fan), ...drawnOfBase(fan)]);
    const height = Math.round(Math.min(320, Math.max(190, context.width * 0.62)));
    const room = 0.22 * (end - start), gap = 0.03 * (end - start);
    const rows = Math.floor(height / 6);
    const line = (values, options) => Plot.line(points(times, values), { x: "time", y: "value", ...options });
    const marks = [
      Plot.gridY({ stroke: colours.ink, strokeOpacity: 0.09 }),
      Plot.areaY(between(times, low, high), { x: "time", y1: "low", y2: "high", fill: colours.band90 }),
      Plot.areaY(between(times, fan.quantiles[1], fan.quantiles[3]),
        { x: "time", y1: "low", y2: "high", fill: colours.band50 }),
      fan.act > start && fan.act < end
        ? Plot.ruleX([fan.act], { stroke: colours.soft, strokeDasharray: "2 4" }) : null,
      Plot.line(fan.paths.slice(0, shownPaths).flatMap((path, k) =>
        points(times, path).map((point) => ({ ...point, k }))),
        { x: "time", y: "value", z: "k", stroke: colours.path, strokeWidth: 0.8, strokeOpacity: 0.35 }),
      ...(fan.base && fan.ghost ? [0, 4] : []).map((level) =>
        line(fan.base.quantiles[level], { stroke: colours.base, strokeWidth: 0.9, strokeDasharray: "2 3" })),
      fan.base ? line(fan.base.quantiles[2], { stroke: colours.base, strokeWidth: 1.8, strokeDasharray: "6 4" }) : null,
      line(fan.quantiles[2], { stroke: colours.deep, strokeWidth: 2.2 }),
      oneDrawing(dots(fan.ends ?? [], domain, end + gap, room, rows), context),
      Plot.axisX(ticksUpTo(start, end, context.width < 420 ? 3 : 5), { tickFormat: String }),
      Plot.axisY({ ticks: 5, tickFormat: context.tick, label: null }),
      Plot.ruleX(times, Plot.pointerX({ x: (time) => time, stroke: colours.soft, strokeOpacity: 0.5 })),
      Plot.tip(times, Plot.pointerX({ x: (time) => time, y: (time, k) => fan.quantiles[2][k],
        title: (time, k) => reading(fan, time, k, context) })),
    ];
    return context.plot({ width: context.width, height, marginLeft: context.tickRoom(domain), marginRight: 6,
      marginTop: 12, marginBottom: 26,
      x: { domain: [start, end + gap + room], label: null }, y: { domain, nice: true, label: null }, marks });
  }

  function reading(fan, time, k, context) {
    const at = (level) => fan.quantiles[level][k];
    const places = context.decimals([at(0), at(4)]);
    const lines = [`${Math.round(time * 100) / 100}`,
      `${context.word("MEDIAN_HEAD")}: ${context.number(at(2), places)}`,
      `5\u201395 %: ${context.number(at(0), places)} \u2026 ${context.number(at(4), places)}`];
    if (fan.base) lines.push(`${context.word("IS_BASE")}: ${context.number(fan.base.quantiles[2][k], places)}`);
    return lines.join("\n");
  }

  parley.figure("fan", draw);
})();
