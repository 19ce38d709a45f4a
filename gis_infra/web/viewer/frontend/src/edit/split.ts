// Splitting a line in two: where, and what the code of the new half is.

import type { App } from "../app";
import type { Cut, Halves as HalvesTold } from "../contract";
import { el } from "../dom";
import { note } from "../panels/panel";
import { type Saved, send } from "./api";
import type { Draft } from "./draft";
import type { Position } from "./vertices";

/** What became of a line: the half that is still it, and the new one. */
export interface Halves {
  kept: Saved;
  piece: Saved;
}

/** Splits a line at a place of it, as one change; the longer half stays the asset it was. */
export async function splitItem(draft: Draft, at: Position, code: string): Promise<Halves> {
  const { item, etag } = draft.read as NonNullable<Draft["read"]>;
  const path = `ogc/collections/${draft.form.layer}/items/${item.id}/split?f=json`;
  const headers = { "Content-Type": "application/json", "If-Match": etag };
  const response = await send("POST", path, headers, { at: at.slice(0, 2), asset_code: code.trim() || null } satisfies Cut);
  const told = (await response.json()) as HalvesTold;
  return { kept: { ...told.kept, warnings: [] }, piece: { ...told.piece, warnings: [] } };
}

/** What splitting asks of the user; the button splits once they have said where. */
export function renderSplit(app: App, cut: Position | null, busy: boolean, onSplit: (code: string) => void): HTMLElement[] {
  const code = el("input", { id: "edit-split-code", type: "text", maxlength: 100, autocomplete: "off" });
  const press = { id: "edit-split", class: "main", type: "button", disabled: cut === null || busy, onclick: () => onSplit(code.value) };
  return [
    note(app.t(cut === null ? "edit.split_where" : "edit.split_here")),
    el("div", { class: "field" }, el("label", { for: "edit-split-code" }, app.t("edit.split_code")), code),
    el("div", { class: "buttons" }, el("button", press, app.t("edit.split"))),
  ];
}
