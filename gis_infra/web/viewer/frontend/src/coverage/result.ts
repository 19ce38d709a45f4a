// What a run found for the city: its shares, the targets, more figures, and what it was computed by.

import type { App } from "../app";
import { el } from "../dom";
import { formatGrounds } from "../format";
import { drawShape } from "../marks";
import { localize, type MessageKey } from "../messages";
import { type Figures, getReportAddress, type Report, type Share, type Target } from "./api";
import { getUnserved } from "./figures";
import { ANSWER_MARKS } from "./marks";
import {
  listLines,
  nameShare,
  nameTarget,
  sayAmount,
  sayAsked,
  sayDistance,
  sayIndicator,
  sayPeople,
  sayReach,
  sayShare,
} from "./words";

const FILES = ["html", "xlsx", "csv", "gpkg"] as const;

/** The shares of the city; each is the button that shades the units by it. */
export function renderShares(app: App, report: Report, shares: Share[], chosen: Share, onChoose: (share: Share) => void): HTMLElement {
  const buttons = shares.map((share) =>
    el(
      "button",
      { id: `coverage-${share}`, type: "button", "aria-pressed": String(share === chosen), onclick: () => onChoose(share) },
      el("b", {}, sayShare(app, report.city[share])),
      el("span", {}, nameShare(app, share)),
      renderUnserved(app, report, share),
    ),
  );
  return el("div", { class: "figures", role: "group", "aria-label": app.t("coverage.measure") }, ...buttons);
}

/** How many are not reached, which a share alone does not tell. */
function renderUnserved(app: App, { city }: Report, share: Share): HTMLElement | null {
  const unserved = getUnserved(city, share);
  return unserved === null ? null : el("span", {}, app.t("coverage.lacking", { amount: sayAmount(app, share, unserved) }));
}

export interface AssumptionEvents {
  onCompare: () => void;
  onLatest: () => void;
}

/** What a run assumes, and what difference that makes to `before`; nothing for a run of the city as it is. */
export function renderAssumption(app: App, report: Report, before: Report | null, events: AssumptionEvents): HTMLElement | null {
  const lines = listLines(app, report.run.what_if);
  if (lines.length === 0) {
    return null;
  }
  const compare = el("button", { id: "coverage-compare", type: "button", onclick: events.onCompare }, app.t("coverage.compare_before"));
  const latest = el("button", { id: "coverage-latest", type: "button", onclick: events.onLatest }, app.t("coverage.to_latest"));
  return el(
    "section",
    { class: "assumption" },
    el("h3", {}, report.run.title ?? app.t("coverage.tab_what_if")),
    el("ul", {}, ...lines.map((line) => el("li", {}, line))),
    renderGain(app, report, before),
    el("div", { class: "buttons wrap" }, before ? compare : null, latest),
  );
}

function renderGain(app: App, { city }: Report, before: Report | null): HTMLElement | null {
  const served = before?.city.people_served ?? null;
  if (served === null || city.people_served === null) {
    return null;
  }
  const gain = city.people_served - served;
  return el("p", {}, el("b", {}, app.t("coverage.gain", { gain: `${gain > 0 ? "+" : ""}${sayPeople(app, gain)}` })));
}

/** By what the run was computed, in a line. */
export function renderGrounds(app: App, { run }: Report): HTMLElement {
  const parts = [
    localize(app.language, run.method_title),
    sayReach(app, run.distance),
    localize(app.language, run.demand_title),
    app.t("coverage.of_day", { day: app.date(run.day) }),
    app.t("coverage.run_on", { date: app.date(run.finished_at) }),
  ];
  return el("p", { class: "grounds" }, parts.filter(Boolean).join(" · "));
}

/** The targets and whether they are met; nothing where a service has none. */
export function renderTargets(app: App, figures: Figures): HTMLElement | null {
  if (figures.targets.length === 0) {
    return null;
  }
  const rows = figures.targets.map((target) => renderTarget(app, target, figures));
  return el("section", {}, el("h3", {}, app.t("coverage.targets")), el("ul", { class: "targets" }, ...rows));
}

