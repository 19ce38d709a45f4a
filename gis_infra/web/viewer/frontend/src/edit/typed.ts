// What is typed into a field as a value, and a value as it stands in its field. People write numbers and days as their
// office does, whatever the language of the browser. Pure.

import type { Language } from "../messages";
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
    return String(value).replace(/^(\d{4})-(\d{2})-(\d{2})$/, "$3/$2/$1");
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
    return parseDay(text);
  }
  if (field.kind === "timestamp") {
    const moment = new Date(text);
    return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
  }
  return text;
}

/** A day written 25/12/2020, with points or hyphens too, or 2020-12-25; undefined if there is no such day. */
function parseDay(text: string): string | undefined {
  const european = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/.exec(text);
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const parts = european ? [european[4], european[3], european[1]] : iso ? iso.slice(1) : null;
  if (parts === null) {
    return undefined;
  }
  const day = parts.map((part) => String(part).padStart(2, "0")).join("-");
  const date = new Date(`${day}T00:00:00Z`);
  // A thirtieth of February would be taken for the first of March.
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === day ? day : undefined;
}

// "1.000" or "1,000": a thousand, or one to three decimals. A nought before it is decimal for certain.
const TWOFOLD = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;

/** A number; its unit may follow it, and thousands may be set apart. */
function parseNumber(field: Field, text: string): number | undefined {
  const bare = stripUnit(field, text).replace(/(?<=\d)\s(?=\d{3}(\D|$))/g, "");
  const number = parseDecimal(TWOFOLD.test(bare) && countsWhole(field) ? bare.replace(/[.,]/, "") : ungroup(bare));
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

/** Takes out the signs that set thousands apart, where it is plain that they do: 2.500,5 and 1,000,000. */
function ungroup(text: string): string {
  const found = /^[+-]?\d{1,3}(?:([.,])\d{3}(?:\1\d{3})*)([.,]\d+)?$/.exec(text);
  const [, sign, rest] = found ?? [];
  const isPlain = sign !== undefined && (rest !== undefined ? rest[0] !== sign : text.split(sign).length > 2);
  return isPlain ? text.split(sign).join("") : text;
}

function parseDecimal(text: string): number | undefined {
  const number = Number(text.replace(",", "."));
  return /^[+-]?\d+([.,]\d+)?$/.test(text) && Number.isFinite(number) ? number : undefined;
}

/** Both readings of a number whose sign might set thousands apart, as the language writes them; null if it has but one.
 *
 * Levels and depths are measured to the millimetre and never reach a thousand with a sign in it: metres are not asked about.
 */
export function findTwoReadings(field: Field, typed: string, language: Language): { whole: string; decimal: string } | null {
  const text = stripUnit(field, typed.trim());
  const grouping = language === "vi" ? "." : ",";
  if (field.kind !== "number" || field.unit === "m" || countsWhole(field) || !TWOFOLD.test(text) || !text.includes(grouping)) {
    return null;
  }
  return { whole: text.replace(grouping, ""), decimal: text.replace(grouping, language === "vi" ? "," : ".") };
}
