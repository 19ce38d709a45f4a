// Tiles of somebody else's over the city's own ground and beneath its networks, where the operator has set them.

import type { Map as MapLibreMap } from "maplibre-gl";

import { type Config, listLayers } from "../config";

export const OUTSIDE = "outside";
const TILE_PX = 256;
const DEEPEST = 19;

/** Adds the tiles, if there are any, seen or not. */
export function addOutside(map: MapLibreMap, config: Config, isShown: boolean): void {
  const { background } = config;
  if (background === null) {
    return;
  }
  map.addSource(OUTSIDE, { type: "raster", tiles: [background.tiles], tileSize: TILE_PX, maxzoom: DEEPEST });
  const visibility = isShown ? "visible" : "none";
  map.addLayer({ id: OUTSIDE, type: "raster", source: OUTSIDE, layout: { visibility } }, findPlace(map, config));
}

/** Shows or hides the tiles. */
export function showOutside(map: MapLibreMap, isShown: boolean): void {
  map.setLayoutProperty(OUTSIDE, "visibility", isShown ? "visible" : "none");
}

/** The layer right above the city's own ground; the names of its streets stay above the tiles. */
function findPlace(map: MapLibreMap, config: Config): string | undefined {
  const ground = new Set(listLayers(config).filter((layer) => layer.background).map((layer) => layer.id));
  const { layers } = map.getStyle();
  const lies = layers.map((part) => part.id === "ground" || ("source" in part && ground.has(part.source) && part.type !== "symbol"));
  return layers[lies.lastIndexOf(true) + 1]?.id;
}
