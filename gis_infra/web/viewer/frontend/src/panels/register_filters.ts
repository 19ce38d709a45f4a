// The form that narrows, sorts and groups the register.

import type { Severity } from "../api";
import type { App } from "../app";
import { el } from "../dom";
import { drawMark } from "../marks";
import { localize, type MessageKey, translateCode } from "../messages";
import { PHONE } from "../phone";
import { type EntryGroup, STATUSES } from "../register/api";
import {
  type Filters,
  type Grouping,
  GROUPINGS,
  makeFilters,
  type Narrowing,
  NARROWINGS,
  NO_VALUE,
  OF_PEOPLE,
  SEVERITIES,
  type Sort,
  SORTS,
} from "../register/query";

type Option = readonly [value: string, words: string];

// Every other filter lies behind "more filters"; the values of these there are groups of the register.
export const FACETS = ["rule", "kind", "street", "asset_owner", "owner", "assignee"] as const;
export type Facet = (typeof FACETS)[number];
const BEHIND = FACETS.filter((each) => each !== "rule");
const ALL: Record<Narrowing, MessageKey> = {
  status: "register.unresolved",
  sector: "register.all_sectors",
  rule: "register.all_rules",
  kind: "register.all_kinds",
  street: "register.all_streets",
  asset_owner: "register.all_owners",
  owner: "register.all_departments",
  assignee: "register.all_assignees",
};
const TITLES: Record<Narrowing, MessageKey> = {
  status: "register.status",
  sector: "register.sector",
  rule: "register.rule",
  kind: "register.kind",
  street: "register.street",
  asset_owner: "register.asset_owner",
  owner: "register.department",
  assignee: "register.assignee",
};

export interface FilterForm {
  app: App;
  filters: Filters;
  grouping: Grouping | null;
  /** How many conflicts of each answer match the other filters. */
  tally: ReadonlyMap<string, number>;
  facets: ReadonlyMap<Facet, EntryGroup[]>;
  moreOpen: boolean;
  onChange: () => void;
  onGrouping: (grouping: Grouping | null) => void;
  onMore: (open: boolean) => void;
}

export function renderFilters(form: FilterForm): HTMLElement {
  const { app } = form;
  const statuses: Option[] = ["all", ...STATUSES].map((id) => [id, translateCode(app.language, "status", id)]);
  const status = makeNarrowing(form, "status", statuses);
  const sectors = makeNarrowing(form, "sector", app.config.sectors.map(({ id, title }): Option => [id, title]));
  const rules = el("div", { class: "wide" }, makeNarrowing(form, "rule", listFacet(form, "rule")));
  const [inView, order] = [makeInView(form), [makeSort(form), makeGrouping(form)]];
  // On a phone the form would fill the panel, and the list be out of sight.
  const fields = PHONE.matches
    ? [status, sectors, renderMore(form, [rules, inView, ...order])]
    : [rules, status, sectors, inView, renderMore(form), ...order];
  return el("form", { class: "fields", onsubmit: (event: Event) => event.preventDefault() }, renderSeverities(form), ...fields);
}

function makeInView({ app, filters, onChange }: FilterForm): HTMLElement {
  return makeCheck(app, "register-in-view", "register.in_view", filters.inView, (on) => {
    filters.inView = on;
    onChange();
  });
}

function renderSeverities({ app, filters, tally, onChange }: FilterForm): HTMLElement {
  const press = (severity: Severity): void => {
    const chosen = new Set(filters.severities);
    chosen.delete(severity) || chosen.add(severity);
    filters.severities = chosen;
    onChange();
  };
  const chips = SEVERITIES.map((severity) =>
    el(
      "button",
      {
        id: `register-${severity}`,
        class: `chip ${severity}`,
        type: "button",
        "aria-pressed": String(filters.severities.has(severity)),
        onclick: () => press(severity),
      },
      drawMark(severity),
      app.t(`conflict.${severity}`),
      el("span", { class: "aside" }, app.number(tally.get(severity) ?? 0)),
    ),
  );
  return el("div", { class: "wide chips", role: "group", "aria-label": app.t("register.severity") }, ...chips);
}

