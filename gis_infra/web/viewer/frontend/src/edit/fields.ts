// The fields of a form on the page. While somebody types, only what is said of a field changes, never the field itself:
// an input that is built anew in the middle of a Vietnamese letter loses the letter.

import type { App } from "../app";
import { el } from "../dom";
import type { MessageKey } from "../messages";
import { makeDayInput, withCalendar } from "../panels/day_field";
import type { Draft } from "./draft";
import type { Field, Remark } from "./form";

/** Text longer than this has lines. */
const LONG_TEXT = 300;

export interface FieldsFrame {
  app: App;
  draft: Draft;
  /** What the server said of fields, by name, until the field is changed. */
  refused: Map<string, string>;
  onChange(): void;
}

/** The fields of a feature: those of its layer, then those that every layer has. */
export function renderFields(frame: FieldsFrame): HTMLElement {
  const { app, draft } = frame;
  const own = draft.fields.filter((field) => !field.universal);
  const general = draft.fields.filter((field) => field.universal);
  const form = el(
    "form",
    { class: "edit-form", autocomplete: "off", onsubmit: (event: Event) => event.preventDefault() },
    own.length > 0 && el("h3", {}, draft.form.title),
    el("div", { class: "fields" }, ...own.map((field) => renderField(frame, field))),
    el("h3", {}, app.t("identify.general")),
    el("div", { class: "fields" }, ...general.map((field) => renderField(frame, field))),
  );
  tellRemarks(frame, form);
  return form;
}

function renderField(frame: FieldsFrame, field: Field): HTMLElement {
  const input = makeInput(frame, field);
  input.id = `edit-${field.name}`;
  input.setAttribute("aria-describedby", `edit-${field.name}-note`);
  input.value = frame.draft.getTyped(field, frame.app.language);
  input.addEventListener("input", () => {
    frame.draft.typed.set(field.name, input.value);
    frame.refused.delete(field.name);
    tellRemarks(frame, input.closest("form") as HTMLElement);
    frame.onChange();
  });
  const mark = field.required ? el("span", { class: "required", "aria-hidden": true }, " *") : null;
  const unit = field.unit ? el("span", { class: "with-unit" }, input, field.unit) : input;
  return el(
    "div",
    { class: isWide(field) ? "field wide" : "field", title: field.description },
    el("label", { for: input.id }, field.title, mark),
    field.kind === "date" ? withCalendar(frame.app, field.title, input) : unit,
    el("p", { id: `edit-${field.name}-note`, class: "field-note", "data-field": field.name, hidden: true }),
  );
}

function isWide(field: Field): boolean {
  return field.kind === "text" && (field.maxLength === null || field.maxLength > 100);
}

function makeInput({ app }: FieldsFrame, field: Field): HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement {
  const required = { "aria-required": field.required ? "true" : null };
  if (field.kind === "code" || field.kind === "boolean") {
    return el("select", required, el("option", { value: "" }, "–"), ...listOptions(app, field));
  }
  if (field.kind === "date") {
    return makeDayInput(app, required);
  }
  if (field.kind === "timestamp") {
    return el("input", { type: "datetime-local", ...required });
  }
  if (field.kind === "text") {
    const long = field.maxLength === null || field.maxLength > LONG_TEXT;
    return long ? el("textarea", { rows: 2, ...required }) : el("input", { type: "text", ...required });
  }
  // Not an input of numbers: that takes a comma or a point by the browser's language, whatever the page is in.
  return el("input", { type: "text", inputmode: field.kind === "integer" ? "numeric" : "decimal", ...required });
}

function listOptions(app: App, field: Field): HTMLElement[] {
  const codes =
    field.kind === "boolean"
      ? (["true", "false"] as const).map((value) => ({ value, title: app.t(value === "true" ? "value.yes" : "value.no") }))
      : field.codes;
  return codes.map(({ value, title }) => el("option", { value }, title));
}

/** Says below each field what is wrong with it, or doubtful. */
export function tellRemarks({ app, draft, refused }: FieldsFrame, form: HTMLElement): void {
  const remarks = draft.findRemarks(app.language, getToday());
  for (const note of form.querySelectorAll<HTMLElement>("[data-field]")) {
    const name = note.dataset["field"] ?? "";
    const told = refused.get(name);
    const remark = told === undefined ? remarks.get(name) : undefined;
    note.textContent = told ?? (remark ? say(app, remark) : "");
    note.hidden = note.textContent === "";
    note.classList.toggle("bad", told !== undefined || remark?.severity === "error");
    const bad = told !== undefined || remark?.severity === "error";
    form.querySelector(`#edit-${name}`)?.setAttribute("aria-invalid", String(bad));
  }
}

function say(app: App, remark: Remark): string {
  return app.t(remark.key satisfies MessageKey, remark.values);
}

/** The day of the city's clock, which is that of the reader. */
export function getToday(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
