// The runs of a service: the series as a curve, and each run to open, to compare with, or to take away.

import type { App } from "../app";
import { el } from "../dom";
import { localize } from "../messages";
import { note } from "../panels/panel";
import type { RunEntry, Service, Share } from "./api";
import { renderSeries } from "./chart";
import { findTarget } from "./figures";
import { listLines, nameRun, sayReach, sayShare } from "./words";

export interface RunsView {
  app: App;
  service: Service;
  runs: RunEntry[] | null;
  /** The run that is shown. */
  shown: number | null;
  share: Share;
  onOpen: (run: RunEntry) => void;
  onCompare: (run: RunEntry) => void;
}

export function renderRuns(view: RunsView): HTMLElement[] {
  const { app, runs, service, share } = view;
  if (runs === null) {
    return [note(app.t("coverage.busy"))];
  }
  if (runs.length === 0) {
    return [note(app.t("coverage.no_runs"))];
  }
  const series = runs.filter(({ official, city }) => official && city[share] !== null).reverse();
  const least = findTarget(service.targets, share)?.least ?? null;
  const chart = renderSeries(app, series, share, least);
  const rows = runs.map((run) => renderRun(view, run));
  return [...(chart ? [chart] : []), el("h3", {}, app.t("coverage.all_runs")), el("ol", { class: "runs" }, ...rows)];
}

function renderRun(view: RunsView, run: RunEntry): HTMLElement {
  const { app, shown, share, onOpen, onCompare } = view;
  const isShown = run.id === shown;
  const facts = [run.period_title && localize(app.language, run.period_title), localize(app.language, run.method_title), sayReach(app, run.distance), sayFinished(app, run)].filter(Boolean);
  return el(
    "li",
    { class: isShown ? "shown" : "" },
    el(
      "div",
      { class: "run-head" },
      el("button", { id: `coverage-run-${run.id}`, class: "link", type: "button", "aria-current": isShown ? "true" : null, onclick: () => onOpen(run) }, nameRun(app, run)),
      el("b", {}, sayShare(app, run.city[share])),
    ),
    el("p", { class: "aside" }, facts.join(" · ")),
    ...listLines(app, run.what_if).map((line) => el("p", { class: "aside" }, line)),
    isShown || shown === null
      ? el("p", { class: "aside" }, isShown ? app.t("coverage.is_shown") : "")
      : el("button", { id: `coverage-compare-${run.id}`, class: "plain", type: "button", onclick: () => onCompare(run) }, app.t("coverage.compare_with")),
  );
}

function sayFinished(app: App, run: RunEntry): string {
  return run.finished_at === null ? app.t("coverage.unfinished") : app.t("coverage.run_on", { date: app.date(run.finished_at) });
}
