// What became of an import, and the imports so far.

import { getAddress } from "../api";
import type { App } from "../app";
import { getLayerTitle } from "../config";
import { el } from "../dom";
import type { LayerField, PastImport, ProblemKind, Report } from "../imports/api";
import type { Plan } from "../imports/plan";
import { makeSelect } from "./import_fields";
import { note } from "./panel";

const SHOWN_KINDS = 12;
const SHOWN_ROWS = 10;

/** What the process `undo-import` answers. */
export interface Undone {
  import: number;
  done: boolean;
  removed: number;
  restored: number;
  brought_back: number;
  in_the_way: number;
  later: { words: string }[];
}

/** What may be done about a report. */
export interface ReportEvents {
  /** The import of that number is to be undone. */
  onUndo: (id: number) => void;
  /** A value of a column means that code; "" takes it back. */
  onCode: (column: string, value: string, code: string) => void;
}

/** jobId: of the job that did it, by which a trial is found too. fields: of the layer it went into. */
export function renderReport(
  app: App,
  report: Report,
  jobId: string | null,
  plan: Plan,
  fields: readonly LayerField[],
  events: ReportEvents,
): HTMLElement[] {
  const clean = report.rejected === 0;
  const key = report.dry_run ? "imports.would" : "imports.did";
  const summary = app.t(key, {
    accepted: app.number(report.accepted),
    rows: app.number(report.rows),
    layer: getLayerTitle(app.config, report.layer),
    rejected: app.number(report.rejected),
  });
  const kinds = report.kinds.slice(0, SHOWN_KINDS).map((kind) => renderKind(app, kind, plan, fields, report, events));
  return [
    el("h3", { id: "import-report", tabindex: -1 }, app.t(report.dry_run ? "imports.trial" : "imports.report")),
    note(summary, clean ? "good" : "bad"),
    renderCounts(app, report),
    el("ul", { class: "samples import-kinds" }, ...kinds),
    ...renderRows(app, report, plan, fields),
    renderLinks(app, report, jobId, events.onUndo),
  ];
}

/** What many rows have in common, some of the values, and where codes are meant a way to say which. */
function renderKind(
  app: App,
  kind: ProblemKind,
  plan: Plan,
  fields: readonly LayerField[],
  report: Report,
  events: ReportEvents,
): HTMLElement {
  const field = findField(plan, fields, kind.field);
  const values = [...new Set(kind.examples.map(({ value }) => value).filter((each) => each !== ""))];
  const words = app.t("imports.kind", { rows: app.number(kind.rows), field: nameField(app, plan, fields, kind.field), reason: kind.reason });
  const isOpen = report.dry_run && kind.severity === "error" && (field?.codes.length ?? 0) > 0;
  const shown = isOpen
    ? values.map((value) => renderCode(app, plan, kind.field, value, field?.codes ?? [], events))
    : [values.length > 0 && el("small", {}, app.t("imports.such_as", { values: values.join(" · ") }))];
  return el("li", { class: kind.severity === "error" ? "bad" : "" }, words, ...shown);
}

function renderCode(
  app: App,
  plan: Plan,
  column: string,
  value: string,
  codes: LayerField["codes"],
  events: ReportEvents,
): HTMLElement {
  const options = [["", app.t("imports.no_code")], ...codes.map(({ code, title }) => [code, title])];
  const id = `import-code-${column}-${value}`.replace(/\s/g, "_");
  const chosen = plan.codes.get(column)?.get(value) ?? "";
  const select = makeSelect(id, options, chosen, (code) => events.onCode(column, value, code));
  return el("div", { class: "import-code" }, el("label", { for: id }, app.t("imports.value_means", { value })), select);
}

function findField(plan: Plan, fields: readonly LayerField[], column: string): LayerField | undefined {
  return fields.find(({ name }) => name === (plan.fields.get(column) ?? column));
}

