// The inputs an import's forms are made of.

import type { App } from "../app";
import { el } from "../dom";
import type { MessageKey } from "../messages";

/** options: value and words of each. */
export function makeSelect(
  id: string,
  options: readonly (readonly [string, string] | string[])[],
  chosen: string,
  onChoose: (value: string) => void,
): HTMLSelectElement {
  const select = el(
    "select",
    { id },
    ...options.map(([value, words]) => el("option", { value, selected: value === chosen }, words ?? "")),
  );
  select.addEventListener("change", () => onChoose(select.value));
  return select;
}

/** An input under its name. */
export function labelled(app: App, key: MessageKey, input: HTMLElement): HTMLElement {
  return el("div", { class: "field" }, el("label", { for: input.id }, app.t(key)), input);
}
