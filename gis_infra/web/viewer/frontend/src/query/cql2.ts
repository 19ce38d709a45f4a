// A filter as CQL2 text, which tiles, items and files all take. Pure. Source: OGC 21-065r2, annex B.

import { isDay } from "../days";
import { type Condition, type Filter, listAsked, listCodes, type Operator, type Property, readValue } from "./filter";

// Properties called so are quoted: the keywords of the grammar.
const KEYWORDS = new Set(
  (
    "accenti and between bbox box casei date div false geometrycollection in interval is like linestring " +
    "multilinestring multipoint multipolygon not null or point polygon timestamp true"
  ).split(" "),
);
const SIGNS: Partial<Record<Operator, string>> = { equals: "=", differs: "<>", below: "<", above: ">" };
// The city's clocks are seven hours before UTC, all the year.
const CITY_OFFSET_MS = 7 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;

/** What a filter asks of a layer with these properties; null when it asks nothing. */
export function toText(filter: Filter, properties: readonly Property[]): string | null {
  const parts = listAsked(filter, properties).map(([condition, property]) => writeCondition(condition, property));
  return parts.length === 0 ? null : parts.join(filter.joined === "all" ? " AND " : " OR ");
}

function writeCondition(condition: Condition, property: Property): string {
  const name = quoteName(property.name);
  switch (condition.operator) {
    case "empty":
      return `${name} IS NULL`;
    case "filled":
      return `${name} IS NOT NULL`;
    case "contains":
    case "starts":
      return writeLike(condition, name);
    case "among":
    case "not_among":
      return writeSet(condition, name);
    case "between":
      return writeRange(condition, property, name);
    default:
      return `${name} ${SIGNS[condition.operator]} ${writeValue(condition.value, property)}`;
  }
}

/** A part of a text, whatever its capitals and accents: who types "le loi" means "Lê Lợi". */
function writeLike({ operator, value }: Condition, name: string): string {
  const literal = value.trim().replace(/[\\%_]/g, (each) => `\\${each}`);
  return `CASEI(ACCENTI(${name})) LIKE CASEI(ACCENTI(${quoteText(`${operator === "contains" ? "%" : ""}${literal}%`)}))`;
}

function writeSet(condition: Condition, name: string): string {
  const codes = listCodes(condition).map(quoteText);
  const isOne = codes.length === 1;
  if (condition.operator === "among") {
    return isOne ? `${name} = ${codes[0]}` : `${name} IN (${codes.join(", ")})`;
  }
  return isOne ? `${name} <> ${codes[0]}` : `${name} NOT IN (${codes.join(", ")})`;
}

function writeRange({ value, to }: Condition, property: Property, name: string): string {
  if (property.kind === "timestamp") {
    return writeDays(value, to, name);
  }
  const [low, high] = [value, to].map((each) => (each.trim() === "" ? null : writeValue(each, property)));
  if (low && high) {
    return `${name} BETWEEN ${low} AND ${high}`;
  }
  return low ? `${name} >= ${low}` : `${name} <= ${high}`;
}

/** Moments from the beginning of one day of the city to the end of another. */
function writeDays(first: string, last: string, name: string): string {
  const parts = [
    isDay(first) ? `${name} >= ${writeMidnight(first, 0)}` : "",
    isDay(last) ? `${name} < ${writeMidnight(last, DAY_MS)}` : "",
  ].filter((each) => each !== "");
  return parts.length > 1 ? `(${parts.join(" AND ")})` : (parts[0] as string);
}

function writeMidnight(day: string, later: number): string {
  const moment = new Date(Date.parse(`${day}T00:00:00Z`) - CITY_OFFSET_MS + later);
  return `TIMESTAMP('${moment.toISOString().replace(".000Z", "Z")}')`;
}

function writeValue(text: string, property: Property): string {
  const value = text.trim();
  switch (property.kind) {
    case "integer":
    case "number":
      return writeNumber(readValue(value, property) as number);
    case "date":
      return `DATE('${value}')`;
    case "boolean":
      return value.toUpperCase();
    default:
      return quoteText(value);
  }
}

function writeNumber(number: number): string {
  const text = String(number);
  // What is smaller than a millionth JavaScript writes with an exponent of a form of its own.
  return text.includes("e") ? number.toFixed(20) : text;
}

function quoteText(text: string): string {
  return `'${text.replace(/\\/g, "\\\\").replace(/'/g, "''")}'`;
}

function quoteName(name: string): string {
  return KEYWORDS.has(name.toLowerCase()) ? `"${name}"` : name;
}
