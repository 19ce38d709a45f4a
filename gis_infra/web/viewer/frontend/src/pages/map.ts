// The map of one page of the OGC API: the city's ground, and on it a layer, or the features that the page lists.

import type { LayerSpecification, Map as MapLibreMap } from "maplibre-gl";

import { ask, getConfig } from "../api";
import { getPalette } from "../app";
import { type Box, type Config, findLayer, type LayerConfig, listLayers } from "../config";
import { el } from "../dom";
import { createMap, getMark, placeMap } from "../map/create";
import { addLayers, repaint } from "../map/layers";
import { addOverlays, getBox, showOverlay, zoomToBox } from "../map/overlays";
import { type Language, type MessageKey, translate } from "../messages";
import { EMPTY_STATE } from "../state";
import { linkRows } from "./rows";
import { linkVersions } from "./versions";

const FEATURES = "page-features";
const CORNER_DIGITS = 6;
const SIDES = ["west", "south", "east", "north"] as const;

type Collection = GeoJSON.FeatureCollection<GeoJSON.Geometry | null>;

/** What a map of a page knows: itself, what it shows, and by which of its layers. */
export interface PageMap {
  map: MapLibreMap;
  features: GeoJSON.Feature[];
  parts: string[];
}

/** Draws the map that `box` asks for; what goes wrong is said in its place. */
export async function drawMap(box: HTMLElement, language: Language): Promise<void> {
  try {
    await draw(box, language);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    box.replaceChildren(el("p", { role: "alert" }, translate(language, "app.failed", { reason })));
  }
}

async function draw(box: HTMLElement, language: Language): Promise<void> {
  box.replaceChildren(el("p", { role: "status" }, translate(language, "app.loading")));
  const [config, features] = await Promise.all([getConfig(language), readFeatures(box.dataset["features"])]);
  const layer = findLayer(config, box.dataset["layer"] ?? "");
  const bounds = joinBoxes(features ?? []) ?? parseBox(box.dataset["extent"]) ?? config.bounds;
  const container = el("div", { class: "map-canvas" });
  box.replaceChildren(container);
  box.setAttribute("aria-busy", "true");
  const map = await createMap(container, language);
  placeMap(map, widen(bounds), EMPTY_STATE);
  window.gisInfraMap = map;
  const ground = keepGround(config, features === null ? layer : undefined);
  addLayers(map, ground, new Set(listLayers(ground).map((each) => each.id)), getPalette());
  const parts = features !== null && layer !== undefined ? addFeatures(map, layer, features) : [];
  addOverlays(map);
  finish(box, language, { map, features: features ?? [], parts }, bounds, ground);
}

function finish(box: HTMLElement, language: Language, page: PageMap, bounds: Box, ground: Config): void {
  const { map } = page;
  map.getCanvas().setAttribute("aria-label", translate(language, "pages.map_label", { title: box.dataset["label"] ?? "" }));
  box.append(makeButtons(map, language, bounds));
  if (matchMedia("(pointer: coarse)").matches) {
    // One finger scrolls the page, two move the map: a phone's reader must get past it.
    map.cooperativeGestures.enable();
  }
  if (box.dataset["link"] === "rows") {
    linkRows(page);
  } else if (box.dataset["link"] === "versions") {
    linkVersions(page, language);
  } else {
    showOverlay(map, "highlight", page.features);
  }
  addCornersButton(map, language);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => repaint(map, ground, getPalette()));
  map.on("idle", () => box.setAttribute("aria-busy", "false"));
  map.triggerRepaint();
}

/** The features at an address of this server that have a shape; null where there is no address. */
async function readFeatures(address: string | undefined): Promise<GeoJSON.Feature[] | null> {
  if (address === undefined) {
    return null;
  }
  const found = await ask<Collection | GeoJSON.Feature>(toPath(address));
  const features = found.type === "FeatureCollection" ? found.features : [found];
  return features.filter((each) => each.geometry !== null) as GeoJSON.Feature[];
}

/** An address of this server as `ask` takes it: what follows the root. */
export function toPath(address: string): string {
  const root = new URL(document.body.dataset["root"] ?? "/", location.href);
  return new URL(address, location.href).href.slice(root.href.length);
}

/** The city's own ground alone, and `layer` where it is given. */
function keepGround(config: Config, layer: LayerConfig | undefined): Config {
  const kept = (each: LayerConfig): LayerConfig => (each.id === layer?.id ? { ...each, background: false } : each);
  const sectors = config.sectors.map((sector) => ({
    ...sector,
    layers: sector.layers.filter((each) => each.background || each.id === layer?.id).map(kept),
  }));
  return { ...config, sectors };
}

/** Draws features as their layer is drawn; gives the ids of what draws them. */
function addFeatures(map: MapLibreMap, layer: LayerConfig, features: GeoJSON.Feature[]): string[] {
  map.addSource(FEATURES, { type: "geojson", data: { type: "FeatureCollection", features } } as never);
  return layer.style.map((part) => {
    const { "source-layer": _, minzoom: __, ...rest } = part as LayerSpecification & { "source-layer"?: string };
    const own = { ...rest, id: `page-${part.id}`, source: FEATURES } as LayerSpecification;
    map.addLayer(own, getMark("overlays"));
    return own.id;
  });
}

function makeButtons(map: MapLibreMap, language: Language, bounds: Box): HTMLElement {
  const make = (key: MessageKey, sign: string, press: () => void): HTMLElement => {
    const words = translate(language, key);
    return el("button", { type: "button", title: words, "aria-label": words, onclick: press }, sign);
  };
  return el(
    "div",
    { class: "map-buttons" },
    make("map.zoom_in", "+", () => map.zoomIn()),
    make("map.zoom_out", "−", () => map.zoomOut()),
    make("pages.whole", "⤢", () => zoomToBox(map, bounds)),
  );
}

/** A button in the filter that takes the box the map shows. */
function addCornersButton(map: MapLibreMap, language: Language): void {
  const line = document.querySelector<HTMLElement>("[data-corners]");
  const take = (): void => {
    const bounds = map.getBounds();
    const corners = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    SIDES.forEach((side, index) => {
      const input = document.getElementById(side) as HTMLInputElement | null;
      if (input !== null) {
        input.value = (corners[index] as number).toFixed(CORNER_DIGITS);
      }
    });
  };
  line?.append(el("button", { type: "button", class: "button", onclick: take }, translate(language, "pages.use_view")));
}

function parseBox(text: string | undefined): Box | null {
  const numbers = (text ?? "").split(",").map(Number);
  return numbers.length === 4 && numbers.every(Number.isFinite) ? (numbers as Box) : null;
}

/** The box that holds all the features; null where there are none. */
function joinBoxes(features: GeoJSON.Feature[]): Box | null {
  const boxes = features.map((each) => getBox(each.geometry)).filter((each) => each !== null);
  const [first, ...rest] = boxes;
  return first === undefined ? null : rest.reduce(join, first);
}

function join(one: Box, other: Box): Box {
  return [
    Math.min(one[0], other[0]),
    Math.min(one[1], other[1]),
    Math.max(one[2], other[2]),
    Math.max(one[3], other[3]),
  ];
}

/** A box of at least a street's width, so that a point is not looked at through a microscope. */
function widen([west, south, east, north]: Box): Box {
  const least = 0.0008;
  const x = Math.max(0, (least - (east - west)) / 2);
  const y = Math.max(0, (least - (north - south)) / 2);
  return [west - x, south - y, east + x, north + y];
}
