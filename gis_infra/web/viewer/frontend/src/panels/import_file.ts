// What one layer of a file is, and the form in which the person says what the file leaves open.

import type { App } from "../app";
import { listLayers } from "../config";
import { el } from "../dom";
import type { Inspection, LayerField } from "../imports/api";
import { formatSystem, getGuesses, listFields, type Plan } from "../imports/plan";
import type { MessageKey } from "../messages";
import { note } from "./panel";

const ENCODINGS = ["UTF-8", "TCVN3", "VNI", "CP1258", "VISCII", "VPS", "CP1252"];
const SAMPLES = 3;

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
    ...inspection.remarks.map((each) => note(each)),
    ...renderSystem(app, inspection, plan, onChange),
    ...renderText(app, inspection, plan, onChange),
    renderTarget(app, inspection, plan, onChange),
    renderColumns(app, inspection, plan, fields, onChange),
    ...renderOptions(app, plan, onChange),
  ];
}

function renderFacts(app: App, inspection: Inspection): HTMLElement {
  const { features, geometry, has_z, format } = inspection;
  const words = app.t("imports.facts", { count: app.number(features), geometry: has_z ? `${geometry} Z` : geometry, format });
  return el("p", { class: "facts" }, words);
}

function renderSystem(app: App, inspection: Inspection, plan: Plan, onChange: (again: boolean) => void): HTMLElement[] {
  const { crs } = inspection;
  const found = crs.srid === null ? app.t("imports.crs_unknown") : `EPSG:${crs.srid}`;
  const lines = [note(`${found}: ${crs.reason}`, crs.certain ? "" : "bad")];
  if (crs.lands !== null) {
    lines.push(note(app.t("imports.lands", { place: crs.lands })));
  }
  const choices = crs.choices.map((each) => [
    formatSystem(each.srid, each.swap_xy),
    `EPSG:${each.srid}${each.swap_xy ? `, ${app.t("imports.swapped")}` : ""}: ${each.lands}`,
  ]);
  if (crs.srid !== null && !choices.some(([value]) => value === formatSystem(crs.srid ?? 0, crs.swap_xy))) {
    const swapped = crs.swap_xy ? `, ${app.t("imports.swapped")}` : "";
    choices.unshift([formatSystem(crs.srid, crs.swap_xy), `EPSG:${crs.srid}${swapped}: ${crs.lands ?? ""}`]);
  }
  const first = app.t(crs.certain ? "imports.as_said" : "imports.choose");
  const select = makeSelect("import-system", [["", first], ...choices], plan.system, (value) => {
    plan.system = value;
    onChange(false);
  });
  return [el("h3", {}, app.t("imports.crs")), ...lines, labelled(app, "imports.crs_choice", select)];
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
  const options = sorted.map(({ id, title }) => [id, suggested.includes(id) ? `★ ${title}` : title]);
  const select = makeSelect("import-layer", [["", app.t("imports.choose")], ...options], plan.layer, (value) => {
    plan.layer = value;
    plan.fields = listFields(inspection, value);
    plan.units.clear();
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

function renderOptions(app: App, plan: Plan, onChange: (again: boolean) => void): HTMLElement[] {
  const owner = el("input", { id: "import-owner", value: plan.owner, maxlength: 200 });
  // Nothing else hangs on it, so nothing is built anew: the press of a button that ends the typing would be lost.
  owner.addEventListener("input", () => (plan.owner = owner.value));
  const ways = (["update", "skip", "reject"] as const).map((way) => [way, app.t(`imports.duplicates_${way}`)]);
  const duplicates = makeSelect("import-duplicates", ways, plan.duplicates, (value) => {
    plan.duplicates = value as Plan["duplicates"];
    onChange(false);
  });
  const tick = (name: "strict" | "replace" | "acceptOutside", key: MessageKey): HTMLElement => {
    const box = el("input", { type: "checkbox", id: `import-${name}` });
    box.checked = plan[name];
    box.addEventListener("change", () => {
      plan[name] = box.checked;
      onChange(false);
    });
    return el("div", { class: "tick" }, box, el("label", { for: box.id }, app.t(key)));
  };
  return [
    el("h3", {}, app.t("imports.options")),
    labelled(app, "imports.owner", owner),
    labelled(app, "imports.duplicates", duplicates),
    tick("strict", "imports.strict"),
    tick("acceptOutside", "imports.accept_outside"),
    tick("replace", "imports.replace"),
    ...(plan.replace ? [note(app.t("imports.replace_warning"), "bad")] : []),
  ];
}

function makeSelect(
  id: string,
  options: (string | undefined)[][],
  chosen: string,
  onChoose: (value: string) => void,
): HTMLSelectElement {
  const select = el(
    "select",
    { id },
    ...options.map(([value, words]) => el("option", { value, selected: value === chosen }, words ?? "")),
  );
  select.addEventListener("change", () => onChoose(select.value));
  return select;
}

function labelled(app: App, key: MessageKey, input: HTMLElement): HTMLElement {
  return el("div", { class: "field" }, el("label", { for: input.id }, app.t(key)), input);
}
