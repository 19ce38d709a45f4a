// Two runs held against each other: what changed in the city and in each unit, by what, and why.

import type { App } from "../app";
import { el } from "../dom";
import { formatNumber } from "../format";
import type { MessageKey } from "../messages";
import type { Change, Comparison } from "./api";
import { getStep } from "./figures";
import { renderChangeLegend } from "./legend";
import { listLines, nameRun, nameUnit, sayPeople, sayShare } from "./words";

export type ChangeFeature = Comparison["units"]["features"][number];

export interface ComparisonView {
  app: App;
  comparison: Comparison;
  onOpen: (unit: ChangeFeature) => void;
  onBack: () => void;
  /** Compares the other way round. */
  onSwap: () => void;
}

export function renderComparison(view: ComparisonView): HTMLElement[] {
  const { app, comparison, onBack, onSwap } = view;
  const { before, after, city } = comparison;
  return [
    el(
      "div",
      { class: "buttons" },
      el("button", { id: "coverage-back", type: "button", onclick: onBack }, app.t("coverage.back")),
      el("button", { id: "coverage-swap", type: "button", onclick: onSwap }, app.t("coverage.swap")),
    ),
    el(
      "dl",
      {},
      el("div", {}, el("dt", {}, app.t("coverage.before")), el("dd", {}, nameRun(app, before))),
      el("div", {}, el("dt", {}, app.t("coverage.after")), el("dd", {}, nameRun(app, after))),
    ),
    renderCity(app, city),
    renderParts(app, city),
    renderReasons(app, comparison),
    renderChangeLegend(app, comparison),
    renderUnits(view),
  ];
}

function renderCity(app: App, city: Change): HTMLElement {
  const share = app.t("coverage.before_after", { before: sayShare(app, city.share_before), after: sayShare(app, city.share_after) });
  return el("p", { class: "headline" }, el("b", {}, share), " ", el("span", {}, sayChange(app, city)));
}

/** The difference in percentage points, with its sign. */
export function sayChange(app: App, change: Change): string {
  const step = getStep(change);
  if (step === null) {
    return app.t(change.state === "new" ? "coverage.unit_new" : change.state === "gone" ? "coverage.unit_gone" : "coverage.no_data");
  }
  const points = `${step > 0 ? "+" : ""}${formatNumber(app.language, step * 100, 1)}`;
  return app.t("coverage.points", { points });
}

const PARTS: [keyof Change & ("came" | "went" | "changed" | "newly" | "no_longer"), MessageKey][] = [
  ["newly", "coverage.newly"],
  ["no_longer", "coverage.no_longer"],
  ["came", "coverage.came"],
  ["went", "coverage.went"],
  ["changed", "coverage.changed"],
];

/** What the difference in people served is made of. */
function renderParts(app: App, city: Change): HTMLElement {
  const rows = PARTS.filter(([name]) => city[name] !== 0).map(([name, key]) =>
    el("div", {}, el("dt", {}, app.t(key)), el("dd", {}, `${city[name] > 0 ? "+" : ""}${sayPeople(app, city[name])}`)),
  );
  const served = app.t("coverage.before_after", { before: sayPeople(app, city.served_before), after: sayPeople(app, city.served_after) });
  return el(
    "section",
    {},
    el("h3", {}, app.t("coverage.what_changed")),
    el("dl", {}, el("div", {}, el("dt", {}, app.t("coverage.people_served")), el("dd", {}, served)), ...rows),
  );
}

function renderReasons(app: App, { reasons }: Comparison): HTMLElement {
  const lines = listLines(app, reasons);
  const rows = lines.length > 0 ? lines : [app.t("coverage.no_reason")];
  return el("section", {}, el("h3", {}, app.t("coverage.why")), el("ul", { class: "reasons" }, ...rows.map((line) => el("li", {}, line))));
}

function renderUnits({ app, comparison, onOpen }: ComparisonView): HTMLElement {
  const heads = (["coverage.unit", "coverage.before", "coverage.after", "coverage.difference"] as const).map((key) =>
    el("th", { scope: "col" }, app.t(key)),
  );
  const size = ({ properties }: ChangeFeature): number => Math.abs(getStep(properties) ?? 2);
  const rows = [...comparison.units.features]
    .sort((a, b) => size(b) - size(a))
    .map((unit) => {
      const { properties } = unit;
      return el(
        "tr",
        {},
        el("th", { scope: "row" }, el("button", { class: "link", type: "button", onclick: () => onOpen(unit) }, nameUnit(app, properties))),
        el("td", {}, sayShare(app, properties.share_before)),
        el("td", {}, sayShare(app, properties.share_after)),
        el("td", {}, sayChange(app, properties)),
      );
    });
  return el(
    "section",
    {},
    el("h3", {}, app.t("coverage.units")),
    el("table", { class: "units" }, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)),
  );
}
