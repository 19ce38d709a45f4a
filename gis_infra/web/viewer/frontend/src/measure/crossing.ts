// Whether an outline crosses itself, which then has no area anybody means. Pure.

type Position = GeoJSON.Position;

/** Whether two sides of a closed ring that are no neighbours meet. */
export function crossesItself(ring: readonly Position[]): boolean {
  const sides = ring.slice(1).map((to, index) => [ring[index] as Position, to] as const);
  return sides.some(([from, to], one) =>
    sides.slice(one + 2).some(([start, end], offset) => {
      const areNeighbours = one === 0 && one + 2 + offset === sides.length - 1;
      return !areNeighbours && meet(from, to, start, end);
    }),
  );
}

function meet(a: Position, b: Position, c: Position, d: Position): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** On which side of the line from a to b a place lies. */
function turn([ax = 0, ay = 0]: Position, [bx = 0, by = 0]: Position, [x = 0, y = 0]: Position): number {
  return Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
}
