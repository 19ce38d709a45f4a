// Numbers, distances, dates and coordinates as people of either language write them. Pure.

import type { Attribute } from "./config";
import { type Language, type MessageKey, translate } from "./messages";

const LOCALES: Record<Language, string> = { vi: "vi-VN", en: "en-GB" };
// Vietnamese offices write 05/03/2026; the browser's own short month, "5 thg 3", is read in no plan.
const DAYS: Record<Language, Intl.DateTimeFormatOptions> = {
  vi: { day: "2-digit", month: "2-digit", year: "numeric" },
  en: { day: "numeric", month: "short", year: "numeric" },
};

/** A number with at most `digits` decimals. */
export function formatNumber(language: Language, value: number, digits = 3): string {
  return new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: digits }).format(value);
}

/** A share from 0 to 1 as a percentage with one decimal. */
export function formatShare(language: Language, share: number): string {
  const format = { style: "percent", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(LOCALES[language], format).format(share);
}

/** Metres, with centimetres below 100 m; kilometres from 10 km. */
export function formatDistance(language: Language, metres: number): string {
  if (Math.abs(metres) >= 10_000) {
    return `${formatNumber(language, metres / 1000, 1)} km`;
  }
  return `${formatNumber(language, metres, Math.abs(metres) < 100 ? 2 : 0)} m`;
}

/** A distance found, to the millimetre where it would else read like the one required. */
export function formatFound(language: Language, found: number, required: number | null): string {
  const text = formatDistance(language, found);
  const hidesLack = required !== null && found !== required && text === formatDistance(language, required);
  return hidesLack ? `${formatNumber(language, found, 3)} m` : text;
}

/** Square metres as hectares. */
export function formatArea(language: Language, squareMetres: number): string {
  return translate(language, "units.hectares", { value: formatNumber(language, squareMetres / 10_000, 2) });
}

/** An ISO date or timestamp as a date; a timestamp keeps its time. Text that is neither comes back as it is. */
export function formatDate(language: Language, text: string): string {
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (date) {
    // Built from its parts: a plain date has no time zone to be moved by.
    const day = new Date(Number(date[1]), Number(date[2]) - 1, Number(date[3]));
    return new Intl.DateTimeFormat(LOCALES[language], DAYS[language]).format(day);
  }
  // Only an ISO timestamp: browsers make a date out of "about 1990" too.
  const time = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) {
    return text;
  }
  return new Intl.DateTimeFormat(LOCALES[language], { ...DAYS[language], hour: "2-digit", minute: "2-digit" }).format(time);
}

/** An attribute's value in words: what a code means, yes or no, a number with its unit, a date. */
export function formatAttribute(language: Language, attribute: Attribute): string {
  const { type, value, text, unit } = attribute;
  if (text !== null) {
    return text;
  }
  if (typeof value === "boolean") {
    return translate(language, value ? "value.yes" : "value.no");
  }
  if (typeof value === "number") {
    // A number without a unit counts or names something (a year, a floor): grouping its digits would mislead.
    return unit === null ? String(value) : `${formatNumber(language, value)} ${unit}`;
  }
  return type === "date" || type === "timestamp" ? formatDate(language, value) : value;
}

// What the files of rules say in set words where a text cannot be named; the rest of a source is a name, and stays.
const SET_WORDS: [RegExp, MessageKey][] = [
  [/\bfrom memory, not sure\b/g, "grounds.not_sure"],
  [/\bfrom memory\b/g, "grounds.from_memory"],
  [/\b(?:a )?proposals? of this program\b/g, "grounds.proposal"],
  [/\b(?:reference text not reached|not seen)\b/g, "grounds.not_seen"],
  [/\brule in practice\b/g, "grounds.practice"],
  [/\bquoting\b/g, "grounds.quoting"],
  [/ and (?=\S+\.)/g, "grounds.and"],
];

/** A source or a clause with its set words as the reader says them. */
export function sayGrounds(language: Language, text: string): string {
  return SET_WORDS.reduce((said, [words, key]) => said.replace(words, translate(language, key)), text);
}

/** Where a rule's figure is from; null if nothing is said. A clause of "none" is how a rule says it has none. */
export function formatGrounds(language: Language, source?: string | null, clause?: string | null): string | null {
  const parts = [source, clause === "none" ? null : clause].filter(Boolean);
  return parts.length > 0 ? translate(language, "conflict.clause", { source: sayGrounds(language, parts.join(", ")) }) : null;
}

/** Longitude and latitude in degrees, to a tenth of a metre or so. */
export function formatLonLat(longitude: number, latitude: number): string {
  return `${longitude.toFixed(6)}, ${latitude.toFixed(6)}`;
}
