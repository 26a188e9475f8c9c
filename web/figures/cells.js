// Cells in rows and columns.  "heat": shaded by one scale.  "matrix": measures by profiles: medians, shaded by the
// share of futures in which the measure lies above the base's.
//
// heat:   {columns: [title], rows: [title], values: [row][column], low, high: the same (or absent), scale:
//          "sequential" | "diverging", format: "number" | "signed" | "percent", marks: [[row, column]] framed,
//          tied: [row][column] true where all that is compared is alike (grey, "=")}
// matrix: {cells: [measure][profile] [median, low, high, difference, low, high, share above the base], tied:
//          [measure][profile] true where it is the base's equal in every future (grey), wanted: [measure]}; the
//          titles are the page's
(() => {
  "use strict";

  const cellsOf = (values) => values.flatMap((row, r) => row.map((value, c) => ({ r, c, value })));

  function spanText(data, cell, show) {
    if (data.more) return `\n${data.more(cell)}`;
    const low = data.low?.[cell.r]?.[cell.c], high = data.high?.[cell.r]?.[cell.c];
    return Number.isFinite(low) ? ` [${show(low, cell)}, ${show(high, cell)}]` : "";
  }

  // Grey where all that is compared is alike: no share says so.
  function filling(data, cell, fill, colours) {
    if (data.tied?.[cell.r]?.[cell.c]) return colours.tied;
    return Number.isFinite(cell.value) ? fill(cell) : "#ffffff";
  }

  // rows, columns: titles; fill and show take a cell.
  function grid(data, context, { rows, columns, fill, show, strongColumn = -1 }) {
    const { colours, measure } = context, cells = cellsOf(data.values);
    const left = Math.min(Math.max(130, context.width * 0.22), Math.max(70, ...rows.map((row) => measure(row))) + 10);
    const longest = Math.max(...columns.map((column) => measure(column)));
    const widestAt = (size) => Math.max(...cells.map((cell) => measure(show(cell.value, cell), size))) + 6;
    const fontSize = left + columns.length * widestAt(11) > 0.9 * context.width ? 10 : 11, widest = widestAt(fontSize);
    const fitting = (right) => Math.max(widest, 34, Math.min(120, (context.width - left - right) / columns.length));
    const turned = longest > fitting(30) * 1.9,
      slant = turned ? context.slanted(columns, fitting(60)) : { top: 44, right: 8 };
    const each = fitting(turned ? slant.right : 30), { top, right, titles } = turned
      ? context.slanted(columns, each) : slant;
    // of the longest name, wrapped
    const lines = Math.max(...rows.map((row) => Math.ceil((1.15 * measure(row)) / (left - 16))));
    const height = Math.max(30, 14 * lines + 4),
      filled = cells.map((cell) => ({ ...cell, fill: filling(data, cell, fill, colours) }));
    const weight = ({ c }) => (c === strongColumn ? 650 : 400);
    const ends = (titles ?? columns).map((title, c) => ({ title, c }));
    return context.plot({
      width: Math.floor(left + each * columns.length + right), height: top + height * rows.length + 6,
      marginLeft: left, marginRight: right, marginTop: top, marginBottom: 4,
      style: { ...context.style, maxWidth: "none" },
      x: { type: "band", domain: columns.map((_, c) => c), padding: 0.04, axis: null },
      y: { type: "band", domain: rows.map((_, r) => r), padding: 0.08, axis: null },
      marks: [
        Plot.cell(filled, { x: "c", y: "r", fill: (cell) => cell.fill,
          stroke: (cell) => (marked(data, cell) ? colours.ink : "none"), strokeWidth: 2 }),
        Plot.text(filled, { x: "c", y: "r", text: (cell) => show(cell.value, cell),
          fill: (cell) => context.inkOn(cell.fill), fontSize }),
        Plot.text(rows.map((title, r) => ({ title, r })), { x: null, y: "r", text: "title", frameAnchor: "left",
          textAnchor: "end",
          dx: -8, lineWidth: context.wrapped(left - 10) }),
        turned
          ? Plot.text(ends, { x: "c", text: "title", ...context.slantedTitles, fontWeight: weight })
          : Plot.text(ends, { x: "c", text: "title", frameAnchor: "top", lineAnchor: "bottom", dy: -6,
            lineWidth: context.wrapped(each), fontWeight: weight }),
        Plot.tip(filled, Plot.pointer({ x: "c", y: "r", title: (cell) =>
          `${rows[cell.r]}\n${columns[cell.c]}\n${show(cell.value, cell)}${spanText(data, cell, show)}` })),
      ],
    });
  }

  function marked(data, cell) {
    return (data.marks ?? []).some(([r, c]) => r === cell.r && c === cell.c);
  }

  function drawHeat(element, data, context) {
    const values = data.values.flat().filter(Number.isFinite);
    const low = Math.min(...values), high = Math.max(...values), size = Math.max(Math.abs(low), Math.abs(high)) || 1;
    const places = context.decimals(values, 2);
    const formats = { percent: (value) => context.percent(value), signed: (value) => context.signed(value, places) };
    const format = formats[data.format] ?? ((value) => context.number(value, places));
    const show = (value, cell) => (cell && data.tied?.[cell.r]?.[cell.c] ? "=" : format(value));
    const fill = data.scale === "diverging" ? ({ value }) => context.diverging(value / size)
      : ({ value }) => context.shade(high > low ? (value - low) / (high - low) : 0);
    return grid(data, context, { rows: data.rows.map(context.text), columns: data.columns.map(context.text), fill,
      show });
  }

  // The measures that somebody wants, or that are asked for, by the profiles of the page.
  function drawMatrix(element, data, context) {
    const { page, text } = context;
    const shown = data.cells.map((_, m) => m).filter((m) => data.wanted?.[m] ?? true);
    const places = shown.map((m) => context.decimals(data.cells[m].map((cell) => cell[0]).filter(Number.isFinite), 3));
    const fill = ({ r, c }) => {
      const above = data.cells[shown[r]][c][6];
      return c === page.base || !Number.isFinite(above) ? "#ffffff" : context.diverging(2 * above - 1);
    };
    const units = (m) => text(page.measures[m].units);
    const more = ({ r, c }) => {
      const [, low, high, difference, least, most, above] = data.cells[shown[r]][c],
        show = (value) => context.number(value, places[r]);
      const lines = [units(shown[r]), `5\u201395 %: ${show(low)} \u2026 ${show(high)}`];
      if (c !== page.base && Number.isFinite(difference))
        lines.push(
          `${context.word("DIFFERENCE")}: ${context.signed(difference, places[r])} (${show(least)} \u2026 ${show(most)})`,
          context.word("SHARE_ABOVE", context.percent(above)));
      return lines.join("\n");
    };
    const values = shown.map((m) => data.cells[m].map((cell) => cell[0]));
    const tied = shown.map((m) => data.tied[m]);
    return grid({ values, more, tied }, context, { rows: shown.map((m) => context.inUnits(page.measures[m])),
      columns: page.profiles.map(text),
      fill, show: (value, cell) => context.number(value, places[cell.r]), strongColumn: page.base });
  }

  parley.figure("heat", drawHeat);
  parley.figure("matrix", drawMatrix);
})();
