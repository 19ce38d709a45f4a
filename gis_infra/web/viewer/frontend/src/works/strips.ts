// The ground that works along streets or a drawn line take: the server measures it in the city's own grid.

import { ask, getToken } from "../api";

export interface Strip {
  geometry: GeoJSON.MultiPolygon;
  area_m2: number;
  /** Of streets: the pieces taken, the names they have, and how long they are together. */
  segments?: number[];
  names?: string[];
  length_m?: number;
}

/** reach_m: to either side; without it half the width of each street, and an area stays what it is. */
export interface StripOrder {
  segments?: number[];
  /** Whether all that joins on to the pieces under the same names is taken too. */
  whole?: boolean;
  geometry?: GeoJSON.Geometry;
  reach_m?: number;
}

export function askStrip(order: StripOrder, signal?: AbortSignal): Promise<Strip> {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": getToken() };
  return ask("viewer/strip", { method: "POST", headers, body: JSON.stringify(order), ...(signal ? { signal } : {}) });
}
