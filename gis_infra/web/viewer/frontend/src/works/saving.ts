// Drawn works kept by the city as a works project, through the OGC API, which judges who may and what is allowed.

import { ask, getToken } from "../api";
import type { App } from "../app";
import { el } from "../dom";
import { getReason, note } from "../panels/panel";
import { toMetres, type WorksForm } from "./form";
import { askStrip } from "./strips";

export const PROJECTS = "works_project";
/** A line is kept as the trench it stands for: no narrower than a shovel. */
const LEAST_REACH_M = 0.25;
const CHOICES = ["works_sector", "phase", "permit_state"] as const;
/** What works are that nobody has begun. */
const USUAL: Record<string, string> = { phase: "design", permit_state: "not_applied" };

interface Field {
  title: string;
  oneOf?: { const: string; title: string }[];
}
type Fields = Record<string, Field>;

export interface Draft {
  shape: GeoJSON.Geometry;
  form: WorksForm;
}

export interface Kept {
  id: number;
  name: string;
  geometry: GeoJSON.Geometry;
}

/** Opens the form over the page; `onKept` is called when the city has the works. */
export async function openSaving(app: App, draft: Draft, onKept: (kept: Kept) => void): Promise<void> {
  const form = await ask<{ schema: { properties: Fields } }>(`viewer/form/${PROJECTS}?lang=${app.language}`);
  const fields = form.schema.properties;
  const name = el("input", { id: "project-name", required: true, maxlength: 200 });
  name.value = draft.form.name;
  const choices = CHOICES.flatMap((id) => (fields[id] ? [makeChoice(app, id, fields[id])] : []));
  const told = el("div", {});
  const save = el("button", { class: "main", type: "submit" }, app.t("works.save_now"));
  const dialog = el(
    "dialog",
    { class: "download", "aria-labelledby": "project-title" },
    el("h2", { id: "project-title" }, app.t("works.save_title")),
    el("p", {}, app.t(draft.shape.type === "LineString" ? "works.save_line" : "works.save_help")),
  );
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    save.disabled = true;
    try {
      const said = Object.fromEntries(choices.map(({ id, select }) => [id, select.value || null]));
      const kept = await keep(draft, { ...said, name: name.value.trim() });
      dialog.close();
      onKept(kept);
    } catch (error) {
      told.replaceChildren(note(getReason(app, error), "error"));
      save.disabled = false;
    }
  };
  const cancel = el("button", { type: "button", onclick: () => dialog.close() }, app.t("app.close"));
  dialog.append(
    el(
      "form",
      { onsubmit: (event: Event) => void send(event) },
      el("div", { class: "field" }, el("label", { for: name.id }, app.t("works.name")), name),
      ...choices.map(({ row }) => row),
      told,
      el("div", { class: "buttons" }, save, cancel),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function makeChoice(app: App, id: string, field: Field): { id: string; row: HTMLElement; select: HTMLSelectElement } {
  const options = (field.oneOf ?? []).map((each) =>
    el("option", { value: each.const, selected: each.const === USUAL[id] }, each.title),
  );
  const select = el("select", { id: `project-${id}` }, el("option", { value: "" }, app.t("works.not_said")), ...options);
  return { id, select, row: el("div", { class: "field" }, el("label", { for: select.id }, field.title), select) };
}

/** What the city keeps of the draft. Throws ApiError in the server's words. */
async function keep({ shape, form }: Draft, said: Record<string, string | null>): Promise<Kept> {
  const reach_m = Math.max(toMetres(form.buffer_m) ?? 0, LEAST_REACH_M);
  const strip = await askStrip(shape.type === "LineString" ? { geometry: shape, reach_m } : { geometry: shape });
  const properties = {
    ...said,
    status: "proposed",
    method: form.method,
    depth_m: toMetres(form.depth_m),
    starts_on: form.starts_on || null,
    ends_on: form.ends_on || null,
    applicant: form.applicant.trim() || null,
  };
  const headers = { "Content-Type": "application/geo+json", "X-CSRF-Token": getToken() };
  const body = JSON.stringify({ type: "Feature", geometry: strip.geometry, properties });
  const { id } = await ask<{ id: number }>(`ogc/collections/${PROJECTS}/items`, { method: "POST", headers, body });
  return { id, name: said["name"] ?? `#${id}`, geometry: strip.geometry };
}
