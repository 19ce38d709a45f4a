// What the server offers of coverage: services, runs with their results, comparisons, files, and the process that runs.

import { ask, getAddress } from "../api";
import type { ProcessInputs } from "../contract";
import type { Box } from "../config";

export type Words = { vi: string; en: string };
/** Sentences, in both languages. */
export type Lines = { vi: string[]; en: string[] };
export type Method = "straight_line" | "streets" | "connection" | "zone" | "sector";
export type Answer = "met" | "missed" | "not_known";
export type Unit = "m" | "min";

export interface DistanceClass {
  from: number;
  to: number | null;
  people: number;
  places: number;
}

/** What was found of a unit or the city; null where there is nothing to tell or to divide by. */
export interface Figures {
  scope: "city" | "unit" | "outside";
  code: string | null;
  name: string | null;
  people: number | null;
  people_served: number | null;
  people_share: number | null;
  places: number | null;
  places_served: number | null;
  places_share: number | null;
  area_m2: number | null;
  area_served_m2: number | null;
  area_share: number | null;
  facilities: number | null;
  people_per_facility: number | null;
  mean_radius_m: number | null;
  amount: number | null;
  amount_per_person: number | null;
  unassigned: number | null;
  /** Of the distances below; null where the method tells none. */
  distance_unit: Unit | null;
  distance_mean: number | null;
  distance_median: number | null;
  distance_p90: number | null;
  distance_max: number | null;
  /** Nearest first; those beyond the last bound, or reached from nowhere, are in a last class without `to`. */
  classes: DistanceClass[];
  targets: Target[];
}

/** A target of a service; with `found` and `answer` where a run was held against it. */
export interface Target {
  indicator: string;
  title?: Words;
  least: number | null;
  most: number | null;
  /** The least by how many people there are, where it goes by that. */
  by_population?: { below: number | null; least: number }[];
  found?: number | null;
  answer?: Answer;
  source: string | null;
  clause: string | null;
  verified: boolean;
}

export interface Distance {
  value: number;
  unit: Unit;
}

export interface Named {
  id: string;
  title: Words;
}

export interface Demand extends Named {
  kind: "column" | "dasymetric" | "count" | "areal" | "area";
}

export interface Service {
  id: string;
  title: Words;
  sector: string;
  layer: string;
  method: Method;
  methods: Method[];
  distance: Distance | null;
  demand: string;
  demands: Demand[];
  /** Levels of administrative units that results can be given by, the usual one first. */
  levels: Named[];
  targets: Target[];
  source: string | null;
  clause: string | null;
  legal_basis?: string | null;
  verified: boolean;
  latest_run: { id: number; finished_at: string; city: Figures } | null;
  may_run: boolean;
}

/** One run as lists tell it. */
export interface RunEntry {
  id: number;
  title: string | null;
  started_at: string;
  finished_at: string | null;
  official: boolean;
  /** Whether the user has run it. */
  mine: boolean;
  period: string | null;
  period_title: Words | null;
  day: string;
  method: Method;
  method_title: Words;
  demand: string;
  distance: Distance | null;
  what_if: Lines;
  city: Figures;
}

export interface Run {
  id: number;
  service: string;
  title: string | null;
  official: boolean;
  started_at: string;
  finished_at: string;
  day: string;
  level: string;
  method: Method;
  demand: string;
  distance: Distance | null;
  what_if: Lines;
  method_title: Words;
  demand_title: Words;
  /** What else is to be known, such as how many places lie too far from a street. */
  told: { key: string; value: number | string; title: Words }[];
  /** Layer by layer, what state of it was read. */
  data: { layer: string; title: Words; revision: string | number; rows: number }[];
  source: string | null;
  clause: string | null;
  verified: boolean;
}

