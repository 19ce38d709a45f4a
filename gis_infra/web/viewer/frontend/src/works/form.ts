// The form of planned works: values as typed, and what of them is sent. Pure but for the elements it makes.

import type { App } from "../app";
import { isDay, writeDay } from "../days";
import { el } from "../dom";
import type { MessageKey } from "../messages";
import { getDay, makeDayInput, withCalendar } from "../panels/day_field";
import { parseNumber } from "../query/filter";

/** The largest reach, depth and bore that the form takes, metres; the server takes more. */
export const LARGEST_M = 50;

/** Values as typed, days as they are sent; an empty one is not sent, and the server takes its own default. */
export interface WorksForm {
  buffer_m: string;
  depth_m: string;
  method: string;
  bore_m: string;
  starts_on: string;
  ends_on: string;
  name: string;
  applicant: string;
}

const LENGTHS = ["buffer_m", "depth_m", "bore_m"] as const;
const DAYS = ["starts_on", "ends_on"] as const;

export function makeForm(): WorksForm {
  return {
    buffer_m: "1",
    depth_m: "",
    method: "open_cut",
    bore_m: "",
    starts_on: "",
    ends_on: "",
    name: "",
    applicant: "",
  };
}

export interface Fault {
  field: keyof WorksForm;
  key: "works.not_a_length" | "works.out_of_range" | "works.turned_round" | "day.fault";
}

/** The first value that cannot be checked with: no number, a length that the form does not take, no day, an end before the start. */
export function findFault(form: WorksForm): Fault | null {
  const asked = LENGTHS.filter((name) => isSaid(form, name));
  for (const field of asked) {
    const metres = parseNumber(form[field].trim());
    if (metres === null || metres < 0 || metres > LARGEST_M) {
      return { field, key: metres === null ? "works.not_a_length" : "works.out_of_range" };
    }
  }
  const noDay = DAYS.find((name) => form[name] !== "" && !isDay(form[name]));
  if (noDay !== undefined) {
    return { field: noDay, key: "day.fault" };
  }
  // Days as they are kept are in order as texts are.
  const isTurned = form.starts_on !== "" && form.ends_on !== "" && form.ends_on < form.starts_on;
  return isTurned ? { field: "ends_on", key: "works.turned_round" } : null;
}

/** Whether something is said by a field. Only what is bored has a bore. */
function isSaid(form: WorksForm, name: string): boolean {
  return form[name as keyof WorksForm].trim() !== "" && (name !== "bore_m" || form.method === "trenchless");
}

/** A length as typed, in metres; null where there is none. */
export function toMetres(text: string): number | null {
  return parseNumber(text.trim());
}

/** What is said of the works, as the server takes it. */
export function toProperties(form: WorksForm): Record<string, string | number> {
  const given = Object.entries(form).filter(([name]) => isSaid(form, name));
  return Object.fromEntries(given.map(([name, value]) => [name, name.endsWith("_m") ? toMetres(value) ?? value : value.trim()]));
}

/** The fields; `onChange` is called when one was changed, with the values in `form` already. */
export function renderForm(app: App, form: WorksForm, onChange: () => void): HTMLElement {
  // Not of the type "number": where the browser speaks English, that makes 15 of a typed 1,5 and nothing of a typo.
  const length = { type: "text", inputmode: "decimal", autocomplete: "off", maxlength: 12 };
  const options = (["open_cut", "trenchless"] as const).map((method) =>
    el("option", { value: method, selected: form.method === method }, app.t(`works.method_${method}`)),
  );
  const field = (key: MessageKey, name: keyof WorksForm, input: HTMLInputElement | HTMLSelectElement, unit = ""): HTMLElement =>
    makeField({ app, form, onChange }, app.t(key), name, input, unit);
  return el(
    "form",
    { class: "fields", onsubmit: (event: Event) => event.preventDefault() },
    field("works.buffer", "buffer_m", el("input", length), "m"),
    field("works.depth", "depth_m", el("input", length), "m"),
    el("div", { class: form.method === "trenchless" ? "" : "wide" }, field("works.method", "method", el("select", {}, ...options))),
    form.method === "trenchless" ? field("works.bore", "bore_m", el("input", length), "m") : null,
    ...DAYS.map((name) => field(`works.${name}`, name, makeDayInput(app))),
    el(
      "details",
      { class: "wide more", open: form.name !== "" || form.applicant !== "" },
      el("summary", { id: "works-for-letters" }, app.t("works.for_letters")),
      el(
        "div",
        { class: "fields" },
        field("works.name", "name", el("input", { maxlength: 200 })),
        field("works.applicant", "applicant", el("input", { maxlength: 200, autocomplete: "organization" })),
      ),
    ),
  );
}

interface FormView {
  app: App;
  form: WorksForm;
  onChange: () => void;
}

function makeField(
  { app, form, onChange }: FormView,
  label: string,
  name: keyof WorksForm,
  input: HTMLInputElement | HTMLSelectElement,
  unit: string,
): HTMLElement {
  const isOfDay = DAYS.some((each) => each === name);
  input.id = `works-${name}`;
  input.value = isOfDay ? writeDay(form[name]) : form[name];
  input.setAttribute("aria-invalid", String(findFault(form)?.field === name));
  // Kept at once: the form is built anew when another field was left a moment ago.
  input.addEventListener("input", () => (form[name] = isOfDay ? getDay(input as HTMLInputElement) : input.value));
  input.addEventListener("change", onChange);
  const box = isOfDay ? withCalendar(app, label, input) : el("span", { class: "with-unit" }, input, unit);
  return el("div", { class: "field" }, el("label", { for: input.id }, label), box);
}
