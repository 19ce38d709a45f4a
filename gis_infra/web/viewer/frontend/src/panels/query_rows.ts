// The rows of the table: heads that sort, a box a row that selects, cells as people write values.

import type { App } from "../app";
import { el } from "../dom";
import { formatAttribute } from "../format";
import { icon } from "../icons";
import type { LayerFacts, Row, Value } from "../query/api";
import type { Property } from "../query/filter";

export interface RowEvents {
  /** others: whether what else is selected stays so. */
  onSelect: (row: Row, others: boolean, on: boolean) => void;
  onZoom: (row: Row) => void;
  onSort: (name: string) => void;
}

export interface RowsOrder {
  facts: LayerFacts;
  columns: readonly string[];
  sort: string | null;
  rows: readonly Row[];
  /** Shown above the others: picked on the map, and on another page. */
  picked: Row | null;
  selected: ReadonlySet<number>;
  events: RowEvents;
}

const NUMBERS = new Set(["integer", "number"]);

export function renderRows(app: App, order: RowsOrder): HTMLElement {
  const { facts, columns, rows, picked } = order;
  const properties = columns.flatMap((name) => facts.properties.find((each) => each.name === name) ?? []);
  const heads = properties.map((property) => renderHead(app, property, order));
  const body = el(
    "tbody",
    {},
    picked && renderRow(app, picked, properties, order, true),
    ...rows.filter((row) => row.id !== picked?.id).map((row) => renderRow(app, row, properties, order, false)),
  );
  body.addEventListener("keydown", (event) => walk(event, body));
  const corner = el("th", { scope: "col", class: "query-tools" }, el("span", { class: "visually-hidden" }, app.t("query.columns")));
  return el(
    "div",
    { class: "query-scroll", tabindex: 0, role: "group", "aria-label": app.t("query.in_table") },
    el("table", {}, el("thead", {}, el("tr", {}, corner, ...heads)), body),
  );
}

/** What a feature is called: by its label, else by its number. */
export function nameRow(row: Row, label: string | null): string {
  const name = label === null ? null : row.properties[label];
  return name === null || name === undefined || name === "" ? `#${row.id}` : String(name);
}

function renderHead(app: App, property: Property, { sort, events }: RowsOrder): HTMLElement {
  const direction = sort === property.name ? "ascending" : sort === `-${property.name}` ? "descending" : null;
  const unit = property.unit === null ? null : el("span", { class: "aside" }, ` (${property.unit})`);
  const sign = el("span", { class: "direction", "aria-hidden": "true" }, direction === "ascending" ? "▲" : direction === "descending" ? "▼" : "");
  const press = (): void => events.onSort(property.name);
  const words = app.t("query.sort_by", { title: property.title });
  return el(
    "th",
    { scope: "col", "aria-sort": direction, class: NUMBERS.has(property.kind) ? "number" : "" },
    el("button", { id: `query-sort-${property.name}`, type: "button", title: words, onclick: press }, property.title, unit, sign),
  );
}

function renderRow(app: App, row: Row, properties: Property[], order: RowsOrder, isPicked: boolean): HTMLElement {
  const on = order.selected.has(row.id);
  const name = nameRow(row, order.facts.label);
  const box = el("input", {
    type: "checkbox",
    id: `query-select-${row.id}`,
    "aria-label": app.t("query.select_row", { name }),
    onchange: () => order.events.onSelect(row, true, box.checked),
  });
  box.checked = on;
  const press = (event: MouseEvent): void => {
    // The box and the button have meanings of their own, and who marks text wants no other row.
    if (!(event.target as Element).closest("input, button") && getSelection()?.isCollapsed !== false) {
      order.events.onSelect(row, event.ctrlKey || event.metaKey, true);
    }
  };
  return el(
    "tr",
    { id: `query-row-${row.id}`, class: `${on ? "selected" : ""} ${isPicked ? "picked" : ""}`, onclick: press },
    el("td", { class: "query-tools" }, box, makeZoom(app, row, name, order.events), isPicked ? el("span", { class: "badge" }, app.t("query.picked")) : null),
    ...properties.map((property) => renderCell(app, property, row.properties[property.name] ?? null)),
  );
}

function makeZoom(app: App, row: Row, name: string, events: RowEvents): HTMLElement {
  const without = row.geometry === null;
  const words = app.t(without ? "query.no_shape" : "query.show_row", { name });
  const properties = { id: `query-zoom-${row.id}`, class: "quiet", type: "button", title: words, "aria-label": words, disabled: without };
  return el("button", { ...properties, onclick: () => events.onZoom(row) }, icon("zoom"));
}

function renderCell(app: App, property: Property, value: Value): HTMLElement {
  const text = formatCell(app, property, value);
  return el("td", { class: NUMBERS.has(property.kind) ? "number" : "", title: text.length > 20 ? text : null }, text);
}

/** A value as people write it; its unit stands in the head of the column. */
function formatCell(app: App, { name, title, kind, codes, universal, system, unit }: Property, value: Value): string {
  if (value === null) {
    return "";
  }
  if (typeof value === "number" && unit !== null) {
    return app.number(value, 3);
  }
  const text = codes.find((each) => each.code === value)?.title ?? null;
  return formatAttribute(app.language, { name, title, type: kind, unit: null, value, text, universal, system });
}

/** Arrows go from row to row, in the column of boxes or of buttons where the user is. */
function walk(event: KeyboardEvent, body: HTMLElement): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const here = document.activeElement;
  const kind = here?.tagName.toLowerCase();
  if (step === undefined || (kind !== "input" && kind !== "button")) {
    return;
  }
  const all = [...body.querySelectorAll<HTMLElement>(`td.query-tools ${kind}`)];
  const next = all[all.indexOf(here as HTMLElement) + step];
  if (next !== undefined) {
    event.preventDefault();
    next.focus();
  }
}
