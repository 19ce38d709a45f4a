// What lies over the city's layers for a while: a highlight, conflicts, coverage. Each is one GeoJSON source.

import maplibre, {
  type ExpressionSpecification,
  type GeoJSONSource,
  type LayerSpecification,
  type Map as MapLibreMap,
} from "maplibre-gl";

import type { Box } from "../config";
import { addMarkImages, getMarkImage, SEVERITY_MARKS } from "../marks";
import { addFacilityImages, COVERAGE_PARTS, type CoverageOverlay, type Part } from "./coverage";
import { getMark } from "./create";

export const HIGHLIGHT = "#d6008f";

export type Overlay = "highlight" | "found" | "ruler" | "frame" | "conflicts" | CoverageOverlay;

const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
const SEVERITY = [
  "match",
  ["get", "severity"],
  ...Object.entries(SEVERITY_MARKS).flatMap(([severity, { color }]) => [severity, color]),
  SEVERITY_MARKS.possible.color,
] as unknown as ExpressionSpecification;
// Where many lie at one place the worst is on top.
const SEVERITY_ORDER = [
  "match",
  ["get", "severity"],
  ...Object.keys(SEVERITY_MARKS).flatMap((severity, index) => [severity, -index]),
  0,
] as unknown as ExpressionSpecification;
const IS_POINT: ExpressionSpecification = ["==", ["geometry-type"], "Point"];
const IS_LINE_OR_AREA: ExpressionSpecification = ["!=", ["geometry-type"], "Point"];
const IS_AREA: ExpressionSpecification = ["==", ["geometry-type"], "Polygon"];

/** How what is meant is drawn: the one colour that no layer has. */
function makeHighlight(name: string): Part[] {
  return [
    [
      "top",
      {
        id: `${name}-area`,
        type: "fill",
        filter: IS_AREA,
        paint: { "fill-color": HIGHLIGHT, "fill-opacity": 0.18 },
      },
    ],
    [
      "top",
      {
        id: `${name}-halo`,
        type: "line",
        filter: IS_LINE_OR_AREA,
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": "#ffffff", "line-width": 8, "line-opacity": 0.9 },
      },
    ],
    [
      "top",
      {
        id: `${name}-line`,
        type: "line",
        filter: IS_LINE_OR_AREA,
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": HIGHLIGHT, "line-width": 4 },
      },
    ],
    [
      "top",
      {
        id: `${name}-point`,
        type: "circle",
        filter: IS_POINT,
        paint: {
          "circle-radius": 10,
          "circle-color": "rgba(214, 0, 143, 0.15)",
          "circle-stroke-color": HIGHLIGHT,
          "circle-stroke-width": 3,
        },
      },
    ],
  ];
}

const PARTS: Record<Overlay, Part[]> = {
  ...COVERAGE_PARTS,
  conflicts: [
    [
      "overlays",
      {
        id: "conflicts-line",
        type: "line",
        filter: IS_LINE_OR_AREA,
        layout: { "line-cap": "round" },
        paint: { "line-color": SEVERITY, "line-width": 5, "line-opacity": 0.85 },
      },
    ],
    [
      "overlays",
      {
        id: "conflicts",
        type: "symbol",
        filter: IS_POINT,
        layout: {
          "icon-image": ["concat", getMarkImage(""), ["get", "severity"]],
          "icon-size": ["interpolate", ["linear"], ["zoom"], 12, 0.5, 17, 0.9],
          "icon-allow-overlap": true,
          "icon-ignore-placement": true,
          "symbol-sort-key": SEVERITY_ORDER,
        },
      },
    ],
  ],
  highlight: makeHighlight("highlight"),
  found: makeHighlight("found"),
  ruler: makeHighlight("ruler"),
  frame: [
    ["top", { id: "frame", type: "line", paint: { "line-color": HIGHLIGHT, "line-width": 2.5, "line-dasharray": [3, 2] } }],
  ],
};

/** Adds the empty sources and how they are drawn; `showOverlay` fills them. */
export function addOverlays(map: MapLibreMap): void {
  addMarkImages(map);
  addFacilityImages(map);
  for (const [overlay, parts] of Object.entries(PARTS)) {
    map.addSource(overlay, { type: "geojson", data: EMPTY });
    for (const [mark, part] of parts) {
      map.addLayer({ ...part, source: overlay } as unknown as LayerSpecification, getMark(mark));
    }
  }
}

/** Shows these features in an overlay, in place of what it showed before; none clears it. */
export function showOverlay(map: MapLibreMap, overlay: Overlay, features: GeoJSON.Feature[]): void {
  void map.getSource<GeoJSONSource>(overlay)?.setData({ type: "FeatureCollection", features });
}

/** A box as an area. */
export function makeBoxShape([west, south, east, north]: Box): GeoJSON.Feature {
  const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
}

/** The box around a geometry; null for an empty one. */
export function getBox(geometry: GeoJSON.Geometry): Box | null {
  const bounds = new maplibre.LngLatBounds();
  const visit = (position: unknown): void => {
    if (Array.isArray(position) && typeof position[0] === "number") {
      bounds.extend([position[0], position[1] as number]);
    } else if (Array.isArray(position)) {
      position.forEach(visit);
    }
  };
  visit(geometry.type === "GeometryCollection" ? geometry.geometries.map(getCoordinates) : getCoordinates(geometry));
  return bounds.isEmpty() ? null : [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
}

function getCoordinates(geometry: GeoJSON.Geometry): unknown {
  return geometry.type === "GeometryCollection" ? geometry.geometries.map(getCoordinates) : geometry.coordinates;
}

/** Brings a box into view, no closer than a street's width. */
export function zoomToBox(map: MapLibreMap, box: Box, maxZoom = 18.5): void {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  map.fitBounds(box, { padding: 60, maxZoom, animate: !still, duration: 400 });
}
