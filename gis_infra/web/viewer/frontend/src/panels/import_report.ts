// What became of an import, and the imports so far.

import { getAddress } from "../api";
import type { App } from "../app";
import { getLayerTitle } from "../config";
import { el } from "../dom";
import type { PastImport, Report } from "../imports/api";
import { note } from "./panel";

const SHOWN_COUNTS = 12;
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

/** jobId: of the job that did it, by which a trial is found too. onUndo: called with the number of an import. */
export function renderReport(app: App, report: Report, jobId: string | null, onUndo: (id: number) => void): HTMLElement[] {
  const clean = report.rejected === 0;
  const key = report.dry_run ? "imports.would" : "imports.did";
  const summary = app.t(key, {
    accepted: app.number(report.accepted),
    rows: app.number(report.rows),
    layer: getLayerTitle(app.config, report.layer),
    rejected: app.number(report.rejected),
  });
  const counts = Object.entries(report.counts).slice(0, SHOWN_COUNTS);
  const found = counts.map(([words, count]) => el("li", {}, `${app.number(count)} × ${words}`));
  const rows = report.problems.slice(0, SHOWN_ROWS).map(({ row, field, value, reason }) =>
    el("li", {}, app.t("imports.problem", { row, field, value, reason })),
  );
  return [
    el("h3", { id: "import-report" }, app.t(report.dry_run ? "imports.trial" : "imports.report")),
    note(summary, clean ? "good" : "bad"),
    renderCounts(app, report),
    found.length > 0 ? el("ul", { class: "samples" }, ...found) : el("span", {}),
    rows.length > 0 ? el("details", { class: "more" }, el("summary", {}, app.t("imports.problems")), el("ol", {}, ...rows)) : el("span", {}),
    renderLinks(app, report, jobId, onUndo),
  ];
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
  if (undone.done) {
    return [note(app.t("imports.undone", { removed, restored, back: brought_back, kept: in_the_way }), "good")];
  }
  const rows = later.map(({ words }) => el("li", {}, words));
  const rest = el("button", { type: "button", onclick: onRest }, app.t("imports.undo_rest"));
  return [
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