function renderTarget(app: App, target: Target, { distance_unit }: Figures): HTMLElement {
  const answer = target.answer ?? "not_known";
  const found = sayIndicator(app, target.indicator, target.found, distance_unit);
  const asked = sayAsked(app, target, distance_unit);
  const grounds = formatGrounds(app.language, target.source, target.clause);
  return el(
    "li",
    { class: answer },
    el("span", { class: "badge" }, drawShape(ANSWER_MARKS[answer], answer), app.t(`coverage.${answer}`)),
    el("span", { class: "title" }, nameTarget(app, target)),
    el("span", { class: "aside" }, app.t("coverage.asked_found", { asked: asked || "–", found })),
    grounds ? el("span", { class: "aside" }, grounds, target.verified ? "" : ` (${app.t("coverage.unverified")})`) : null,
  );
}

const MORE: [MessageKey, (app: App, figures: Figures) => string | null][] = [
  ["coverage.people", (app, { people }) => (people === null ? null : sayPeople(app, people))],
  ["coverage.people_served", (app, { people_served }) => (people_served === null ? null : sayPeople(app, people_served))],
  ["coverage.people_unserved", (app, city) => (getUnserved(city, "people_share") === null ? null : sayPeople(app, getUnserved(city, "people_share")))],
  ["coverage.unassigned", (app, { unassigned }) => (unassigned ? sayPeople(app, unassigned) : null)],
  ["coverage.facilities", (app, { facilities }) => (facilities === null ? null : app.number(facilities))],
  ["coverage.people_per_facility", (app, each) => sayKnown(each.people_per_facility, (value) => sayPeople(app, value))],
  ["coverage.mean_radius", (app, each) => sayKnown(each.mean_radius_m, (value) => app.distance(value))],
  ["coverage.amount_per_person", (app, each) => sayKnown(each.amount_per_person, (value) => app.number(value, 2))],
  ["coverage.distance_mean", (app, each) => sayKnown(each.distance_mean, (value) => sayDistance(app, value, each.distance_unit))],
  ["coverage.distance_median", (app, each) => sayKnown(each.distance_median, (value) => sayDistance(app, value, each.distance_unit))],
  ["coverage.distance_p90", (app, each) => sayKnown(each.distance_p90, (value) => sayDistance(app, value, each.distance_unit))],
  ["coverage.distance_max", (app, each) => sayKnown(each.distance_max, (value) => sayDistance(app, value, each.distance_unit))],
];

function sayKnown(value: number | null, say: (value: number) => string): string | null {
  return value === null ? null : say(value);
}

/** Everything else that is told of the city. */
export function renderFigures(app: App, city: Figures): HTMLElement {
  return el("section", {}, el("h3", {}, app.t("coverage.figures")), renderMore(app, city));
}

/** Everything else that is told of the city or a unit, as a list. */
export function renderMore(app: App, figures: Figures): HTMLElement {
  const rows = MORE.map(([key, say]) => [key, say(app, figures)] as const)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => el("div", {}, el("dt", {}, app.t(key)), el("dd", {}, value)));
  return el("dl", {}, ...rows);
}

/** Method, sources, what else is to be known, and the state of the data. */
export function renderBasis(app: App, report: Report): HTMLElement {
  const { service, run } = report;
  const grounds = formatGrounds(app.language, service.source, service.clause);
  const told = run.told.map(({ title, value }) => [localize(app.language, title), typeof value === "number" ? app.number(value, 2) : value]);
  const data = run.data.map(({ title, rows }) => [localize(app.language, title), app.t("coverage.rows", { count: app.number(rows) })]);
  const list = (rows: string[][]): HTMLElement =>
    el("dl", {}, ...rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
  return el(
    "details",
    { class: "more" },
    el("summary", { id: "coverage-basis" }, app.t("coverage.basis")),
    grounds ? el("p", { class: "grounds" }, grounds) : null,
    service.verified ? null : el("p", { class: "unverified" }, app.t("coverage.unverified")),
    told.length > 0 ? list(told) : null,
    data.length > 0 ? el("h4", {}, app.t("coverage.data")) : null,
    list(data),
  );
}

/** The run as a page to print and as files. */
export function renderFiles(app: App, run: number): HTMLElement {
  const links = FILES.map((form) => {
    const where = form === "html" ? { target: "_blank", rel: "noopener" } : { download: true };
    const href = getReportAddress(run, form, app.language);
    return el("li", {}, el("a", { ...where, href }, app.t(form === "html" ? "register.report" : `register.${form}`)));
  });
  return el(
    "details",
    { class: "more files" },
    el("summary", { id: "coverage-files" }, app.t("register.take_away")),
    el("ul", {}, ...links),
  );
}
