// The legend of coverage: what each colour and mark says, how many there are of it, and the switch that shows it.

import type { App } from "../app";
import { el } from "../dom";
import { formatShare } from "../format";
import { GAP, REACH, SITE } from "../map/coverage";
import { drawShape } from "../marks";
import type { MessageKey } from "../messages";
import { swatch } from "../panels/legend";
import type { Comparison, FacilityState, Report, Share } from "./api";
import {
  CHANGE_COLORS,
  CHANGE_STEPS,
  countAnswers,
  countClasses,
  findTarget,
  getStep,
  NO_DATA,
  SHARE_COLORS,
  SHARE_STEPS,
} from "./figures";
import { FACILITY_MARKS } from "./marks";
import { nameShare, nameState, sayAsked } from "./words";

const EDGE = "#3c444d";

/** What can be shown and hidden. */
export const SHOWABLE = ["reach", "gaps", "facilities", "places"] as const;
export type Showable = (typeof SHOWABLE)[number];

export interface LegendView {
  app: App;
  report: Report;
  share: Share;
  hidden: ReadonlySet<Showable>;
  /** What is to be said of the places: they are drawn from near only. */
  places: { words: string; colors: PlaceClass[] } | null;
  onToggle: (what: Showable) => void;
}

export interface PlaceClass {
  color: string;
  label: string;
  isServed: boolean;
}

export function renderLegend(view: LegendView): HTMLElement {
  const { app, report, share } = view;
  const values = report.units.features.filter(({ geometry }) => geometry !== null).map(({ properties }) => properties[share]);
  return el(
    "section",
    { class: "legend" },
    el("h3", {}, app.t("coverage.legend", { measure: nameShare(app, share) })),
    renderScale(app, labelShares(app), SHARE_COLORS, countClasses(values, SHARE_STEPS)),
    renderTargetLine(view),
    el("ul", { class: "switches" }, ...listSwitches(view)),
  );
}

/** The legend of a comparison. */
export function renderChangeLegend(app: App, comparison: Comparison): HTMLElement {
  const steps = comparison.units.features.map(({ properties }) => getStep(properties));
  const labels = (["much_less", "less", "same", "more", "much_more"] as const).map((each) => app.t(`coverage.change_${each}`));
  return el(
    "section",
    { class: "legend" },
    el("h3", {}, app.t("coverage.change_legend")),
    renderScale(app, labels, CHANGE_COLORS, countClasses(steps, CHANGE_STEPS)),
  );
}

function labelShares(app: App): string[] {
  const percent = (share: number): string => formatShare(app.language, share);
  const bounds = [0, ...SHARE_STEPS];
  return SHARE_COLORS.map((_, index) => {
    const [from = 0, to] = bounds.slice(index, index + 2);
    if (to === undefined) {
      return percent(from);
    }
    return index === 0 ? app.t("coverage.below", { value: percent(to) }) : app.t("coverage.from_to", { from: percent(from), to: percent(to) });
  });
}

function renderScale(app: App, labels: string[], colors: readonly string[], counts: number[]): HTMLElement {
  const rows = labels.map((label, index) => renderClass(app, label, colors[index] ?? NO_DATA, counts[index] ?? 0));
  const unknown = counts[labels.length] ?? 0;
  return el(
    "ul",
    { class: "scale" },
    ...rows,
    unknown > 0 ? renderClass(app, app.t("coverage.no_data"), NO_DATA, unknown) : null,
  );
}

function renderClass(app: App, label: string, color: string, count: number): HTMLElement {
  return el(
    "li",
    {},
    swatch({ label, kind: "fill", color, outline: EDGE }),
    el("span", {}, label),
    el("span", { class: "aside" }, app.t("coverage.units_count", { count: app.number(count) })),
  );
}

/** How many units meet the target of what is shaded. */
function renderTargetLine({ app, report, share }: LegendView): HTMLElement | null {
  const target = findTarget(report.city.targets, share) ?? findTarget(report.units.features[0]?.properties.targets ?? [], share);
  if (target === null) {
    return null;
  }
  const { met, missed, not_known } = countAnswers(report, share);
  const asked = sayAsked(app, target, report.city.distance_unit);
  return el("p", { class: "aside" }, app.t("coverage.units_against", { asked, met, missed, not_known }));
}

function listSwitches(view: LegendView): HTMLElement[] {
  const { app, report, places } = view;
  const pictures: Partial<Record<Showable, SVGElement>> = {
    reach: swatch({ label: "", kind: "fill", color: `${REACH}22`, outline: REACH }),
    gaps: swatch({ label: "", kind: "line", color: GAP, width: 2, dash: [2, 1] }),
    facilities: drawShape(FACILITY_MARKS.kept, "kept"),
  };
  const rows: (HTMLElement | null)[] = [
    report.reach && makeSwitch(view, "reach", "coverage.reach", pictures.reach),
    report.gaps.features.length > 0 ? makeSwitch(view, "gaps", "coverage.gaps_shown", pictures.gaps) : null,
    report.facilities.features.length > 0 ? makeSwitch(view, "facilities", "coverage.facilities_shown", pictures.facilities) : null,
    ...listStates(report).map((state) => el("li", { class: "under" }, drawShape(FACILITY_MARKS[state], state), nameState(app, state))),
    report.sites.features.length > 0 ? el("li", {}, swatch({ label: "", kind: "point", color: SITE }), app.t("coverage.sites_shown")) : null,
    places && makeSwitch(view, "places", "coverage.places_shown"),
    places && !view.hidden.has("places") ? el("li", { class: "under" }, el("span", { class: "aside" }, places.words)) : null,
    ...(places && !view.hidden.has("places") ? places.colors : []).map(({ color, label, isServed }) =>
      el("li", { class: "under" }, swatch({ label, kind: "point", color: isServed ? color : "none", outline: isServed ? "#ffffff" : color }), label),
    ),
  ];
  return rows.filter((row) => row !== null);
}

/** The states of facilities that are to be told apart; all being kept says nothing. */
function listStates({ facilities }: Report): FacilityState[] {
  const states = new Set(facilities.features.map(({ properties }) => properties.state));
  return (["kept", "drawn", "planned", "out"] as const).filter((state) => states.size > 1 && states.has(state));
}

function makeSwitch({ app, hidden, onToggle }: LegendView, what: Showable, key: MessageKey, picture?: SVGElement): HTMLElement {
  const input = el("input", { id: `coverage-show-${what}`, type: "checkbox", onchange: () => onToggle(what) });
  input.checked = !hidden.has(what);
  return el("li", {}, input, el("label", { for: input.id }, picture, app.t(key)));
}
