// What is drawn of a shape that is being edited: itself, its vertices, and where the pointer would put one. Pure.

import { makeMark } from "../map/editing";
import type { Snap } from "./snapping";
import type { Sketch } from "./sketch";
import { isSamePath, listMiddles, listVertices, makeShape, type Path, type Position } from "./vertices";

/** How things stand with a shape. */
export interface Look {
  sketch: Sketch;
  isDragged: boolean;
  hover: { at: Position; snap: Snap | null } | null;
}

export function markEditing(look: Look): GeoJSON.Feature[] {
  return [...markShape(look), ...markVertices(look), ...markPointer(look)];
}

function markShape({ sketch: { mode, type, shape, places }, hover }: Look): GeoJSON.Feature[] {
  if (mode !== "draw" && places.length === 0) {
    return mode !== "still" && shape ? [makeMark("shape", shape)] : [];
  }
  const drawn = makeShape(type, [...places]) ?? makeShape("LineString", [...places]);
  const last = places[places.length - 1];
  const ring = type.endsWith("Polygon") && places.length > 1 ? [places[0] as Position] : [];
  const rubber = last && hover ? [makeMark("rubber", { type: "LineString", coordinates: [last, hover.at, ...ring] })] : [];
  return [...(drawn ? [makeMark("shape", drawn)] : []), ...rubber];
}

function markVertices({ sketch: { mode, shape, places, selected, cut }, isDragged }: Look): GeoJSON.Feature[] {
  if (mode === "draw" || places.length > 0) {
    return places.map((at) => markPoint("vertex", at));
  }
  if (mode === "split") {
    return cut ? [markPoint("selected", cut)] : [];
  }
  if (mode === "still" || shape === null) {
    return [];
  }
  const middles = mode === "vertices" && !isDragged ? listMiddles(shape).map(({ at }) => markPoint("middle", at)) : [];
  const isSelected = (path: Path): boolean => selected !== null && isSamePath(path, selected);
  return [...middles, ...listVertices(shape).map(({ path, at }) => markPoint(isSelected(path) ? "selected" : "vertex", at))];
}

function markPointer({ hover }: Look): GeoJSON.Feature[] {
  return hover?.snap ? [makeMark("snap", { type: "Point", coordinates: hover.snap.at })] : [];
}

function markPoint(role: "vertex" | "selected" | "middle", at: Position): GeoJSON.Feature {
  return makeMark(role, { type: "Point", coordinates: at });
}
