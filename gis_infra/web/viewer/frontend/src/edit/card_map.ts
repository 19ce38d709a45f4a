// The feature in hand on the map: marked, and brought into view.

import type { App } from "../app";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";

const CLOSE_UP = 19;

/** Marks these shapes, and nothing else. */
export function markShapes(app: App, shapes: (GeoJSON.Geometry | null | undefined)[]): void {
  const there = shapes.filter((shape) => shape !== null && shape !== undefined);
  showOverlay(app.map, "highlight", there.map((geometry) => ({ type: "Feature", properties: {}, geometry })));
}

/** Moves the map to a shape, unless all of it is in sight. */
export function bringIntoView(app: App, shape: GeoJSON.Geometry | null): void {
  const box = shape ? getBox(shape) : null;
  const bounds = app.map.getBounds();
  if (box && !(bounds.contains([box[0], box[1]]) && bounds.contains([box[2], box[3]]))) {
    zoomToBox(app.map, box, CLOSE_UP);
  }
}
