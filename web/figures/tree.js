// A tree as laid out when the report was written.
//
// data: {width, height, nodes: [{x, y, w, h, lines: [[English line], [Spanish line]], end}], edges: [{points: [x, y,
//        ...] of a cubic Bezier curve, then where its arrow ends, probability}]}
(() => {
  "use strict";

  function drawEdge(edge, context) {
    const { makeSvg, colours } = context, { points } = edge;
    if (points.length < 10) return makeSvg("g");
    const pairs = Array.from({ length: points.length / 2 }, (_, k) => `${points[2 * k]},${points[2 * k + 1]}`);
    const tip = pairs.pop(), middle = 2 * Math.floor((pairs.length - 1) / 2);
    return makeSvg("g", {},
      makeSvg("path", { d: `M${pairs[0]}C${pairs.slice(1).join(" ")}L${tip}`, fill: "none", stroke: colours.soft,
        "stroke-width": 1 + 2 * edge.probability }),
      edge.probability < 1 ? makeSvg("text", { x: points[middle], y: points[middle + 1] - 4, "font-size": 11,
        fill: colours.ink, stroke: "#fff",
        "stroke-width": 3, "paint-order": "stroke" }, context.percent(edge.probability)) : null);
  }

  function drawNode(node, context) {
    const { makeSvg, colours } = context;
    const lines = node.lines[context.language === "es" ? 1 : 0] ?? node.lines[0], left = node.x - node.w / 2,
      top = node.y - node.h / 2;
    return makeSvg("g", {},
      makeSvg("rect", { x: left, y: top, width: node.w, height: node.h, rx: 3, fill: node.end ? colours.pale : "#fff",
        stroke: node.end ? colours.line : colours.main, "stroke-width": 1.2 }),
      makeSvg("text", { fill: colours.ink, "font-size": 11 },
        ...lines.map((line, k) => makeSvg("tspan", { x: left + 7, y: top + 16 + 14 * k, "font-weight": k === 0 &&
          !node.end ? 700 : 400 }, line))));
  }

  function draw(element, data, context) {
    const margin = 6, width = data.width + 2 * margin, height = data.height + 2 * margin;
    const shown = Math.max(Math.min(context.width, width), Math.min(width, 700));
    return context.makeSvg("svg", { viewBox: `${-margin} ${-margin} ${width} ${height}`, width: shown,
      height: Math.round(shown * height / width), style: "font-family: system-ui, sans-serif; display: block" },
      ...data.edges.map((edge) => drawEdge(edge, context)), ...data.nodes.map((node) => drawNode(node, context)));
  }

  parley.figure("tree", draw);
})();
