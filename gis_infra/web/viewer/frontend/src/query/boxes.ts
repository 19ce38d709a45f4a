// Boxes put together. Pure.

import type { Box } from "../config";

/** The box around all the boxes, null where there are none. */
export function joinBoxes(boxes: readonly (Box | null)[]): Box | null {
  const known = boxes.filter((each) => each !== null);
  if (known.length === 0) {
    return null;
  }
  const take = (side: number, of: (...values: number[]) => number): number => of(...known.map((each) => each[side] as number));
  return [take(0, Math.min), take(1, Math.min), take(2, Math.max), take(3, Math.max)];
}
