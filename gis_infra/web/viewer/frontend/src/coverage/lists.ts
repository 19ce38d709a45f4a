// The lists of a run: units least served first, and gaps with most people first; each row shows its place on the map.

import type { App } from "../app";
import { el } from "../dom";
import { formatArea } from "../format";
import { drawShape } from "../marks";
import { letWalk } from "../walking";
import type { Gap, Report, Share, Target } from "./api";
import { findTarget, getUnserved, orderUnits } from "./figures";
import { ANSWER_MARKS } from "./marks";
import { nameUnit, sayAmount, sayPeople, sayShare } from "./words";

/** Something of a run that is on the map. */
export type UnitFeature = Report["units"]["features"][number];
export type GapFeature = Report["gaps"]["features"][number];

export function renderUnits(app: App, report: Report, share: Share, onOpen: (unit: UnitFeature) => void): HTMLElement {
  const heads = (["coverage.unit", "coverage.share", "coverage.unserved"] as const).map((key) =>
    el("th", { scope: "col" }, app.t(key)),
  );
  const rows = orderUnits(report, share).map((unit, index) => renderUnit(app, unit, share, index, onOpen));
  return el(
    "section",
    {},
    el("h3", {}, app.t("coverage.units")),
    el("table", { class: "units" }, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)),
  );
}

function renderUnit(app: App, unit: UnitFeature, share: Share, index: number, onOpen: (unit: UnitFeature) => void): HTMLElement {
  const { properties } = unit;
  const name = el(
    "button",
    { id: `coverage-unit-${index}`, class: "link", type: "button", onclick: () => onOpen(unit) },
    nameUnit(app, properties),
  );
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, name),
    el("td", {}, markTarget(app, findTarget(properties.targets, share)), sayShare(app, properties[share])),
    el("td", {}, sayAmount(app, share, getUnserved(properties, share))),
  );
}

function markTarget(app: App, target: Target | null): HTMLElement | null {
  if (!target?.answer) {
    return null;
  }
  const words = app.t(`coverage.${target.answer}`);
  return el("span", { class: "of-target", title: words }, drawShape(ANSWER_MARKS[target.answer], target.answer), el("span", { class: "visually-hidden" }, words));
}

export interface GapsView {
  app: App;
  report: Report;
  selected: GapFeature | null;
  /** How many are listed. */
  listed: number;
  onOpen: (gap: GapFeature) => void;
  onMore: () => void;
}

/** The gaps, worst first; arrows walk through them, and the map goes with them. */
export function renderGaps({ app, report, selected, listed, onOpen, onMore }: GapsView): HTMLElement | null {
  const { features, numberMatched } = report.gaps;
  if (features.length === 0) {
    return null;
  }
  const shown = features.slice(0, Math.max(listed, selected ? features.indexOf(selected) + 1 : 0));
  const rows = shown.map((gap) => el("li", {}, makeRow(app, gap, gap === selected, () => onOpen(gap))));
  const list = el("ol", { class: "gaps", "aria-label": app.t("coverage.gaps") }, ...rows);
  letWalk(list, selected ? shown.indexOf(selected) : 0, (index) => shown[index] && onOpen(shown[index]));
  const count = app.number(numberMatched ?? features.length);
  const more = el("button", { id: "coverage-more-gaps", class: "plain", type: "button", onclick: onMore }, app.t("coverage.more_gaps"));
  return el(
    "section",
    {},
    el("h3", {}, app.t("coverage.gaps_count", { count })),
    list,
    shown.length < features.length ? more : null,
  );
}

function makeRow(app: App, { properties }: GapFeature, isSelected: boolean, onOpen: () => void): HTMLElement {
  return el(
    "button",
    {
      id: `coverage-gap-${properties.rank}`,
      class: "row-button",
      type: "button",
      "data-row": true,
      "aria-pressed": String(isSelected),
      onclick: onOpen,
    },
    el("span", { class: "name" }, app.t("coverage.gap", { rank: properties.rank })),
    el("span", { class: "aside" }, describeGap(app, properties)),
  );
}

/** People, places and size of a gap, what is known of them. */
export function describeGap(app: App, { people, places, area_m2 }: Gap): string {
  const facts = [
    people === null ? null : app.t("coverage.gap_people", { count: sayPeople(app, people) }),
    places === null ? null : app.t("coverage.gap_places", { count: app.number(places) }),
    formatArea(app.language, area_m2),
  ];
  return facts.filter((fact) => fact !== null).join(" · ");
}
