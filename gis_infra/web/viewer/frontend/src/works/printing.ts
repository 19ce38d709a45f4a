// Report, letters and files of a works check. The answer is a page of its own, so a form asks for it in a new tab.

import { getAddress, getToken, type Works } from "../api";
import type { App } from "../app";
import { el } from "../dom";
import type { MessageKey } from "../messages";

const FORMS = ["gpkg", "csv", "xlsx"] as const;

/** The papers that a check of `works` is made for: letters to the owners, and the report. */
export function listPapers(app: App, works: Works): HTMLElement[] {
  // Letters are written in somebody's name.
  const letters = app.config.user === null ? [] : [makeButton(app, works, "works.letters", "letters", "html")];
  return [...letters, makeButton(app, works, "works.report", "report", "html")];
}

/** Buttons for the files that can be taken away besides. */
export function renderTaking(app: App, works: Works): HTMLElement {
  return el(
    "details",
    { class: "more files" },
    el("summary", { id: "works-files" }, app.t("works.files")),
    el(
      "div",
      { class: "buttons wrap" },
      ...FORMS.map((form) => makeButton(app, works, `register.${form}`, "report", form)),
    ),
  );
}

function makeButton(app: App, works: Works, key: MessageKey, file: "report" | "letters", form: string): HTMLElement {
  return el("button", { type: "button", onclick: () => openFile(app, works, file, form) }, app.t(key));
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
