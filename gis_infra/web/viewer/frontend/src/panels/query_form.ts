// The form of a filter: a row a condition, each with a property, a comparison and what it is compared with.

import type { App } from "../app";
import { writeDay } from "../days";
import { el } from "../dom";
import { icon } from "../icons";
import type { MessageKey } from "../messages";
import {
  type Condition,
  type Filter,
  findProblem,
  isComplete,
  listCodes,
  makeCondition,
  type Operator,
  OPERATORS,
  type Property,
  takesValue,
} from "../query/filter";
import { getDay, makeDayInput, withCalendar } from "./day_field";

type Option = readonly [value: string, words: string];

export interface FormOrder {
  app: App;
  /** As it is at the moment: what is typed changes it without building the form anew. */
  getFilter: () => Filter;
  properties: readonly Property[];
  /** Called with the filter as it is now. rebuilt: whether the form itself has other rows or fields than before. */
  onChange: (filter: Filter, rebuilt: boolean) => void;
}

export function renderForm(form: FormOrder): HTMLElement {
  const { app } = form;
  const filter = form.getFilter();
  const rows = filter.conditions.flatMap((condition, index) => renderCondition(form, condition, index) ?? []);
  return el(
    "form",
    { class: "query-form", onsubmit: (event: Event) => event.preventDefault() },
    filter.conditions.length > 1 ? renderJoined(form) : null,
    el("ol", { class: "query-conditions", "aria-label": app.t("query.conditions") }, ...rows),
    el("button", { id: "query-add", class: "plain", type: "button", onclick: () => add(form) }, icon("plus"), app.t("query.add")),
  );
}

function add({ getFilter, properties, onChange }: FormOrder): void {
  const filter = getFilter();
  const used = new Set(filter.conditions.map((each) => each.name));
  const property = properties.find((each) => !used.has(each.name)) ?? properties[0];
  if (property !== undefined) {
    const index = filter.conditions.length;
    onChange({ ...filter, conditions: [...filter.conditions, makeCondition(property)] }, true);
    // Brings the user to the field that was just made.
    document.getElementById(`query-property-${index}`)?.focus();
  }
}

function renderJoined(form: FormOrder): HTMLElement {
  const { app } = form;
  const options: Option[] = [
    ["all", app.t("query.joined_all")],
    ["any", app.t("query.joined_any")],
  ];
  const select = makeSelect("query-joined", options, form.getFilter().joined, (joined) => {
    form.onChange({ ...form.getFilter(), joined: joined === "any" ? "any" : "all" }, false);
  });
  return el("div", { class: "field query-joined" }, el("label", { for: "query-joined" }, app.t("query.joined")), select);
}

function renderCondition(form: FormOrder, condition: Condition, index: number): HTMLElement | null {
  const { app, properties } = form;
  const property = properties.find((each) => each.name === condition.name);
  if (property === undefined) {
    return null;
  }
  const replace = (changed: Condition | null, rebuilt: boolean): void => {
    const conditions = form.getFilter().conditions.flatMap((each, place) => (place !== index ? each : (changed ?? [])));
    form.onChange({ ...form.getFilter(), conditions }, rebuilt);
  };
  const words = app.t("query.remove", { title: property.title });
  const remove = (): void => {
    replace(null, true);
    document.getElementById("query-add")?.focus();
  };
  return el(
    "li",
    {},
    el(
      "div",
      { class: "query-head" },
      makeProperty(form, condition, index, replace),
      el("button", { class: "quiet", type: "button", title: words, "aria-label": words, onclick: remove }, icon("close")),
    ),
    el("div", { class: "query-test" }, makeOperator(app, property, condition, index, replace), makeValue(app, property, condition, index, replace)),
  );
}

type Replace = (changed: Condition | null, rebuilt: boolean) => void;

function makeProperty({ app, properties }: FormOrder, condition: Condition, index: number, replace: Replace): HTMLElement {
  const make = (each: Property): HTMLElement =>
    el("option", { value: each.name, selected: each.name === condition.name }, each.title);
  const own = properties.filter((each) => !each.universal);
  const general = properties.filter((each) => each.universal);
  const choose = (): void => {
    const property = properties.find((each) => each.name === select.value);
    replace(property === undefined ? condition : makeCondition(property), true);
  };
  const select = el(
    "select",
    { id: `query-property-${index}`, "aria-label": app.t("query.property"), onchange: choose },
    ...own.map(make),
    el("optgroup", { label: app.t("query.general") }, ...general.map(make)),
  );
  return select;
}

function makeOperator(app: App, property: Property, condition: Condition, index: number, replace: Replace): HTMLElement {
  const options = OPERATORS[property.kind].map((operator): Option => [operator, app.t(nameOperator(operator, property))]);
  const select = makeSelect(`query-operator-${index}`, options, condition.operator, (operator) => {
    replace({ ...condition, operator: operator as Operator }, true);
  });
  select.setAttribute("aria-label", `${property.title}: ${app.t("query.operator")}`);
  return select;
}