export interface Gap {
  rank: number;
  unit: string | null;
  people: number | null;
  places: number | null;
  area_m2: number;
}
export type FacilityState = "kept" | "drawn" | "out" | "planned";
export interface Facility {
  id: number | null;
  code: string | null;
  name: string | null;
  state: FacilityState;
  people: number | null;
  places: number | null;
  reach: number | null;
  capacity: number | null;
}
export interface Site {
  rank: number;
  gain: number;
  cumulative: number;
  name: string | null;
}

export const SHARES = ["people_share", "places_share", "area_share"] as const;
export type Share = (typeof SHARES)[number];

/** numberMatched: how many there are, where the list is cut. */
type Collection<P, G extends GeoJSON.Geometry | null = GeoJSON.Geometry> = GeoJSON.FeatureCollection<G, P> & {
  numberMatched?: number;
};
export type Units = Collection<Figures, GeoJSON.Geometry | null>;

export interface Report {
  service: Pick<Service, "id" | "title" | "sector" | "layer" | "source" | "clause" | "verified">;
  run: Run;
  /** By which of its shares the units are to be shaded first. */
  main_share: Share;
  city: Figures;
  units: Units;
  gaps: Collection<Gap>;
  facilities: Collection<Facility>;
  /** Best first; bound: the people that no choice of as many sites could exceed, and what share of it is served. */
  sites: Collection<Site> & { bound?: number | null; share_of_bound?: number | null; guaranteed_share?: number; limited?: boolean };
  reach: GeoJSON.Geometry | null;
  /** Whether its places are still kept; those of older runs are not. */
  has_places: boolean;
}

export interface Place {
  id: number;
  unit: string | null;
  people: number;
  distance: number | null;
  served: number;
}

export interface Change {
  code: string | null;
  name: string | null;
  state: "same" | "new" | "gone";
  people_before: number | null;
  people_after: number | null;
  served_before: number | null;
  served_after: number | null;
  share_before: number | null;
  share_after: number | null;
  /** People, by what moved them: places that came or went, whose people changed, newly served, no longer served. */
  came: number;
  went: number;
  changed: number;
  newly: number;
  no_longer: number;
}

export interface Comparison {
  before: RunEntry;
  after: RunEntry;
  city: Change;
  units: Collection<Change, GeoJSON.Geometry | null>;
  /** Why it came to differ. */
  reasons: Lines;
}

/** What a run is asked for; the names are those of the process's inputs. */
export type Order = ProcessInputs["coverage"];
export type SitesOrder = NonNullable<Order["sites"]>;
export type WhatIf = NonNullable<Order["what_if"]>;

export function getServices(): Promise<Service[]> {
  return ask("analysis/coverage");
}

/** The latest official run of a service. */
export function getLatest(service: string, signal: AbortSignal): Promise<Report> {
  return ask(`analysis/coverage/${encodeURIComponent(service)}`, { signal });
}

export function getReport(run: number, signal: AbortSignal): Promise<Report> {
  return ask(`analysis/coverage/runs/${run}`, { signal });
}

/** The runs of a service that the user may see, newest first. */
export function getRuns(service: string, signal: AbortSignal): Promise<RunEntry[]> {
  return ask(`analysis/coverage/${encodeURIComponent(service)}/runs`, { signal });
}

/** Places of a run in a box, at most `limit`. */
export function getPlaces(run: number, box: Box, limit: number, signal: AbortSignal): Promise<Collection<Place, GeoJSON.Point>> {
  const query = new URLSearchParams({ bbox: box.map((degrees) => degrees.toFixed(6)).join(","), limit: String(limit) });
  return ask(`analysis/coverage/runs/${run}/places?${query}`, { signal });
}

export function getComparison(before: number, after: number, signal: AbortSignal): Promise<Comparison> {
  return ask(`analysis/coverage/compare?before=${before}&after=${after}`, { signal });
}

/** Where a run is had as a file, or as a page to print. */
export function getReportAddress(run: number, form: "html" | "xlsx" | "csv" | "gpkg", language: string): string {
  return getAddress(`analysis/coverage/runs/${run}/report?f=${form}&lang=${language}`);
}
