// What lies under the pointer, to be chosen from: the nearest first, each marked on the map while it is pointed at.

import type { App } from "../app";
import { type FindingGroup, getLayerTitle, listLayers } from "../config";
import { el } from "../dom";
import { type Asset, listAssets } from "../identify/ordering";
import { showOverlay } from "../map/overlays";

/** More are seldom looked through; who does can have them all. */
const MOST_SHOWN = 8;

/** An asset under the pointer. */
export interface Candidate extends Asset {
  label: string;
  geometry: GeoJSON.Geometry;
}

/** What was found, the nearest first. reach: how far from the pointer was looked, metres. */
export function listCandidates(app: App, groups: readonly FindingGroup[], reach: number): Candidate[] {
  const background = new Set(listLayers(app.config).filter((layer) => layer.background).map(({ id }) => id));
  return listAssets(groups, background, reach).map(({ layer, finding }) => {
    const { id, label, geometry } = finding;
    return { layer, id, label: label ?? `#${id}`, geometry };
  });
}

export function renderCandidates(app: App, candidates: readonly Candidate[], onChoose: (candidate: Candidate) => void): HTMLElement[] {
  const list = el("ul", { class: "candidates" }, ...candidates.slice(0, MOST_SHOWN).map((each) => renderCandidate(app, each, onChoose)));
  const rest = candidates.slice(MOST_SHOWN);
  const showRest = (): void => {
    const rows = rest.map((each) => renderCandidate(app, each, onChoose));
    list.append(...rows);
    more.remove();
    rows[0]?.querySelector("button")?.focus();
  };
  const more = el("button", { id: "edit-more", type: "button", onclick: showRest }, app.t("edit.more", { count: rest.length }));
  return [el("h3", {}, app.t("edit.which")), list, ...(rest.length > 0 ? [el("div", { class: "buttons" }, more)] : [])];
}

function renderCandidate(app: App, candidate: Candidate, onChoose: (candidate: Candidate) => void): HTMLElement {
  const { layer, id, label, geometry } = candidate;
  const mark = (): void => showOverlay(app.map, "highlight", [{ type: "Feature", properties: {}, geometry }]);
  const unmark = (): void => showOverlay(app.map, "highlight", []);
  const button = el("button", { id: `edit-${layer}-${id}`, type: "button", onclick: () => onChoose(candidate) }, el("b", {}, label), ` ${getLayerTitle(app.config, layer)}`);
  for (const [kind, react] of [["mouseenter", mark], ["focus", mark], ["mouseleave", unmark], ["blur", unmark]] as const) {
    button.addEventListener(kind, react);
  }
  return el("li", {}, button);
}
