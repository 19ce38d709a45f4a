// The view as the address holds it: #zoom/lat/lon&lang=en&on=a,b&off=c&tool=works&service=x&run=7&at=lon,lat. Pure.

import type { Language } from "./messages";

export const TOOLS = ["identify", "works", "register", "coverage", "imports"] as const;
export type Tool = (typeof TOOLS)[number];

export interface ViewState {
  zoom: number | null;
  /** Longitude and latitude of the centre, degrees. */
  center: [number, number] | null;
  language: Language | null;
  /** Layers switched against their default. */
  on: string[];
  off: string[];
  tool: Tool | null;
  service: string | null;
  /** The run of the service that is shown; null for its latest. */
  run: number | null;
  /** Where the user identified last, longitude and latitude. */
  at: [number, number] | null;
}

export const EMPTY_STATE: ViewState = {
  zoom: null,
  center: null,
  language: null,
  on: [],
  off: [],
  tool: null,
  service: null,
  run: null,
  at: null,
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

function readPart(state: ViewState, name: string, value: string): void {
  if (name === "lang" && (value === "vi" || value === "en")) {
    state.language = value;
  } else if (name === "on" || name === "off") {
    state[name] = value.split(",").filter((id) => /^\w+$/.test(id));
  } else if (name === "tool" && TOOLS.includes(value as Tool)) {
    state.tool = value as Tool;
  } else if (name === "service" && /^[\w-]+$/.test(value)) {
    state.service = value;
  } else if (name === "run" && /^[1-9]\d{0,14}$/.test(value)) {
    state.run = Number(value);
  } else if (name === "at") {
    state.at = parsePair(value);
  }
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
    ["tool", state.tool],
    ["service", state.service],
    ["run", state.run === null ? null : String(state.run)],
    ["at", state.at && state.at.map((degrees) => degrees.toFixed(6)).join(",")],
  ];
  parts.push(...named.filter(([, value]) => value !== null).map(([name, value]) => `${name}=${value}`));
  return `#${parts.join("&")}`;
}
