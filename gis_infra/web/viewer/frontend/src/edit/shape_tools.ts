// The buttons of the shape: what to do with it, and while it is done what keys do as well as the pointer.

import type { App } from "../app";
import { el } from "../dom";
import type { MessageKey } from "../messages";
import { note } from "../panels/panel";
import type { Draft } from "./draft";
import type { ShapeEditor } from "./shape_editor";
import type { Mode } from "./sketch";

export interface ToolsFrame {
  app: App;
  editor: ShapeEditor;
  draft: Draft;
  onMode(mode: Mode): void;
}

/** The tools of the shape in hand. */
export function renderShapeTools(frame: ToolsFrame): HTMLElement {
  const { app, editor, draft } = frame;
  const { mode, isPoint } = editor.sketch;
  const modes = listModes(draft);
  return el(
    "section",
    { class: "shape-tools", "aria-labelledby": "shape-title" },
    el("h3", { id: "shape-title" }, app.t(isPoint ? "edit.place" : "edit.shape")),
    el("div", { class: "buttons wrap" }, ...modes.map((each) => makeMode(frame, each))),
    modes.includes("split") && !maySplit(draft) && note(app.t("edit.split_unsaved")),
    ...(mode === "draw" ? renderDrawing(frame) : []),
    ...(mode === "vertices" || mode === "whole" ? renderMoving(frame) : []),
  );
}

function listModes({ id, geometry, form }: Draft): Mode[] {
  if (geometry === null) {
    return ["draw"];
  }
  if (form.geometry.endsWith("Point")) {
    return ["vertices"];
  }
  return form.geometry === "LineString" && id !== null ? ["vertices", "whole", "split"] : ["vertices", "whole"];
}

/** Whether a line may be split now: nothing of it is unsaved. */
function maySplit(draft: Draft): boolean {
  return draft.id !== null && !draft.isChanged;
}

function makeMode({ app, editor, draft, onMode }: ToolsFrame, mode: Mode): HTMLElement {
  const on = editor.sketch.mode === mode;
  const isPoint = draft.form.geometry.endsWith("Point");
  const key: MessageKey = isPoint && mode === "vertices" ? "edit.mode_whole" : `edit.mode_${mode as "vertices" | "whole" | "draw" | "split"}`;
  const press = (): void => onMode(on ? "still" : mode);
  const disabled = mode === "split" && !maySplit(draft);
  return el("button", { id: `edit-mode-${mode}`, type: "button", disabled, "aria-pressed": String(on), onclick: press }, app.t(key));
}

function renderDrawing({ app, editor, draft }: ToolsFrame): HTMLElement[] {
  const type = draft.form.geometry;
  const isPoint = type.endsWith("Point");
  const hint: MessageKey = isPoint ? "edit.draw_point" : type.endsWith("Polygon") ? "edit.draw_area" : "edit.draw_line";
  return [
    note(app.t(hint) + tellKeys(app, type)),
    el(
      "div",
      { class: "buttons wrap" },
      isPoint ? null : makeButton(app, "edit-finish", "edit.finish", !editor.sketch.isEnough, () => editor.finish()),
      isPoint ? null : makeButton(app, "edit-step-back", "edit.step_back", !editor.sketch.hasSteps, () => editor.stepBack()),
      makeButton(app, "edit-centre", "edit.at_centre", false, () => editor.takeCentre()),
    ),
    renderSnaps(app, editor),
  ];
}

/** The keys that help, where there are any: not where one draws with a finger. */
function tellKeys(app: App, type: string): string {
  const hasKeys = !matchMedia("(pointer: coarse)").matches;
  return hasKeys && !type.endsWith("Point") ? ` ${app.t("edit.draw_keys")}` : "";
}

function renderMoving({ app, editor }: ToolsFrame): HTMLElement[] {
  const { isPoint, mode, index, hasSteps, canRemove } = editor.sketch;
  const hint: MessageKey = isPoint ? "edit.hint_point" : mode === "whole" ? "edit.hint_whole" : "edit.hint_vertices";
  return [
    note(app.t(hint)),
    ...(isPoint ? [] : [renderWalk(app, editor)]),
    el(
      "div",
      { class: "buttons wrap" },
      makeButton(app, "edit-centre", isPoint ? "edit.point_to_centre" : "edit.to_centre", index === 0, () => editor.takeCentre()),
      isPoint ? null : makeButton(app, "edit-remove", "edit.vertex_remove", !canRemove, () => editor.remove()),
      makeButton(app, "edit-step-back", "edit.step_back", !hasSteps, () => editor.stepBack()),
    ),
    renderSnaps(app, editor),
  ];
}

/** From one vertex to the next, for who has only keys. */
function renderWalk(app: App, editor: ShapeEditor): HTMLElement {
  const { index, count } = editor.sketch;
  const which = index > 0 ? app.t("edit.vertex_of", { index, count }) : app.t("edit.vertices", { count });
  const step = (id: string, key: MessageKey, sign: string, by: number): HTMLElement =>
    el("button", { id, type: "button", "aria-label": app.t(key), onclick: () => editor.walk(by) }, sign);
  return el(
    "div",
    { class: "buttons vertices" },
    step("edit-vertex-before", "edit.vertex_before", "‹", -1),
    el("output", { "aria-live": "polite" }, which),
    step("edit-vertex-after", "edit.vertex_after", "›", 1),
  );
}

function renderSnaps(app: App, editor: ShapeEditor): HTMLElement {
  const box = el("input", { id: "edit-snaps", type: "checkbox", checked: editor.snaps, onchange: () => (editor.snaps = box.checked) });
  return el("div", { class: "field check" }, box, el("label", { for: "edit-snaps" }, app.t("edit.snaps")));
}

function makeButton(app: App, id: string, key: MessageKey, disabled: boolean, press: () => void): HTMLElement {
  return el("button", { id, type: "button", disabled, onclick: press }, app.t(key));
}
