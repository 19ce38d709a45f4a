// What is typed into a field as a value, and a value as it stands in its field. People write numbers and days as their
// office does, whatever the language of the browser. Pure.

import { readDay, writeDay } from "../days";
import type { Language } from "../messages";
import { isTwofold, readNumber } from "../numbers";
import type { Field, Value } from "./form";

/** A value as it stands in its input; the decimal sign is that of the language, a day is 25/12/2020 in both. */
export function toTyped(field: Field, value: Value | undefined, language: Language): string {
  if (value === null || value === undefined) {
    return "";
  }
  if (typeof value === "number") {
    return language === "vi" ? String(value).replace(".", ",") : String(value);
  }
  if (field.kind === "date") {
    return writeDay(String(value));
  }
  return field.kind === "timestamp" ? toLocal(String(value)) : String(value);
}

/** A moment as an input of local time has it. */
function toLocal(text: string): string {
  const moment = new Date(text);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What was typed as a value of the field, null for nothing; undefined if it is none. Both decimal signs are read. */
export function parseTyped(field: Field, typed: string): Value | undefined {
  const text = typed.trim().normalize("NFC");
  if (text === "") {
    return null;
  }
  if (field.kind === "number" || field.kind === "integer") {
    return parseNumber(field, text);
  }
  if (field.kind === "boolean") {
    return text === "true";
  }
  if (field.kind === "date") {
    return readDay(text);
  }
  if (field.kind === "timestamp") {
    const moment = new Date(text);
    return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
  }
  return text;
}

/** A number; its unit may follow it, and thousands may be set apart. */
function parseNumber(field: Field, text: string): number | undefined {
  const number = readNumber(stripUnit(field, text), countsWhole(field));
  const fits = number !== undefined && (field.kind === "number" || Number.isSafeInteger(number));
  return fits ? number : undefined;
}

/** Whether a thousandth of the unit is never meant: where things are counted, and of millimetres. */
function countsWhole(field: Field): boolean {
  return field.kind === "integer" || field.unit === "mm";
}

function stripUnit(field: Field, text: string): string {
  const unit = field.unit ?? "";
  return unit !== "" && text.toLowerCase().endsWith(unit.toLowerCase()) ? text.slice(0, -unit.length).trim() : text;
}

/** Both readings of a number whose sign might set thousands apart, as the language writes them; null if it has but one.
 *
 * Levels and depths are measured to the millimetre and never reach a thousand with a sign in it: metres are not asked about.
 */
export function findTwoReadings(field: Field, typed: string, language: Language): { whole: string; decimal: string } | null {
  const text = stripUnit(field, typed.trim());
  const grouping = language === "vi" ? "." : ",";
  if (field.kind !== "number" || field.unit === "m" || countsWhole(field) || !isTwofold(text) || !text.includes(grouping)) {
    return null;
  }
  return { whole: text.replace(grouping, ""), decimal: text.replace(grouping, language === "vi" ? "," : ".") };
}
