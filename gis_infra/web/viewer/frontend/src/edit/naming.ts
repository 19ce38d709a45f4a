// What a feature in hand is called.

import type { App } from "../app";
import type { Draft } from "./draft";

/** By the field of its layer that says so, else by its number. */
export function getLabel(draft: Draft): string {
  const { label } = draft.form;
  const value = label === null ? null : draft.read?.item.properties[label];
  return value === null || value === undefined || value === "" ? `#${draft.id}` : String(value);
}

/** With the name of its layer; a new one as one. */
export function getTitle(app: App, draft: Draft): string {
  return draft.id === null ? app.t("edit.new", { layer: draft.form.title }) : `${draft.form.title} ${getLabel(draft)}`;
}
