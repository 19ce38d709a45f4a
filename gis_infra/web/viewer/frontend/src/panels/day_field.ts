// A field for a day: typed as 25/12/2020, or chosen on the browser's calendar.

import type { App } from "../app";
import { readDay, writeDay } from "../days";
import { el } from "../dom";
import { icon } from "../icons";

type Properties = Parameters<typeof el>[1];

/** An input for a day. It is not one of dates: that puts day and month in the order of the browser's language, whatever the page is in. */
export function makeDayInput(app: App, properties: Properties = {}): HTMLInputElement {
  return el("input", { type: "text", placeholder: app.t("day.form"), autocomplete: "off", ...properties });
}

/** What stands in the input as a day, 2020-12-25; as it was typed where it is none. */
export function getDay(input: HTMLInputElement): string {
  return readDay(input.value) ?? input.value.trim();
}

/** The input with a button that opens the browser's calendar; what is chosen there is written into it. title: what the day is. */
export function withCalendar(app: App, title: string, input: HTMLElement & { value: string }): HTMLElement {
  const picker = el("input", { type: "date", class: "picker", tabindex: -1, "aria-hidden": "true" });
  picker.addEventListener("change", () => {
    input.value = writeDay(picker.value);
    input.dispatchEvent(new Event("input"));
    input.dispatchEvent(new Event("change"));
  });
  const open = (): void => {
    picker.value = readDay(input.value) ?? "";
    picker.showPicker();
  };
  const label = app.t("day.calendar", { field: title });
  const button = el("button", { class: "calendar", type: "button", "aria-label": label, title: label, onclick: open }, icon("calendar"));
  return el("span", { class: "with-unit" }, input, picker, button);
}
