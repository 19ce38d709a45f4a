// What the server offers for imports: uploads, their inspection, the imports so far.

import { ApiError, ask, getAddress, getToken, readRefusal } from "../api";

export interface Upload {
  id: string;
  name: string;
  bytes: number;
}

export interface CrsChoice {
  srid: number;
  swap_xy: boolean;
  lands: string;
}

export interface ColumnGuess {
  column: string;
  field: string | null;
  reason: string;
  unit: string | null;
}

export interface LayerGuess {
  layer: string;
  reason: string;
  columns: ColumnGuess[];
}

/** One layer of an upload, as the inspection tells it. */
export interface Inspection {
  file: string;
  layer: string;
  /** What the process calls the layer of the file; in an archive it has the member's name in it. */
  source_layer?: string;
  error?: string;
  format: string;
  features: number;
  geometry: string;
  has_z: boolean;
  remarks: string[];
  crs: {
    srid: number | null;
    certain: boolean;
    reason: string;
    lands: string | null;
    swap_xy: boolean;
    choices: CrsChoice[];
  };
  text: {
    encoding: string;
    certain: boolean;
    reason: string;
    samples: { before: string; after: string }[];
    candidates: { encoding: string; sample: string }[];
  } | null;
  fields: { name: string; type: string; samples: string[] }[];
  suggestions: LayerGuess[];
  sample: GeoJSON.FeatureCollection<GeoJSON.Geometry>;
}

export interface LayerField {
  name: string;
  title: string;
  unit: string | null;
}

export interface ReportProblem {
  row: number;
  field: string;
  value: string;
  reason: string;
  severity: "error" | "warning";
}

export interface Report {
  import: number | null;
  layer: string;
  file: string;
  dry_run: boolean;
  rows: number;
  accepted: number;
  inserted: number;
  updated: number;
  unchanged: number;
  skipped: number;
  deleted: number;
  rejected: number;
  seconds: number;
  counts: Record<string, number>;
  problems: ReportProblem[];
  rejected_file: string | null;
}

export interface PastImport {
  id: number;
  layer: string;
  file: string;
  finished_at: string | null;
  accepted: number | null;
  rejected: number | null;
  undone_at: string | null;
}

/** Hands files in. onProgress: share of the bytes that are over, from 0 to 1. */
export function upload(files: File[], onProgress: (share: number) => void, signal: AbortSignal): Promise<Upload> {
  const form = new FormData();
  files.forEach((file) => form.append("file", file, file.name));
  return new Promise((resolve, reject) => {
    // Not fetch, which does not tell how far an upload is.
    const request = new XMLHttpRequest();
    request.open("POST", getAddress("imports/uploads"));
    request.setRequestHeader("X-CSRF-Token", getToken());
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(new TypeError("offline"));
    request.onabort = () => reject(new DOMException("given up", "AbortError"));
    request.onload = () => {
      const answer = new Response(request.responseText, { status: request.status });
      void (request.status === 201 ? answer.json().then(resolve) : refuse(answer).catch(reject));
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

async function refuse(response: Response): Promise<never> {
  throw new ApiError(await readRefusal(response), response.status);
}

/** What is in an upload. */
export async function inspect(id: string, signal: AbortSignal): Promise<Inspection[]> {
  return (await ask<{ layers: Inspection[] }>(`imports/uploads/${id}`, { signal })).layers;
}

/** Deletes an upload. */
export async function discard(id: string): Promise<void> {
  try {
    await remove(`imports/uploads/${id}`);
  } catch (error) {
    // Once all of it was imported the server has deleted it already.
    if (!(error instanceof ApiError && error.status === 404)) {
      throw error;
    }
  }
}

/** The fields of a layer that a column may go into. */
export async function getFields(layer: string, language: string): Promise<LayerField[]> {
  type Property = { title?: string; readOnly?: boolean; "x-ogc-unit"?: string; format?: string };
  type Schema = { properties: Record<string, Property> };
  const { properties } = await ask<Schema>(`ogc/collections/${layer}/schema?f=json&lang=${language}`);
  return Object.entries(properties)
    .filter(([, each]) => !each.readOnly && !each.format?.startsWith("geometry-"))
    .map(([name, each]) => ({ name, title: each.title ?? name, unit: each["x-ogc-unit"] ?? null }));
}

/** The caller's imports, newest first. */
export async function getImports(limit: number): Promise<PastImport[]> {
  return (await ask<{ imports: PastImport[] }>(`imports?limit=${limit}`)).imports;
}

async function remove(path: string): Promise<Response> {
  const headers = { Accept: "application/json", "X-CSRF-Token": getToken() };
  const response = await fetch(getAddress(path), { method: "DELETE", credentials: "same-origin", headers });
  return response.ok ? response : refuse(response);
}
