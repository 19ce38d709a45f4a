// The buttons that end the matter with a feature, and the question that one of them asks first.

import type { App } from "../app";
import { el } from "../dom";
import { icon } from "../icons";
import { note } from "../panels/panel";

export type Question = "leave" | "delete";

export interface FootFrame {
  app: App;
  title: string;
  isNew: boolean;
  busy: boolean;
  changed: boolean;
  asking: Question | null;
  onSave(): void;
  onLeave(): void;
  onDelete(): void;
  onAsk(question: Question | null): void;
}

export function renderFoot(frame: FootFrame): HTMLElement[] {
  return frame.asking ? renderQuestion(frame, frame.asking) : [renderButtons(frame)];
}

function renderButtons({ app, busy, changed, isNew, ...frame }: FootFrame): HTMLElement {
  const idle = busy || !changed;
  const remove = { id: "edit-delete", type: "button", disabled: busy, onclick: () => frame.onAsk("delete") };
  return el(
    "div",
    { class: "buttons" },
    el("button", { id: "edit-save", class: "main", type: "button", disabled: idle, onclick: frame.onSave }, app.t("edit.save")),
    el("button", { id: "edit-cancel", type: "button", disabled: idle, onclick: frame.onLeave }, app.t("edit.cancel")),
    isNew ? null : el("button", remove, icon("trash"), app.t("edit.delete")),
  );
}

function renderQuestion({ app, title, ...frame }: FootFrame, asking: Question): HTMLElement[] {
  const leaving = asking === "leave";
  const yes = { id: "edit-yes", type: "button", onclick: leaving ? frame.onLeave : frame.onDelete };
  const stay = { id: "edit-stay", class: "main", type: "button", onclick: () => frame.onAsk(null) };
  return [
    note(leaving ? app.t("edit.ask_leave") : app.t("edit.ask_delete", { label: title }), "bad"),
    el(
      "div",
      { class: "buttons" },
      el("button", yes, app.t(leaving ? "edit.leave" : "edit.delete_yes")),
      el("button", stay, app.t("edit.stay")),
    ),
  ];
}

/** What the feature in hand is called, and the way back from it. */
export function renderHead(app: App, title: string, busy: boolean, onBack: () => void): HTMLElement {
  return el(
    "div",
    { class: "edit-head" },
    el("button", { id: "edit-back", class: "plain", type: "button", disabled: busy, onclick: onBack }, "← ", app.t("edit.back")),
    el("h3", { id: "edit-title", tabindex: -1 }, title),
  );
}
