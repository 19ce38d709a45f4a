// Longitude and latitude in the city's own grid, computed here so that the pointer needs no server. Pure.
//
// Source: EPSG Guidance Note 7-2 (2019), 3.5.3 "Transverse Mercator" (JHS formulas, to n^4: below 0.1 mm within 4 degrees
// of the meridian) and 4.3.3 "Position Vector transformation"; the pinned operation is EPSG:6960, spatial/crs.py.

/** A transverse Mercator, as `/viewer/config` describes it (spatial/grids.py). */
export interface Grid {
  srid: number;
  name: string;
  axis_m: number;
  flattening: number;
  /** Of the origin, degrees. */
  latitude: number;
  meridian: number;
  scale: number;
  easting_m: number;
  northing_m: number;
  /** From the grid's datum to WGS 84: metres, seconds of arc, millionths; null where they are one. */
  shift: [number, number, number, number, number, number, number] | null;
}

type Triple = [number, number, number];

const WGS84 = { axis_m: 6378137, flattening: 1 / 298.257223563 };
const SECOND = Math.PI / 648_000;

/** Easting and northing of a longitude and latitude of WGS 84, metres. */
export function toGrid(grid: Grid, longitude: number, latitude: number): [number, number] {
  const place: [number, number] = [toRadians(longitude), toRadians(latitude)];
  const [lambda, phi] = grid.shift === null ? place : toDatum(grid, grid.shift, place);
  const [xi, eta] = project(grid, lambda - toRadians(grid.meridian), phi);
  const [xi0] = project(grid, 0, toRadians(grid.latitude));
  const radius = grid.scale * getRadius(grid);
  return [grid.easting_m + radius * eta, grid.northing_m + radius * (xi - xi0)];
}

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** Longitude and latitude, radians, in the grid's datum; the height is taken as none, as for every map. */
function toDatum(grid: Grid, shift: NonNullable<Grid["shift"]>, [lambda, phi]: [number, number]): [number, number] {
  const [dx, dy, dz, rx, ry, rz, ppm] = shift;
  const [a, b, c] = [rx * SECOND, ry * SECOND, rz * SECOND];
  const [x, y, z] = toSpace(lambda, phi);
  const [u, v, w] = [x - dx, y - dy, z - dz].map((each) => each / (1 + ppm * 1e-6)) as Triple;
  // The transposed rotation takes back what the position vector's has done.
  return toSurface(grid, [u + c * v - b * w, -c * u + v + a * w, b * u - a * v + w]);
}

/** The point of the ellipsoid of WGS 84 in metres from the centre of the Earth. */
function toSpace(lambda: number, phi: number): Triple {
  const square = WGS84.flattening * (2 - WGS84.flattening);
  const radius = WGS84.axis_m / Math.sqrt(1 - square * Math.sin(phi) ** 2);
  return [
    radius * Math.cos(phi) * Math.cos(lambda),
    radius * Math.cos(phi) * Math.sin(lambda),
    radius * (1 - square) * Math.sin(phi),
  ];
}

/** Longitude and latitude, radians, of a point near the ellipsoid of the grid. */
function toSurface({ axis_m, flattening }: Grid, [x, y, z]: Triple): [number, number] {
  const square = flattening * (2 - flattening);
  const distance = Math.hypot(x, y);
  let phi = Math.atan2(z, distance * (1 - square));
  for (let step = 0; step < 6; step += 1) {
    const radius = axis_m / Math.sqrt(1 - square * Math.sin(phi) ** 2);
    phi = Math.atan2(z + square * radius * Math.sin(phi), distance);
  }
  return [Math.atan2(y, x), phi];
}

/** The radius of the meridian as a circle, metres. */
function getRadius({ axis_m, flattening }: Grid): number {
  const n = flattening / (2 - flattening);
  return (axis_m / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64);
}

/** Northing and easting of the projection, in radii of the meridian. */
function project({ flattening }: Grid, lambda: number, phi: number): [number, number] {
  const n = flattening / (2 - flattening);
  const e = Math.sqrt(flattening * (2 - flattening));
  const t = Math.sinh(Math.atanh(Math.sin(phi)) - e * Math.atanh(e * Math.sin(phi)));
  const xi = Math.atan2(t, Math.cos(lambda));
  const eta = Math.asinh(Math.sin(lambda) / Math.hypot(t, Math.cos(lambda)));
  const series = [
    n / 2 - (2 / 3) * n ** 2 + (5 / 16) * n ** 3 + (41 / 180) * n ** 4,
    (13 / 48) * n ** 2 - (3 / 5) * n ** 3 + (557 / 1440) * n ** 4,
    (61 / 240) * n ** 3 - (103 / 140) * n ** 4,
    (49_561 / 161_280) * n ** 4,
  ];
  return series.reduce<[number, number]>(
    ([north, east], part, index) => {
      const j = 2 * (index + 1);
      return [north + part * Math.sin(j * xi) * Math.cosh(j * eta), east + part * Math.cos(j * xi) * Math.sinh(j * eta)];
    },
    [xi, eta],
  );
}
