// Why what was typed is not saved: what cannot be sent at all, and what the server found wrong, field by field.

import type { App } from "../app";
import { getReason } from "../panels/panel";
import { EditRefused, type Fault } from "./api";
import type { Draft } from "./draft";
import { explainFault, explainRefusal } from "./words";

export interface Refusal {
  text: string;
  /** What is told below a field, by its name. */
  byField: Map<string, string>;
}

/** What keeps a draft from being sent; null if nothing does. field: where to go for it. */
export function findHindrance(app: App, draft: Draft): { text: string; field: string | null } | null {
  if (draft.geometry === null && draft.id === null) {
    return { text: app.t("edit.fault_no_shape"), field: null };
  }
  const [fault] = [...draft.findRemarks(app.language, "9999-12-31")].filter(([, { severity }]) => severity === "error");
  return fault === undefined ? null : { text: app.t("edit.mend"), field: fault[0] };
}

/** What the server says against a draft: by field where it can, the rest in one text. */
export function readRefused(app: App, draft: Draft, error: unknown): Refusal {
  if (!(error instanceof EditRefused) || error.faults.length === 0) {
    return { text: explain(app, error), byField: new Map() };
  }
  const names = new Set(draft.fields.map(({ name }) => name));
  const apart = error.faults.filter(({ field }) => !names.has(field));
  const own = error.faults.filter(({ field }) => names.has(field));
  return {
    text: [app.t("edit.mend"), ...apart.map((fault) => tellFault(app, draft, fault))].join(" "),
    byField: new Map(own.map((fault) => [fault.field, explainFault(app.language, fault, draft.form.checks)])),
  };
}

/** A fault with the title of its field. */
export function tellFault(app: App, draft: Draft, fault: Fault): string {
  const title = draft.fields.find(({ name }) => name === fault.field)?.title ?? app.t("edit.shape");
  return `${title}: ${explainFault(app.language, fault, draft.form.checks)}`;
}

export function explain(app: App, error: unknown): string {
  return error instanceof EditRefused ? explainRefusal(app.language, error) : getReason(app, error);
}
