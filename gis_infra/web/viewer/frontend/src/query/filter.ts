// What a filter of one layer is: conditions on its properties, all or any of which must hold. Pure.

import { isDay } from "../days";
import { isTwofold } from "../numbers";

export type Kind = "text" | "code" | "integer" | "number" | "boolean" | "date" | "timestamp";

/** One property of a layer, as `/viewer/properties` tells it, in the user's language. */
export interface Property {
  name: string;
  title: string;
  kind: Kind;
  /** As people write it. */
  unit: string | null;
  codes: { code: string; title: string }[];
  /** Whether every layer has it. */
  universal: boolean;
  /** Whether the program itself keeps it. */
  system: boolean;
}

export type Operator =
  | "contains"
  | "starts"
  | "equals"
  | "differs"
  | "among"
  | "not_among"
  | "between"
  | "below"
  | "above"
  | "empty"
  | "filled";

/** The operators a property of each kind has, the usual first; those of the pages of the OGC API, and sets of codes. */
export const OPERATORS: Record<Kind, readonly Operator[]> = {
  text: ["contains", "starts", "equals", "differs", "empty", "filled"],
  code: ["among", "not_among", "empty", "filled"],
  integer: ["between", "equals", "differs", "below", "above", "empty", "filled"],
  number: ["between", "equals", "differs", "below", "above", "empty", "filled"],
  boolean: ["equals", "empty", "filled"],
  date: ["between", "equals", "below", "above", "empty", "filled"],
  timestamp: ["between", "empty", "filled"],
};

/** One condition. value: as typed; a day as 2026-11-23, codes parted by commas. to: the other end of `between`. */
export interface Condition {
  name: string;
  operator: Operator;
  value: string;
  to: string;
}

export interface Filter {
  /** Whether all the conditions must hold, or any one of them. */
  joined: "all" | "any";
  conditions: Condition[];
}

export const NO_FILTER: Filter = { joined: "all", conditions: [] };

const LONGEST_TEXT = 200;
const LONGEST_NUMBER = 30;
const LARGEST = 1e15;

/** Why a condition cannot be asked; a message of `query.`. */
export type Problem = "not_a_number" | "not_whole" | "not_a_day" | "turned_round" | "too_long";

/** A condition on a property that asks nothing yet. */
export function makeCondition(property: Property): Condition {
  return { name: property.name, operator: OPERATORS[property.kind][0] as Operator, value: "", to: "" };
}

/** Whether an operator is compared with something. */
export function takesValue(operator: Operator): boolean {
  return operator !== "empty" && operator !== "filled";
}

/** Whether a condition says enough to be asked; one without a value is still being written. */
export function isComplete({ operator, value, to }: Condition): boolean {
  return !takesValue(operator) || value.trim() !== "" || (operator === "between" && to.trim() !== "");
}

/** What is wrong with a condition, null when nothing is. */
export function findProblem(condition: Condition, property: Property): Problem | null {
  if (!takesValue(condition.operator)) {
    return null;
  }
  const ends = [condition.value, condition.operator === "between" ? condition.to : ""].map((each) => each.trim());
  const problem = ends.filter((each) => each !== "").map((each) => findValueProblem(each, property)).find((each) => each !== null);
  return problem ?? (isTurnedRound(ends as [string, string], property) ? "turned_round" : null);
}

function findValueProblem(text: string, property: Property): Problem | null {
  const { kind } = property;
  if (kind === "integer" || kind === "number") {
    const number = readValue(text, property);
    return number === null ? "not_a_number" : kind === "integer" && !Number.isInteger(number) ? "not_whole" : null;
  }
  if (kind === "date" || kind === "timestamp") {
    return isDay(text) ? null : "not_a_day";
  }
  return kind === "text" && text.length > LONGEST_TEXT ? "too_long" : null;
}

function isTurnedRound([low, high]: [string, string], property: Property): boolean {
  const { kind } = property;
  if (low === "" || high === "" || kind === "text") {
    return false;
  }
  // Days as they are written are in order as texts are.
  const isDays = kind === "date" || kind === "timestamp";
  return isDays ? low > high : (readValue(low, property) as number) > (readValue(high, property) as number);
}

/** The number that a value names. A thousandth is never meant where things are counted, nor of millimetres: 1.000 is a thousand. */
export function readValue(text: string, { kind, unit }: Property): number | null {
  const countsWhole = kind === "integer" || unit === "mm";
  return parseNumber(countsWhole && isTwofold(text) ? text.replace(/[.,]/, "") : text);
}

/** The number in a text, a comma read as the point of decimals; null if there is none, or none that is worth asking. */
export function parseNumber(text: string): number | null {
  const plain = text.includes(".") ? text : text.replace(",", ".");
  const number = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) && plain.length <= LONGEST_NUMBER ? Number(plain) : NaN;
  return Math.abs(number) < LARGEST ? number : null;
}

/** The codes that a condition names. */
export function listCodes(condition: Condition): string[] {
  return condition.value.split(",").filter((each) => each !== "");
}

/** The conditions that can be asked, each with its property: whole, without fault, and on what the layer has. */
export function listAsked(filter: Filter, properties: readonly Property[]): [Condition, Property][] {
  return filter.conditions.flatMap((condition): [Condition, Property][] => {
    const property = properties.find((each) => each.name === condition.name);
    const asked = property && isAllowed(condition, property) && isComplete(condition) && findProblem(condition, property) === null;
    return asked ? [[condition, property]] : [];
  });
}

/** Whether a condition, perhaps from an address that somebody wrote, is one the form could have made. */
function isAllowed(condition: Condition, { kind, codes }: Property): boolean {
  if (!OPERATORS[kind].includes(condition.operator)) {
    return false;
  }
  if (kind === "code" && takesValue(condition.operator)) {
    return listCodes(condition).every((code) => codes.some((each) => each.code === code));
  }
  return kind !== "boolean" || !takesValue(condition.operator) || ["true", "false"].includes(condition.value);
}
