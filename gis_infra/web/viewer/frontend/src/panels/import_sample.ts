// The first rows of a file as they were read, so that whoever hands it in sees it is the right one.

import type { App } from "../app";
import { el } from "../dom";
import type { Inspection } from "../imports/api";

/** A table that scrolls by itself; nothing for a layer without rows. */
export function renderSample(app: App, { rows, fields }: Inspection): HTMLElement[] {
  if (rows.length === 0) {
    return [];
  }
  const names = fields.map(({ name }) => name);
  const heads = names.map((name) => el("th", { scope: "col" }, name));
  const lines = rows.map((row) => el("tr", {}, ...names.map((name) => renderCell(app, row[name]))));
  const table = el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...lines));
  const words = app.t("imports.sample", { count: rows.length });
  return [el("h3", {}, words), el("div", { class: "import-sample", tabindex: 0, role: "group", "aria-label": words }, table)];
}

function renderCell(app: App, value: unknown): HTMLElement {
  if (typeof value === "number") {
    // As the file has it: a code of digits is no number to be grouped.
    return el("td", { class: "number" }, String(value));
  }
  return el("td", {}, typeof value === "boolean" ? app.t(value ? "value.yes" : "value.no") : String(value ?? ""));
}