/** The filters that are rarely needed. also: what else there is no room for. */
function renderMore(form: FilterForm, also: HTMLElement[] = []): HTMLElement {
  const { app, filters } = form;
  const shown = BEHIND.filter((name) => app.config.user !== null || !OF_PEOPLE.has(name));
  const hidden = also.length > 0 ? [...shown, "rule" as const] : shown;
  const count = hidden.filter((name) => filters[name] !== "").length + (also.length > 0 && filters.inView ? 1 : 0);
  const words = app.t(count > 0 ? "register.more_filters_on" : also.length > 0 ? "register.filters_and_order" : "register.more_filters", { count });
  const details = el(
    "details",
    { class: "wide more", open: form.moreOpen || (count > 0 && also.length === 0) },
    el("summary", { id: "register-more" }, words),
    el("div", { class: "fields" }, ...also, ...shown.map((name) => makeNarrowing(form, name, listFacet(form, name)))),
    hasFilters(filters) ? makeClear(form) : null,
  );
  // One that is built open tells so as well; only what the user did is news.
  details.addEventListener("toggle", () => details.open !== form.moreOpen && form.onMore(details.open));
  return details;
}

/** Whether anything is narrowed. */
export function hasFilters(filters: Filters): boolean {
  return filters.inView || filters.severities.size > 0 || NARROWINGS.some((name) => filters[name] !== "");
}

function makeClear({ app, filters, onChange }: FilterForm): HTMLElement {
  const clear = (): void => {
    Object.assign(filters, { ...makeFilters(), sort: filters.sort });
    onChange();
  };
  return el("button", { id: "register-clear", class: "plain", type: "button", onclick: clear }, app.t("register.clear"));
}

/** The values a filter can have, with how many conflicts each has; what is chosen is there in any case. */
function listFacet({ app, filters, facets }: FilterForm, facet: Facet): Option[] {
  const groups = facets.get(facet) ?? [];
  const options: Option[] = groups.map((group) => [group.value ?? NO_VALUE, `${nameGroup(app, facet, group)} (${app.number(group.conflicts)})`]);
  const chosen = filters[facet];
  const missing = chosen !== "" && !options.some(([value]) => value === chosen);
  return missing ? [[chosen, nameGroup(app, facet, { value: chosen === NO_VALUE ? null : chosen })], ...options] : options;
}

/** What a group is called. */
export function nameGroup(app: App, by: Facet, group: Pick<EntryGroup, "value" | "title">): string {
  if (group.value === null) {
    return app.t("register.no_value");
  }
  if (by === "assignee" && group.value === app.config.user?.name) {
    return `${group.value} – ${app.t("register.mine")}`;
  }
  const words = by === "kind" ? translateCode(app.language, "kind", group.value) : group.value;
  return group.title ? localize(app.language, group.title) : words;
}

function makeNarrowing(form: FilterForm, name: Narrowing, options: Option[]): HTMLElement {
  const all: Option = ["", form.app.t(ALL[name])];
  return makeSelect(form.app, `register-${name}`, TITLES[name], [all, ...options], form.filters[name], (value) => {
    form.filters[name] = value;
    form.onChange();
  });
}

function makeSort({ app, filters, onChange }: FilterForm): HTMLElement {
  const sorts = (Object.keys(SORTS) as Sort[]).filter((sort) => app.config.user !== null || !OF_PEOPLE.has(sort));
  const options = sorts.map((sort): Option => [sort, app.t(`register.sort_${sort}`)]);
  return makeSelect(app, "register-sort", "register.sort", options, filters.sort, (value) => {
    filters.sort = value as Sort;
    onChange();
  });
}

function makeGrouping({ app, grouping, onGrouping }: FilterForm): HTMLElement {
  const open = GROUPINGS.filter((each) => app.config.user !== null || !OF_PEOPLE.has(each));
  const none: Option = ["", app.t("register.group_none")];
  const options = [none, ...open.map((each): Option => [each, app.t(`register.group_${each}`)])];
  return makeSelect(app, "register-group", "register.group", options, grouping ?? "", (value) =>
    onGrouping(value === "" ? null : (value as Grouping)),
  );
}

function makeSelect(
  app: App,
  id: string,
  label: MessageKey,
  options: Option[],
  chosen: string,
  onChoose: (value: string) => void,
): HTMLElement {
  const made = options.map(([value, words]) => el("option", { value, selected: value === chosen }, words));
  const select = el("select", { id, onchange: () => onChoose(select.value) }, ...made);
  return el("div", { class: "field" }, el("label", { for: id }, app.t(label)), select);
}

function makeCheck(app: App, id: string, label: MessageKey, on: boolean, onChoose: (on: boolean) => void): HTMLElement {
  const input = el("input", { type: "checkbox", id, onchange: () => onChoose(input.checked) });
  input.checked = on;
  return el("div", { class: "field check" }, input, el("label", { for: id }, app.t(label)));
}
