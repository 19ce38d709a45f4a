// Paper: sheets, the frame of the map on each, and what a scale means for the map. Pure.

export const PAPERS = ["a4-landscape", "a4-portrait", "a3-landscape", "a3-portrait"] as const;
export type Paper = (typeof PAPERS)[number];

/** Denominators of the scales that plans are drawn in. */
export const SCALES = [200, 500, 1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000] as const;

/** The frame of the map on each sheet, width and height in millimetres; styles/print.css has the same. */
export const FRAMES: Record<Paper, [number, number]> = {
  "a4-landscape": [216, 160],
  "a4-portrait": [194, 200],
  "a3-landscape": [332, 246],
  "a3-portrait": [281, 320],
};
/** Dots of the picture for each pixel of the style: some 290 and 190 to the inch, within what browsers can draw. */
export const DETAIL: Record<Paper, number> = { "a4-landscape": 3, "a4-portrait": 3, "a3-landscape": 2, "a3-portrait": 2 };

const MM_PER_INCH = 25.4;
const PX_PER_INCH = 96;
const A = 6378137;
const E2 = 0.0066943799901413165;
// Of a pixel at zoom 0 on the equator, on the sphere the map is drawn on: 2π · 6378137 m / 512.
const METRES_PER_PX_0 = (2 * Math.PI * A) / 512;
const MIDDLE_SHARE = 0.35;
// A frame is to span so much of the screen, one way or the other.
const LEAST_SEEN = 0.4;

/** Millimetres of paper in pixels of a style sheet. */
export function toPx(millimetres: number): number {
  return (millimetres / MM_PER_INCH) * PX_PER_INCH;
}

/** Radii of curvature of the ellipsoid of WGS 84, metres: across the meridian, and along it.
 *
 * Source: Snyder, "Map Projections: A Working Manual", USGS Professional Paper 1395, equations 4-20 and 4-18.
 */
function getRadii(latitude: number): { across: number; along: number } {
  const sine = Math.sin(toRadians(latitude));
  const root = Math.sqrt(1 - E2 * sine * sine);
  return { across: A / root, along: (A * (1 - E2)) / root ** 3 };
}

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** The zoom at which a map at this latitude is drawn at 1 : `scale` from west to east. */
export function toZoom(scale: number, latitude: number): number {
  const metresPerPx = (scale * MM_PER_INCH) / 1000 / PX_PER_INCH;
  const stretch = getRadii(latitude).across / A;
  return Math.log2((METRES_PER_PX_0 * stretch * Math.cos(toRadians(latitude))) / metresPerPx);
}

/** By how much a picture of that zoom is drawn too tall: the map is drawn on a sphere, and the Earth is flatter (0.7 %).
 *
 * A picture so much taller than its frame, squeezed into it, has the same scale both ways.
 */
export function getTallness(latitude: number): number {
  const { across, along } = getRadii(latitude);
  return across / along;
}

/** The scale at which a map of this zoom and latitude would print pixel for pixel. */
export function toScale(zoom: number, latitude: number): number {
  return 2 ** (toZoom(1, latitude) - zoom);
}

/** The largest scale of plans at which the frame holds what the screen shows. width, height: of the screen, pixels. */
export function chooseScale(paper: Paper, zoom: number, latitude: number, width: number, height: number): number {
  const [across, up] = FRAMES[paper];
  const least = toScale(zoom, latitude) * Math.max(width / toPx(across), height / toPx(up));
  // A frame that is a little too small beats one at half the scale.
  return SCALES.find((scale) => scale >= least * 0.8) ?? SCALES[SCALES.length - 1] ?? least;
}

/** Whether a frame lies on a screen whole, and large enough to tell what is in it. frame: left, top, right, bottom, pixels. */
export function isWellSeen([left, top, right, bottom]: [number, number, number, number], width: number, height: number): boolean {
  const isWhole = left >= 0 && top >= 0 && right <= width && bottom <= height;
  return isWhole && Math.max((right - left) / width, (bottom - top) / height) >= LEAST_SEEN;
}

/** A round length in metres that is a good third of 100 mm at a scale, or a little less. */
export function chooseBar(scale: number): number {
  const most = MIDDLE_SHARE * 0.1 * scale;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ([5, 2, 1].find((digit) => digit * power <= most) ?? 1);
}

/** The box of the frame around a centre: west, south, east, north in degrees. */
export function getFrame(paper: Paper, scale: number, [longitude, latitude]: [number, number]): [number, number, number, number] {
  const [width, height] = FRAMES[paper].map((millimetres) => (millimetres / 1000) * scale) as [number, number];
  const radii = getRadii(latitude);
  const across = width / 2 / toRadians(radii.across * Math.cos(toRadians(latitude)));
  const up = height / 2 / toRadians(radii.along);
  return [longitude - across, latitude - up, longitude + across, latitude + up];
}
