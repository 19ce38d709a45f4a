// How much of each layer lies in the map's window: asked once the map rests, and only while somebody can see it.

import { ask } from "../api";
import type { App } from "../app";
import type { LayerConfig } from "../config";
import { isAbort } from "./panel";

const REST_MS = 250;
const DIGITS = 6;

export class WindowCounts {
  /** Layer id -> features in the window; null for more than `most`. */
  private counts: Record<string, number | null> = {};
  private most = 0;
  private request = new AbortController();
  private timer = 0;

  /** element: what shows the counts; onChange: called when there are new ones. */
  constructor(
    private readonly app: App,
    private readonly element: HTMLElement,
    private readonly onChange: () => void,
  ) {
    app.map.on("moveend", () => this.ask());
    // It comes into view, at first and again, and the window of the map has another size then.
    new ResizeObserver(() => this.ask()).observe(element);
  }

  /** Asks when the map has rested for a moment. */
  ask(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.fetch(), REST_MS);
  }

  /** What stands beside a layer's name: all there is, and of what is on, how much of it lies in the window. */
  describe(layer: LayerConfig): { text: string; title: string } {
    const all = this.app.number(layer.count);
    const inside = this.app.shown.has(layer.id) ? this.counts[layer.id] : undefined;
    if (inside === undefined || inside === layer.count) {
      return { text: all, title: this.app.t("layers.count", { count: all }) };
    }
    const shown = inside === null ? `${this.app.number(this.most)}+` : this.app.number(inside);
    return { text: `${shown} / ${all}`, title: this.app.t("layers.count_inside", { inside: shown, count: all }) };
  }

  private async fetch(): Promise<void> {
    this.request.abort();
    const layers = this.app.listShown().map((layer) => layer.id);
    if (this.element.offsetParent === null || layers.length === 0) {
      return;
    }
    this.request = new AbortController();
    const bounds = this.app.map.getBounds();
    const [west, east] = [Math.max(bounds.getWest(), -180), Math.min(bounds.getEast(), 180)];
    const box = [west, Math.max(bounds.getSouth(), -90), east, Math.min(bounds.getNorth(), 90)];
    const query = new URLSearchParams({ bbox: box.map((degrees) => degrees.toFixed(DIGITS)).join(","), layers: layers.join(",") });
    try {
      const answer = await ask<{ counts: Record<string, number | null>; most: number }>(`viewer/counts?${query}`, {
        signal: this.request.signal,
      });
      [this.counts, this.most] = [answer.counts, answer.most];
    } catch (error) {
      if (isAbort(error)) {
        return;
      }
      // A number too many to wait for is no reason to disturb: the layer's own number stays.
      this.counts = {};
    }
    this.onChange();
  }
}
