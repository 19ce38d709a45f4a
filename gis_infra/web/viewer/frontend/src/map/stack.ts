// What lies over what. Areas lie under lines and those under points until the user moves a layer. Pure.

import type { LayerConfig } from "../config";

/** The heights of the map at which networks are drawn, the lowest first. */
export const HEIGHTS = ["areas", "lines", "points"] as const;
export type Height = (typeof HEIGHTS)[number];

type Stacked = Pick<LayerConfig, "id" | "geometry" | "order" | "background">;

/** The height at which a layer is drawn of itself. */
export function getHeight(layer: Stacked): Height {
  return layer.geometry.endsWith("Polygon") ? "areas" : layer.geometry.endsWith("LineString") ? "lines" : "points";
}

/**
 * The layers above the ground, the lowest first.
 *
 * moved: ids of layers the user moved, the lowest first: they share out the places they have by default among
 * themselves, in this order. Ids that are not there are left aside.
 */
export function sortStack<L extends Stacked>(layers: L[], moved: string[] = []): L[] {
  const rank = (layer: L): number => HEIGHTS.indexOf(getHeight(layer)) * 10_000 + layer.order;
  const sorted = layers.filter((layer) => !layer.background).sort((a, b) => rank(a) - rank(b));
  const known = new Map(sorted.map((layer) => [layer.id, layer]));
  const queue = [...new Set(moved)].flatMap((id) => known.get(id) ?? []);
  const isMoved = new Set(queue);
  return sorted.map((layer) => (isMoved.has(layer) ? (queue.shift() as L) : layer));
}

/** What `sortStack` must be told to give `sequence`: the ids that are not where they are by default. */
export function listMoved(layers: Stacked[], sequence: string[]): string[] {
  const usual = sortStack(layers).map((layer) => layer.id);
  return sequence.filter((id, index) => usual[index] !== id);
}

/**
 * The whole sequence after one layer was moved among those that are shown.
 *
 * sequence: every id, the lowest first. shown: the ids among which it moves, in the same order. place: its index among
 * them afterwards.
 */
export function moveLayer(sequence: string[], shown: string[], id: string, place: number): string[] {
  const left = shown.filter((each) => each !== id);
  left.splice(Math.min(Math.max(place, 0), left.length), 0, id);
  const isShown = new Set(shown);
  return sequence.map((each) => (isShown.has(each) ? (left.shift() as string) : each));
}

/** The height of each layer of a stack, the lowest first: its own, but never below that of one it lies over. */
export function liftHeights(stack: Stacked[]): Height[] {
  let reached = 0;
  return stack.map((layer) => {
    reached = Math.max(reached, HEIGHTS.indexOf(getHeight(layer)));
    return HEIGHTS[reached] as Height;
  });
}
