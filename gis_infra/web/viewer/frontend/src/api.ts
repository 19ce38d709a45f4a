// Asking the server: JSON in, JSON out, refusals as errors with the server's own words.

import type { Box, Config, FindingGroup } from "./config";
import type { Collection, Problem } from "./contract";
import type { Language } from "./messages";

/** A refusal of the server, in its words. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** The absolute address of a path below the map's own; tiles are fetched by a worker that knows no page. */
export function getAddress(path: string): string {
  const root = document.querySelector<HTMLElement>("[data-root]")?.dataset["root"] ?? "/";
  return new URL(root, location.href).href + path;
}

export async function ask<T>(path: string, options: RequestInit = {}): Promise<T> {
  const headers = { Accept: "application/json", ...options.headers };
  const response = await fetch(getAddress(path), { credentials: "same-origin", ...options, headers });
  if (!response.ok) {
    throw new ApiError(await readRefusal(response), response.status);
  }
  return (await response.json()) as T;
}

export async function readRefusal(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as Partial<Problem>;
    return problem.detail ?? problem.title ?? String(response.status);
  } catch {
    // Not a problem document: a proxy's page, say. The number is all there is to tell.
    return String(response.status);
  }
}

export function getToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

export function getConfig(language: Language): Promise<Config> {
  return ask(`viewer/config?lang=${language}`);
}

/** What lies within `radius` metres of a point, of the layers named and what their filters (CQL2 text) let through. */
export function identify(
  point: [number, number],
  radius: number,
  layers: string[],
  filters: Record<string, string>,
  language: Language,
  signal: AbortSignal,
): Promise<{ layers: FindingGroup[] }> {
  const query = new URLSearchParams({
    lon: point[0].toFixed(8),
    lat: point[1].toFixed(8),
    radius_m: radius.toFixed(2),
    layers: layers.join(","),
    lang: language,
    ...Object.fromEntries(Object.entries(filters).map(([layer, text]) => [`filter.${layer}`, text])),
  });
  return ask(`viewer/identify?${query}`, { signal });
}

/** The box that holds a whole layer, null when it is empty. */
export async function getExtent(layer: string): Promise<Box | null> {
  const { extent } = await ask<Collection>(`ogc/collections/${layer}?f=json`);
  return (extent?.spatial?.bbox?.[0] as Box | undefined) ?? null;
}

/** One asset, with its geometry in longitude and latitude. */
export function getAsset(layer: string, id: number): Promise<GeoJSON.Feature> {
  return ask(`ogc/collections/${layer}/items/${id}?f=json`);
}

/** One asset of a layer as a feature; null where it is gone, which is asked so that nothing is reported as missing. */
export async function findAsset(layer: string, id: number): Promise<GeoJSON.Feature | null> {
  const query = new URLSearchParams({ filter: `id=${id}`, limit: "1", f: "json" });
  const { features } = await ask<GeoJSON.FeatureCollection>(`ogc/collections/${layer}/items?${query}`);
  return features[0] ?? null;
}

/** How a pair or an asset was answered: docs/conflicts.md, "Answers" and "Planned works". */
export type Severity = "violation" | "vertical_unknown" | "possible" | "opportunity" | "clear";

/** What an asset that works meet and an entry of the register both tell. */
export interface ConflictProperties {
  id?: number;
  rule: string;
  rule_title: string | { vi: string; en: string };
  severity: Severity;
  status?: string;
  left_layer: string | null;
  left_id: number | null;
  left_code: string | null;
  left_owner: string | null;
  right_layer: string | null;
  right_id: number | null;
  right_code: string | null;
  right_owner: string | null;
  required_m: number | null;
  distance_m: number | null;
  kind: string;
  accuracy_m: number | null;
  accuracy_known: boolean;
  vertical_m: number | null;
  clause?: string | null;
  source?: string | null;
  legal_basis?: string | null;
  verified?: boolean;
  depth_unknown?: boolean;
}

export type Conflict = GeoJSON.Feature<GeoJSON.Geometry, ConflictProperties>;
export type Conflicts = GeoJSON.FeatureCollection<GeoJSON.Geometry, ConflictProperties> & { numberMatched: number };

export interface Contact {
  name: string;
  phone: string | null;
  email: string | null;
  address: string | null;
}

export interface Asked {
  owner: string | null;
  answer: "met" | "nothing_recorded" | "owner_not_recorded" | "not_shown";
  layers: Record<string, number>;
  contacts: Contact[];
  notify_days: number | null;
  notify_by: string | null;
  /** Whether the number of days was checked against the text. */
  notify_verified: boolean;
}

export interface WorksAnswer {
  works: GeoJSON.Feature;
  conflicts: Conflicts;
  owners: Asked[];
  checked: { as_of: string; layers: string[]; rules: string[]; unknown_depth: number; unknown_accuracy: number };
}

/** Works as drawn, or the id of a works project the city keeps. */
export type Works = GeoJSON.Feature | number;

/** What works would meet. */
export function checkWorks(works: Works, language: Language, signal: AbortSignal): Promise<WorksAnswer> {
  const headers = { "Content-Type": "application/geo+json", "X-CSRF-Token": getToken() };
  if (typeof works === "number") {
    return ask(`analysis/works-check?lang=${language}&project=${works}`, { method: "POST", headers, signal });
  }
  return ask(`analysis/works-check?lang=${language}`, { method: "POST", headers, body: JSON.stringify(works), signal });
}

/** Signs out; the page is loaded anew by the caller. */
export async function signOut(): Promise<void> {
  const headers = { "X-CSRF-Token": getToken() };
  await fetch(getAddress("sign-out"), { method: "POST", credentials: "same-origin", headers });
}
