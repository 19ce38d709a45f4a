// What lies around a shape that is being edited, to draw to: fetched for the view, and asked for the nearest place.

import type { App } from "../app";
import { getNeighbours, type Neighbour } from "./api";
import { findSnap, getDegreesPerPixel, listShapes, type Snap } from "./snapping";
import type { Position } from "./vertices";

/** From further away nobody draws to a neighbour, and there would be too many. */
const LEAST_ZOOM = 16;
const MOST_LAYERS = 40;

export class Neighbourhood {
  private neighbours: Neighbour[] = [];
  private request = new AbortController();

  constructor(private readonly app: App) {}

  /** The place of a neighbour within so many pixels; owner: the feature that is no neighbour of itself. */
  find(at: Position, pixels: number, owner: { layer: string; id: number | null }): Snap | null {
    return findSnap(at, listShapes(this.neighbours, owner.layer, owner.id), this.getReach(pixels));
  }

  /** So many pixels in degrees. */
  getReach(pixels: number): number {
    return pixels * getDegreesPerPixel(this.app.map.getZoom());
  }

  /** Fetches what is in view; none where nothing is edited, or from far away. */
  async fetch(isWanted: boolean): Promise<void> {
    this.request.abort();
    if (!isWanted || this.app.map.getZoom() < LEAST_ZOOM) {
      this.neighbours = [];
      return;
    }
    this.request = new AbortController();
    const bounds = this.app.map.getBounds();
    // The networks before the ground, should there be too many layers to ask for all.
    const layers = this.app.listShown().sort((a, b) => Number(a.background) - Number(b.background));
    const ids = layers.slice(0, MOST_LAYERS).map((layer) => layer.id);
    try {
      const box: [number, number, number, number] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
      this.neighbours = (await getNeighbours(box, ids, this.request.signal)).features;
    } catch {
      // Without neighbours one draws all the same; the shape is held to nothing but where it is put.
      this.neighbours = [];
    }
  }
}
