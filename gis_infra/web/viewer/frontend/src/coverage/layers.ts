// Choosing a layer of the city: of facilities that are planned, or of places among which to look for a site.

import type { App } from "../app";
import type { LayerConfig } from "../config";
import { el } from "../dom";

// Analyses and ground: nothing of them is a facility, planned or not, nor a place for one.
const NO_PLACES: ReadonlySet<string> = new Set(["conflict", "coverage_unit", "coverage_gap", "coverage_place", "admin_unit"]);

/** Whether features of a layer can be facilities or places for them: a line cannot, whatever it carries. */
export function isOfPlaces({ id, geometry, count }: Pick<LayerConfig, "id" | "geometry" | "count">): boolean {
  return count > 0 && !NO_PLACES.has(id) && !/LineString/.test(geometry);
}

/** The layers of which that can be, by sector, under a first choice that is none. */
export function makeLayerSelect(
  app: App,
  id: string,
  none: string,
  chosen: string,
  onChoose: (layer: string) => void,
): HTMLSelectElement {
  const sectors = app.config.sectors.map(({ title, layers }) => ({ title, layers: layers.filter(isOfPlaces) }));
  const groups = sectors
    .filter(({ layers }) => layers.length > 0)
    .map(({ title, layers }) =>
      el("optgroup", { label: title }, ...layers.map((layer) => el("option", { value: layer.id, selected: layer.id === chosen }, layer.title))),
    );
  const select = el("select", { id, onchange: () => onChoose(select.value) }, el("option", { value: "" }, none), ...groups);
  return select;
}
