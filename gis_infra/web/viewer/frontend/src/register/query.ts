// What of the register is wanted, and in which order; how the server is asked for it. Pure.

import type { Severity } from "../api";
import type { Box } from "../config";
import type { Action, Status } from "./api";

/** How many one page of the list holds. */
export const PAGE = 500;
// As many as a file may hold.
const MOST_IN_FILE = 50_000;
const DIGITS = 7;

/** The answers that the register keeps, worst first. */
export const SEVERITIES = ["violation", "possible", "vertical_unknown", "opportunity"] as const satisfies Severity[];

/** Filters that are one value each, "" where they do not narrow. */
export const NARROWINGS = ["status", "sector", "rule", "kind", "street", "asset_owner", "owner", "assignee"] as const;
export type Narrowing = (typeof NARROWINGS)[number];

/** What a narrowing holds that asks for conflicts without a value. */
export const NO_VALUE = "\u0000";

/** Orders by what the list calls them, and what the server does. */
export const SORTS = { worst: "worst", due_on: "due_on", newest: "-found_on", street: "street" } as const;
export type Sort = keyof typeof SORTS;

/** Those that tell of people, for whom one must be signed in. */
export const OF_PEOPLE: ReadonlySet<string> = new Set(["owner", "assignee", "due_on"]);

export const GROUPINGS = ["street", "rule", "asset_owner", "kind", "owner", "assignee"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Filters extends Record<Narrowing, string> {
  severities: ReadonlySet<Severity>;
  inView: boolean;
  sort: Sort;
}

export function makeFilters(): Filters {
  const narrowings = Object.fromEntries(NARROWINGS.map((name) => [name, ""])) as Record<Narrowing, string>;
  return { ...narrowings, severities: new Set(), inView: false, sort: "worst" };
}

/** The parameters of a request for what the filters let through. box: what the map shows. */
export function toQuery(filters: Filters, box: Box): Record<string, string> {
  const query: Record<string, string> = {};
  for (const name of NARROWINGS) {
    if (filters[name] !== "" && filters[name] !== NO_VALUE) {
      query[name] = filters[name];
    }
  }
  const without = NARROWINGS.filter((name) => filters[name] === NO_VALUE);
  if (without.length > 0) {
    query["without"] = without.join(",");
  }
  if (filters.severities.size > 0) {
    query["severity"] = SEVERITIES.filter((each) => filters.severities.has(each)).join(",");
  }
  if (filters.inView) {
    query["bbox"] = box.map((degrees) => degrees.toFixed(DIGITS)).join(",");
  }
  return query;
}

/** The same for one page of the list, from 0. */
export function toPageQuery(filters: Filters, box: Box, page: number): Record<string, string> {
  return { ...toQuery(filters, box), sort: SORTS[filters.sort], limit: String(PAGE), offset: String(page * PAGE) };
}

/** The address, below the map's own, of all that matches as a file, or as letters to the owners. */
export function toFileAddress(filters: Filters, box: Box, file: "report" | "letters", form: string, language: string): string {
  const query = { ...toQuery(filters, box), sort: SORTS[filters.sort], limit: String(MOST_IN_FILE), lang: language };
  const parameters = new URLSearchParams(file === "report" ? { ...query, f: form } : query);
  return `analysis/conflicts/${file}?${parameters}`;
}

/** How many pages so many conflicts are. */
export function countPages(matched: number): number {
  return Math.max(1, Math.ceil(matched / PAGE));
}

// The statuses a step may be taken from; those not named here are open in any.
const SOURCES: Partial<Record<Action, readonly Status[]>> = {
  review: ["new", "active"],
  approve: ["new", "active", "reviewed"],
  resolve: ["new", "active", "reviewed", "approved"],
  reopen: ["reviewed", "approved", "resolved"],
};

/** Those of the steps a user may take that make sense in a status. */
export function listSteps(allowed: readonly Action[], status: Status): Set<Action> {
  return new Set(allowed.filter((action) => SOURCES[action]?.includes(status) ?? true));
}
