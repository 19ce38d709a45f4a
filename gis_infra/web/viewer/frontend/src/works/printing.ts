// Report, letters and files of a works check. The answer is a page of its own, so a form asks for it in a new tab.

import { getAddress, getToken, type Works } from "../api";
import type { App } from "../app";
import { el } from "../dom";
import type { MessageKey } from "../messages";

const FORMS = ["gpkg", "csv", "xlsx"] as const;

/** Buttons for everything that can be taken away of a check of `works`. */
export function renderTaking(app: App, works: Works): HTMLElement {
  const make = (key: MessageKey, file: "report" | "letters", form: string): HTMLElement =>
    el("button", { type: "button", onclick: () => openFile(app, works, file, form) }, app.t(key));
  return el(
    "details",
    { class: "more files" },
    el("summary", { id: "works-files" }, app.t("register.take_away")),
    el(
      "div",
      { class: "buttons wrap" },
      make("works.report", "report", "html"),
      // Letters are written in somebody's name.
      app.config.user === null ? null : make("works.letters", "letters", "html"),
      ...FORMS.map((form) => make(`register.${form}`, "report", form)),
    ),
  );
}

function openFile(app: App, works: Works, file: "report" | "letters", kind: string): void {
  const query = new URLSearchParams({ lang: app.language });
  if (file === "report") {
    query.set("f", kind);
  }
  if (typeof works === "number") {
    query.set("project", String(works));
  }
  const form = el("form", {
    method: "post",
    action: getAddress(`analysis/works-check/${file}?${query}`),
    target: "_blank",
    rel: "noopener",
    hidden: true,
  });
  form.append(hide("csrf_token", getToken()));
  if (typeof works !== "number") {
    form.append(hide("works", JSON.stringify(works)));
  }
  document.body.append(form);
  form.submit();
  form.remove();
}

function hide(name: string, value: string): HTMLElement {
  const input = el("input", { type: "hidden", name });
  input.value = value;
  return input;
}
