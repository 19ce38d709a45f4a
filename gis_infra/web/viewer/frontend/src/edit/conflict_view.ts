// Somebody else saved first: both versions side by side, and which of the two is to stay, field by field.

import type { App } from "../app";
import { el } from "../dom";
import { note } from "../panels/panel";
import { compare, type Difference, type Draft, SHAPE } from "./draft";
import type { Field } from "./form";
import { toTyped } from "./typed";
import type { Version } from "../contract";
import type { Read } from "./api";

export interface Conflict {
  theirs: Read;
  /** Who saved it last, null where it is not told. */
  version: Version | null;
  /** Of what both changed, that which is to stay as they saved it. */
  keepTheirs: Set<string>;
}

export interface ConflictFrame {
  app: App;
  draft: Draft;
  conflict: Conflict;
  onSave(): void;
  onDrop(): void;
  onShape(theirs: boolean): void;
}

/** The two versions, and the buttons that end the matter. */
export function renderConflict(frame: ConflictFrame): HTMLElement[] {
  const { app, draft, conflict } = frame;
  const found = compare(draft, conflict.theirs.item);
  const both = found.filter((each) => each.mine && each.theirs);
  const who = conflict.version?.made?.by ?? app.t("edit.somebody");
  const when = conflict.version?.from ? app.date(conflict.version.from) : "";
  return [
    note(app.t("edit.overtaken", { who, when }), "error"),
    el("p", {}, app.t(both.length > 0 ? "edit.overtaken_choose" : "edit.overtaken_apart")),
    el("ul", { class: "differences" }, ...found.map((each) => renderDifference(frame, each))),
    el(
      "div",
      { class: "buttons wrap" },
      el("button", { id: "edit-resolve", class: "main", type: "button", onclick: frame.onSave }, app.t("edit.save_chosen")),
      el("button", { id: "edit-drop", type: "button", onclick: frame.onDrop }, app.t("edit.drop_mine")),
    ),
  ];
}

function renderDifference(frame: ConflictFrame, difference: Difference): HTMLElement {
  const { app, draft, conflict } = frame;
  const field = draft.fields.find(({ name }) => name === difference.name);
  const title = field?.title ?? app.t("edit.shape");
  const mine = field ? show(app, field, draft.getTyped(field, app.language)) : app.t("edit.shape_changed");
  const theirs = field
    ? show(app, field, toTyped(field, conflict.theirs.item.properties[field.name], app.language))
    : app.t("edit.shape_changed");
  if (!(difference.mine && difference.theirs)) {
    const words = difference.mine ? app.t("edit.only_mine", { value: mine }) : app.t("edit.only_theirs", { value: theirs });
    return el("li", {}, el("b", {}, title), " ", words);
  }
  return el(
    "li",
    {},
    el(
      "fieldset",
      {},
      el("legend", {}, title),
      renderChoice(frame, difference.name, false, app.t("edit.mine", { value: mine })),
      renderChoice(frame, difference.name, true, app.t("edit.theirs", { value: theirs })),
    ),
  );
}

function renderChoice({ conflict, onShape }: ConflictFrame, name: string, theirs: boolean, words: string): HTMLElement {
  const id = `keep-${name}-${theirs ? "theirs" : "mine"}`;
  const choose = (): void => {
    if (theirs) {
      conflict.keepTheirs.add(name);
    } else {
      conflict.keepTheirs.delete(name);
    }
    if (name === SHAPE) {
      onShape(theirs);
    }
  };
  const checked = conflict.keepTheirs.has(name) === theirs;
  return el(
    "div",
    { class: "choice" },
    el("input", { id, type: "radio", name: `keep-${name}`, checked, onchange: choose }),
    el("label", { for: id }, words),
  );
}

/** A value in words; nothing is said to be nothing. */
function show(app: App, field: Field, typed: string): string {
  if (typed === "") {
    return app.t("edit.nothing");
  }
  if (field.kind === "boolean") {
    return app.t(typed === "true" ? "value.yes" : "value.no");
  }
  const text = field.codes.find(({ value }) => value === typed)?.title ?? typed;
  return field.unit ? `${text} ${field.unit}` : text;
}
