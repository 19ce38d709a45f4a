// The MapLibre map itself, empty: no source leaves the host, and letters are drawn by the browser's own fonts.

import "maplibre-gl/dist/maplibre-gl.css";
import maplibre, { type Map as MapLibreMap, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-csp-worker?url";

import type { Box } from "../config";
import { type Language, translate } from "../messages";
import type { ViewState } from "../state";

/** Layers that draw nothing and mark a height in the stack: what is shown of a kind goes right below its mark. */
export const MARKS = ["areas", "wards", "lines", "points", "labels", "overlays", "top"] as const;
export type Mark = (typeof MARKS)[number];

/** The id of the layer below which everything of that height is drawn. */
export function getMark(mark: Mark): string {
  return `mark-${mark}`;
}

function makeEmptyStyle(): StyleSpecification {
  // Without `glyphs` MapLibre draws every letter from the system's fonts, Vietnamese ones included.
  const marks = MARKS.map((mark) => ({
    id: getMark(mark),
    type: "background" as const,
    layout: { visibility: "none" as const },
  }));
  return { version: 8, sources: {}, layers: marks };
}

/** A map in `container`, somewhere: see `placeMap`. Throws where there is no WebGL. */
export function createMap(container: HTMLElement, language: Language): Promise<MapLibreMap> {
  // The content security policy allows no blob as a worker: MapLibre's is a file of its own.
  maplibre.setWorkerUrl(workerUrl);
  const map = new maplibre.Map({
    container,
    style: makeEmptyStyle(),
    maxZoom: 22,
    maxPitch: 0,
    attributionControl: false,
    fadeDuration: 0,
    locale: {
      "Map.Title": translate(language, "map.label"),
      "CooperativeGesturesHandler.MobileHelpText": translate(language, "map.two_fingers"),
      "CooperativeGesturesHandler.WindowsHelpText": translate(language, "map.ctrl_zoom"),
      "CooperativeGesturesHandler.MacHelpText": translate(language, "map.cmd_zoom"),
    },
  });
  map.addControl(new maplibre.ScaleControl({ maxWidth: 120, unit: "metric" }), "bottom-left");
  map.touchZoomRotate.disableRotation();
  return new Promise((resolve) => map.once("load", () => resolve(map)));
}

/** Puts the map where the address says, else on these bounds. */
export function placeMap(map: MapLibreMap, bounds: Box, state: ViewState): void {
  if (state.center && state.zoom !== null) {
    map.jumpTo({ center: state.center, zoom: state.zoom });
  } else {
    map.fitBounds(bounds, { padding: 24, animate: false });
  }
}
