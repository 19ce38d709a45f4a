// What the register panel shows below its filters: the list of a page, the groups, the way between pages, the files.

import { getAddress } from "../api";
import type { App } from "../app";
import type { Box } from "../config";
import { el } from "../dom";
import { drawMark } from "../marks";
import { type Entry, type EntryGroup } from "../register/api";
import { countPages, type Filters, type Grouping, NO_VALUE, SEVERITIES, toFileAddress } from "../register/query";
import { renderConflict } from "./conflict_card";
import { nameGroup } from "./register_filters";

const FORMS = ["gpkg", "csv", "xlsx"] as const;

export interface ListEvents {
  /** The user came to a row by the arrows. */
  onReach: (entry: Entry) => void;
  onOpen: (entry: Entry) => void;
}

/** The rows of a page; arrows, Home and End walk through them, Enter and a click open one. */
export function renderList(app: App, entries: Entry[], selected: number | null, events: ListEvents): HTMLElement {
  const stop = entries.find((each) => each.properties.id === selected) ?? entries[0];
  const rows = entries.map((each) =>
    renderConflict(app, each, { selected: each.properties.id === selected, stop: each === stop }, () => events.onOpen(each)),
  );
  const list = el("ol", { class: "conflicts", "aria-label": app.t("register.list") }, ...rows);
  list.addEventListener("keydown", (event) => {
    const index = findNext(event.key, list);
    const entry = index === null ? undefined : entries[index];
    if (entry) {
      event.preventDefault();
      markRow(list, entry.properties.id);
      events.onReach(entry);
    }
  });
  return list;
}

function findNext(key: string, list: HTMLElement): number | null {
  const buttons = [...list.querySelectorAll<HTMLButtonElement>("button.conflict")];
  const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: buttons.length - 1 }[key];
  return next === undefined || now < 0 ? null : Math.min(Math.max(next, 0), buttons.length - 1);
}

/** Marks the row of a conflict as the one in hand and brings the user to it, without building the list anew. */
export function markRow(list: HTMLElement, id: number): void {
  for (const row of list.querySelectorAll<HTMLElement>("button.conflict")) {
    const here = row.dataset["id"] === String(id);
    row.setAttribute("aria-pressed", String(here));
    row.tabIndex = here ? 0 : -1;
    if (here) {
      row.focus({ preventScroll: true });
      row.closest("li")?.scrollIntoView({ block: "nearest" });
    }
  }
}

/** The groups, the largest first; one opens into the list of what is in it. */
export function renderGroups(app: App, by: Grouping, groups: EntryGroup[], onOpen: (value: string) => void): HTMLElement {
  const rows = groups.map((group) => {
    const name = nameGroup(app, by, group);
    return el(
      "li",
      {},
      el("button", { class: "link", type: "button", onclick: () => onOpen(group.value ?? NO_VALUE) }, name),
      el("b", { class: "count" }, app.number(group.conflicts)),
      el("span", { class: "marks" }, ...listMarks(app, group)),
    );
  });
  return el("ol", { class: "groups" }, ...rows);
}

function listMarks(app: App, { severities }: EntryGroup): HTMLElement[] {
  return SEVERITIES.filter((each) => (severities[each] ?? 0) > 0).map((each) =>
    el(
      "span",
      { class: `badge ${each}` },
      drawMark(each),
      el("span", { class: "visually-hidden" }, app.t(`conflict.${each}`)),
      app.number(severities[each] ?? 0),
    ),
  );
}

/** The way to the pages before and after; null where there is one page only. */
export function renderPager(app: App, page: number, matched: number, onPage: (page: number) => void): HTMLElement | null {
  const pages = countPages(matched);
  if (pages < 2) {
    return null;
  }
  const step = (id: string, key: "register.page_before" | "register.page_after", to: number): HTMLElement =>
    el("button", { id, type: "button", disabled: to < 0 || to >= pages, onclick: () => onPage(to) }, app.t(key));
  return el(
    "nav",
    { class: "buttons pager" },
    step("page-before", "register.page_before", page - 1),
    el("span", {}, app.t("register.page", { page: app.number(page + 1), pages: app.number(pages) })),
    step("page-after", "register.page_after", page + 1),
  );
}

/** All that matches as files to keep and pages to print. box: what the map shows, when it is asked. */
export function renderFiles(app: App, filters: Filters, getView: () => Box): HTMLElement {
  const link = (key: Parameters<App["t"]>[0], file: "report" | "letters", form: string): HTMLElement => {
    // Written when it is followed: the map may have moved since.
    const write = (): void => {
      made.href = getAddress(toFileAddress(filters, getView(), file, form, app.language));
    };
    const where = form === "html" ? { target: "_blank", rel: "noopener" } : { download: true };
    const made = el("a", { ...where, onpointerdown: write, onclick: write }, app.t(key));
    write();
    return el("li", {}, made);
  };
  return el(
    "details",
    { class: "more files" },
    el("summary", { id: "register-files" }, app.t("register.take_away")),
    el(
      "ul",
      {},
      ...FORMS.map((form) => link(`register.${form}`, "report", form)),
      link("register.report", "report", "html"),
      app.config.user === null ? null : link("register.letters", "letters", "html"),
    ),
  );
}
