// A layer as a file: a small form whose answer is a plain link to the export address.

import { getAddress } from "../api";
import type { App } from "../app";
import type { LayerConfig } from "../config";
import { el } from "../dom";
import type { MessageKey } from "../messages";

const FORMATS = ["gpkg", "shp", "geojson", "fgb", "csv", "parquet"] as const;
const DIGITS = 6; // of a degree: a decimetre

/** Opens the form over the page; closing it gives the focus back. */
export function openDownload(app: App, layer: LayerConfig): void {
  const format = choice(app, "download-format", "download.format", FORMATS.map((id) => [id, app.t(`download.${id}`)]));
  const area = choice(app, "download-area", "download.area", [
    ["all", app.t("download.all")],
    ["view", app.t("download.view")],
  ]);
  const system = choice(app, "download-crs", "download.crs", [
    ["", app.t("download.crs_default")],
    ["4326", "WGS 84 (EPSG:4326)"],
    [String(app.config.srid), `EPSG:${app.config.srid}`],
  ]);
  const filter = makeFilterChoice(app, layer);
  const link = el("a", { class: "main", download: true }, app.t("download.save"));
  const refresh = (): void => {
    const text = filter?.box.checked ? app.filters.getText(layer.id) : null;
    link.href = makeAddress(app, layer, { format: format.select.value, inView: area.select.value === "view", srid: system.select.value, text });
  };
  [format, area, system].forEach(({ select }) => select.addEventListener("change", refresh));
  filter?.box.addEventListener("change", refresh);
  refresh();
  const dialog = el(
    "dialog",
    { class: "download", "aria-labelledby": "download-title" },
    el("h2", { id: "download-title" }, app.t("download.title", { title: layer.title })),
    el("div", { class: "rows" }, format.row, area.row, filter?.row, system.row),
    el(
      "div",
      { class: "buttons" },
      link,
      el("button", { type: "button", onclick: () => dialog.close() }, app.t("app.close")),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  link.addEventListener("click", () => setTimeout(() => dialog.close()));
  document.body.append(dialog);
  dialog.showModal();
}

function choice(
  app: App,
  id: string,
  key: MessageKey,
  options: [string, string][],
): { row: HTMLElement; select: HTMLSelectElement } {
  const select = el("select", { id }, ...options.map(([value, words]) => el("option", { value }, words)));
  return { row: el("div", { class: "field" }, el("label", { for: id }, app.t(key)), select), select };
}

/** Whether only what the layer's filter lets through is wanted; null where it has none. */
function makeFilterChoice(app: App, layer: LayerConfig): { row: HTMLElement; box: HTMLInputElement } | null {
  if (app.filters.getText(layer.id) === null) {
    return null;
  }
  const box = el("input", { type: "checkbox", id: "download-filtered" });
  box.checked = true;
  const words = app.t("download.filtered", { sentence: app.filters.getSentence(layer.id) });
  return { row: el("div", { class: "field check" }, box, el("label", { for: box.id }, words)), box };
}

/** What the form asks. srid: EPSG code, empty for the usual one. text: CQL2, null for all. */
interface Wanted {
  format: string;
  inView: boolean;
  srid: string;
  text: string | null;
}

function makeAddress(app: App, layer: LayerConfig, { format, inView, srid, text }: Wanted): string {
  // The file is called what the layer is, in the reader's language.
  const query = new URLSearchParams({ f: format, lang: app.language });
  if (inView) {
    const bounds = app.map.getBounds();
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    query.set("bbox", box.map((degrees) => degrees.toFixed(DIGITS)).join(","));
  }
  if (srid !== "") {
    query.set("crs", `http://www.opengis.net/def/crs/EPSG/0/${srid}`);
  }
  if (text !== null) {
    query.set("filter", text);
    query.set("filter-lang", "cql2-text");
  }
  return getAddress(`ogc/collections/${layer.id}/export?${query}`);
}