/** A column by its name in the file and what it goes into; the shape by its name. */
function nameField(app: App, plan: Plan, fields: readonly LayerField[], column: string): string {
  const field = findField(plan, fields, column);
  return column === "geometry" ? app.t("imports.shape") : field === undefined ? column : `${column} → ${field.title}`;
}

function renderRows(app: App, report: Report, plan: Plan, fields: readonly LayerField[]): HTMLElement[] {
  const rows = report.problems.slice(0, SHOWN_ROWS).map(({ row, field, value, reason }) =>
    el("li", {}, app.t("imports.problem", { row, field: nameField(app, plan, fields, field), value, reason })),
  );
  const words = app.t("imports.problems");
  return rows.length === 0 ? [] : [el("details", { class: "more" }, el("summary", { id: "import-rows" }, words), el("ol", {}, ...rows))];
}

function renderCounts(app: App, report: Report): HTMLElement {
  const names = ["inserted", "updated", "unchanged", "skipped", "deleted", "rejected"] as const;
  const cells = names.map((name) =>
    el("div", {}, el("dt", {}, app.t(`imports.${name}`)), el("dd", {}, app.number(report[name]))),
  );
  return el("dl", { class: "tallies" }, ...cells);
}

function renderLinks(app: App, report: Report, jobId: string | null, onUndo: (id: number) => void): HTMLElement {
  const id = jobId ?? report.import;
  const link = (path: string, words: string): HTMLElement =>
    el("a", { href: getAddress(`imports/${id}/${path}`), target: "_blank", rel: "noopener" }, words);
  const number = report.import;
  return el(
    "div",
    { class: "buttons" },
    link(`report?lang=${app.language}`, app.t("imports.page")),
    report.rejected_file === null || report.dry_run ? null : link("rejected", app.t("imports.rejected_file")),
    number === null ? null : el("button", { type: "button", onclick: () => onUndo(number) }, app.t("imports.undo")),
  );
}

/** What was taken back, in numbers; or which later edits stood in the way, with a way past them. */
export function renderUndone(app: App, undone: Undone, onRest: () => void): HTMLElement[] {
  const { removed, restored, brought_back, in_the_way, later } = undone;
  const head = el("h3", { id: "import-undone", tabindex: -1 }, app.t("imports.undo"));
  if (undone.done) {
    return [head, note(app.t("imports.undone", { removed, restored, back: brought_back, kept: in_the_way }), "good")];
  }
  const rows = later.map(({ words }) => el("li", {}, words));
  const rest = el("button", { type: "button", onclick: onRest }, app.t("imports.undo_rest"));
  return [
    head,
    note(app.t("imports.in_the_way", { count: in_the_way }), "bad"),
    el("ul", { class: "samples" }, ...rows),
    el("div", { class: "buttons" }, rest),
  ];
}

/** The imports so far, each with its report and the way back. */
export function renderImports(app: App, past: PastImport[], onUndo: (id: number) => void): HTMLElement {
  const rows = past.map((each) => {
    const counts = app.t("imports.past_counts", {
      accepted: app.number(each.accepted ?? 0),
      rejected: app.number(each.rejected ?? 0),
    });
    const undo = el(
      "button",
      { type: "button", "aria-label": `${app.t("imports.undo")} ${each.id}`, onclick: () => onUndo(each.id) },
      app.t("imports.undo"),
    );
    return el(
      "li",
      {},
      el("a", { href: getAddress(`imports/${each.id}/report?lang=${app.language}`), target: "_blank", rel: "noopener" }, each.file),
      el("span", {}, `${getLayerTitle(app.config, each.layer)} · ${each.finished_at ? app.date(each.finished_at) : ""}`),
      el("span", {}, counts),
      each.undone_at === null ? undo : el("em", {}, app.t("imports.was_undone")),
    );
  });
  const list = rows.length > 0 ? el("ul", { class: "past" }, ...rows) : note(app.t("imports.none"));
  return el("section", {}, el("h3", {}, app.t("imports.past")), list);
}
