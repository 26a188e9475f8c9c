// What web/plot.js holds of Observable Plot, as the global Plot.
export {
  areaY, arrow, axisX, axisY, barX, barY, cell, dodgeX, dodgeY, dot, frame, gridX, gridY, line, lineX, lineY, link, plot,
  pointer, pointerX, pointerY, rect, ruleX, ruleY, text, textX, textY, tickX, tickY, tip,
} from "@observablehq/plot";
