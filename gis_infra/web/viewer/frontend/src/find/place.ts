// A place on a shape, where asking what lies there finds it. Pure.

/** The middle of the middle segment, so that nothing that stands at an end is nearer; of an area, a place of its edge. */
export function findPlaceOn(shape: GeoJSON.Geometry): [number, number] | null {
  if (shape.type === "GeometryCollection") {
    return shape.geometries.map(findPlaceOn).find((place) => place !== null) ?? null;
  }
  const [first, ...others] = listPositions(shape.coordinates);
  if (first === undefined || others.length === 0) {
    return first ?? null;
  }
  const positions = [first, ...others];
  const index = Math.floor((positions.length - 1) / 2);
  const [from, to] = [positions[index] ?? first, positions[index + 1] ?? first];
  return [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
}

type Nested = number | Nested[];

/** The positions of the first line, ring or point that coordinates hold. */
function listPositions(coordinates: Nested): [number, number][] {
  if (typeof coordinates === "number") {
    return [];
  }
  const [first] = coordinates;
  if (first === undefined) {
    return [];
  }
  if (typeof first === "number") {
    return [coordinates as [number, number]];
  }
  const isLine = typeof first[0] === "number";
  return isLine ? (coordinates as [number, number][]) : listPositions(first);
}
