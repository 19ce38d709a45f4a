// A filter as a sentence that people say. Pure.

import { formatDate, formatNumber } from "../format";
import { type Language, type MessageKey, translate } from "../messages";
import { type Condition, type Filter, listAsked, listCodes, type Property, readValue } from "./filter";

/** What a filter of a layer lets through, in words; all of the layer when it asks nothing. */
export function toSentence(language: Language, layer: string, filter: Filter, properties: readonly Property[]): string {
  const parts = listAsked(filter, properties).map((asked) => sayCondition(language, ...asked));
  if (parts.length === 0) {
    return translate(language, "query.sentence_all", { layer });
  }
  return translate(language, "query.sentence", { layer, conditions: joinParts(language, parts, filter.joined === "all" ? "and" : "or") });
}

/** One condition in words: "đường kính từ 100 đến 300 mm". */
export function sayCondition(language: Language, condition: Condition, property: Property): string {
  const say = (key: MessageKey, values: Record<string, string> = {}): string =>
    translate(language, key, { title: lowerFirst(property.title), ...values });
  const isDay = property.kind === "date" || property.kind === "timestamp";
  switch (condition.operator) {
    case "between":
      return sayRange(language, condition, property);
    case "below":
    case "above":
      return say(`query.say_${isDay ? (condition.operator === "below" ? "before" : "after") : condition.operator}`, {
        value: sayValue(language, condition.value, property),
      });
    case "among":
    case "not_among":
      return say(`query.say_${condition.operator}`, { value: sayCodes(language, condition, property) });
    default:
      return say(`query.say_${condition.operator}`, { value: sayValue(language, condition.value, property) });
  }
}

function sayRange(language: Language, { value, to }: Condition, property: Property): string {
  const isDay = property.kind === "date" || property.kind === "timestamp";
  const title = lowerFirst(property.title);
  if (to.trim() === "") {
    return translate(language, isDay ? "query.say_since" : "query.say_at_least", { title, value: sayValue(language, value, property) });
  }
  if (value.trim() === "") {
    return translate(language, isDay ? "query.say_until" : "query.say_at_most", { title, value: sayValue(language, to, property) });
  }
  // The unit is said once, after the second of two numbers.
  const low = sayValue(language, value, { ...property, unit: null });
  return translate(language, "query.say_between", { title, low, high: sayValue(language, to, property) });
}

function sayCodes(language: Language, condition: Condition, { codes }: Property): string {
  const titles = listCodes(condition).map((code) => codes.find((each) => each.code === code)?.title ?? code);
  return joinParts(language, titles, "or");
}

function sayValue(language: Language, text: string, property: Property): string {
  const { kind, unit } = property;
  const value = text.trim();
  if (kind === "boolean") {
    return translate(language, value === "true" ? "value.yes" : "value.no").toLowerCase();
  }
  if (kind === "date" || kind === "timestamp") {
    return formatDate(language, value);
  }
  const number = kind === "text" ? null : readValue(value, property);
  if (number === null) {
    return translate(language, "query.quoted", { value });
  }
  // Without a unit it may be a year or a floor, which nobody groups by thousands.
  return unit === null ? value : `${formatNumber(language, number)} ${unit}`;
}

function joinParts(language: Language, parts: string[], by: "and" | "or"): string {
  const last = parts.at(-1) as string;
  return parts.length === 1 ? last : translate(language, `query.join_${by}`, { first: parts.slice(0, -1).join(", "), last });
}

/** "Vật liệu" as it stands within a sentence; "PCCC" stays as it is. */
function lowerFirst(title: string): string {
  const [first = "", second = ""] = title;
  return second === second.toLowerCase() ? first.toLowerCase() + title.slice(first.length) : title;
}
