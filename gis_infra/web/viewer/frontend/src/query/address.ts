// Filters as the page's address holds them: layer:all:name,operator,value,to:…;layer:any:… Pure.

import { type Condition, type Filter, type Operator, OPERATORS } from "./filter";

/** The filter of each layer that has one, by the layer's id. */
export type Filters = Readonly<Record<string, Filter>>;

const NAME = /^[a-z]\w{0,62}$/;
const KNOWN = new Set<string>(Object.values(OPERATORS).flat());
const MOST_LAYERS = 20;
const MOST_CONDITIONS = 20;

/** The text that `parseFilters` reads back; empty without a filter. It needs no escaping in an address. */
export function formatFilters(filters: Filters): string {
  return Object.entries(filters).map(([layer, filter]) => [layer, filter.joined, ...filter.conditions.map(formatCondition)].join(":")).join(";");
}

function formatCondition({ name, operator, value, to }: Condition): string {
  const parts = [name, operator, escape(value), escape(to)];
  return parts.join(",").replace(/,+$/, "");
}

/** Reads the filters of an address; what makes no sense is left out. */
export function parseFilters(text: string): Filters {
  const parsed = text.split(";").slice(0, MOST_LAYERS).map(parseFilter).filter((each) => each !== null);
  return Object.fromEntries(parsed);
}

function parseFilter(text: string): [string, Filter] | null {
  const [layer = "", joined = "", ...rest] = text.split(":");
  const conditions = rest.slice(0, MOST_CONDITIONS).map(parseCondition).filter((each) => each !== null);
  if (!NAME.test(layer) || (joined !== "all" && joined !== "any") || conditions.length === 0) {
    return null;
  }
  return [layer, { joined, conditions }];
}

function parseCondition(text: string): Condition | null {
  const [name = "", operator = "", value = "", to = ""] = text.split(",");
  const values = [value, to].map(unescape);
  if (!NAME.test(name) || !KNOWN.has(operator) || values.includes(null)) {
    return null;
  }
  return { name, operator: operator as Operator, value: values[0] as string, to: values[1] as string };
}

// The address is decoded once as a whole: what is within a value is kept apart from it by a sign of its own.
function escape(text: string): string {
  return encodeURIComponent(text).replace(/!/g, "%21").replace(/%/g, "!");
}

function unescape(text: string): string | null {
  try {
    return decodeURIComponent(text.replace(/!/g, "%"));
  } catch {
    return null;
  }
}
