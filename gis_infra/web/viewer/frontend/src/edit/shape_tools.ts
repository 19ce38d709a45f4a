// The buttons of the shape: what to do with it, and while it is done what keys do as well as the pointer.

import type { App } from "../app";
import { el } from "../dom";
import type { MessageKey } from "../messages";
import { note } from "../panels/panel";
import type { Mode, ShapeEditor } from "./shape_editor";

export interface ToolsFrame {
  app: App;
  editor: ShapeEditor;
  /** The type of shape the layer takes. */
  type: string;
  hasShape: boolean;
  /** Whether a line may be split now: it is kept already, and nothing of it is unsaved. */
  maySplit: boolean;
  onMode(mode: Mode): void;
}

/** The tools of the shape in hand. */
export function renderShapeTools(frame: ToolsFrame): HTMLElement {
  const { app, editor } = frame;
  return el(
    "section",
    { class: "shape-tools", "aria-labelledby": "shape-title" },
    el("h3", { id: "shape-title" }, app.t("edit.shape")),
    el("div", { class: "buttons wrap" }, ...listModes(frame).map((mode) => makeMode(frame, mode))),
    ...(editor.mode === "draw" ? renderDrawing(frame) : []),
    ...(editor.mode === "vertices" || editor.mode === "whole" ? renderMoving(frame) : []),
  );
}

function listModes({ type, hasShape, maySplit }: ToolsFrame): Mode[] {
  if (!hasShape) {
    return ["draw"];
  }
  if (type.endsWith("Point")) {
    return ["vertices"];
  }
  return type === "LineString" && maySplit ? ["vertices", "whole", "split"] : ["vertices", "whole"];
}

function makeMode({ app, editor, type, onMode }: ToolsFrame, mode: Mode): HTMLElement {
  const on = editor.mode === mode;
  const key: MessageKey = type.endsWith("Point") && mode === "vertices" ? "edit.mode_whole" : `edit.mode_${mode as "vertices" | "whole" | "draw" | "split"}`;
  const press = (): void => onMode(on ? "still" : mode);
  return el("button", { id: `edit-mode-${mode}`, type: "button", "aria-pressed": String(on), onclick: press }, app.t(key));
}

function renderDrawing({ app, editor, type }: ToolsFrame): HTMLElement[] {
  const hint: MessageKey = type.endsWith("Point") ? "edit.draw_point" : type.endsWith("Polygon") ? "edit.draw_area" : "edit.draw_line";
  return [
    note(app.t(hint) + tellKeys(app, type)),
    el(
      "div",
      { class: "buttons wrap" },
      makeButton(app, "edit-finish", "edit.finish", !editor.isEnough, () => editor.finish()),
      makeButton(app, "edit-step-back", "edit.step_back", !editor.hasSteps, () => editor.stepBack()),
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

function renderMoving({ app, editor, type }: ToolsFrame): HTMLElement[] {
  const { count, index } = editor;
  const which = index > 0 ? app.t("edit.vertex_of", { index, count }) : app.t("edit.vertices", { count });
  const hint: MessageKey = editor.mode === "whole" || type === "Point" ? "edit.hint_whole" : "edit.hint_vertices";
  const step = (id: string, key: MessageKey, sign: string, by: number): HTMLElement =>
    el("button", { id, type: "button", "aria-label": app.t(key), onclick: () => editor.walk(by) }, sign);
  return [
    note(app.t(hint)),
    el(
      "div",
      { class: "buttons vertices" },
      step("edit-vertex-before", "edit.vertex_before", "‹", -1),
      el("output", { "aria-live": "polite" }, which),
      step("edit-vertex-after", "edit.vertex_after", "›", 1),
    ),
    el(
      "div",
      { class: "buttons wrap" },
      makeButton(app, "edit-centre", "edit.to_centre", index === 0, () => editor.takeCentre()),
      type === "Point" ? null : makeButton(app, "edit-remove", "edit.vertex_remove", !editor.canRemove, () => editor.remove()),
      makeButton(app, "edit-step-back", "edit.step_back", !editor.hasSteps, () => editor.stepBack()),
    ),
    renderSnaps(app, editor),
  ];
}

function renderSnaps(app: App, editor: ShapeEditor): HTMLElement {
  const box = el("input", { id: "edit-snaps", type: "checkbox", checked: editor.snaps, onchange: () => (editor.snaps = box.checked) });
  return el("div", { class: "field check" }, box, el("label", { for: "edit-snaps" }, app.t("edit.snaps")));
}

function makeButton(app: App, id: string, key: MessageKey, disabled: boolean, press: () => void): HTMLElement {
  return el("button", { id, type: "button", disabled, onclick: press }, app.t(key));
}
