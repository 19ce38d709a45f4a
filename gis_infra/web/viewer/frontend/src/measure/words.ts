// Lengths, areas and coordinates as surveyors of either language write them. Pure.

import { formatNumber } from "../format";
import type { Language } from "../messages";
import { type Grid, toGrid } from "./grid";

const LOCALES: Record<Language, string> = { vi: "vi-VN", en: "en-GB" };

/** Metres to the centimetre; from a kilometre on, kilometres to the metre. */
export function formatLength(language: Language, metres: number): string {
  return metres < 1000 ? `${formatNumber(language, metres, 2)} m` : `${formatNumber(language, metres / 1000, 3)} km`;
}

/** Square metres; from a hectare on hectares, from a square kilometre on those. */
export function formatSurface(language: Language, squareMetres: number): string {
  if (squareMetres < 10_000) {
    return `${formatNumber(language, squareMetres, 1)} m²`;
  }
  return squareMetres < 1_000_000
    ? `${formatNumber(language, squareMetres / 10_000, 4)} ha`
    : `${formatNumber(language, squareMetres / 1_000_000, 4)} km²`;
}

/** Latitude and longitude in degrees, in the order people write and other maps take. */
export function formatDegrees(longitude: number, latitude: number): string {
  return `${latitude.toFixed(6)}, ${longitude.toFixed(6)}`;
}

/** A place in the city's grid: X is northing to a Vietnamese surveyor, and E and N are what they say to everybody. */
export function formatInGrid(language: Language, grid: Grid, longitude: number, latitude: number): string {
  const format = new Intl.NumberFormat(LOCALES[language], { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const [east, north] = toGrid(grid, longitude, latitude).map((metres) => format.format(metres));
  return language === "vi" ? `X ${north} Y ${east}` : `E ${east} N ${north}`;
}
