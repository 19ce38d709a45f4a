// Marks: a shape and a sign of its own for each answer, so that nobody needs the colour to tell them apart.

import type { Map as MapLibreMap } from "maplibre-gl";

import type { Severity } from "./api";
import { svg } from "./dom";

export interface MarkShape {
  color: string;
  /** Outline and sign on a grid of 20 by 20. */
  shape: string;
  sign: string;
}

export const CIRCLE = "M10 1a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z";

export const SEVERITY_MARKS: Record<Severity, MarkShape> = {
  violation: { color: "#c62828", shape: "M10 1 19.5 18.5H.5Z", sign: "M10 7v5.6M10 15.4v.3" },
  possible: {
    color: "#b86200",
    shape: "M10 .5 19.5 10 10 19.5.5 10Z",
    sign: "M7.9 7.9a2.2 2.2 0 1 1 3.2 2c-.8.4-1.1.8-1.1 1.6M10 14.1v.3",
  },
  vertical_unknown: { color: "#6a4bbd", shape: "M2 2h16v16H2Z", sign: "M10 5v10M7.2 7.6 10 5l2.8 2.6M7.2 12.4 10 15l2.8-2.6" },
  opportunity: { color: "#1b7f3b", shape: CIRCLE, sign: "M10 5.5v9M5.5 10h9" },
  clear: { color: "#6d757d", shape: CIRCLE, sign: "M5.8 10.2 9 13.2l5.2-6.2" },
};

const GRID = 20;
const SIGN_WIDTH = 1.9;
// Of the pictures on the map: pixels of each unit of the grid, and the white edge that parts them from the ground.
export const SCALE = 2;
const EDGE = 2;

/** The mark of an answer; the words beside it say the same. */
export function drawMark(severity: Severity): SVGElement {
  return drawShape(SEVERITY_MARKS[severity], severity);
}

/** A mark whose colour the style sheet gives to `name`. */
export function drawShape({ shape, sign }: MarkShape, name: string): SVGElement {
  return svg(
    "svg",
    { class: `mark ${name}`, viewBox: `0 0 ${GRID} ${GRID}`, "aria-hidden": "true", focusable: "false" },
    svg("path", { class: "shape", d: shape }),
    svg("path", { class: "sign", d: sign }),
  );
}

/** What a layer of the map calls the picture of an answer. */
export function getMarkImage(severity: string): string {
  return `severity-${severity}`;
}

/** Gives the map the pictures of all answers. */
export function addMarkImages(map: MapLibreMap): void {
  for (const [severity, mark] of Object.entries(SEVERITY_MARKS)) {
    map.addImage(getMarkImage(severity), paintMark(mark), { pixelRatio: SCALE });
  }
}

/** A mark as a picture, twice as fine as the screen's usual pixels. */
export function paintMark({ color, shape, sign }: MarkShape): ImageData {
  const side = (GRID + 2 * EDGE) * SCALE;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.setTransform(SCALE, 0, 0, SCALE, EDGE * SCALE, EDGE * SCALE);
  context.lineJoin = context.lineCap = "round";
  context.strokeStyle = "#ffffff";
  context.lineWidth = 2 * EDGE;
  context.stroke(new Path2D(shape));
  context.fillStyle = color;
  context.fill(new Path2D(shape));
  context.lineWidth = SIGN_WIDTH;
  context.stroke(new Path2D(sign));
  return context.getImageData(0, 0, side, side);
}
