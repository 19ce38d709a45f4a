// Works along a street: pieces of streets picked on the map, one by one or whole, and how wide the strip is.

import { identify } from "../api";
import type { App } from "../app";
import { el } from "../dom";
import { LARGEST_M, toMetres } from "./form";
import { askStrip, type Strip } from "./strips";

export const STREETS = "road_segment";
// Whoever presses the surface of a street means it, though its line lies in the middle.
const REACH_M = 15;
const LEAST_WIDTH_M = 0.1;

export class StreetPick {
  private chosen: number[] = [];
  private whole = false;
  /** As typed; empty: as wide as the streets are. */
  private width = "";
  private found: Strip | null = null;
  private request = new AbortController();

  /** onChange: called with the strip there is now, null for none. onFailure: with what was refused, or found nothing. */
  constructor(
    private readonly app: App,
    private readonly onChange: (strip: GeoJSON.MultiPolygon | null) => void,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Takes in the street at a place or, where it is in already, leaves it out. */
  async toggle(point: [number, number]): Promise<void> {
    const { signal } = this.renew();
    const reach = Math.max(REACH_M, (8 * 78271.5) / 2 ** this.app.map.getZoom());
    try {
      const { layers } = await identify(point, Math.min(reach, 200), [STREETS], {}, this.app.language, signal);
      const id = layers[0]?.features[0]?.id;
      if (id === undefined) {
        throw new Error(this.app.t("works.no_street"));
      }
      const isIn = this.found?.segments?.includes(id) ?? false;
      this.chosen = !isIn ? [...this.chosen, id] : this.whole ? [] : this.chosen.filter((each) => each !== id);
      await this.measure(signal);
    } catch (error) {
      this.onFailure(error);
    }
  }

  /** Gives up what is under way. */
  stop(): void {
    this.request.abort();
  }

  private renew(): AbortController {
    this.request.abort();
    this.request = new AbortController();
    return this.request;
  }

  private async measure(signal: AbortSignal): Promise<void> {
    const width = this.width.trim() === "" ? undefined : toMetres(this.width);
    if (width === null || (width !== undefined && (width < LEAST_WIDTH_M || width > 2 * LARGEST_M))) {
      throw new Error(this.app.t("works.width_fault", { least: this.app.number(LEAST_WIDTH_M, 1), largest: 2 * LARGEST_M }));
    }
    const reach_m = width === undefined ? undefined : width / 2;
    const order = { segments: this.chosen, whole: this.whole, ...(reach_m === undefined ? {} : { reach_m }) };
    this.found = this.chosen.length === 0 ? null : await askStrip(order, signal);
    this.onChange(this.found?.geometry ?? null);
  }

  private change(): void {
    this.measure(this.renew().signal).catch((error: unknown) => this.onFailure(error));
  }

  /** What is picked, and how it is widened; nothing before something is. */
  render(): HTMLElement | null {
    if (this.found === null) {
      return null;
    }
    const { names = [], segments = [], length_m = 0, area_m2 } = this.found;
    const told = this.app.t("works.street", {
      names: names.join(", ") || this.app.t("works.street_unnamed"),
      segments: segments.length,
      length: this.app.distance(length_m),
      area: this.app.number(area_m2),
    });
    const whole = el("input", { type: "checkbox", id: "works-whole", onchange: () => ((this.whole = whole.checked), this.change()) });
    whole.checked = this.whole;
    const width = el("input", {
      type: "text",
      id: "works-width",
      inputmode: "decimal",
      autocomplete: "off",
      maxlength: 12,
      placeholder: this.app.t("works.width_usual"),
      onchange: () => ((this.width = width.value), this.change()),
    });
    width.value = this.width;
    return el(
      "div",
      { class: "street" },
      el("p", { class: "note" }, told),
      el(
        "div",
        { class: "fields" },
        el("div", { class: "field" }, el("label", { for: width.id }, this.app.t("works.width")), el("span", { class: "with-unit" }, width, "m")),
        el("div", { class: "field check" }, whole, el("label", { for: whole.id }, this.app.t("works.whole"))),
      ),
    );
  }
}
