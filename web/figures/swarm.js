// A finding over the futures: one dot for each of 100, filled where the finding holds, hollow where it does not.
//
// data: {dots: [value], lower: true where it holds below 0, axis: title}
(() => {
  "use strict";

  // How many dots the fullest place of so many beside each other holds: they pile up that high.
  function highest(dots, [low, high], places) {
    const counts = new Map();
    for (const value of dots) {
      const place = Math.floor(((value - low) / (high - low || 1)) * places);
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    return Math.max(0, ...counts.values());
  }

  function draw(element, data, context) {
    const { colours, text, word } = context;
    const holds = (value) => (data.lower ? value < 0 : value > 0);
    const dots = data.dots.filter(Number.isFinite), held = dots.filter(holds).length;
    const reach = [Math.min(0, ...dots), Math.max(0, ...dots)];
    const radius = context.width < 300 ? 3 : 3.4;
    const height = Math.max(146,
      Math.min(320, 60 + highest(dots, reach, (context.width - 40) / (2 * radius + 0.6)) * (2 * radius + 0.6)));
    const title = context.broken(text(data.axis), Math.floor((context.width - 30) / context.measure("x")));
    const drawing = context.plot({
      width: context.width, height: height + 14 * title.length - 14, marginLeft: 20, marginRight: 20, marginTop: 6,
      marginBottom: 34 + 14 * title.length,
      x: { domain: reach, nice: true, label: null, tickFormat: context.tick, ticks: 5 },
      marks: [
        Plot.text([title.join("\n")], { text: (line) => line, frameAnchor: "bottom", lineAnchor: "top", dy: 30 }),
        Plot.ruleX([0], { stroke: colours.ink, strokeWidth: 1.4 }),
        Plot.dot(dots, Plot.dodgeY({ x: (value) => value, r: radius, padding: 0.6, anchor: "bottom",
          fill: (value) => (holds(value) ? colours.main : "white"),
            stroke: (value) => (holds(value) ? colours.main : colours.base),
          strokeWidth: 1.4 })),
      ],
    });
    const entry = (sign, colour, label) => context.make("li", {},
      context.make("span", { "aria-hidden": "true", style: `color:${colour}` }, sign), ` ${label}`);
    return context.make("div", {},
      context.make("ul", { class: "key" }, entry("\u25cf", colours.main, word("SWARM_HOLDS", held)),
      held < dots.length ? entry("\u25cb", colours.base, word("SWARM_FAILS", dots.length - held)) : null), drawing);
  }

  parley.figure("swarm", draw);
})();
