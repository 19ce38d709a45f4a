// What the server offers for imports: uploads, their inspection, the imports so far.

import { ApiError, ask, getAddress, getToken, readRefusal } from "../api";
import type { Box } from "../config";
import type { Language } from "../messages";

export interface Upload {
  id: string;
  name: string;
  bytes: number;
  /** Layers of it that are in the city already. */
  imported: string[];
}

export interface CrsChoice {
  srid: number;
  swap_xy: boolean;
  lands: string | null;
  box: Box | null;
}

/** A system files of the country come in. */
export interface KnownSystem extends CrsChoice {
  name: string;
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
  notes: string[];
  /** What looks wrong with a column as a whole. */
  warnings: string[];
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
    box: Box | null;
    swap_xy: boolean;
    choices: CrsChoice[];
    systems: KnownSystem[];
    /** From the city; 0 where it touches it. */
    distance_km: number | null;
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
  /** The first rows as read, wherever they lie. */
  rows: Record<string, unknown>[];
}

export interface LayerField {
  name: string;
  title: string;
  unit: string | null;
  codes: { code: string; title: string }[];
}

export interface ReportProblem {
  row: number;
  field: string;
  value: string;
  reason: string;
  severity: "error" | "warning";
}

/** Rows that have the same thing wrong with them. field: the column, or "geometry". */
export interface ProblemKind {
  field: string;
  reason: string;
  rows: number;
  severity: "error" | "warning";
  examples: { row: number; value: string }[];
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
  kinds: ProblemKind[];
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
export function upload(
  files: File[],
  language: Language,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Upload> {
  const form = new FormData();
  files.forEach((file) => form.append("file", file, file.name));
  return new Promise((resolve, reject) => {
    // Not fetch, which does not tell how far an upload is.
    const request = new XMLHttpRequest();
    request.open("POST", getAddress(`imports/uploads?lang=${language}`));
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

/** An upload, and what is in it. */
export function inspect(id: string, language: Language, signal?: AbortSignal): Promise<Upload & { layers: Inspection[] }> {
  return ask(`imports/uploads/${id}?lang=${language}`, signal ? { signal } : {});
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
export async function getFields(layer: string, language: Language): Promise<LayerField[]> {
  type Code = { const: string; title?: string };
  type Property = { title?: string; readOnly?: boolean; "x-ogc-unit"?: string; format?: string; oneOf?: Code[] };
  type Schema = { properties: Record<string, Property> };
  const { properties } = await ask<Schema>(`ogc/collections/${layer}/schema?f=json&lang=${language}`);
  return Object.entries(properties)
    .filter(([, each]) => !each.readOnly && !each.format?.startsWith("geometry-"))
    .map(([name, each]) => ({
      name,
      title: each.title ?? name,
      unit: each["x-ogc-unit"] ?? null,
      codes: (each.oneOf ?? []).map((one) => ({ code: one.const, title: one.title ?? one.const })),
    }));
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
