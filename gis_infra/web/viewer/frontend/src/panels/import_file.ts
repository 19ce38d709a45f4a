// What one layer of a file is, and the form in which the person says what the file leaves open.

import type { App } from "../app";
import { listLayers } from "../config";
import { el } from "../dom";
import type { CrsChoice, Inspection, LayerField } from "../imports/api";
import { formatSystem, getGuesses, listFields, type Plan } from "../imports/plan";
import type { MessageKey } from "../messages";
import { labelled, makeSelect } from "./import_fields";
import { renderOptions, renderTick } from "./import_options";
import { renderSample } from "./import_sample";
import { note } from "./panel";

const ENCODINGS = ["UTF-8", "TCVN3", "VNI", "CP1258", "VISCII", "VPS", "CP1252"];
const SAMPLES = 3;
const SHAPES: Partial<Record<string, MessageKey>> = {
  Point: "imports.points",
  LineString: "imports.lines",
  Polygon: "imports.areas",
  None: "imports.no_shapes",
};

/** onChange: called when the plan changed; with true when another layer is wanted, whose fields must be asked for. */
export function renderFile(
  app: App,
  inspection: Inspection,
  plan: Plan,
  fields: LayerField[],
  onChange: (again: boolean) => void,
): HTMLElement[] {
  return [
    renderFacts(app, inspection),
    ...inspection.remarks.map((each) => note(each, "bad")),
    ...renderSample(app, inspection),
    ...renderSystem(app, inspection, plan, onChange),
    ...renderText(app, inspection, plan, onChange),
    renderTarget(app, inspection, plan, onChange),
    renderColumns(app, inspection, plan, fields, onChange),
    ...renderDoubts(inspection, plan),
    ...renderOptions(app, plan, () => onChange(false)),
  ];
}

function renderFacts(app: App, inspection: Inspection): HTMLElement {
  const { features, geometry, has_z, format } = inspection;
  const key = SHAPES[geometry.replace(/^Multi/, "")];
  const shape = key === undefined ? geometry : app.t(key);
  const words = app.t("imports.facts", { count: app.number(features), geometry: has_z ? `${shape} (Z)` : shape, format });
  return el("p", { class: "facts" }, words);
}

/** What looks wrong with whole columns, and what was made of dates. */
function renderDoubts(inspection: Inspection, plan: Plan): HTMLElement[] {
  const found = inspection.suggestions.find(({ layer }) => layer === plan.layer);
  return [...(found?.warnings ?? []).map((each) => note(each, "bad")), ...(found?.notes ?? []).map((each) => note(each))];
}

function renderSystem(app: App, inspection: Inspection, plan: Plan, onChange: (again: boolean) => void): HTMLElement[] {
  const { crs } = inspection;
  const found = crs.srid === null ? app.t("imports.crs_unknown") : `EPSG:${crs.srid}`;
  const lines = [note(`${found}: ${crs.reason}`, crs.certain ? "" : "bad")];
  if (crs.lands !== null) {
    lines.push(note(app.t("imports.lands", { place: crs.lands }), crs.distance_km === 0 ? "" : "bad"));
  }
  const select = el("select", { id: "import-system" }, ...listSystems(app, inspection, plan));
  select.addEventListener("change", () => {
    plan.system = select.value;
    onChange(false);
  });
  const outside = plan.system !== "" || crs.distance_km !== 0;
  const tick = outside ? [renderTick(app, plan, "acceptOutside", "imports.accept_outside", () => onChange(false))] : [];
  return [el("h3", {}, app.t("imports.crs")), ...lines, labelled(app, "imports.crs_choice", select), ...tick];
}

/** What it may be read by: as found, what puts it in or near the city, and all others for who knows better. */
function listSystems(app: App, { crs }: Inspection, plan: Plan): HTMLElement[] {
  const make = (value: string, words: string): HTMLElement => el("option", { value, selected: value === plan.system }, words);
  const write = (each: CrsChoice, name: string): HTMLElement => {
    const swapped = each.swap_xy ? `, ${app.t("imports.swapped")}` : "";
    return make(formatSystem(each.srid, each.swap_xy), `EPSG:${each.srid}${name}${swapped}: ${each.lands ?? app.t("imports.nowhere")}`);
  };
  const likely = crs.choices.map((each) => formatSystem(each.srid, each.swap_xy));
  const others = crs.systems.filter((each) => !likely.includes(formatSystem(each.srid, each.swap_xy)));
  return [
    make("", app.t(crs.certain ? "imports.as_said" : "imports.choose")),
    ...crs.choices.map((each) => write(each, "")),
    el("optgroup", { label: app.t("imports.other_systems") }, ...others.map((each) => write(each, ` ${each.name}`))),
  ];
}

