// Coverage over the city's layers: units shaded, reach, gaps, facilities, places, candidate sites, and what is assumed.

import type { ExpressionSpecification, Map as MapLibreMap } from "maplibre-gl";

import { NO_DATA } from "../coverage/figures";
import { getFacilityImage, PICTURES } from "../coverage/marks";
import { paintMark, SCALE } from "../marks";
import { FONTS } from "./background";
import type { Mark } from "./create";

export const GAP = "#c62828";
export const REACH = "#00796b";
export const SITE = "#6a1b9a";
const EDGE = "#3c444d";

const IS_AREA: ExpressionSpecification = ["==", ["geometry-type"], "Polygon"];
const IS_LINE: ExpressionSpecification = ["==", ["geometry-type"], "LineString"];
const IS_POINT: ExpressionSpecification = ["==", ["geometry-type"], "Point"];
const SHADE: ExpressionSpecification = ["coalesce", ["get", "shade"], NO_DATA];
const IS_SERVED: ExpressionSpecification = [">=", ["get", "served"], 0.5];

/** A layer without its source, and the mark below which it is drawn. */
export type Part = [Mark, Record<string, unknown>];

const SITE_LAYERS: Part[] = [
  [
    "top",
    {
      id: "sites",
      type: "circle",
      paint: { "circle-radius": 11, "circle-color": SITE, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 },
    },
  ],
  [
    "top",
    {
      id: "sites-rank",
      type: "symbol",
      layout: {
        "text-field": ["to-string", ["get", "rank"]],
        "text-font": FONTS,
        "text-size": 12,
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": "#ffffff" },
    },
  ],
];

const PLACE_LAYERS: Part[] = [
  [
    "overlays",
    {
      id: "places",
      type: "circle",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 14, 2.5, 18, 6],
        "circle-color": SHADE,
        // What is not served is hollow too: nobody needs the colour to see it.
        "circle-opacity": ["case", IS_SERVED, 0.95, 0],
        "circle-stroke-color": ["case", IS_SERVED, "#ffffff", GAP],
        "circle-stroke-width": ["case", IS_SERVED, 0.8, 2],
      },
    },
  ],
];

const FACILITY_LAYERS: Part[] = [
  [
    "overlays",
    {
      id: "facilities-area",
      type: "line",
      filter: ["any", IS_AREA, IS_LINE],
      paint: { "line-color": "#1b1b1b", "line-width": 2 },
    },
  ],
  [
    "overlays",
    {
      id: "facilities",
      type: "symbol",
      filter: IS_POINT,
      layout: {
        "icon-image": ["concat", getFacilityImage(""), ["get", "state"]],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.2, 14, 0.3, 17, 0.75],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
    },
  ],
];

const DRAFT_LAYERS: Part[] = [
  [
    "top",
    {
      id: "draft-area",
      type: "fill",
      filter: IS_AREA,
      paint: { "fill-color": "#b35f00", "fill-opacity": 0.25, "fill-outline-color": "#b35f00" },
    },
  ],
  [
    "top",
    {
      id: "draft-line",
      type: "line",
      filter: IS_LINE,
      paint: { "line-color": GAP, "line-width": 5, "line-dasharray": [1.2, 0.8] },
    },
  ],
  [
    "top",
    {
      id: "draft",
      type: "symbol",
      filter: IS_POINT,
      layout: {
        "icon-image": ["concat", getFacilityImage(""), ["get", "state"]],
        "icon-size": 0.9,
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
    },
  ],
];

export const COVERAGE_OVERLAYS = ["units", "reach", "gaps", "places", "facilities", "unit_names", "sites", "draft"] as const;
export type CoverageOverlay = (typeof COVERAGE_OVERLAYS)[number];

/** What coverage shows, by the name of its source: the layers it is drawn with, lowest first. */
export const COVERAGE_PARTS: Record<CoverageOverlay, Part[]> = {
  units: [
    ["wards", { id: "units", type: "fill", paint: { "fill-color": SHADE, "fill-opacity": 0.68 } }],
    ["wards", { id: "units-edge", type: "line", paint: { "line-color": EDGE, "line-width": 1.2 } }],
  ],
  reach: [
    ["wards", { id: "reach", type: "fill", paint: { "fill-color": REACH, "fill-opacity": 0.1 } }],
    ["wards", { id: "reach-edge", type: "line", paint: { "line-color": REACH, "line-width": 1.6 } }],
  ],
  gaps: [
    ["overlays", { id: "gaps", type: "fill", paint: { "fill-color": GAP, "fill-opacity": 0.16 } }],
    ["overlays", { id: "gaps-edge", type: "line", paint: { "line-color": GAP, "line-width": 1.4, "line-dasharray": [3, 2] } }],
  ],
  places: PLACE_LAYERS,
  facilities: FACILITY_LAYERS,
  unit_names: [
    [
      "overlays",
      {
        id: "unit_names",
        type: "symbol",
        layout: { "text-field": ["get", "label"], "text-font": FONTS, "text-size": 12.5, "text-padding": 4 },
        paint: { "text-color": "#1d2733", "text-halo-color": "#ffffff", "text-halo-width": 1.8 },
      },
    ],
  ],
  sites: SITE_LAYERS,
  draft: DRAFT_LAYERS,
};

/** Gives the map the pictures of facilities and candidates. */
export function addFacilityImages(map: MapLibreMap): void {
  for (const [state, mark] of Object.entries(PICTURES)) {
    map.addImage(getFacilityImage(state), paintMark(mark), { pixelRatio: SCALE });
  }
}
