// What was found, on the map: brought into view, marked until something else is looked for, and kept in the address.

import type { App } from "../app";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";
import { getShapes, type Result } from "./api";
import { formatMark, type Mark, parseMark, toMark } from "./mark";
import { findPlaceOn } from "./place";

const CLOSEST = 18.5;

export class FoundMark {
  /** Counts what was asked for, so that a late answer to an earlier question shows nothing. */
  private asked = 0;

  /** onLayer: asked to switch on the layer of what was found. */
  constructor(
    private readonly app: App,
    private readonly onLayer: (layer: string) => void,
  ) {}

  /** Goes to a result and marks it. Returns a place on it; null if it is gone, or another was asked for meanwhile. */
  async show(result: Result): Promise<[number, number] | null> {
    zoomToBox(this.app.map, result.bbox, Math.max(CLOSEST, this.app.map.getZoom()));
    const mark = toMark(result);
    this.app.saveState({ found: formatMark(mark) });
    if ("layer" in mark) {
      this.onLayer(mark.layer);
    }
    const shapes = await this.draw(mark);
    return shapes?.[0] === undefined ? null : findPlaceOn(shapes[0].geometry);
  }

  /** Marks what the address names; goes there where the address names no place of its own. */
  async restore(isPlaced: boolean): Promise<void> {
    const mark = parseMark(this.app.state.found ?? "");
    if (mark === null) {
      return;
    }
    const shapes = (await this.draw(mark)) ?? [];
    const box = getBox({ type: "GeometryCollection", geometries: shapes.map((feature) => feature.geometry) });
    if (box && !isPlaced) {
      zoomToBox(this.app.map, box, CLOSEST);
    }
  }

  clear(): void {
    this.asked += 1;
    showOverlay(this.app.map, "found", []);
    this.app.saveState({ found: null });
  }

  private async draw(mark: Mark): Promise<GeoJSON.Feature[] | null> {
    this.asked += 1;
    const { asked } = this;
    const features = "point" in mark ? [toPoint(mark.point)] : await getShapes(mark.layer, mark.ids);
    if (asked !== this.asked) {
      return null;
    }
    const shapes = features.filter((feature) => feature.geometry !== null);
    showOverlay(this.app.map, "found", shapes);
    return shapes;
  }
}

function toPoint(coordinates: [number, number]): GeoJSON.Feature {
  return { type: "Feature", properties: {}, geometry: { type: "Point", coordinates } };
}
