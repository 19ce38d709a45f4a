// What was chosen on the map or in a list, told in full above everything else.

import type { App } from "../app";
import { el } from "../dom";
import { icon } from "../icons";
import { drawShape } from "../marks";
import type { Facility, Place, Report } from "./api";
import { describeGap, type GapFeature, type UnitFeature } from "./lists";
import { FACILITY_MARKS } from "./marks";
import { renderMore, renderTargets } from "./result";
import type { SiteFeature } from "./sites";
import { nameState, nameUnit, sayDistance, sayPeople, sayShare } from "./words";

export type FacilityFeature = Report["facilities"]["features"][number];
export type PlaceFeature = GeoJSON.Feature<GeoJSON.Point, Place>;

export type Selection =
  | { kind: "unit"; feature: UnitFeature }
  | { kind: "gap"; feature: GapFeature }
  | { kind: "facility"; feature: FacilityFeature }
  | { kind: "place"; feature: PlaceFeature }
  | { kind: "site"; feature: SiteFeature };

export interface CardView {
  app: App;
  report: Report;
  selection: Selection;
  isOut: (facility: Facility) => boolean;
  onClose: () => void;
  /** Counts a facility out, or in again; null where one may not compute. */
  onOut: ((facility: FacilityFeature) => void) | null;
}

export function renderCard(view: CardView): HTMLElement {
  const { app, onClose } = view;
  const words = app.t("coverage.card_close");
  return el(
    "section",
    { class: "coverage-card", "aria-labelledby": "coverage-card-title" },
    el(
      "header",
      {},
      el("h3", { id: "coverage-card-title" }, nameSelection(view)),
      el("button", { id: "coverage-card-close", class: "quiet", type: "button", title: words, "aria-label": words, onclick: onClose }, icon("close")),
    ),
    ...renderFacts(view),
  );
}

function nameSelection({ app, selection }: CardView): string {
  switch (selection.kind) {
    case "unit":
      return nameUnit(app, selection.feature.properties);
    case "gap":
      return app.t("coverage.gap", { rank: selection.feature.properties.rank });
    case "site":
      return app.t("coverage.site", { rank: selection.feature.properties.rank });
    case "facility":
      return nameFacility(app, selection.feature.properties);
    case "place":
      return app.t("coverage.place", { id: selection.feature.properties.id });
  }
}

/** Its name, else its code, else its number. */
export function nameFacility(app: App, { name, code, id, state }: Facility): string {
  return name ?? code ?? (id === null ? nameState(app, state) : app.t("coverage.facility", { id }));
}

function renderFacts(view: CardView): (HTMLElement | null)[] {
  const { app, selection } = view;
  switch (selection.kind) {
    case "unit":
      return [renderMore(app, selection.feature.properties), renderTargets(app, selection.feature.properties)];
    case "gap":
      return [el("p", {}, describeGap(app, selection.feature.properties)), renderUnitOf(view, selection.feature)];
    case "site":
      return [el("p", {}, app.t("coverage.site_gain", sayGain(app, selection.feature)))];
    case "facility":
      return renderFacility(view, selection.feature);
    case "place":
      return [renderPlace(view, selection.feature.properties)];
  }
}

function sayGain(app: App, { properties }: SiteFeature): { gain: string; cumulative: string } {
  return { gain: sayPeople(app, properties.gain), cumulative: sayPeople(app, properties.cumulative) };
}

function renderUnitOf({ app, report }: CardView, { properties }: GapFeature): HTMLElement | null {
  const unit = report.units.features.find((each) => each.properties.code === properties.unit)?.properties;
  return unit ? el("p", { class: "aside" }, nameUnit(app, unit)) : null;
}

function renderFacility(view: CardView, feature: FacilityFeature): (HTMLElement | null)[] {
  const { app, report, onOut } = view;
  const { state, people, places, reach, capacity, id } = feature.properties;
  const unit = report.run.distance?.unit ?? null;
  const facts: [string, string | null][] = [
    [app.t("coverage.facility_people"), people === null ? null : sayPeople(app, people)],
    [app.t("coverage.facility_places"), places === null ? null : app.number(places)],
    [app.t("coverage.facility_reach"), reach === null || unit === null ? null : sayDistance(app, reach, unit)],
    [app.t("coverage.facility_capacity"), capacity === null ? null : sayPeople(app, capacity)],
  ];
  const isOut = view.isOut(feature.properties);
  const press = onOut && id !== null && state !== "drawn" ? (): void => onOut(feature) : null;
  return [
    el("p", { class: "badge" }, drawShape(FACILITY_MARKS[state], state), nameState(app, state)),
    renderTable(facts),
    press && el("button", { id: "coverage-out", class: "plain", type: "button", onclick: press }, icon(isOut ? "plus" : "minus"), app.t(isOut ? "coverage.count_in" : "coverage.count_out")),
  ];
}

function renderPlace({ app, report }: CardView, { people, distance, served }: Place): HTMLElement {
  const unit = report.run.distance?.unit ?? "m";
  return renderTable([
    [app.t("coverage.people"), sayPeople(app, people)],
    [app.t("coverage.distance"), distance === null ? app.t("coverage.not_reached") : sayDistance(app, distance, unit)],
    [app.t("coverage.served"), sayShare(app, served)],
  ]);
}

function renderTable(rows: [string, string | null][]): HTMLElement {
  const told = rows.filter(([, value]) => value !== null);
  return el("dl", {}, ...told.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}
