// What is said of one conflict besides its assets, in words. Pure.

import type { ConflictProperties } from "../api";
import { formatDate, formatDistance, formatFound, formatNumber } from "../format";
import { type Language, type MessageKey, translate, translateCode } from "../messages";
import type { EntryEvent, EntryProperties } from "./api";

const MOST_CHANGES = 6;
const FINE_M = 100;

// Kinds that require a least distance; of the others a distance found says how large the fault, or the chance, is.
const LEAST: ReadonlySet<string> = new Set([
  "clearance",
  "corridor",
  "environment",
  "cover",
  "works",
  "works_overlap",
  "moratorium",
]);

/** Whether the found distance of a conflict is to be compared with a required one. */
export function hasLeast({ kind, required_m }: ConflictProperties): boolean {
  return LEAST.has(kind) && required_m !== null;
}

/** What was found, in words; null where there is nothing to tell. */
export function describeFound(language: Language, properties: ConflictProperties): string | null {
  const { distance_m, required_m, kind } = properties;
  if (distance_m === null) {
    return translate(language, "conflict.vertical_unknown");
  }
  if (hasLeast(properties)) {
    // A depth of nothing is no overlap: the asset lies bare.
    return distance_m <= 0 && kind !== "cover"
      ? translate(language, "conflict.overlap")
      : formatFound(language, distance_m, required_m);
  }
  if (kind === "overbuild") {
    return distance_m < 0
      ? translate(language, "conflict.inside", { distance: formatDistance(language, -distance_m) })
      : translate(language, "conflict.overlap");
  }
  return distance_m === 0 ? null : formatDistance(language, Math.abs(distance_m));
}

/** A title and what is said under it. */
export type Fact = [MessageKey, string];

/** What was measured and what is required, the found distance first. */
export function listMeasures(language: Language, entry: EntryProperties): Fact[] {
  const { distance_m, vertical_m, side, length_m, stretch, street } = entry;
  const required_m = hasLeast(entry) ? entry.required_m : null;
  // To the millimetre: what is found, required and short must add up.
  const metres = (value: number): string =>
    Math.abs(value) < FINE_M ? `${formatNumber(language, value)} m` : formatDistance(language, value);
  const plain = hasLeast(entry) && distance_m !== null && distance_m > 0;
  const short = required_m === null || distance_m === null ? 0 : required_m - distance_m;
  const facts: [MessageKey, string | null][] = [
    ["card.found", plain ? metres(distance_m) : describeFound(language, entry)],
    ["card.required", required_m === null ? null : metres(required_m)],
    ["card.shortfall", entry.severity === "violation" && short > 0 ? metres(short) : null],
    ["card.accuracy", describeAccuracy(language, entry)],
    ["card.vertical", vertical_m === null ? null : metres(vertical_m)],
    ["card.side", side === null ? null : translateCode(language, "side", side)],
    ["card.length", length_m ? metres(length_m) : null],
    ["card.stretch", length_m ? String(stretch) : null],
    ["card.street", street],
    ["card.kind", translateCode(language, "kind", entry.kind)],
  ];
  return facts.filter((fact): fact is Fact => fact[1] !== null);
}

/** How far off the found distance may be; null where the kind asks for no accuracy. */
function describeAccuracy(language: Language, { accuracy_m, accuracy_known }: ConflictProperties): string | null {
  if (accuracy_m === null) {
    return null;
  }
  if (!accuracy_known && accuracy_m === 0) {
    return translate(language, "card.accuracy_none");
  }
  const key = accuracy_known ? "card.accuracy_value" : "card.accuracy_partly";
  return translate(language, key, { distance: formatDistance(language, accuracy_m) });
}

/** What is not known of a conflict, as sentences; none where all is. name: how an asset of a side is called. */
export function listUnknown(language: Language, entry: EntryProperties, name: (side: "left" | "right") => string): string[] {
  const told: string[] = [];
  if (entry.severity === "vertical_unknown") {
    told.push(translate(language, "card.unknown_depth"));
  }
  if (!entry.accuracy_known && entry.accuracy_m !== null) {
    told.push(translate(language, "card.unknown_accuracy"));
  }
  for (const side of ["left", "right"] as const) {
    if (entry[`${side}_layer`] !== null && entry[`${side}_owner`] === null) {
      told.push(translate(language, "card.unknown_owner", { asset: name(side) }));
    }
  }
  return told;
}

/**
 * What an event changed, a line a column; an event of many columns is cut.
 * names: how people and departments are called, by the column they stand in.
 */
export function listChanges(language: Language, event: EntryEvent, names: Namings = {}): string[] {
  const all = Object.entries(event.changes).map(([column, [before, after]]) =>
    translate(language, "event.change", {
      name: translateCode(language, "column", column),
      before: describeValue(language, column, before, names),
      after: describeValue(language, column, after, names),
    }),
  );
  const rest = all.length - MOST_CHANGES;
  return rest > 0 ? [...all.slice(0, MOST_CHANGES), translate(language, "event.more", { count: rest })] : all;
}

type Namings = Record<string, (value: string) => string>;

function describeValue(language: Language, column: string, value: unknown, names: Namings): string {
  if (value === null || value === undefined || value === "") {
    return translate(language, "event.nothing");
  }
  const name = names[column];
  if (name !== undefined) {
    return name(String(value));
  }
  const prefixes: Record<string, string> = { status: "status", severity: "conflict", side: "side" };
  const prefix = prefixes[column];
  if (typeof value === "number") {
    return formatNumber(language, value);
  }
  return prefix === undefined ? formatDate(language, String(value)) : translateCode(language, prefix, String(value));
}
