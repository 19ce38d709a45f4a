// Drawn works as a part of the map's address, so that whoever opens it sees and checks the same. Pure.
//
// A shape is a letter of its type and whole numbers of 10⁻⁷ degrees (a centimetre) to the base 36, joined by dots, each
// as the step from the one before: `L.hnz2p4.6f8d1c.3k.-2j`. Rings are joined by `!`, polygons by `*`.

import { makeForm, type WorksForm } from "./form";

/** Of a shape with more, no link is made: programs that pass links on cut long ones. */
export const MOST_VERTICES = 400;
const UNITS_PER_DEGREE = 1e7;
const LONGEST_VALUE = 200;

type Ring = GeoJSON.Position[];

/** A shape as text; null for one that is too large, or no line or area. */
export function encodeShape(shape: GeoJSON.Geometry): string | null {
  const polygons = listPolygons(shape);
  const vertices = polygons.flat(2).length;
  if (polygons.length === 0 || vertices > MOST_VERTICES) {
    return null;
  }
  const letter = shape.type === "LineString" ? "L" : "A";
  return `${letter}.${polygons.map((rings) => rings.map(encodeRing).join("!")).join("*")}`;
}

function listPolygons(shape: GeoJSON.Geometry): Ring[][] {
  switch (shape.type) {
    case "LineString":
      return [[shape.coordinates]];
    case "Polygon":
      return [shape.coordinates];
    case "MultiPolygon":
      return shape.coordinates;
    default:
      return [];
  }
}

function encodeRing(ring: Ring): string {
  let before = [0, 0];
  const numbers = ring.flatMap(([longitude = 0, latitude = 0]) => {
    const here = [longitude, latitude].map((degrees) => Math.round(degrees * UNITS_PER_DEGREE));
    const steps = here.map((value, axis) => value - (before[axis] as number));
    before = here;
    return steps;
  });
  return numbers.map((number) => number.toString(36)).join(".");
}

/** The shape that `encodeShape` wrote; null for what it cannot have written. */
export function decodeShape(text: string): GeoJSON.LineString | GeoJSON.Polygon | GeoJSON.MultiPolygon | null {
  if (!/^[LA]\.[0-9a-z.!*-]+$/.test(text) || text.length > MOST_VERTICES * 30) {
    return null;
  }
  const polygons = text.slice(2).split("*").map((part) => part.split("!").map(decodeRing));
  const [first = []] = polygons;
  const least = text.startsWith("L") ? 2 : 4;
  if (!polygons.flat().every((ring) => ring.length >= least && ring.every(isOnEarth))) {
    return null;
  }
  if (text.startsWith("L")) {
    return { type: "LineString", coordinates: first[0] as Ring };
  }
  return polygons.length === 1 ? { type: "Polygon", coordinates: first } : { type: "MultiPolygon", coordinates: polygons };
}

function decodeRing(text: string): Ring {
  const numbers = text.split(".").map((part) => parseInt(part, 36));
  const ring: Ring = [];
  let [x, y] = [0, 0];
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    x += numbers[index] as number;
    y += numbers[index + 1] as number;
    ring.push([x / UNITS_PER_DEGREE, y / UNITS_PER_DEGREE]);
  }
  return ring;
}

function isOnEarth([longitude = NaN, latitude = NaN]: GeoJSON.Position): boolean {
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
}

/** What was typed into the form, but for what it says of itself, as text; null where that is nothing. */
export function encodeForm(form: WorksForm): string | null {
  const usual: Record<string, string> = { ...makeForm() };
  const said = Object.entries(form).filter(([name, value]) => value !== usual[name]);
  return said.length === 0 ? null : JSON.stringify(Object.fromEntries(said));
}

/** The form with what `encodeForm` wrote; what makes no sense is left as the form has it. */
export function decodeForm(text: string | null): WorksForm {
  const form = makeForm();
  const said = Object.entries(readObject(text)).filter(([name, value]) => Object.hasOwn(form, name) && typeof value === "string");
  return { ...form, ...Object.fromEntries(said.map(([name, value]) => [name, (value as string).slice(0, LONGEST_VALUE)])) };
}

function readObject(text: string | null): object {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // A link that was cut on its way.
    return {};
  }
}
