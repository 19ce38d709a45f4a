// Choosing a layer of the city: of facilities that are planned, or of places among which to look for a site.

import type { App } from "../app";
import { el } from "../dom";

/** The layers that have something in them, by sector, under a first choice that is none. */
export function makeLayerSelect(
  app: App,
  id: string,
  none: string,
  chosen: string,
  onChoose: (layer: string) => void,
): HTMLSelectElement {
  const sectors = app.config.sectors.map(({ title, layers }) => ({ title, layers: layers.filter(({ count }) => count > 0) }));
  const groups = sectors
    .filter(({ layers }) => layers.length > 0)
    .map(({ title, layers }) =>
      el("optgroup", { label: title }, ...layers.map((layer) => el("option", { value: layer.id, selected: layer.id === chosen }, layer.title))),
    );
  const select = el("select", { id, onchange: () => onChoose(select.value) }, el("option", { value: "" }, none), ...groups);
  return select;
}
