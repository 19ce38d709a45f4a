// The feature in hand on the map: marked, and brought into view.

import type { App } from "../app";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";

const CLOSE_UP = 19;

/** Marks these shapes, and nothing else. */
export function markShapes(app: App, shapes: (GeoJSON.Geometry | null | undefined)[]): void {
  const there = shapes.filter((shape) => shape !== null && shape !== undefined);
  showOverlay(app.map, "highlight", there.map((geometry) => ({ type: "Feature", properties: {}, geometry })));
}

/** Moves the map to a shape, unless part of it is in sight: who clicked it is looking at the part that is meant. */
export function bringIntoView(app: App, shape: GeoJSON.Geometry | null): void {
  const box = shape ? getBox(shape) : null;
  const bounds = app.map.getBounds();
  const isApart = box && (box[2] < bounds.getWest() || box[0] > bounds.getEast() || box[3] < bounds.getSouth() || box[1] > bounds.getNorth());
  if (isApart) {
    zoomToBox(app.map, box, CLOSE_UP);
  }
}
