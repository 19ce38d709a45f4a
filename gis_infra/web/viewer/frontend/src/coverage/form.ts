// The form of a run: service, method, distance, demand, day, level, and what it is to be called.

import type { App } from "../app";
import { writeDay } from "../days";
import { el } from "../dom";
import { localize, type MessageKey } from "../messages";
import { getDay, makeDayInput, withCalendar } from "../panels/day_field";
import { note } from "../panels/panel";
import type { Method, Service } from "./api";
import { hasDistance, isDayOff, isDistanceOff, LONGEST, type OrderForm } from "./order";
import { nameMethod } from "./words";

type Option = readonly [value: string, words: string];

/** The services by sector; `onChoose` is told the id, empty for none. */
export function renderServices(app: App, services: Service[], chosen: string | null, onChoose: (id: string) => void): HTMLElement {
  const sectors = app.config.sectors.filter(({ id }) => services.some((each) => each.sector === id));
  const known = new Set(sectors.map(({ id }) => id));
  const make = (service: Service): HTMLElement =>
    el("option", { value: service.id, selected: service.id === chosen }, localize(app.language, service.title));
  const select = el(
    "select",
    { id: "coverage-service", onchange: () => onChoose(select.value) },
    el("option", { value: "" }, app.t("coverage.choose")),
    ...sectors.map(({ id, title }) => el("optgroup", { label: title }, ...services.filter((each) => each.sector === id).map(make))),
    ...services.filter((each) => !known.has(each.sector)).map(make),
  );
  return makeField(app.t("coverage.service"), select);
}

export interface FormView {
  app: App;
  service: Service;
  form: OrderForm;
  /** Called when a field was changed, with its value in the form. */
  onChange: () => void;
}

export function renderForm(view: FormView): HTMLElement {
  const { app, service, form } = view;
  const methods = service.methods.map((id): Option => [id, nameMethod(app, id)]);
  const demands = service.demands.map(({ id, title }): Option => [id, localize(app.language, title)]);
  const levels = service.levels.map(({ id, title }): Option => [id, localize(app.language, title)]);
  return el(
    "form",
    { class: "fields", onsubmit: (event: Event) => event.preventDefault() },
    el("div", { class: "wide" }, makeChoice(view, "method", "coverage.method", methods)),
    hasDistance(service, form.method) ? makeDistance(view) : null,
    el("div", { class: hasDistance(service, form.method) ? "" : "wide" }, makeDay(view)),
    el("div", { class: "wide" }, makeChoice(view, "demand", "coverage.demand", demands)),
    levels.length > 1 ? makeChoice(view, "level", "coverage.level", levels) : null,
    el("div", { class: levels.length > 1 ? "" : "wide" }, makeInput(view, "title", "coverage.title", { maxlength: 200 })),
  );
}

function makeDistance(view: FormView): HTMLElement {
  const unit = view.service.distance?.unit ?? "m";
  const isOff = isDistanceOff(view.service, view.form);
  // Not an input of numbers: that takes a comma or a point by the browser's language, whatever the page is in.
  const limits = { inputmode: "decimal", maxlength: 12, autocomplete: "off", "aria-invalid": isOff ? "true" : null };
  const field = makeInput(view, "distance", "coverage.distance", limits, view.app.t(`coverage.unit_${unit}`));
  if (isOff) {
    field.append(note(view.app.t("coverage.fault_distance", { most: view.app.number(LONGEST[unit]) }), "bad"));
  }
  return field;
}

function makeDay({ app, form, onChange }: FormView): HTMLElement {
  const isOff = isDayOff(form);
  const input = makeDayInput(app, { id: "coverage-day", "aria-invalid": isOff ? "true" : null });
  input.value = writeDay(form.day);
  // Kept at once: the form is built anew when another field was left a moment ago.
  input.addEventListener("input", () => (form.day = getDay(input)));
  input.addEventListener("change", onChange);
  const title = app.t("coverage.day");
  const fault = isOff ? note(app.t("day.fault"), "bad") : null;
  return el("div", { class: "field" }, el("label", { for: input.id }, title), withCalendar(app, title, input), fault);
}

function makeInput(
  { app, form, onChange }: FormView,
  name: "distance" | "title",
  key: MessageKey,
  properties: Record<string, string | number | boolean | null>,
  unit = "",
): HTMLElement {
  const input = el("input", { id: `coverage-${name}`, ...properties });
  input.value = form[name];
  input.addEventListener("input", () => (form[name] = input.value));
  input.addEventListener("change", onChange);
  const box = el("span", { class: "with-unit" }, input, unit);
  return el("div", { class: "field" }, el("label", { for: input.id }, app.t(key)), box);
}

function makeChoice({ app, form, onChange }: FormView, name: "method" | "demand" | "level", key: MessageKey, options: Option[]): HTMLElement {
  const choose = (): void => {
    if (name === "method") {
      form.method = select.value as Method;
    } else {
      form[name] = select.value;
    }
    onChange();
  };
  const made = options.map(([value, words]) => el("option", { value, selected: value === form[name] }, words));
  const select = el("select", { id: `coverage-${name}`, onchange: choose }, ...made);
  return makeField(app.t(key), select);
}

/** A field of a form: its name above it. */
export function makeField(label: string, input: HTMLElement): HTMLElement {
  return el("div", { class: "field" }, el("label", { for: input.id }, label), input);
}
