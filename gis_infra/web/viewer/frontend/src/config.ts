// What `/viewer/config` and `/viewer/identify` answer, as types. Boxes are west, south, east, north in degrees.

import type { LayerSpecification } from "maplibre-gl";

import type { Grid } from "./measure/grid";

export type Box = [number, number, number, number];

export interface LegendEntry {
  label: string;
  kind: "line" | "point" | "fill";
  color: string;
  outline?: string;
  width?: number;
  dash?: number[];
}

export interface LayerConfig {
  id: string;
  title: string;
  geometry: string;
  access: "public" | "shared" | "restricted";
  count: number;
  /** Where it lies in the stack: higher is nearer to the eye. */
  order: number;
  shown: boolean;
  background: boolean;
  /** Whether the user may import into it. */
  may_import: boolean;
  /** Whether the user may change its features. */
  may_edit: boolean;
  legend: LegendEntry[];
  style: LayerSpecification[];
}

export interface SectorConfig {
  id: string;
  title: string;
  color: string;
  layers: LayerConfig[];
}

export interface Config {
  city: string;
  language: "vi" | "en";
  bounds: Box;
  /** EPSG code of the city's own grid. */
  srid: number;
  /** That grid, where the map can compute it. */
  grid: Grid | null;
  /** Whom to name where the city's data are shown. */
  attribution: string;
  /** Tiles of somebody else's, where the operator has set them. */
  background: { tiles: string; attribution: string } | null;
  sectors: SectorConfig[];
  user: { name: string; department: string | null } | null;
}

export interface Attribute {
  name: string;
  title: string;
  type: "text" | "integer" | "number" | "boolean" | "date" | "timestamp" | "code";
  unit: string | null;
  value: string | number | boolean;
  text: string | null;
  universal: boolean;
  system: boolean;
}

export interface Finding {
  id: number;
  label: string | null;
  distance_m: number;
  geometry: GeoJSON.Geometry;
  attributes: Attribute[];
}

export interface FindingGroup {
  id: string;
  title: string;
  features: Finding[];
  more: boolean;
}

/** The layer called `id`, undefined when the user may not see it. */
export function findLayer(config: Config, id: string): LayerConfig | undefined {
  return config.sectors.flatMap((sector) => sector.layers).find((layer) => layer.id === id);
}

/** The title of layer `id`; the id itself when the user may not see the layer. */
export function getLayerTitle(config: Config, id: string): string {
  return findLayer(config, id)?.title ?? id;
}

/** Every layer, in the order of the tree. */
export function listLayers(config: Config): LayerConfig[] {
  return config.sectors.flatMap((sector) => sector.layers);
}
