// The view as the address holds it: #zoom/lat/lon&lang=en&on=a,b&off=c&tool=works&service=x&run=7&at=lon,lat. Pure.

import { formatOpacity, type Opacity, parseOpacity } from "./map/opacity";
import type { Language } from "./messages";
import { type Filters, formatFilters, parseFilters } from "./query/address";
import { formatTable, parseTable, type TableState } from "./query/table_address";

export const TOOLS = ["identify", "query", "edit", "works", "register", "coverage", "imports", "measure", "print"] as const;
export type Tool = (typeof TOOLS)[number];

export interface ViewState {
  zoom: number | null;
  /** Longitude and latitude of the centre, degrees. */
  center: [number, number] | null;
  language: Language | null;
  /** Layers switched against their default. */
  on: string[];
  off: string[];
  filters: Filters;
  /** The layer that is filtered, and the table of its rows. */
  table: TableState | null;
  tool: Tool | null;
  service: string | null;
  /** The run of the service that is shown; null for its latest. */
  run: number | null;
  /** Where the user identified last, longitude and latitude. */
  at: [number, number] | null;
  /** What was found by the search box, as find/mark.ts writes it. */
  found: string | null;
  /** What was measured, as panels/measure.ts writes it. */
  ruler: string | null;
  /** "city" where the user has put the outside background away. */
  ground: "city" | null;
  /** The register's filters, as register/address.ts writes them, and the conflict that is open. */
  reg: string | null;
  conflict: number | null;
  /** Layers the user moved, the lowest first: map/stack.ts. */
  order: string[];
  opacity: Opacity;
  /** Drawn works and what is said of them, as works/address.ts writes them; the id of works that are kept. */
  works: string | null;
  dig: string | null;
  project: number | null;
}

export const EMPTY_STATE: ViewState = {
  zoom: null,
  center: null,
  language: null,
  on: [],
  off: [],
  filters: {},
  table: null,
  tool: null,
  service: null,
  run: null,
  at: null,
  found: null,
  ruler: null,
  ground: null,
  reg: null,
  conflict: null,
  order: [],
  opacity: {},
  works: null,
  dig: null,
  project: null,
};

/** Reads a hash; whatever in it makes no sense is left at its default, for a link is never a reason to fail. */
export function parseHash(hash: string): ViewState {
  const state: ViewState = { ...EMPTY_STATE };
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [name = "", value = ""] = part.split("=", 2).map(safeDecode);
    if (part.includes("=")) {
      readPart(state, name, value);
    } else {
      readPlace(state, name);
    }
  }
  return state;
}

/** How each named part is read into the state; a value that makes no sense leaves it as it is. */
const READERS: Record<string, (state: ViewState, value: string) => void> = {
  lang: (state, value) => (state.language = value === "vi" || value === "en" ? value : state.language),
  on: (state, value) => (state.on = parseIds(value)),
  off: (state, value) => (state.off = parseIds(value)),
  filter: (state, value) => (state.filters = parseFilters(value)),
  table: (state, value) => (state.table = parseTable(value)),
  order: (state, value) => (state.order = parseIds(value)),
  opacity: (state, value) => (state.opacity = parseOpacity(value)),
  tool: (state, value) => (state.tool = TOOLS.find((tool) => tool === value) ?? state.tool),
  service: (state, value) => (state.service = /^[\w-]+$/.test(value) ? value : state.service),
  run: (state, value) => (state.run = parseNumber(value) ?? state.run),
  at: (state, value) => (state.at = parsePair(value)),
  found: (state, value) => (state.found = value || null),
  ruler: (state, value) => (state.ruler = value || null),
  ground: (state, value) => (state.ground = value === "city" ? value : null),
  reg: (state, value) => (state.reg = value || null),
  conflict: (state, value) => (state.conflict = parseNumber(value)),
  works: (state, value) => (state.works = value),
  dig: (state, value) => (state.dig = value),
  project: (state, value) => (state.project = parseNumber(value)),
};

function readPart(state: ViewState, name: string, value: string): void {
  if (Object.hasOwn(READERS, name)) {
    READERS[name]?.(state, value);
  }
}

function parseIds(text: string): string[] {
  return text.split(",").filter((id) => /^\w+$/.test(id));
}

function parseNumber(text: string): number | null {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

function readPlace(state: ViewState, text: string): void {
  const [zoom, latitude, longitude] = text.split("/").map(Number);
  const center = parsePair(`${longitude},${latitude}`);
  if (zoom !== undefined && zoom >= 0 && zoom <= 24 && center !== null) {
    state.zoom = zoom;
    state.center = center;
  }
}

function parsePair(text: string): [number, number] | null {
  const [longitude = NaN, latitude = NaN] = text.split(",").map(Number);
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 ? [longitude, latitude] : null;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** Writes the hash that `parseHash` reads back. */
export function formatHash(state: ViewState): string {
  const parts: string[] = [];
  if (state.zoom !== null && state.center !== null) {
    parts.push(`${state.zoom.toFixed(2)}/${state.center[1].toFixed(6)}/${state.center[0].toFixed(6)}`);
  }
  const named: [string, string | null][] = [
    ["lang", state.language],
    ["on", state.on.join(",") || null],
    ["off", state.off.join(",") || null],
    ["filter", formatFilters(state.filters) || null],
    ["table", state.table && formatTable(state.table)],
    ["tool", state.tool],
    ["service", state.service],
    ["run", state.run === null ? null : String(state.run)],
    ["at", state.at && state.at.map((degrees) => degrees.toFixed(6)).join(",")],
    ["found", state.found && encodeURIComponent(state.found)],
    ["ruler", state.ruler && encodeURIComponent(state.ruler)],
    ["ground", state.ground],
    ["reg", state.reg && encodeURIComponent(state.reg)],
    ["conflict", state.conflict === null ? null : String(state.conflict)],
    ["order", state.order.join(",") || null],
    ["opacity", formatOpacity(state.opacity)],
    ["works", state.works],
    ["dig", state.dig && encodeURIComponent(state.dig)],
    ["project", state.project === null ? null : String(state.project)],
  ];
  parts.push(...named.filter(([, value]) => value !== null).map(([name, value]) => `${name}=${value}`));
  return `#${parts.join("&")}`;
}