function nameOperator(operator: Operator, { kind }: Property): MessageKey {
  const isDay = kind === "date" || kind === "timestamp";
  if (isDay && (operator === "below" || operator === "above")) {
    return operator === "below" ? "query.op_before" : "query.op_after";
  }
  return `query.op_${operator}`;
}

function makeValue(app: App, property: Property, condition: Condition, index: number, replace: Replace): HTMLElement | null {
  if (!takesValue(condition.operator)) {
    return null;
  }
  if (property.kind === "code") {
    return makeCodes(property, condition, index, replace);
  }
  if (property.kind === "boolean") {
    return makeTruth(app, property, condition, index, replace);
  }
  return makeTyped(app, property, condition, index, replace);
}

function makeCodes(property: Property, condition: Condition, index: number, replace: Replace): HTMLElement {
  const chosen = new Set(listCodes(condition));
  const boxes = property.codes.map(({ code, title }) => {
    const id = `query-value-${index}-${code}`;
    const box = el("input", { type: "checkbox", id, value: code, onchange: () => press(code, box.checked) });
    box.checked = chosen.has(code);
    return el("li", {}, box, el("label", { for: id }, title));
  });
  const press = (code: string, on: boolean): void => {
    chosen[on ? "add" : "delete"](code);
    // In the order of the list, so that the sentence reads the same however it came about.
    const value = property.codes.map((each) => each.code).filter((each) => chosen.has(each)).join(",");
    condition = { ...condition, value };
    replace(condition, false);
  };
  return el("fieldset", { class: "query-codes" }, el("legend", { class: "visually-hidden" }, property.title), el("ul", {}, ...boxes));
}

function makeTruth(app: App, property: Property, condition: Condition, index: number, replace: Replace): HTMLElement {
  const options: Option[] = [
    ["", app.t("query.choose")],
    ["true", app.t("value.yes")],
    ["false", app.t("value.no")],
  ];
  const select = makeSelect(`query-value-${index}`, options, condition.value, (value) => replace({ ...condition, value }, false));
  select.setAttribute("aria-label", `${property.title}: ${app.t("query.yes_or_no")}`);
  return select;
}

/** Fields to type in, one or for a range two; what is wrong is said below them as it is typed. */
function makeTyped(app: App, property: Property, condition: Condition, index: number, replace: Replace): HTMLElement {
  const isRange = condition.operator === "between";
  const isOfDays = isDated(property);
  const fault = el("p", { class: "query-fault", id: `query-fault-${index}`, "aria-live": "polite" });
  const inputs = (isRange ? (["value", "to"] as const) : (["value"] as const)).map((end) =>
    makeInput(app, property, { end, isRange, index }, condition[end], () => take()),
  );
  const check = (): void => {
    const problem = isComplete(condition) ? findProblem(condition, property) : null;
    // A day is none until its last sign is typed; that is no news to who types it.
    const isTold = problem !== null && (problem !== "not_a_day" || !inputs.includes(document.activeElement as HTMLInputElement));
    fault.textContent = !isTold ? "" : app.t(problem === "not_a_day" ? "day.fault" : `query.${problem}`);
    inputs.forEach((input) => input.setAttribute("aria-invalid", String(isTold)));
  };
  const take = (): void => {
    const [value = "", to = ""] = inputs.map((input) => (isOfDays ? getDay(input) : input.value));
    condition = { ...condition, value, to };
    check();
    replace(condition, false);
  };
  check();
  inputs.forEach((input) => input.addEventListener("blur", check));
  const unit = property.unit === null ? null : el("span", { class: "aside" }, property.unit);
  const fields = isOfDays ? inputs.map((input) => withCalendar(app, input.getAttribute("aria-label") ?? property.title, input)) : inputs;
  return el("div", { class: "query-typed" }, el("div", { class: "with-unit" }, ...fields, unit), fault);
}

interface Place {
  end: "value" | "to";
  isRange: boolean;
  index: number;
}

function makeInput(app: App, property: Property, { end, isRange, index }: Place, value: string, onInput: () => void): HTMLInputElement {
  const isNumber = property.kind === "integer" || property.kind === "number";
  const words = app.t(isRange ? (end === "value" ? "query.from" : "query.to") : "query.value");
  const properties = {
    id: `query-${end}-${index}`,
    inputmode: isNumber ? "decimal" : null,
    autocomplete: "off",
    "aria-label": `${property.title}: ${words}`,
    "aria-describedby": `query-fault-${index}`,
    oninput: onInput,
  };
  return isDated(property)
    ? makeDayInput(app, { ...properties, value: writeDay(value) })
    : el("input", { ...properties, type: "text", placeholder: isRange ? words : null, value });
}

function isDated({ kind }: Property): boolean {
  return kind === "date" || kind === "timestamp";
}

function makeSelect(id: string, options: readonly Option[], chosen: string, onChoose: (value: string) => void): HTMLSelectElement {
  const made = options.map(([value, words]) => el("option", { value, selected: value === chosen }, words));
  const select = el("select", { id, onchange: () => onChoose(select.value) }, ...made);
  return select;
}
