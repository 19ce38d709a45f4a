// What the filter and the table ask the server.

import { ask } from "../api";
import type { Box } from "../config";
import type { Language } from "../messages";
import type { Property } from "./filter";

/** How many rows one page of the table has. */
export const PAGE = 50;
// Metres by which shapes may be off: they are lit up on the map, not measured.
const TOLERANCE_M = 0.3;

/** What is known of a layer whose features are told apart. label: the property they are called by. */
export interface LayerFacts {
  layer: string;
  label: string | null;
  properties: Property[];
}

export type Value = string | number | boolean | null;
export type Row = GeoJSON.Feature<GeoJSON.Geometry | null, Record<string, Value>> & { id: number };

/** One page of the table. matched: null where the matches are too many to be counted. before, after: null at an end. */
export interface RowPage {
  rows: Row[];
  matched: number | null;
  before: string | null;
  after: string | null;
}

/** What of a layer the table shows. columns: names of properties. sort: a property, "-" before it for downwards. */
export interface Order {
  layer: string;
  filter: string | null;
  columns: readonly string[];
  sort: string | null;
  /** Which page, from 0. */
  page?: number;
}

interface Items {
  features: Row[];
  numberMatched?: number;
  links: { rel: string; href: string }[];
}

export function getFacts(layer: string, language: Language): Promise<LayerFacts> {
  return ask(`viewer/properties/${layer}?lang=${language}`);
}

/** How many features of a layer a filter lets through; null for very many. */
export async function countMatches(layer: string, filter: string, signal: AbortSignal): Promise<number | null> {
  const query = new URLSearchParams({ f: "json", limit: "1", skipGeometry: "true", properties: "", ...toFilter(filter) });
  const found = await ask<Items>(`ogc/collections/${layer}/items?${query}`, { signal });
  return found.numberMatched ?? null;
}

/** The box of what a filter lets through; null where that has no shape. */
export async function getExtentOf(layer: string, filter: string | null): Promise<Box | null> {
  const found = await ask<{ extent: Box | null }>(`viewer/extent/${layer}?${new URLSearchParams(toFilter(filter))}`);
  return found.extent;
}

/** A page of the table, by its number. */
export function getRows(order: Order, signal: AbortSignal): Promise<RowPage> {
  return getPage(order.layer, `?${new URLSearchParams(toParameters(order))}`, signal);
}

/** A page that another one called its neighbour. */
export async function getPage(layer: string, query: string, signal: AbortSignal): Promise<RowPage> {
  const found = await ask<Items>(`ogc/collections/${layer}/items${query}`, { signal });
  const find = (rel: string): string | null => {
    const link = found.links.find((each) => each.rel === rel);
    return link === undefined ? null : new URL(link.href, location.href).search;
  };
  return { rows: found.features, matched: found.numberMatched ?? null, before: find("prev"), after: find("next") };
}

/** One row, whatever the filter. */
export function getRow(layer: string, id: number, columns: readonly string[], signal: AbortSignal): Promise<Row> {
  const query = new URLSearchParams({ f: "json", properties: columns.join(","), "max-allowable-offset": String(TOLERANCE_M) });
  return ask(`ogc/collections/${layer}/items/${id}?${query}`, { signal });
}

/** The parameters that ask for a page by its number. */
export function toParameters({ filter, columns, sort, page = 0 }: Order): Record<string, string> {
  return {
    f: "json",
    limit: String(PAGE),
    properties: columns.join(","),
    "max-allowable-offset": String(TOLERANCE_M),
    ...(sort === null ? {} : { sortby: sort }),
    ...(page === 0 ? {} : { offset: String(page * PAGE) }),
    ...toFilter(filter),
  };
}

function toFilter(filter: string | null): Record<string, string> {
  return filter === null ? {} : { filter, "filter-lang": "cql2-text" };
}
