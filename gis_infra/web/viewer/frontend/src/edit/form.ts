// The fields of a form, read from the layer's schema, and what is wrong with what was typed into them. Pure.

import { formatNumber } from "../format";
import type { Language, MessageKey, Values } from "../messages";
import { findTwoReadings, parseTyped } from "./typed";

export type Value = string | number | boolean | null;

interface Property {
  title: string;
  description?: string;
  type?: "string" | "integer" | "number" | "boolean";
  format?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  pattern?: string;
  readOnly?: boolean;
  oneOf?: { const: string; title: string }[];
  "x-ogc-role"?: string;
  "x-ogc-propertySeq"?: number;
}

export interface Term {
  /** A field, a number, or the day of checking. */
  value: string | number;
  factor: number;
}

/** What must hold between fields, or should. */
export interface Check {
  title: string;
  text: string;
  severity: "error" | "warning";
  fields: string[];
  left: Term[];
  comparison: "<" | "<=" | "=" | ">=" | ">";
  right: Term[];
  tolerance: number;
  unless: Record<string, string[]>;
}

/** What `/viewer/form/{layer}` answers. */
export interface Form {
  layer: string;
  title: string;
  geometry: string;
  label: string | null;
  schema: { properties: Record<string, Property>; required?: string[] };
  units: Record<string, string>;
  universal: string[];
  usual: Record<string, [number, number]>;
  checks: Check[];
}

export type Kind = "text" | "integer" | "number" | "boolean" | "date" | "timestamp" | "code";

export interface Field {
  name: string;
  title: string;
  description: string | null;
  kind: Kind;
  unit: string | null;
  minimum: number | null;
  maximum: number | null;
  maxLength: number | null;
  pattern: string | null;
  codes: { value: string; title: string }[];
  required: boolean;
  universal: boolean;
  usual: [number, number] | null;
}

/** Why a value cannot stay, or is doubtful: a message and what fills it. */
export interface Remark {
  key: MessageKey;
  values: Values;
  severity: "error" | "warning";
}

/** The fields somebody may write, in the order of the schema. */
export function listFields(form: Form): Field[] {
  const required = new Set(form.schema.required ?? []);
  const universal = new Set(form.universal);
  return Object.entries(form.schema.properties)
    .sort(([, one], [, other]) => (one["x-ogc-propertySeq"] ?? 0) - (other["x-ogc-propertySeq"] ?? 0))
    .filter(([, property]) => property.readOnly !== true && property["x-ogc-role"] !== "primary-geometry")
    .map(([name, property]) => ({
      name,
      title: property.title,
      description: property.description ?? null,
      kind: getKind(property),
      unit: form.units[name] ?? null,
      minimum: property.minimum ?? null,
      maximum: property.maximum ?? null,
      maxLength: property.maxLength ?? null,
      pattern: property.pattern ?? null,
      codes: (property.oneOf ?? []).map((code) => ({ value: code.const, title: code.title })),
      required: required.has(name),
      universal: universal.has(name),
      usual: form.usual[name] ?? null,
    }));
}

function getKind(property: Property): Kind {
  if (property.oneOf !== undefined) {
    return "code";
  }
  if (property.format === "date") {
    return "date";
  }
  if (property.format === "date-time") {
    return "timestamp";
  }
  return property.type === "integer" || property.type === "number" || property.type === "boolean" ? property.type : "text";
}

const UNREADABLE: Partial<Record<Kind, MessageKey>> = {
  integer: "edit.fault_integer",
  number: "edit.fault_number",
  date: "day.fault",
};

/** What is wrong with what was typed into a field, null if nothing is. */
export function findFault(field: Field, typed: string, language: Language): Remark | null {
  const value = parseTyped(field, typed);
  if (value === undefined) {
    return fail(UNREADABLE[field.kind] ?? "edit.fault_moment");
  }
  if (value === null) {
    return field.required ? fail("edit.fault_required") : null;
  }
  const twofold = findTwoReadings(field, typed, language);
  if (twofold !== null) {
    return fail("edit.fault_twofold", twofold);
  }
  return typeof value === "number" ? judgeNumber(field, value, language) : judgeText(field, String(value));
}

function judgeNumber(field: Field, value: number, language: Language): Remark | null {
  const say = (number: number): string => [formatNumber(language, number, 6), field.unit].filter(Boolean).join(" ");
  if (field.minimum !== null && value < field.minimum) {
    return fail("edit.fault_below", { least: say(field.minimum) });
  }
  if (field.maximum !== null && value > field.maximum) {
    return fail("edit.fault_above", { most: say(field.maximum) });
  }
  if (field.usual !== null && (value < field.usual[0] || value > field.usual[1])) {
    return { key: "edit.doubt_usual", values: { low: say(field.usual[0]), high: say(field.usual[1]) }, severity: "warning" };
  }
  return null;
}

function judgeText(field: Field, text: string): Remark | null {
  const letters = [...text].length;
  if (field.maxLength !== null && letters > field.maxLength) {
    return fail("edit.fault_long", { most: field.maxLength, now: letters });
  }
  if (field.pattern !== null && !isOfForm(field.pattern, text)) {
    return fail("edit.fault_form", { form: field.pattern });
  }
  return null;
}

function isOfForm(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    // A pattern that only the database reads: the server will say.
    return true;
  }
}

function fail(key: MessageKey, values: Values = {}): Remark {
  return { key, values, severity: "error" };
}

/** The checks that do not hold between these values; a check that lacks a value is not judged. */
export function findBroken(form: Form, values: Record<string, Value>, today: string): Check[] {
  return form.checks.filter((check) => !isExempt(check, values) && !holds(check, values, today));
}

function isExempt(check: Check, values: Record<string, Value>): boolean {
  return Object.entries(check.unless).some(([name, codes]) => codes.includes(String(values[name])));
}

function holds(check: Check, values: Record<string, Value>, today: string): boolean {
  if (check.fields.some((name) => values[name] === null || values[name] === undefined)) {
    return true;
  }
  const dates = [check.left[0], check.right[0]].map((term) => (term?.value === "today" ? today : values[String(term?.value)]));
  if (typeof dates[0] === "string" || typeof dates[1] === "string") {
    return compare(Date.parse(String(dates[0])) - Date.parse(String(dates[1])), check.comparison, 0);
  }
  const [left, right] = [addUp(check.left, values), addUp(check.right, values)];
  // What decimals lose in binary is not held against them.
  const slack = (Math.abs(left) + Math.abs(right) + 1) * 1e-9;
  return compare(left - right, check.comparison, slack + (check.comparison === "=" ? check.tolerance : 0));
}

function addUp(terms: Term[], values: Record<string, Value>): number {
  return terms.reduce((sum, { value, factor }) => sum + factor * Number(typeof value === "number" ? value : values[value]), 0);
}

function compare(difference: number, comparison: Check["comparison"], slack: number): boolean {
  if (comparison === "=") {
    return Math.abs(difference) <= slack;
  }
  if (comparison === "<" || comparison === "<=") {
    return comparison === "<" ? difference < -slack : difference <= slack;
  }
  return comparison === ">" ? difference > slack : difference >= -slack;
}
