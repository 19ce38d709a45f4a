// What was found, as the address holds it: layer.id.id… or longitude,latitude. Pure.

import { isPlace, type Result } from "./api";

/** Rows of a layer, or a point. */
export type Mark = { layer: string; ids: number[] } | { point: [number, number] };

// A street of more segments than this is marked in part when its link is opened.
const MOST_IDS = 40;
const DIGITS = 7;

export function toMark(result: Result): Mark {
  return isPlace(result) ? { point: result.point } : { layer: result.layer, ids: result.ids };
}

export function formatMark(mark: Mark): string {
  return "point" in mark
    ? mark.point.map((degrees) => degrees.toFixed(DIGITS)).join(",")
    : [mark.layer, ...mark.ids.slice(0, MOST_IDS)].join(".");
}

/** Reads what `formatMark` wrote; null for anything else. */
export function parseMark(text: string): Mark | null {
  const rows = /^([a-z]\w*)((?:\.\d{1,15})+)$/.exec(text);
  if (rows) {
    return { layer: rows[1] ?? "", ids: (rows[2] ?? "").split(".").slice(1, MOST_IDS + 1).map(Number) };
  }
  const [longitude = NaN, latitude = NaN, ...rest] = text.split(",").map((part) => (part.trim() ? Number(part) : NaN));
  const isPoint = rest.length === 0 && Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
  return isPoint ? { point: [longitude, latitude] } : null;
}
