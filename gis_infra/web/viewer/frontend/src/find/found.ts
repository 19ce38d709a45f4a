// What was found, on the map: brought into view, marked until something else is looked for, and kept in the address.

import type { App } from "../app";
import type { Box } from "../config";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";
import { getShapes, type Result } from "./api";
import { formatMark, type Mark, parseMark, toMark } from "./mark";

const CLOSEST = 18.5;

export class FoundMark {
  /** Counts what was asked for, so that a late answer to an earlier question shows nothing. */
  private asked = 0;

  /** onLayer: asked to switch on the layer of what was found. */
  constructor(
    private readonly app: App,
    private readonly onLayer: (layer: string) => void,
  ) {}

  /** Goes to a result and marks it. */
  async show(result: Result): Promise<void> {
    zoomToBox(this.app.map, result.bbox, Math.max(CLOSEST, this.app.map.getZoom()));
    const mark = toMark(result);
    this.app.saveState({ found: formatMark(mark) });
    if ("layer" in mark) {
      this.onLayer(mark.layer);
    }
    await this.draw(mark);
  }

  /** Marks what the address names; goes there where the address names no place of its own. */
  async restore(isPlaced: boolean): Promise<void> {
    const mark = parseMark(this.app.state.found ?? "");
    if (mark === null) {
      return;
    }
    const box = await this.draw(mark);
    if (box && !isPlaced) {
      zoomToBox(this.app.map, box, CLOSEST);
    }
  }

  clear(): void {
    this.asked += 1;
    showOverlay(this.app.map, "found", []);
    this.app.saveState({ found: null });
  }

  private async draw(mark: Mark): Promise<Box | null> {
    this.asked += 1;
    const { asked } = this;
    const features = "point" in mark ? [toPoint(mark.point)] : await getShapes(mark.layer, mark.ids);
    if (asked !== this.asked) {
      return null;
    }
    const shapes = features.filter((feature) => feature.geometry !== null);
    showOverlay(this.app.map, "found", shapes);
    return getBox({ type: "GeometryCollection", geometries: shapes.map((feature) => feature.geometry) });
  }
}

function toPoint(coordinates: [number, number]): GeoJSON.Feature {
  return { type: "Feature", properties: {}, geometry: { type: "Point", coordinates } };
}
