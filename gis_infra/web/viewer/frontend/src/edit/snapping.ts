// The place that a pointer means: a vertex or an edge of a neighbour where one is near, else where it points. Pure.

import type { Neighbour } from "./api";
import { listChains, type Position, type Shape } from "./vertices";

export interface Snap {
  at: Position;
  kind: "vertex" | "edge";
}

/** A place this near to the end of a line, in degrees, is its end: a few centimetres. */
const AT_END = 5e-7;

/** How many degrees of longitude a pixel is at a zoom of the map. */
export function getDegreesPerPixel(zoom: number): number {
  return 360 / (512 * 2 ** zoom);
}

/** The nearest vertex within reach, else the nearest place of an edge; null where nothing is. reach: degrees of longitude. */
export function findSnap(at: Position, shapes: Iterable<Shape>, reach: number): Snap | null {
  const plane = makePlane(at);
  let vertex = { distance: reach * plane.shrink, at: null as Position | null };
  let edge = { ...vertex };
  for (const shape of shapes) {
    for (const { positions, isRing, isJoined } of listChains(shape)) {
      for (const [index, from] of positions.entries()) {
        vertex = take(vertex, from, plane);
        const to = positions[index + 1] ?? (isRing ? positions[0] : undefined);
        if (isJoined && to !== undefined) {
          edge = take(edge, getNearest(from, to, plane), plane);
        }
      }
    }
  }
  if (vertex.at !== null) {
    return { at: vertex.at.slice(0, 2), kind: "vertex" };
  }
  return edge.at === null ? null : { at: edge.at.slice(0, 2), kind: "edge" };
}

/** The place of a line to split it at: a vertex between its ends, else the nearest place; null far from it and at its ends. */
export function findCut(at: Position, shape: Shape, reach: number): Position | null {
  if (shape.type !== "LineString") {
    return null;
  }
  const { coordinates } = shape;
  const ends = [coordinates[0], coordinates[coordinates.length - 1]] as Position[];
  const between = coordinates.slice(1, -1).map((vertex): Shape => ({ type: "Point", coordinates: vertex }));
  const vertex = findSnap(at, between, reach / 2);
  // Without its ends a line snaps to the stretches of it alone.
  const stretch = vertex ?? findEdge(at, coordinates, reach);
  return stretch && ends.every((end) => findSnap(stretch.at, [{ type: "Point", coordinates: end }], AT_END) === null) ? stretch.at : null;
}

function findEdge(at: Position, positions: Position[], reach: number): Snap | null {
  const plane = makePlane(at);
  let edge = { distance: reach * plane.shrink, at: null as Position | null };
  for (const [index, from] of positions.slice(0, -1).entries()) {
    edge = take(edge, getNearest(from, positions[index + 1] as Position, plane), plane);
  }
  return edge.at === null ? null : { at: edge.at.slice(0, 2), kind: "edge" };
}

interface Plane {
  origin: Position;
  /** How much shorter a degree of longitude is than one of latitude. */
  shrink: number;
}

function makePlane(origin: Position): Plane {
  return { origin, shrink: Math.cos(((origin[1] as number) * Math.PI) / 180) };
}

function take(best: { distance: number; at: Position | null }, at: Position, plane: Plane): { distance: number; at: Position | null } {
  const distance = Math.hypot(...toPlane(at, plane));
  return distance <= best.distance ? { distance, at } : best;
}

/** East and north of the origin, in degrees of latitude. */
function toPlane(at: Position, { origin, shrink }: Plane): [number, number] {
  return [((at[0] as number) - (origin[0] as number)) * shrink, (at[1] as number) - (origin[1] as number)];
}

/** The place of a stretch that is nearest to the origin of the plane. */
function getNearest(from: Position, to: Position, plane: Plane): Position {
  const share = getShare(from, to, plane);
  return [0, 1].map((axis) => (from[axis] as number) + ((to[axis] as number) - (from[axis] as number)) * share);
}

function getShare(from: Position, to: Position, plane: Plane): number {
  const [x, y] = toPlane(from, plane);
  const [u, v] = toPlane(to, plane);
  const square = (u - x) ** 2 + (v - y) ** 2;
  return square === 0 ? 0 : Math.min(1, Math.max(0, (-x * (u - x) - y * (v - y)) / square));
}

/** The neighbours that are lines, areas or points, without the feature that is changed itself. */
export function listShapes(neighbours: Neighbour[], layer: string, id: number | null): Shape[] {
  return neighbours
    .filter((each) => !(each.layer === layer && each.id === id) && each.geometry.type !== "GeometryCollection")
    .map((each) => each.geometry as Shape);
}
