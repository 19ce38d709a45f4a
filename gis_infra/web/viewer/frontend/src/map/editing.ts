// The shape in hand on the map: its line or area, its vertices, the middles where one can be put in, what it snaps to.

import { type GeoJSONSource, type LayerSpecification, type Map as MapLibreMap } from "maplibre-gl";

import { getMark } from "./create";
import { HIGHLIGHT } from "./overlays";

const SOURCE = "editing";

/** What a feature of the source is drawn as. */
export type Role = "shape" | "piece" | "rubber" | "middle" | "vertex" | "selected" | "snap";

/** The layers that draw the shape itself, in which one looks for what is pressed. */
export const SHAPE_PARTS = ["editing-area", "editing-line"];

function makePart(id: string, type: "fill" | "line" | "circle", roles: Role[], paint: Record<string, unknown>): LayerSpecification {
  const isArea = ["==", ["geometry-type"], "Polygon"];
  const isRole = ["in", ["get", "role"], ["literal", roles]];
  const filter = type === "fill" ? ["all", isRole, isArea] : isRole;
  return { id: `${SOURCE}-${id}`, type, source: SOURCE, filter, paint } as unknown as LayerSpecification;
}

const PARTS = [
  makePart("area", "fill", ["shape"], { "fill-color": HIGHLIGHT, "fill-opacity": 0.15 }),
  makePart("halo", "line", ["shape", "piece"], { "line-color": "#ffffff", "line-width": 7, "line-opacity": 0.9 }),
  makePart("line", "line", ["shape"], { "line-color": HIGHLIGHT, "line-width": 3.5 }),
  makePart("piece", "line", ["piece"], { "line-color": "#0b5cab", "line-width": 3.5 }),
  makePart("rubber", "line", ["rubber"], { "line-color": HIGHLIGHT, "line-width": 2, "line-dasharray": [2, 2] }),
  makePart("middle", "circle", ["middle"], {
    "circle-radius": 4,
    "circle-color": "#ffffff",
    "circle-opacity": 0.75,
    "circle-stroke-color": HIGHLIGHT,
    "circle-stroke-width": 1,
  }),
  makePart("vertex", "circle", ["vertex", "selected"], {
    "circle-radius": ["match", ["get", "role"], "selected", 8, 6],
    "circle-color": ["match", ["get", "role"], "selected", HIGHLIGHT, "#ffffff"],
    "circle-stroke-color": ["match", ["get", "role"], "selected", "#ffffff", HIGHLIGHT],
    "circle-stroke-width": 2.5,
  }),
  makePart("snap", "circle", ["snap"], {
    "circle-radius": 11,
    "circle-color": "rgba(11, 92, 171, 0.12)",
    "circle-stroke-color": "#0b5cab",
    "circle-stroke-width": 2,
  }),
];

/** A feature as the source takes it. */
export function makeMark(role: Role, geometry: GeoJSON.Geometry): GeoJSON.Feature {
  return { type: "Feature", properties: { role }, geometry };
}

/** Draws these in place of what was drawn before; the layers come when they are first wanted. */
export function showEditing(map: MapLibreMap, features: GeoJSON.Feature[]): void {
  if (map.getSource(SOURCE) === undefined) {
    map.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    PARTS.forEach((part) => map.addLayer(part, getMark("top")));
  }
  void map.getSource<GeoJSONSource>(SOURCE)?.setData({ type: "FeatureCollection", features });
}
