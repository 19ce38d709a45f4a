// The city's layers on the map: one tile source each, in the order areas, lines, points, names; switched on and off.

import type { LayerSpecification, Map as MapLibreMap, VectorTileSource } from "maplibre-gl";

import { getAddress } from "../api";
import { type Config, type LayerConfig, listLayers } from "../config";
import { LIGHT, makeBackground, type Palette } from "./background";
import { getMark, type Mark } from "./create";
import { BACKGROUND, type Opacity } from "./opacity";
import { liftHeights, sortStack } from "./stack";

const DEEPEST_TILE = 17;
const HEIGHTS: Partial<Record<LayerSpecification["type"], Mark>> = {
  fill: "areas",
  line: "lines",
  circle: "points",
  symbol: "labels",
};

const OPACITIES: Partial<Record<LayerSpecification["type"], string[]>> = {
  fill: ["fill-opacity"],
  line: ["line-opacity"],
  circle: ["circle-opacity", "circle-stroke-opacity"],
  symbol: ["text-opacity"],
};

/** Adds every layer the user may see; those not in `shown` are there but invisible. */
export function addLayers(map: MapLibreMap, config: Config, shown: ReadonlySet<string>, palette: Palette): void {
  map.addLayer(
    { id: "ground", type: "background", paint: { "background-color": palette.ground } },
    map.getStyle().layers[0]?.id,
  );
  // The ground first, then what lies on it.
  const rank = (layer: LayerConfig): number => layer.order + (layer.background ? 0 : 1000);
  // An empty layer has no tiles worth asking for; it is drawn when the page is opened after something was put in it.
  const filled = listLayers(config).filter((layer) => layer.count > 0);
  for (const layer of filled.sort((a, b) => rank(a) - rank(b))) {
    addLayer(map, layer, shown.has(layer.id), palette);
  }
}

function addLayer(map: MapLibreMap, layer: LayerConfig, visible: boolean, palette: Palette): void {
  map.addSource(layer.id, {
    type: "vector",
    tiles: [getAddress(`ogc/collections/${layer.id}/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt`)],
    maxzoom: DEEPEST_TILE,
  });
  for (const part of getParts(layer, palette)) {
    const before = layer.background && part.type !== "symbol" ? "areas" : (HEIGHTS[part.type] ?? "points");
    const layout = { ...part.layout, visibility: visible ? "visible" : "none" };
    map.addLayer({ ...part, layout } as LayerSpecification, getMark(before));
  }
}

function getParts(layer: LayerConfig, palette: Palette): LayerSpecification[] {
  return layer.background ? makeBackground(layer.id, palette) : layer.style;
}

/** Asks for a layer's tiles again, after rows of it came or went; draws it if it was empty before. */
export function reloadLayer(map: MapLibreMap, layer: LayerConfig, visible: boolean, palette: Palette): void {
  const source = map.getSource<VectorTileSource>(layer.id);
  if (source === undefined) {
    addLayer(map, layer, visible, palette);
  } else {
    source.setTiles([...source.tiles]);
  }
}

/** Shows or hides one layer. */
export function showLayer(map: MapLibreMap, layer: LayerConfig, visible: boolean): void {
  for (const part of map.getStyle().layers) {
    if ("source" in part && part.source === layer.id) {
      map.setLayoutProperty(part.id, "visibility", visible ? "visible" : "none");
    }
  }
}

/** Puts the networks over one another as the user has them, and lets what lies below shine through. */
export function arrange(map: MapLibreMap, config: Config, order: string[], opacity: Opacity): void {
  const stack = sortStack(listDrawn(map, config), order);
  const heights = liftHeights(stack);
  stack.forEach((layer, index) => {
    for (const part of layer.style) {
      map.moveLayer(part.id, getMark(heights[index] ?? "points"));
    }
  });
  listDrawn(map, config).forEach((layer) => fade(map, layer, opacity));
}

/** Draws a layer, or the whole ground it belongs to, as faint as the user has it. */
export function fade(map: MapLibreMap, layer: LayerConfig, opacity: Opacity): void {
  const share = (opacity[layer.background ? BACKGROUND : layer.id] ?? 100) / 100;
  for (const part of getParts(layer, LIGHT)) {
    const paint: Record<string, unknown> = { ...part.paint };
    for (const name of OPACITIES[part.type] ?? []) {
      const usual = paint[name];
      map.setPaintProperty(part.id, name, share * (typeof usual === "number" ? usual : 1));
    }
  }
}

/** The layers that are on the map, switched on or not. */
export function listDrawn(map: MapLibreMap, config: Config): LayerConfig[] {
  return listLayers(config).filter((layer) => map.getSource(layer.id) !== undefined);
}

/** Draws the ground in other colours, when the system turns dark or light. */
export function repaint(map: MapLibreMap, config: Config, palette: Palette): void {
  map.setPaintProperty("ground", "background-color", palette.ground);
  for (const layer of listLayers(config).filter((each) => each.background && each.count > 0)) {
    for (const part of makeBackground(layer.id, palette)) {
      for (const [name, value] of Object.entries(part.paint ?? {})) {
        map.setPaintProperty(part.id, name, value);
      }
    }
  }
}
