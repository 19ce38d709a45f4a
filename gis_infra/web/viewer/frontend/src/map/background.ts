// The city's own streets, buildings, water and parks as a quiet ground under the networks.

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

import type { LegendEntry } from "../config";

export interface Palette {
  ground: string;
  water: string;
  green: string;
  building: string;
  buildingEdge: string;
  road: string;
  roadEdge: string;
  label: string;
  halo: string;
}

export const LIGHT: Palette = {
  ground: "#f4f3ef",
  water: "#cfe0ea",
  green: "#dfead6",
  building: "#e6e3dd",
  buildingEdge: "#d6d2ca",
  road: "#ffffff",
  roadEdge: "#dcd8d0",
  label: "#3d444c",
  halo: "#ffffff",
};

export const DARK: Palette = {
  ground: "#1b2026",
  water: "#203342",
  green: "#222f27",
  building: "#262c33",
  buildingEdge: "#313840",
  road: "#343b44",
  roadEdge: "#171b20",
  label: "#a7b0ba",
  halo: "#171b20",
};

export const FONTS = ["Noto Sans", "Segoe UI", "Roboto", "sans-serif"];

// Pixels in a metre at 10.8° north: 2^zoom / (78271.5 · cos latitude).
const PX_PER_M_12 = 0.0533;
const PX_PER_M_22 = 54.6;

/** A width of `metres` on the ground, but never thinner than `least` pixels from afar. */
function onGround(metres: ExpressionSpecification, least: number): ExpressionSpecification {
  return [
    "interpolate",
    ["exponential", 2],
    ["zoom"],
    12,
    ["max", least, ["*", metres, PX_PER_M_12]],
    22,
    ["*", metres, PX_PER_M_22],
  ];
}

// From here on there are 12 pixels of a street of 7 m on either side of its axis, at least.
const BESIDE_ZOOM = 18;

const ROAD_WIDTH: ExpressionSpecification = ["max", 2, ["to-number", ["get", "width_m"], 7]];

/** How a background layer is drawn, under the colours of `palette`; nothing for a layer that is none. */
export function makeBackground(id: string, palette: Palette): LayerSpecification[] {
  const source = { source: id, "source-layer": id };
  switch (id) {
    case "water_body":
      return [{ ...source, id, type: "fill", paint: { "fill-color": palette.water } }];
    case "green_space":
      return [{ ...source, id, type: "fill", paint: { "fill-color": palette.green } }];
    case "building":
      return [
        {
          ...source,
          id,
          type: "fill",
          minzoom: 13,
          paint: { "fill-color": palette.building, "fill-outline-color": palette.buildingEdge },
        },
      ];
    case "road_segment":
      return makeRoads(id, palette);
    default:
      return [];
  }
}

function makeRoads(id: string, palette: Palette): LayerSpecification[] {
  const source = { source: id, "source-layer": id };
  const layout = { "line-cap": "round", "line-join": "round" } as const;
  return [
    {
      ...source,
      id: `${id}-edge`,
      type: "line",
      layout,
      paint: { "line-color": palette.roadEdge, "line-width": onGround(["+", ROAD_WIDTH, 1], 1.6) },
    },
    {
      ...source,
      id,
      type: "line",
      layout,
      paint: { "line-color": palette.road, "line-width": onGround(ROAD_WIDTH, 1) },
    },
    {
      ...source,
      id: `${id}-name`,
      type: "symbol",
      minzoom: 14.5,
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 340,
        "text-field": ["coalesce", ["get", "name"], ""],
        "text-font": FONTS,
        "text-size": 11.5,
        "text-letter-spacing": 0.02,
        // The sewer lies where the axis is: once there is room in the street, its name stands beside it.
        "text-offset": ["step", ["zoom"], ["literal", [0, 0]], BESIDE_ZOOM, ["literal", [0, 1]]],
      },
      paint: { "text-color": palette.label, "text-halo-color": palette.halo, "text-halo-width": 2 },
    },
  ];
}

/** The legend of a background layer, from the same colours. */
export function makeBackgroundLegend(id: string, label: string, palette: Palette): LegendEntry[] {
  const fills: Record<string, [string, string]> = {
    water_body: [palette.water, palette.water],
    green_space: [palette.green, palette.green],
    building: [palette.building, palette.buildingEdge],
  };
  const fill = fills[id];
  if (fill) {
    return [{ label, kind: "fill", color: fill[0], outline: fill[1] }];
  }
  return [{ label, kind: "line", color: palette.road, outline: palette.roadEdge, width: 4 }];
}
