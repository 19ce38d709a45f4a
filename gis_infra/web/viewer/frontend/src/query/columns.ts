// Which columns the table shows, and in which order: the usual ones until somebody chooses. Pure but for what is kept.

import type { LayerFacts } from "./api";
import type { Property } from "./filter";

// What of the properties that every layer has is looked at most.
const USUAL = ["status", "owner", "installed_on"];
const OWN = 5;
const KEY = "gis-infra.columns.";

/** The columns of a layer that nobody chose for: what features are called by, its first own properties, a few more. */
export function listUsual({ label, properties }: LayerFacts): string[] {
  const own = properties.filter((each) => !each.universal).slice(0, OWN);
  const names = [label ?? "", "asset_code", ...own.map((each) => each.name), ...USUAL];
  return [...new Set(names)].filter((name) => properties.some((each) => each.name === name));
}

/** The columns the user chose for a layer, in the order of its properties after what features are called by. */
export function readColumns(facts: LayerFacts, kept: Pick<Storage, "getItem">): string[] {
  const chosen = new Set((kept.getItem(KEY + facts.layer) ?? "").split(","));
  const columns = listInOrder(facts).filter((name) => chosen.has(name));
  return columns.length > 0 ? columns : listUsual(facts);
}

/** Of columns named by an address those there are; the usual ones if there is none of them. */
export function takeColumns(facts: LayerFacts, named: readonly string[]): string[] {
  const columns = listInOrder(facts).filter((name) => named.includes(name));
  return columns.length > 0 ? columns : listUsual(facts);
}

/** Keeps the columns for the next time; none for the usual ones. */
export function keepColumns(layer: string, columns: readonly string[], kept: Pick<Storage, "setItem" | "removeItem">): void {
  if (columns.length > 0) {
    kept.setItem(KEY + layer, columns.join(","));
  } else {
    kept.removeItem(KEY + layer);
  }
}

/** The columns with one more or one less; the last one stays. */
export function toggleColumn(facts: LayerFacts, columns: readonly string[], name: string, on: boolean): string[] {
  const changed = listInOrder(facts).filter((each) => (each === name ? on : columns.includes(each)));
  return changed.length > 0 ? changed : [...columns];
}

function listInOrder(facts: LayerFacts): string[] {
  const usual = listUsual(facts);
  const rest = facts.properties.map((each: Property) => each.name).filter((name) => !usual.includes(name));
  return [...usual, ...rest];
}

/** The next order after a press on a column's head: upwards, downwards, as the layer lies. */
export function turnSort(sort: string | null, name: string): string | null {
  return sort === name ? `-${name}` : sort === `-${name}` ? null : name;
}
