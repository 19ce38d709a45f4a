// The part of the panel that assumes: drop a facility, take one out, close a street, and compute again.

import type { App } from "../app";
import { getLayerTitle } from "../config";
import { el } from "../dom";
import { icon, type IconName } from "../icons";
import { drawShape } from "../marks";
import type { MessageKey } from "../messages";
import { note } from "../panels/panel";
import type { Service, Unit } from "./api";
import { type Chosen, type Draft, type Drawn, isOff } from "./draft";
import { makeField } from "./form";
import { makeLayerSelect } from "./layers";
import { FACILITY_MARKS } from "./marks";
import { hasDistance, type OrderForm } from "./order";

/** The server takes no more at once. */
const MOST_LAYERS = 10;

/** What a click on the map, or a shape drawn on it, means. */
export const HANDS = ["add", "out", "close", "closing", "candidate"] as const;
export type Hand = (typeof HANDS)[number];

export interface WhatIfView {
  app: App;
  service: Service;
  form: OrderForm;
  draft: Draft;
  hand: Hand | null;
  /** Takes up a hand, or puts it down. */
  onHand: (hand: Hand) => void;
  /** Called when the draft was changed. */
  onChange: () => void;
}

/** Tools and what is assumed so far. */
export function renderWhatIf(view: WhatIfView): HTMLElement[] {
  const { app, service, form, draft, hand } = view;
  const alongStreets = service.methods.includes("streets");
  const closes = draft.closed.length > 0 || draft.closing !== null;
  return [
    el("p", { class: "note" }, app.t("coverage.what_if_hint")),
    el(
      "div",
      { class: "buttons wrap", role: "group", "aria-label": app.t("coverage.what_if") },
      makeTool(view, "add", "coverage.add", "plus"),
      makeTool(view, "out", "coverage.out", "minus"),
      alongStreets ? makeTool(view, "close", "coverage.close_street", "close") : null,
      alongStreets ? makeTool(view, "closing", "coverage.closing", "line") : null,
    ),
    ...(hand === null ? [] : [note(app.t(`coverage.hand_${hand}`))]),
    renderPlanned(view),
    renderLayers(view),
    ...renderAssumed(view),
    ...(closes && form.method !== "streets" ? [note(app.t("coverage.closes_nothing"), "bad")] : []),
  ];
}

export function makeTool({ app, hand, onHand }: Pick<WhatIfView, "app" | "hand" | "onHand">, which: Hand, key: MessageKey, name: IconName): HTMLElement {
  return el(
    "button",
    { id: `coverage-hand-${which}`, type: "button", "aria-pressed": String(hand === which), onclick: () => onHand(which) },
    icon(name),
    app.t(key),
  );
}

function renderPlanned({ app, draft, onChange }: WhatIfView): HTMLElement {
  const input = el("input", { id: "coverage-planned", type: "checkbox" });
  input.checked = draft.planned;
  input.addEventListener("change", () => {
    draft.planned = input.checked;
    onChange();
  });
  return el("div", { class: "field check" }, input, el("label", { for: input.id }, app.t("coverage.planned")));
}

/** A layer of what is planned, counted in as if it stood. */
function renderLayers({ app, draft, onChange }: WhatIfView): HTMLElement {
  const choose = (layer: string): void => {
    draft.layers = draft.layers.includes(layer) || layer === "" ? draft.layers : [...draft.layers, layer].slice(0, MOST_LAYERS);
    onChange();
  };
  return makeField(app.t("coverage.add_layer"), makeLayerSelect(app, "coverage-add-layer", app.t("coverage.no_layer"), "", choose));
}

function renderLayer(view: WhatIfView, layer: string): HTMLElement {
  const { app, draft } = view;
  const words = app.t("coverage.is_added", { layer: getLayerTitle(app.config, layer) });
  const remove = (): void => {
    draft.layers = draft.layers.filter((each) => each !== layer);
  };
  return el("li", {}, el("div", { class: "assumed-row" }, icon("layers"), el("span", { class: "name" }, words), makeRemove(view, words, remove)));
}

function renderAssumed(view: WhatIfView): HTMLElement[] {
  const { app, draft } = view;
  const rows = [
    ...draft.drawn.map((drawn, index) => renderDrawn(view, drawn, index)),
    ...draft.layers.map((each) => renderLayer(view, each)),
    ...draft.without.map((each) => renderChosen(view, each, "without")),
    ...draft.closed.map((each) => renderChosen(view, each, "closed")),
    ...(draft.closing === null ? [] : [renderClosing(view)]),
  ];
  return rows.length === 0 ? [] : [el("h3", {}, app.t("coverage.assumed")), el("ul", { class: "assumed" }, ...rows)];
}

function renderDrawn(view: WhatIfView, drawn: Drawn, index: number): HTMLElement {
  const { app, service, form, draft } = view;
  const number = app.number(index + 1);
  const unit: Unit = service.distance?.unit ?? "m";
  const type = (name: "reach" | "capacity", key: MessageKey, words: string): HTMLElement => {
    const input = el("input", { id: `coverage-${name}-${index}`, inputmode: "decimal", maxlength: 12, autocomplete: "off" });
    input.value = drawn[name];
    input.addEventListener("input", () => (drawn[name] = input.value));
    input.addEventListener("change", () => view.onChange());
    return el("div", { class: "field" }, el("label", { for: input.id }, app.t(key, { unit: words })), input);
  };
  return el(
    "li",
    {},
    el(
      "div",
      { class: "assumed-row" },
      drawShape(FACILITY_MARKS.drawn, "drawn"),
      el("span", { class: "name" }, app.t("coverage.drawn_number", { number })),
      makeRemove(view, app.t("coverage.drawn_number", { number }), () => (draft.drawn = draft.drawn.filter((each) => each !== drawn))),
    ),
    el(
      "div",
      { class: "fields" },
      hasDistance(service, form.method) ? type("reach", "coverage.drawn_reach", app.t(`coverage.unit_${unit}`)) : null,
      type("capacity", "coverage.drawn_capacity", ""),
    ),
    isOff(drawn) ? note(app.t("coverage.fault_drawn"), "bad") : null,
  );
}

function renderChosen(view: WhatIfView, chosen: Chosen, kind: "without" | "closed"): HTMLElement {
  const { app, draft } = view;
  const words = app.t(kind === "without" ? "coverage.is_out" : "coverage.is_closed", { name: chosen.name });
  const remove = (): void => {
    draft[kind] = draft[kind].filter((each) => each.id !== chosen.id);
  };
  const picture = kind === "without" ? drawShape(FACILITY_MARKS.out, "out") : icon("close");
  return el("li", {}, el("div", { class: "assumed-row" }, picture, el("span", { class: "name" }, words), makeRemove(view, words, remove)));
}

function renderClosing(view: WhatIfView): HTMLElement {
  const words = view.app.t("coverage.is_closing");
  const remove = (): void => {
    view.draft.closing = null;
  };
  return el("li", {}, el("div", { class: "assumed-row" }, icon("line"), el("span", { class: "name" }, words), makeRemove(view, words, remove)));
}

function makeRemove({ app, onChange }: WhatIfView, what: string, remove: () => void): HTMLElement {
  const press = (): void => {
    remove();
    onChange();
  };
  const words = app.t("coverage.remove", { what });
  return el("button", { class: "quiet", type: "button", title: words, "aria-label": words, onclick: press }, icon("trash"));
}
