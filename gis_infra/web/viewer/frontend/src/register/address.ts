// The register's filters, order and groups as a part of the map's address. Pure.

import type { Severity } from "../api";
import { type Filters, GROUPINGS, type Grouping, makeFilters, NARROWINGS, NO_VALUE, SEVERITIES, type Sort, SORTS } from "./query";

const LONGEST_VALUE = 200;

export interface RegisterView {
  filters: Filters;
  grouping: Grouping | null;
}

/** The view as text; null where nothing is narrowed, sorted or grouped. */
export function formatView({ filters, grouping }: RegisterView): string | null {
  const parts = new URLSearchParams();
  for (const name of NARROWINGS.filter((each) => filters[each] !== "" && filters[each] !== NO_VALUE)) {
    parts.set(name, filters[name]);
  }
  const lists: [string, readonly string[]][] = [
    ["without", NARROWINGS.filter((name) => filters[name] === NO_VALUE)],
    ["severity", SEVERITIES.filter((each) => filters.severities.has(each))],
  ];
  lists.filter(([, values]) => values.length > 0).forEach(([name, values]) => parts.set(name, values.join(",")));
  if (filters.inView) {
    parts.set("in_view", "1");
  }
  if (filters.sort !== "worst") {
    parts.set("sort", filters.sort);
  }
  if (grouping !== null) {
    parts.set("group", grouping);
  }
  return parts.size > 0 ? parts.toString() : null;
}

/** The view that `formatView` wrote; what makes no sense in it narrows nothing. */
export function parseView(text: string): RegisterView {
  const parts = new URLSearchParams(text);
  const filters = makeFilters();
  const without = (parts.get("without") ?? "").split(",");
  for (const name of NARROWINGS) {
    const value = parts.get(name) ?? "";
    filters[name] = without.includes(name) ? NO_VALUE : value.length <= LONGEST_VALUE ? value : "";
  }
  const severities = (parts.get("severity") ?? "").split(",");
  filters.severities = new Set<Severity>(SEVERITIES.filter((each) => severities.includes(each)));
  filters.inView = parts.get("in_view") === "1";
  const sort = parts.get("sort") ?? "";
  filters.sort = Object.hasOwn(SORTS, sort) ? (sort as Sort) : "worst";
  return { filters, grouping: GROUPINGS.find((each) => each === parts.get("group")) ?? null };
}
