// The list of what was saved last, each with a button that takes it back.

import type { App } from "../app";
import { getLayerTitle } from "../config";
import { el } from "../dom";
import type { Save } from "./saves";

/** The saves that can be taken back; of one feature only its last, on which the others rest. */
export function renderSaves(
  app: App,
  saves: Save[],
  busy: boolean,
  onUndo: (save: Save) => void,
  onOpen: (save: Save) => void,
): HTMLElement[] {
  if (saves.length === 0) {
    return [];
  }
  const seen = new Set<string>();
  const rows = saves.map((save, index) => {
    const name = `${save.layer}.${save.id}`;
    const last = !seen.has(name);
    seen.add(name);
    return renderSave(app, save, index, last, busy, onUndo, onOpen);
  });
  return [el("h3", {}, app.t("edit.saves")), el("ul", { class: "saves" }, ...rows)];
}

function renderSave(
  app: App,
  save: Save,
  index: number,
  last: boolean,
  busy: boolean,
  onUndo: (save: Save) => void,
  onOpen: (save: Save) => void,
): HTMLElement {
  const words = app.t(`edit.save_${save.kind}`, { label: save.label, layer: getLayerTitle(app.config, save.layer) });
  const undo = { id: `undo-${index}`, type: "button", disabled: busy, onclick: () => onUndo(save) };
  const open = { id: `open-${index}`, class: "link", type: "button", onclick: () => onOpen(save) };
  return el(
    "li",
    {},
    save.kind === "deleted" ? el("span", {}, words) : el("button", open, words),
    last && el("button", { ...undo, class: "plain", "aria-label": `${app.t("edit.undo")}: ${words}` }, app.t("edit.undo")),
  );
}
