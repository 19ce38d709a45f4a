// Asking for a run: the form behind its summary, the button, how far it is, and why somebody cannot.

import type { App } from "../app";
import { el } from "../dom";
import type { MessageKey } from "../messages";
import { note } from "../panels/panel";
import { type FormView, renderForm } from "./form";
import { isChanged } from "./order";

/** A run that is being computed; share: how far it is, from 0 to 1, null if nobody knows. */
export interface Doing {
  key: MessageKey;
  share: number | null;
}

/** The form, open where it says something else than the service's own standard; `after` stands below it. */
export function renderOrder(view: FormView, isOpen: boolean, ...after: HTMLElement[]): HTMLElement {
  return el(
    "details",
    { class: "more", open: isOpen || isChanged(view.service, view.form) },
    el("summary", { id: "coverage-order" }, view.app.t("coverage.order")),
    renderForm(view),
    ...after,
  );
}

export function renderRunButton(app: App, key: MessageKey, disabled: boolean, onPress: () => void): HTMLElement {
  const button = el("button", { id: "coverage-compute", class: "main", type: "button", disabled, onclick: onPress }, app.t(key));
  return el("div", { class: "buttons" }, button);
}

/** What is computed and how far it is, with the way to give it up. */
export function renderDoing(app: App, { key, share }: Doing, onStop: () => void): HTMLElement {
  const words = app.t(key);
  const bar = el("progress", { id: "coverage-progress", max: 1, value: share, "aria-label": words });
  const stop = el("button", { id: "coverage-stop", type: "button", onclick: onStop }, app.t("imports.stop"));
  return el("div", { class: "doing" }, note(app.t("coverage.computing")), bar, el("div", { class: "buttons" }, stop));
}

/** Why the user cannot compute. */
export function renderRefusal(app: App): HTMLElement {
  return el("p", { class: "note" }, app.t(app.config.user === null ? "coverage.sign_in" : "coverage.no_right"));
}
