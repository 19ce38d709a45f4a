// What editing asks of the server: forms, features with the version they are of, changes, versions and neighbours.

import { ApiError, ask, getAddress, getToken } from "../api";
import type { Box } from "../config";
import type { Half, Problem, Uncut, Versions } from "../contract";
import type { Language } from "../messages";
import type { Form, Value } from "./form";

/** A feature with every property of its layer. */
export type Item = GeoJSON.Feature<GeoJSON.Geometry | null, Record<string, Value>> & { id: number };

/** A feature as it was read, and what names that version of it. */
export interface Read {
  item: Item;
  etag: string;
}

/** What a change is made of: the properties named, null taking a value away, and the shape where it is given. */
export interface Changes {
  properties: Record<string, Value>;
  geometry?: GeoJSON.Geometry;
}

/** One thing wrong with what was sent, or doubtful in it: in which field, and why, in the server's words. */
export interface Fault {
  field: string;
  value: string;
  message: string;
}

/** What became of a change. etag: names the version it made. */
export interface Saved {
  id: number;
  etag: string;
  warnings: Fault[];
}

export interface Neighbour {
  layer: string;
  id: number;
  geometry: GeoJSON.Geometry;
}

/** A change that the server refused, with all it found wrong. */
export class EditRefused extends ApiError {
  constructor(
    message: string,
    status: number,
    readonly faults: Fault[],
  ) {
    super(message, status);
  }
}

export function getForm(layer: string, language: Language): Promise<Form> {
  return ask(`viewer/form/${layer}?lang=${language}`);
}

function getPath(layer: string, id: number): string {
  return `ogc/collections/${layer}/items/${id}`;
}

/** A feature as it is now. Throws ApiError with status 404 where it is gone. */
export async function readItem(layer: string, id: number): Promise<Read> {
  const response = await send("GET", `${getPath(layer, id)}?f=json`);
  return { item: (await response.json()) as Item, etag: response.headers.get("ETag") ?? "" };
}

/** Changes a feature that is still as `etag` names it. Throws EditRefused with status 412 where it is not. */
export async function changeItem(layer: string, id: number, changes: Changes, etag: string): Promise<Saved> {
  const headers = { "Content-Type": "application/merge-patch+json", "If-Match": etag };
  return readSaved(await send("PATCH", getPath(layer, id), headers, { type: "Feature", ...changes }), id);
}

export async function createItem(layer: string, changes: Changes): Promise<Saved> {
  const headers = { "Content-Type": "application/geo+json" };
  return readSaved(await send("POST", `ogc/collections/${layer}/items`, headers, { type: "Feature", ...changes }), 0);
}

/** Takes a feature away that is still as `etag` names it. */
export async function deleteItem(layer: string, id: number, etag: string): Promise<void> {
  await send("DELETE", getPath(layer, id), { "If-Match": etag });
}

/** The newest versions of a feature, also of one that is gone; `deleted` says that it is. */
export function getVersions(layer: string, id: number, limit: number): Promise<Versions> {
  return ask(`${getPath(layer, id)}/history?limit=${limit}&f=json`);
}

/** Makes an earlier version the current one; etag: how the feature is expected to be, null where it is gone. */
export async function restoreVersion(layer: string, id: number, number: number, etag: string | null): Promise<Saved> {
  const headers: Record<string, string> = etag === null ? {} : { "If-Match": etag };
  return readSaved(await send("POST", `${getPath(layer, id)}/history/${number}/restore?f=json`, headers), id);
}

/** Takes the split of a line back, both halves of it or neither; etag: how the line is expected to be. */
export async function unsplitItem(layer: string, id: number, split: Uncut, etag: string): Promise<Saved> {
  const headers = { "Content-Type": "application/json", "If-Match": etag };
  const told = (await (await send("POST", `${getPath(layer, id)}/unsplit?f=json`, headers, split)).json()) as Half;
  return { id: told.id, etag: told.etag, warnings: [] };
}

/** The shapes of layers in a box, exact enough to draw to; `more` says that some were left off. */
export function getNeighbours(box: Box, layers: string[], signal: AbortSignal): Promise<{ features: Neighbour[]; more: boolean }> {
  const bbox = box.map((degrees) => degrees.toFixed(7)).join(",");
  return ask(`viewer/neighbours?${new URLSearchParams({ bbox, layers: layers.join(",") })}`, { signal });
}

export async function send(method: string, path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Response> {
  const response = await fetch(getAddress(path), {
    method,
    credentials: "same-origin",
    headers: { Accept: "application/geo+json, application/json", "X-CSRF-Token": getToken(), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    throw await readRefusal(response);
  }
  return response;
}

async function readRefusal(response: Response): Promise<EditRefused> {
  try {
    const problem = (await response.json()) as Partial<Problem> & { faults?: Fault[] };
    return new EditRefused(problem.detail ?? String(response.status), response.status, problem.faults ?? []);
  } catch {
    // Not a problem document: a proxy's page, say. The number is all there is to tell.
    return new EditRefused(String(response.status), response.status, []);
  }
}

/** Only what is new to the caller has a body: a feature that came to be, and remarks. */
async function readSaved(response: Response, id: number): Promise<Saved> {
  const told = response.status === 204 ? {} : ((await response.json()) as { id?: number; warnings?: Fault[] });
  return { id: told.id ?? id, etag: response.headers.get("ETag") ?? "", warnings: told.warnings ?? [] };
}
