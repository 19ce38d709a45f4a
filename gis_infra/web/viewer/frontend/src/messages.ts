// Every word the map says, from one catalogue a language; Vietnamese is the one that defines the keys.

import en from "./messages/en.json";
import vi from "./messages/vi.json";

export type Language = "vi" | "en";
export type MessageKey = keyof typeof vi;
export type Values = Record<string, string | number>;

const CATALOGUES: Record<Language, Record<MessageKey, string>> = { vi, en };

/** The names of the languages, each in itself. */
export const LANGUAGES: Record<Language, string> = { vi: "Tiếng Việt", en: "English" };

/** The message `key` in `language`, each {name} replaced by its value. */
export function translate(language: Language, key: MessageKey, values: Values = {}): string {
  return CATALOGUES[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The message `prefix.code` where the catalogue has it, else the code as it is. */
export function translateCode(language: Language, prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return key in CATALOGUES[language] ? CATALOGUES[language][key as MessageKey] : code;
}

/** A text of the server's that may come in one language or in both. */
export function localize(language: Language, text: string | { vi: string; en: string }): string {
  return typeof text === "string" ? text : text[language];
}
