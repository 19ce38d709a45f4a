// Where next: how many sites to look for and among which, and the sites found, best first.

import type { App } from "../app";
import { el } from "../dom";
import type { MessageKey } from "../messages";
import { note } from "../panels/panel";
import { letWalk } from "../walking";
import type { Report } from "./api";
import { makeField } from "./form";
import { makeLayerSelect } from "./layers";
import { findSitesFault, MOST_SITES, type SitesForm, SPACING_M } from "./order";
import { type Hand, makeTool } from "./what_if";
import { sayPeople, sayShare } from "./words";

export type SiteFeature = Report["sites"]["features"][number];
type Found = Report["sites"];

export interface SitesView {
  app: App;
  form: SitesForm;
  hasStreets: boolean;
  hand: Hand | null;
  onHand: (hand: Hand) => void;
  onChange: () => void;
}

const FROM: Record<SitesForm["from"], MessageKey> = {
  nodes: "coverage.from_nodes",
  grid: "coverage.from_grid",
  given: "coverage.from_given",
  layer: "coverage.from_layer",
};

export function renderSitesForm(view: SitesView): HTMLElement[] {
  const { app, form } = view;
  const kinds = (["nodes", "grid", "layer", "given"] as const).filter((each) => each !== "nodes" || view.hasStreets);
  const options = kinds.map((each) => el("option", { value: each, selected: each === form.from }, app.t(FROM[each])));
  const choose = (): void => {
    form.from = select.value as SitesForm["from"];
    view.onChange();
  };
  const select = el("select", { id: "coverage-from", onchange: choose }, ...options);
  const fault = findSitesFault(form);
  return [
    el("p", { class: "note" }, app.t("coverage.sites_hint")),
    el(
      "form",
      { class: "fields", onsubmit: (event: Event) => event.preventDefault() },
      makeNumber(view, "n", "coverage.sites_n", 3),
      makeField(app.t("coverage.sites_from"), select),
      form.from === "grid" ? makeNumber(view, "spacing", "coverage.sites_spacing", 6) : null,
    ),
    ...(form.from === "layer" ? [renderLayer(view)] : []),
    ...(form.from === "given" ? renderPoints(view) : []),
    ...(fault === "n" ? [note(app.t("coverage.fault_n", { most: MOST_SITES }), "bad")] : []),
    ...(fault === "spacing" ? [note(app.t("coverage.fault_spacing", { ...SPACING_M }), "bad")] : []),
  ];
}

function makeNumber(view: SitesView, name: "n" | "spacing", key: MessageKey, maxlength: number): HTMLElement {
  const input = el("input", { id: `coverage-sites-${name}`, inputmode: "numeric", maxlength, autocomplete: "off" });
  input.value = view.form[name];
  input.addEventListener("input", () => (view.form[name] = input.value));
  input.addEventListener("change", () => view.onChange());
  return makeField(view.app.t(key), input);
}

/** The layer whose features are the candidates. */
function renderLayer({ app, form, onChange }: SitesView): HTMLElement {
  const choose = (layer: string): void => {
    form.layer = layer;
    onChange();
  };
  const select = makeLayerSelect(app, "coverage-sites-layer", app.t("coverage.no_layer"), form.layer, choose);
  return makeField(app.t("coverage.sites_layer"), select);
}

/** The points among which to choose, set by clicks on the map. */
function renderPoints(view: SitesView): HTMLElement[] {
  const { app, form, hand } = view;
  const clear = (): void => {
    form.points = [];
    view.onChange();
  };
  const count = app.number(form.points.length);
  return [
    el(
      "div",
      { class: "buttons" },
      makeTool(view, "candidate", "coverage.candidates_set", "plus"),
      el("button", { id: "coverage-no-candidates", type: "button", disabled: form.points.length === 0, onclick: clear }, app.t("works.clear")),
    ),
    note(hand === "candidate" ? app.t("coverage.hand_candidate") : app.t("coverage.candidates_count", { count })),
  ];
}

export interface FoundView {
  app: App;
  sites: Found;
  selected: SiteFeature | null;
  onOpen: (site: SiteFeature) => void;
  /** Takes a site into what is assumed; null where one may not compute. */
  onTake: ((site: SiteFeature) => void) | null;
}

/** The sites found, with the gain of each, and how good the choice is at least. */
export function renderSites({ app, sites, selected, onOpen, onTake }: FoundView): HTMLElement {
  const rows = sites.features.map((site) => {
    const { rank, gain, cumulative } = site.properties;
    const words = app.t("coverage.site", { rank });
    const row = el(
      "button",
      { id: `coverage-site-${rank}`, class: "row-button", type: "button", "data-row": true, "aria-pressed": String(site === selected), onclick: () => onOpen(site) },
      el("span", { class: "name" }, el("b", { class: "rank", "aria-hidden": "true" }, String(rank)), words),
      el("span", { class: "aside" }, app.t("coverage.site_gain", { gain: sayPeople(app, gain), cumulative: sayPeople(app, cumulative) })),
    );
    const take = onTake && el("button", { class: "plain", type: "button", onclick: () => onTake(site) }, app.t("coverage.site_take"));
    return el("li", {}, row, site === selected ? take : null);
  });
  const list = el("ol", { class: "sites", "aria-label": app.t("coverage.sites_found") }, ...rows);
  letWalk(list, selected ? sites.features.indexOf(selected) : 0, (index) => sites.features[index] && onOpen(sites.features[index]));
  return el("section", {}, el("h3", {}, app.t("coverage.sites_found")), list, renderBound(app, sites));
}

function renderBound(app: App, { share_of_bound, guaranteed_share = 1 - 1 / Math.E, limited = false }: Found): HTMLElement {
  const least = sayShare(app, guaranteed_share);
  const words = typeof share_of_bound === "number"
    ? app.t("coverage.bound_computed", { least, share: sayShare(app, share_of_bound) })
    : app.t("coverage.bound", { least });
  return el("p", { class: "aside" }, limited ? `${app.t("coverage.limited_sites")} ${words}` : words);
}
