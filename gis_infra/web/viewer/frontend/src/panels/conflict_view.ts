// One conflict in full: its assets, what was measured, what is not known, on what grounds, and what became of it.

import type { App } from "../app";
import { el } from "../dom";
import { sayGrounds } from "../format";
import { localize, type MessageKey, translateCode } from "../messages";
import type { EntryEvent, EntryProperties } from "../register/api";
import { listChanges, listMeasures, listUnknown } from "../register/facts";
import { nameAsset, renderBadge } from "./conflict_card";

type Side = "left" | "right";

/** What people and departments are called, where only their short names are told. */
export interface Names {
  name: (username: string) => string;
  nameDepartment: (code: string) => string;
}

export interface EntryView extends Names {
  /** Whether an asset is in the layer no more. */
  isGone: (side: Side) => boolean;
  /** Asked to bring one of the assets into view. */
  onShow: (side: Side) => void;
}

/** Head, assets and figures of an entry, and how it stands. */
export function renderEntry(app: App, entry: EntryProperties, view: EntryView): HTMLElement[] {
  return [
    renderHead(app, entry),
    el("h3", {}, app.t("card.assets")),
    ...renderSides(app, entry, view),
    el("h3", {}, app.t("card.measured")),
    renderFacts(app, listMeasures(app.language, entry)),
    ...renderUnknown(app, entry),
    el("h3", {}, app.t("card.state")),
    renderState(app, entry, view),
  ];
}

function renderHead(app: App, entry: EntryProperties): HTMLElement {
  return el(
    "header",
    { class: "entry-head" },
    el(
      "p",
      { class: "line" },
      renderBadge(app, entry),
      el("span", { class: "status" }, translateCode(app.language, "status", entry.status)),
    ),
    el("h3", { id: "entry-title", tabindex: -1 }, localize(app.language, entry.rule_title)),
    el("p", { class: "aside" }, app.t("card.number", { id: entry.id })),
  );
}

function listSides(entry: EntryProperties): Side[] {
  return (["left", "right"] as const).filter((side) => entry[`${side}_layer`] !== null);
}

function renderSides(app: App, entry: EntryProperties, { isGone, onShow }: EntryView): HTMLElement[] {
  const sides = listSides(entry);
  return sides.map((side) =>
    el(
      "div",
      { class: "side" },
      // Letters only where there are two, for the sentence that says which side the other is on.
      sides.length > 1 ? el("span", { class: "letter" }, side === "left" ? "A" : "B") : null,
      el(
        "span",
        { class: "who" },
        el("span", {}, ...nameAsset(app, entry, side)),
        el("span", { class: "aside" }, entry[`${side}_owner`] ?? app.t("works.owner_unknown")),
      ),
      isGone(side)
        ? el("span", { class: "aside" }, app.t("card.gone"))
        : el("button", { class: "link", type: "button", id: `entry-show-${side}`, onclick: () => onShow(side) }, app.t("card.show")),
    ),
  );
}

function renderFacts(app: App, facts: (readonly [MessageKey, string])[]): HTMLElement {
  return el("dl", {}, ...facts.map(([key, text]) => el("div", {}, el("dt", {}, app.t(key)), el("dd", {}, text))));
}

function renderUnknown(app: App, entry: EntryProperties): HTMLElement[] {
  const name = (side: Side): string => {
    const [layer, code] = nameAsset(app, entry, side);
    return `${layer}${code.textContent ?? ""}`;
  };
  const told = listUnknown(app.language, entry, name);
  if (told.length === 0) {
    return [];
  }
  const list = el("ul", { class: "unknown" }, ...told.map((line) => el("li", {}, line)));
  return [el("h3", {}, app.t("card.not_known")), list];
}

/** Why the required figure is what it is, and whether anybody has held it to its text. */
export function renderGrounds(app: App, entry: EntryProperties): HTMLElement[] {
  const { clause, source, legal_basis } = entry;
  const facts: [MessageKey, string | null | undefined][] = [
    ["card.clause", clause],
    ["card.source", source],
    ["card.legal_basis", legal_basis],
  ];
  // A rule says "none" where it has no clause or no law.
  const told = facts
    .filter((fact): fact is [MessageKey, string] => Boolean(fact[1]) && fact[1] !== "none")
    .map(([key, said]): [MessageKey, string] => [key, sayGrounds(app.language, said)]);
  const mark =
    entry.verified === false
      ? [el("p", { class: "unverified" }, el("b", {}, app.t("card.unverified")), ` ${app.t("conflict.unverified")}`)]
      : [];
  return [el("h3", {}, app.t("card.grounds")), renderFacts(app, told), ...mark];
}

function renderState(app: App, entry: EntryProperties, names: Names): HTMLElement {
  const { found_on, status_on, status_by, owner, assignee, due_on, reason } = entry;
  const since = status_on ? app.date(status_on) : null;
  const late = Boolean(due_on) && entry.status !== "resolved" && (due_on as string) < getToday();
  const facts: [MessageKey, string | null | undefined][] = [
    ["register.status", translateCode(app.language, "status", entry.status)],
    ["card.status_on", since && status_by ? app.t("card.by", { date: since, person: names.name(status_by) }) : since],
    ["card.reason", reason],
    ["card.department", owner && names.nameDepartment(owner)],
    ["card.assignee", assignee && names.name(assignee)],
    ["card.due_on", due_on && (late ? app.t("card.overdue", { date: app.date(due_on) }) : app.date(due_on))],
    ["card.found_on", app.date(found_on)],
  ];
  return renderFacts(app, facts.filter((fact): fact is [MessageKey, string] => Boolean(fact[1])));
}

/** Today where the reader is, as the server writes days. */
function getToday(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** What became of an entry, the latest first; null where nothing is told. */
export function renderHistory(app: App, history: EntryEvent[], names: Names): HTMLElement | null {
  if (history.length === 0) {
    return null;
  }
  const namings = { owner: names.nameDepartment, assignee: names.name };
  const items = [...history].reverse().map((event) =>
    el(
      "li",
      {},
      el("b", {}, translateCode(app.language, "event", event.action)),
      el("span", { class: "aside" }, ` ${app.t("card.by", { date: app.date(event.happened_at), person: names.name(event.actor) })}`),
      event.text ? el("p", { class: "words" }, event.text) : null,
      ...listChanges(app.language, event, namings).map((line) => el("p", { class: "aside" }, line)),
    ),
  );
  return el("section", { class: "history" }, el("h3", {}, app.t("card.history")), el("ol", {}, ...items));
}
