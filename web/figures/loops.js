// The causal-loop diagram, as laid out when the report was written; a button for each loop shows it alone.
//
// data: {diagram: {width, height, nodes: [{x, y, w, h, lines: [[English line], [Spanish line]], name: [English,
//        Spanish], stock}], edges: [{points: [x, y, ...] of a cubic Bezier curve, tip: [x, y], sign, weight}], loops:
//        [[edge]]}, loops: [{id, sign, share}]}
(() => {
  "use strict";

  const kinds = { "+": "LOOP_REINFORCING", "-": "LOOP_BALANCING", "?": "LOOP_CHANGING" };

  function curve(points, tip) {
    const pairs = Array.from({ length: points.length / 2 }, (_, k) => `${points[2 * k]},${points[2 * k + 1]}`);
    return `M${pairs[0]}C${pairs.slice(1).join(" ")}L${tip[0]},${tip[1]}`;
  }

  // A triangle at the end of an edge, in the direction in which it arrives.
  function arrow(points, tip, size) {
    const x = points[points.length - 2], y = points[points.length - 1];
    const length = Math.hypot(tip[0] - x, tip[1] - y) || 1, u = (tip[0] - x) / length, v = (tip[1] - y) / length;
    const base = [tip[0] - u * size, tip[1] - v * size], half = size * 0.45;
    return `M${tip[0]},${tip[1]}L${base[0] - v * half},${base[1] + u * half}L${base[0] + v * half},${base[1] - u * half}Z`;
  }

  // Where the sign stands: beside the middle of the curve.
  function middle(points) {
    const k = Math.floor((points.length / 2 - 1) / 2);
    return [points[2 * k], points[2 * k + 1]];
  }

  function drawEdge(edge, context) {
    const { makeSvg, colours } = context;
    if (edge.points.length < 8) return makeSvg("g");
    const colour = edge.sign > 0 ? colours.main : edge.sign < 0 ? colours.base : colours.soft;
    const width = Math.min(4, 1 + 10 * Math.max(0, edge.weight ?? 0)), at = middle(edge.points);
    return makeSvg("g", {},
      makeSvg("path", { d: curve(edge.points, edge.tip), fill: "none", stroke: colour, "stroke-width": width,
        "stroke-dasharray": edge.sign < 0 ? "6 3" : edge.sign ? null : "2 3" }),
      makeSvg("path", { d: arrow(edge.points, edge.tip, 7 + width), fill: colour }),
      makeSvg("text", { x: at[0] + 5, y: at[1] - 4, fill: colour, "font-size": 14, "font-weight": 700, stroke: "#fff",
        "stroke-width": 3, "paint-order": "stroke" }, edge.sign > 0 ? "+" : edge.sign < 0 ? "\u2212" : "\u00b1"));
  }

  function drawNode(node, context) {
    const { makeSvg, colours } = context;
    const lines = node.lines[context.language === "es" ? 1 : 0] ?? node.lines[0];
    const from = node.y - (lines.length - 1) * 7 + 4;
    return makeSvg("g", {},
      makeSvg("title", {}, context.text(node.name)),
      makeSvg("rect", { x: node.x - node.w / 2, y: node.y - node.h / 2, width: node.w, height: node.h, rx: node.stock
        ? 1 : 9,
        fill: "#fff", stroke: node.stock ? colours.ink : colours.line, "stroke-width": node.stock ? 1.4 : 1 }),
      makeSvg("text", { "text-anchor": "middle", fill: colours.ink, "font-size": 11.5 },
        ...lines.map((line, k) => makeSvg("tspan", { x: node.x, y: from + 14 * k }, line))));
  }

  // Everything that is not of the loop fades.
  function show(parts, diagram, chosen) {
    const of = chosen === null ? null : new Set(diagram.loops[chosen]);
    const nodes = new Set();
    parts.edges.forEach((part, k) => {
      const seen = of === null || of.has(k);
      part.setAttribute("opacity", seen ? 1 : 0.12);
      if (seen) parts.ends[k].forEach((node) => nodes.add(node));
    });
    parts.nodes.forEach((part, k) => part.setAttribute("opacity", of === null || nodes.has(k) ? 1 : 0.3));
  }

  function nearest(nodes, x, y) {
    const far = (node) => Math.max(Math.abs(node.x - x) - node.w / 2, Math.abs(node.y - y) - node.h / 2);
    return nodes.reduce((best, node, k) => (far(node) < far(nodes[best]) ? k : best), 0);
  }

  function buttons(data, parts, context) {
    const { make, word } = context;
    const made = [null, ...data.diagram.loops.keys()].map((loop) =>
      make("button", { type: "button", "aria-pressed": loop === null ? "true" : "false",
      onclick: (event) => {
        made.forEach((one) => one.setAttribute("aria-pressed", one === event.currentTarget ? "true" : "false"));
        show(parts, data.diagram, loop);
      } }, loop === null ? word("LOOPS_ALL") : `${data.loops[loop].id} ${word(kinds[data.loops[loop].sign])}, ${context.percent(data.loops[loop].share, 1)}`));
    return make("div", { class: "picks", role: "group", "aria-label": word("LOOPS_PICK") }, ...made);
  }

  function draw(element, data, context) {
    const { make, makeSvg, word, colours } = context, { diagram } = data;
    const margin = 6;
    const parts = { edges: diagram.edges.map((edge) => drawEdge(edge, context)),
      nodes: diagram.nodes.map((node) => drawNode(node, context)),
      ends: diagram.edges.map((edge) => edge.points.length < 8 ? [] :
        [nearest(diagram.nodes, edge.points[0], edge.points[1]), nearest(diagram.nodes, edge.tip[0], edge.tip[1])]) };
    const natural = diagram.width + 2 * margin;
    const width = Math.max(Math.min(context.width, natural * 1.2), Math.min(natural, 560));
    const drawing = makeSvg("svg",
      { viewBox: `${-margin} ${-margin} ${diagram.width + 2 * margin} ${diagram.height + 2 * margin}`,
      width, height: Math.round(width * (diagram.height + 2 * margin) / (diagram.width + 2 * margin)),
      style: "font-family: system-ui, sans-serif; display: block" }, ...parts.edges, ...parts.nodes);
    const key = (colour, name) => make("li", { style: `color:${colour}` }, word(name));
    return make("div", {}, buttons(data, parts, context), drawing,
      make("ul", { class: "key" }, key(colours.main, "LOOPS_SAME"),
      key(colours.base, "LOOPS_OTHER"), key(colours.ink, "LOOPS_STOCK")));
  }

  parley.figure("loops", draw);
})();