function renderText(app: App, inspection: Inspection, plan: Plan, onChange: (again: boolean) => void): HTMLElement[] {
  const { text } = inspection;
  if (text === null) {
    return [];
  }
  const rows = text.certain
    ? text.samples.map(({ before, after }) => [before, after])
    : text.candidates.map(({ encoding, sample }) => [encoding, sample]);
  const list = rows.map(([before, after]) => el("li", {}, el("code", {}, before ?? ""), " → ", el("span", {}, after ?? "")));
  const first = app.t(text.certain ? "imports.as_found" : "imports.choose");
  const options = ENCODINGS.map((name) => [name, name]);
  const select = makeSelect("import-encoding", [["", first], ...options], plan.encoding, (value) => {
    plan.encoding = value;
    onChange(false);
  });
  return [
    el("h3", {}, app.t("imports.text")),
    note(`${text.encoding}: ${text.reason}`, text.certain ? "" : "bad"),
    el("ul", { class: "samples" }, ...list),
    labelled(app, "imports.encoding", select),
  ];
}

function renderTarget(app: App, inspection: Inspection, plan: Plan, onChange: (again: boolean) => void): HTMLElement {
  const mine = listLayers(app.config).filter((layer) => layer.may_import);
  const suggested = inspection.suggestions.map(({ layer }) => layer);
  const rank = (id: string): number => (suggested.includes(id) ? suggested.indexOf(id) : suggested.length);
  const sorted = [...mine].sort((left, right) => rank(left.id) - rank(right.id));
  const options = sorted.map(({ id, title }) => [id, suggested.includes(id) ? app.t("imports.suggested", { title }) : title]);
  const select = makeSelect("import-layer", [["", app.t("imports.choose")], ...options], plan.layer, (value) => {
    plan.layer = value;
    plan.fields = listFields(inspection, value);
    plan.units.clear();
    plan.codes.clear();
    onChange(true);
  });
  return el("section", {}, el("h3", {}, app.t("imports.target")), labelled(app, "imports.layer", select));
}

function renderColumns(
  app: App,
  inspection: Inspection,
  plan: Plan,
  fields: LayerField[],
  onChange: (again: boolean) => void,
): HTMLElement {
  const guesses = getGuesses(inspection, plan.layer);
  const options = [["", app.t("imports.keep")], ...fields.map(({ name, title }) => [name, `${title} (${name})`])];
  const rows = inspection.fields.map((column, index) => {
    const chosen = plan.fields.get(column.name) ?? "";
    const guess = guesses.find((each) => each.column === column.name);
    const select = makeSelect(`import-column-${index}`, options, chosen, (value) => {
      plan.fields.set(column.name, value);
      onChange(false);
    });
    const unit = fields.find(({ name }) => name === chosen)?.unit ?? null;
    return el(
      "li",
      {},
      el("label", { for: select.id }, el("b", {}, column.name), el("span", {}, column.samples.slice(0, SAMPLES).join(" · "))),
      select,
      unit === null ? null : makeUnit(app, plan, column.name, guess?.unit ?? unit, index),
      guess === undefined || guess.field !== chosen ? null : el("small", {}, guess.reason),
    );
  });
  return el("section", { class: "columns" }, el("h3", {}, app.t("imports.columns")), el("ul", {}, ...rows));
}

function makeUnit(app: App, plan: Plan, column: string, unit: string, index: number): HTMLElement {
  const input = el("input", {
    id: `import-unit-${index}`,
    size: 6,
    placeholder: unit,
    "aria-label": app.t("imports.unit", { column }),
    value: plan.units.get(column) ?? "",
    onchange: () => plan.units.set(column, input.value),
  });
  return input;
}
