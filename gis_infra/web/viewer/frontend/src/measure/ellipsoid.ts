// Lengths and areas on the ellipsoid of WGS 84, as the Earth is and not as the map is drawn. Pure.

type Position = GeoJSON.Position;

const A = 6378137;
const F = 1 / 298.257223563;
const B = A * (1 - F);
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
const MOST_STEPS = 100;

/** Metres along a line of longitudes and latitudes. */
export function measureLength(line: readonly Position[]): number {
  return line.slice(1).reduce((sum, position, index) => sum + measureDistance(line[index] as Position, position), 0);
}

/** Metres between two places, to a tenth of a millimetre; near the other end of the Earth it does not come to rest: NaN.
 *
 * Source: Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid", Survey Review 23 (176), 1975.
 */
export function measureDistance([x1 = 0, y1 = 0]: Position, [x2 = 0, y2 = 0]: Position): number {
  const distance = toRadians(x2 - x1);
  const [u1, u2] = [reduce(y1), reduce(y2)];
  let lambda = distance;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const arc = findArc(u1, u2, lambda);
    if (arc.sinSigma === 0) {
      return 0;
    }
    const next = distance + findDrift(arc);
    if (Math.abs(next - lambda) < 1e-13) {
      return toMetres(arc);
    }
    lambda = next;
  }
  return NaN;
}

interface Arc {
  sinSigma: number;
  cosSigma: number;
  sigma: number;
  sinAlpha: number;
  cos2Alpha: number;
  cos2Middle: number;
}

function findArc(u1: number, u2: number, lambda: number): Arc {
  const across = Math.cos(u2) * Math.sin(lambda);
  const along = Math.cos(u1) * Math.sin(u2) - Math.sin(u1) * Math.cos(u2) * Math.cos(lambda);
  const sinSigma = Math.hypot(across, along);
  const cosSigma = Math.sin(u1) * Math.sin(u2) + Math.cos(u1) * Math.cos(u2) * Math.cos(lambda);
  const sinAlpha = sinSigma === 0 ? 0 : (Math.cos(u1) * Math.cos(u2) * Math.sin(lambda)) / sinSigma;
  const cos2Alpha = 1 - sinAlpha ** 2;
  // Along the equator there is no such middle, and nothing to correct.
  const cos2Middle = cos2Alpha < 1e-12 ? 0 : cosSigma - (2 * Math.sin(u1) * Math.sin(u2)) / cos2Alpha;
  return { sinSigma, cosSigma, sigma: Math.atan2(sinSigma, cosSigma), sinAlpha, cos2Alpha, cos2Middle };
}

function findDrift({ sinSigma, cosSigma, sigma, sinAlpha, cos2Alpha, cos2Middle }: Arc): number {
  const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
  const inner = cos2Middle + c * cosSigma * (2 * cos2Middle ** 2 - 1);
  return (1 - c) * F * sinAlpha * (sigma + c * sinSigma * inner);
}

function toMetres({ sinSigma, cosSigma, sigma, cos2Alpha, cos2Middle }: Arc): number {
  const u = (cos2Alpha * (A ** 2 - B ** 2)) / B ** 2;
  const a = 1 + (u / 16384) * (4096 + u * (-768 + u * (320 - 175 * u)));
  const b = (u / 1024) * (256 + u * (-128 + u * (74 - 47 * u)));
  const last = (b / 6) * cos2Middle * (4 * sinSigma ** 2 - 3) * (4 * cos2Middle ** 2 - 3);
  return B * a * (sigma - b * sinSigma * (cos2Middle + (b / 4) * (cosSigma * (2 * cos2Middle ** 2 - 1) - last)));
}

/** Square metres inside a ring of longitudes and latitudes, however it runs; of one that crosses itself the difference.
 *
 * On the sphere of equal area: latitudes are moved so that every area is kept, and the sides are taken as great circles
 * of that sphere, which for a side of 10 km are off from the shortest line by less than a centimetre.
 * Source: Snyder, "Map Projections: A Working Manual", 1987, (3-11), (3-12); Todhunter, "Spherical Trigonometry", 103.
 */
export function measureArea(ring: readonly Position[]): number {
  const whole = findZone(1);
  const half = (latitude: number): number => Math.tan(Math.asin(findZone(Math.sin(toRadians(latitude))) / whole) / 2);
  const excess = ring.reduce((sum, [x2 = 0, y2 = 0], index) => {
    const [x1 = 0, y1 = 0] = ring.at(index - 1) ?? [];
    const [t1, t2] = [half(y1), half(y2)];
    return sum + 2 * Math.atan2(Math.tan(toRadians(x2 - x1) / 2) * (t1 + t2), 1 + t1 * t2);
  }, 0);
  return Math.abs(excess) * ((A ** 2 * whole) / 2);
}

/** The area from the equator up to a sine of latitude, in half squares of the axis and radians of longitude. */
function findZone(sine: number): number {
  return (1 - E2) * (sine / (1 - E2 * sine ** 2) + Math.atanh(E * sine) / E);
}

function reduce(latitude: number): number {
  return Math.atan((1 - F) * Math.tan(toRadians(latitude)));
}

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
