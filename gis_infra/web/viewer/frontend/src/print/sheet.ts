// The sheet that goes to the printer: title, map, legend, scale, north, source. On the screen it is not seen.

import type { App } from "../app";
import type { LayerConfig } from "../config";
import { el, svg } from "../dom";
import { makeBackgroundLegend } from "../map/background";
import { LIGHT } from "../map/background";
import { formatInGrid } from "../measure/words";
import { swatch } from "../panels/legend";
import type { Picture } from "./picture";
import { chooseBar, getFrame, type Paper } from "./scale";

export interface Sheet {
  title: string;
  paper: Paper;
  scale: number;
  center: [number, number];
  hasLegend: boolean;
}

// More classes than this do not fit beside the map; then a layer is one line.
const MOST_LINES = 34;

/** The sheet as an element, with the picture in it. */
export function renderSheet(app: App, sheet: Sheet, picture: Picture): HTMLElement {
  const image = el("img", { src: picture.url, alt: app.t("map.label") });
  return el(
    "article",
    { class: `sheet ${sheet.paper}`, lang: app.language },
    el("header", {}, el("h1", {}, sheet.title), el("p", {}, app.config.city)),
    el("figure", {}, image),
    sheet.hasLegend ? renderLegend(app, listSeen(app, picture.sources)) : null,
    renderFoot(app, sheet),
  );
}

/** The layers that are on and of which something is in the picture, in the order of the tree. */
function listSeen(app: App, sources: ReadonlySet<string>): LayerConfig[] {
  return app.listShown().filter((layer) => sources.has(layer.id));
}

function renderLegend(app: App, layers: LayerConfig[]): HTMLElement {
  const entries = layers.map((layer): [LayerConfig, LayerConfig["legend"]] => [layer, getLegend(layer)]);
  const lines = entries.reduce((sum, [, legend]) => sum + (legend.length > 1 ? legend.length + 1 : 1), 0);
  const rows = entries.map(([layer, legend]) => renderLayer(layer, legend, lines <= MOST_LINES));
  return el("section", { class: "sheet-legend" }, el("h2", {}, app.t("print.legend")), el("ul", {}, ...rows));
}

function renderLayer(layer: LayerConfig, legend: LayerConfig["legend"], hasClasses: boolean): HTMLElement {
  const [first] = legend;
  const classes = legend.map((entry) => el("li", {}, swatch(entry), el("span", {}, entry.label)));
  return hasClasses && legend.length > 1
    ? el("li", {}, el("b", {}, layer.title), el("ul", {}, ...classes))
    : el("li", {}, first ? swatch(first) : null, el("span", {}, layer.title));
}

function getLegend(layer: LayerConfig): LayerConfig["legend"] {
  return layer.background ? makeBackgroundLegend(layer.id, layer.title, LIGHT) : layer.legend;
}

function renderFoot(app: App, sheet: Sheet): HTMLElement {
  const { config } = app;
  const today = app.date(new Date().toISOString());
  const outside = config.background !== null && app.state.ground !== "city" ? config.background.attribution : null;
  const source = [config.attribution, outside].filter(Boolean).join("; ");
  return el(
    "footer",
    {},
    drawNorth(app),
    el("div", {}, el("p", { class: "sheet-scale" }, app.t("print.scale_is", { scale: app.number(sheet.scale) })), drawBar(app, sheet.scale)),
    el(
      "div",
      { class: "sheet-source" },
      el("p", {}, app.t("print.source", { source, date: today })),
      el("p", {}, describeFrame(app, sheet)),
      el("p", {}, app.t("print.no_licence")),
    ),
  );
}

/** Where the frame lies in the city's grid, from corner to corner; of a city without such a grid, nothing. */
function describeFrame(app: App, { paper, scale, center }: Sheet): string {
  const { grid } = app.config;
  if (grid === null) {
    return "";
  }
  const [west, south, east, north] = getFrame(paper, scale, center);
  const [from, to] = [formatInGrid(app.language, grid, west, south), formatInGrid(app.language, grid, east, north)];
  return app.t("print.frame", { grid: grid.name, from, to });
}

function drawBar(app: App, scale: number): HTMLElement {
  const metres = chooseBar(scale);
  const bar = el("div", { class: "sheet-bar" }, el("span", {}, "0"), el("span", {}, app.distance(metres)));
  bar.style.width = `${(metres / scale) * 1000}mm`;
  return bar;
}

function drawNorth(app: App): HTMLElement {
  const arrow = svg("svg", { viewBox: "0 0 24 36", "aria-hidden": "true" }, svg("path", { d: "M12 1 21 30 12 24 3 30Z", fill: "none", stroke: "#111", "stroke-width": 1.4 }), svg("path", { d: "M12 1v23L3 30Z", fill: "#111" }));
  return el("div", { class: "sheet-north", role: "img", "aria-label": app.t("print.north_up") }, arrow, el("span", {}, app.t("print.north")));
}
