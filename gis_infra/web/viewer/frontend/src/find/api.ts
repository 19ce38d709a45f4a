// What the search box asks the server, and what it answers.

import { ask } from "../api";
import type { Box } from "../config";
import type { Language } from "../messages";

/** A row of a layer, or the segments of one street. */
export interface AssetResult {
  label: string;
  /** What else it is called. */
  also: string | null;
  /** The ward it lies in. */
  unit: string | null;
  layer: string;
  title: string;
  ids: number[];
  bbox: Box;
}

export interface PlaceResult {
  label: string;
  /** What the system is called that it was read in. */
  system: string;
  srid: number;
  point: [number, number];
  /** Whether it lies in or near the city. */
  inside: boolean;
  bbox: Box;
}

export type Result = AssetResult | PlaceResult;
export type FoundKind = "coordinate" | "unit" | "street" | "address" | "asset";

export interface FoundGroup {
  kind: FoundKind;
  results: Result[];
  more: boolean;
}

export function isPlace(result: Result): result is PlaceResult {
  return "point" in result;
}

/** What a text names, by kind. */
export async function find(text: string, language: Language, signal: AbortSignal): Promise<FoundGroup[]> {
  const query = new URLSearchParams({ q: text, lang: language });
  return (await ask<{ groups: FoundGroup[] }>(`viewer/find?${query}`, { signal })).groups;
}

/** Rows of a layer with their shapes; those that are gone, or may not be seen, are not among them. */
export async function getShapes(layer: string, ids: readonly number[]): Promise<GeoJSON.Feature[]> {
  const query = new URLSearchParams({ f: "json", limit: String(ids.length), filter: `id IN (${ids.join(",")})`, "filter-lang": "cql2-text" });
  return (await ask<GeoJSON.FeatureCollection>(`ogc/collections/${layer}/items?${query}`)).features;
}
