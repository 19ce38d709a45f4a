// What a works check found, on the panel: the result in a line, owners to ask, and the assets worst first.

import type { Asked, Conflict, Contact, WorksAnswer } from "../api";
import type { App } from "../app";
import { getLayerTitle } from "../config";
import { el } from "../dom";
import type { MessageKey } from "../messages";
import { renderConflict, renderGrounds } from "../panels/conflict_card";
import { note } from "../panels/panel";
import { countAnswers, sortConflicts, sortOwners } from "./sorting";

export interface AnswerView {
  app: App;
  answer: WorksAnswer;
  selected: Conflict | null;
  onSelect: (conflict: Conflict) => void;
}

/** All but the result in a line: first who must be asked, for that is what a check is made for. */
export function renderAnswer(view: AnswerView): HTMLElement[] {
  const { app, answer } = view;
  const { met, others, chances, around } = sortConflicts(answer.conflicts.features);
  const signedIn = app.config.user !== null;
  const parts = [
    signedIn ? null : note(app.t("works.public_only")),
    renderDepth(view),
    ...renderOwners(app, answer.owners),
    renderPart(view, "works.conflicts", met),
    renderPart(view, "works.with_other", others),
    renderPart(view, "works.chances", chances),
    renderAround(view, around),
    renderChecked(view),
  ];
  return parts.filter((part) => part !== null);
}

/** The result in a line. */
export function renderResult(app: App, answer: WorksAnswer): HTMLElement {
  const { met, others } = sortConflicts(answer.conflicts.features);
  if (met.length + others.length === 0) {
    return note(app.t(app.config.user === null ? "works.clear_result_public" : "works.clear_result"), "good");
  }
  return note(app.t("works.result", countAnswers(answer.conflicts.features)), "bad");
}

/** Without a depth the answer is of the plan alone: who reads it must know. */
function renderDepth({ app, answer }: AnswerView): HTMLElement | null {
  const said = answer.works.properties ?? {};
  return said["depth_m"] === null && said["bottom_level_m"] === null ? note(app.t("works.no_depth")) : null;
}

function renderPart(view: AnswerView, title: MessageKey, conflicts: Conflict[]): HTMLElement | null {
  return conflicts.length === 0 ? null : el("section", {}, el("h3", {}, view.app.t(title)), renderRows(view, conflicts));
}

function renderRows({ app, selected, onSelect }: AnswerView, conflicts: Conflict[]): HTMLElement {
  const rows = conflicts.map((conflict) => {
    const row = renderConflict(app, conflict, { selected: conflict === selected, stop: true }, () => onSelect(conflict));
    const grounds = conflict === selected ? renderGrounds(app, conflict.properties) : null;
    row.append(...(grounds ? [grounds] : []));
    return row;
  });
  return el("ol", { class: "conflicts" }, ...rows);
}

function renderAround(view: AnswerView, around: Conflict[]): HTMLElement | null {
  if (around.length === 0) {
    return null;
  }
  const words = view.app.t("works.around", { count: around.length });
  return el("details", { class: "more" }, el("summary", {}, words), renderRows(view, around));
}

function renderOwners(app: App, owners: Asked[]): (HTMLElement | null)[] {
  const { met, others } = sortOwners(owners);
  const parts = [
    ["works.met_title", met],
    ["works.other_title", others],
  ] as const;
  const shown = parts.filter(([, asked]) => asked.length > 0);
  if (shown.length === 0) {
    return [];
  }
  const lists = shown.flatMap(([title, asked]) => [
    el("h4", {}, app.t(title)),
    el("dl", { class: "owners" }, ...asked.map((each) => renderAsked(app, each))),
  ]);
  return [el("section", {}, el("h3", {}, app.t("works.owners")), ...lists)];
}

function renderAsked(app: App, asked: Asked): HTMLElement {
  const notice = describeNotice(app, asked);
  // The public is told of owners met, and of no contacts.
  const lacks = asked.contacts.length === 0 && app.config.user !== null && asked.owner !== null;
  return el(
    "div",
    {},
    el("dt", {}, asked.owner ?? app.t("works.owner_unknown")),
    el("dd", {}, describeAnswer(app, asked)),
    ...asked.contacts.map(renderContact),
    lacks ? el("dd", { class: "aside" }, app.t("works.no_contact")) : null,
    notice ? el("dd", { class: "notice" }, notice) : null,
  );
}

function describeAnswer(app: App, { answer, layers }: Asked): string {
  const assets = Object.entries(layers).map(([id, count]) => `${getLayerTitle(app.config, id)}: ${count}`);
  return answer === "met" ? assets.join(", ") : app.t(`works.answer_${answer}`);
}

/** A contact in a line, its number and address to be pressed. */
export function renderContact({ name, phone, email, address }: Contact): HTMLElement {
  const links = [
    phone && el("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}` }, phone),
    email && el("a", { href: `mailto:${email}` }, email),
    address,
  ].filter(Boolean);
  return el("dd", {}, name, ...links.flatMap((link) => [", ", link]));
}

function describeNotice(app: App, asked: Asked): string | null {
  const words = describeDeadline(app, asked);
  return words !== null && !asked.notify_verified ? `${words}. ${app.t("conflict.unverified")}` : words;
}

function describeDeadline(app: App, { notify_days, notify_by }: Asked): string | null {
  if (notify_days === null) {
    return null;
  }
  if (notify_by === null) {
    return app.t("works.notify", { days: notify_days });
  }
  const now = new Date();
  const today = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return app.t(notify_by < today ? "works.notify_late" : "works.notify_by", { days: notify_days, date: app.date(notify_by) });
}

function renderChecked({ app, answer }: AnswerView): HTMLElement {
  const { as_of, layers, rules, unknown_depth, unknown_accuracy } = answer.checked;
  const { features, numberMatched } = answer.conflicts;
  const lines = [
    features.length < numberMatched ? app.t("works.shown", { shown: features.length, count: numberMatched }) : "",
    app.t("works.checked", { layers: layers.length, rules: rules.length }),
    app.t("works.as_of", { date: app.date(as_of) }),
    unknown_depth > 0 ? app.t("works.unknown_depth", { count: unknown_depth }) : "",
    unknown_accuracy > 0 ? app.t("works.unknown_accuracy", { count: unknown_accuracy }) : "",
    app.t("works.no_licence"),
  ];
  return el("p", { class: "grounds" }, lines.filter(Boolean).join(" "));
}
