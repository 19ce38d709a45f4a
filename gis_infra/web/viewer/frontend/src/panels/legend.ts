// The little picture before each name in the tree: the same colours, widths and dashes as on the map.

import type { LegendEntry } from "../config";
import { svg } from "../dom";

/** A swatch of 22 × 14 pixels. */
export function swatch(entry: LegendEntry): SVGElement {
  return svg("svg", { class: "swatch", viewBox: "0 0 22 14", "aria-hidden": "true" }, ...draw(entry));
}

function draw(entry: LegendEntry): SVGElement[] {
  const outline = entry.outline ?? entry.color;
  if (entry.kind === "fill") {
    return [svg("rect", { x: 2, y: 1.5, width: 18, height: 11, rx: 1.5, fill: entry.color, stroke: outline })];
  }
  if (entry.kind === "point") {
    return [svg("circle", { cx: 11, cy: 7, r: 4.5, fill: entry.color, stroke: entry.outline ?? "#ffffff" })];
  }
  const width = Math.min(Math.max(entry.width ?? 2, 1.5), 5);
  const line = { x1: 1, y1: 7, x2: 21, y2: 7 };
  const dash: Record<string, string> = entry.dash?.length
    ? { "stroke-dasharray": entry.dash.map((part) => part * width).join(" ") }
    : {};
  const stroke = svg("line", { ...line, stroke: entry.color, "stroke-width": width, ...dash });
  return entry.outline ? [svg("line", { ...line, stroke: entry.outline, "stroke-width": width + 2 }), stroke] : [stroke];
}
