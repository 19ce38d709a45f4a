// Areas: a point inside where its name stands, and the line around it. Pure.

type Ring = GeoJSON.Position[];

/** A point inside the largest part of an area, longitude and latitude; null for what is no area or is empty. */
export function findMiddle(geometry: GeoJSON.Geometry): [number, number] | null {
  const parts = listParts(geometry);
  const largest = parts.reduce<Ring[] | null>((best, part) => (best && getSize(best) >= getSize(part) ? best : part), null);
  return largest && findInside(largest);
}

/** The rings of an area as lines; what is no area comes back as it is. */
export function toOutline(geometry: GeoJSON.Geometry): GeoJSON.Geometry {
  const rings = listParts(geometry).flat();
  return rings.length > 0 ? { type: "MultiLineString", coordinates: rings } : geometry;
}

function listParts(geometry: GeoJSON.Geometry): Ring[][] {
  switch (geometry.type) {
    case "Polygon":
      return geometry.coordinates.length > 0 ? [geometry.coordinates] : [];
    case "MultiPolygon":
      return geometry.coordinates;
    default:
      return [];
  }
}

function getSize(part: Ring[]): number {
  const ring = part[0] ?? [];
  let sum = 0;
  for (let index = 1; index < ring.length; index += 1) {
    const [x0 = 0, y0 = 0] = ring[index - 1] ?? [];
    const [x1 = 0, y1 = 0] = ring[index] ?? [];
    sum += x0 * y1 - x1 * y0;
  }
  return Math.abs(sum / 2);
}

/** The middle of the widest stretch inside the area, along the level through the middle of its height. */
function findInside(part: Ring[]): [number, number] | null {
  const levels = (part[0] ?? []).map(([, y = 0]) => y);
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  // A little off the half, so that it goes through no corner of what is drawn on a grid.
  const level = low + (high - low) * 0.4999;
  const crossings = part.flatMap((ring) => listCrossings(ring, level)).sort((a, b) => a - b);
  let best: [number, number] | null = null;
  for (let index = 0; index + 1 < crossings.length; index += 2) {
    const [west = 0, east = 0] = crossings.slice(index, index + 2);
    if (best === null || east - west > best[1] - best[0]) {
      best = [west, east];
    }
  }
  return best && [(best[0] + best[1]) / 2, level];
}

function listCrossings(ring: Ring, level: number): number[] {
  const found: number[] = [];
  for (let index = 1; index < ring.length; index += 1) {
    const [x0 = 0, y0 = 0] = ring[index - 1] ?? [];
    const [x1 = 0, y1 = 0] = ring[index] ?? [];
    if (y0 > level !== y1 > level) {
      found.push(x0 + ((level - y0) / (y1 - y0)) * (x1 - x0));
    }
  }
  return found;
}
