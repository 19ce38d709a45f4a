// The register of conflicts: filtered, sorted and grouped, as a list and on the map, and one conflict at a time.

import type { MapMouseEvent } from "maplibre-gl";

import type { App } from "../app";
import type { Box } from "../config";
import { showOverlay } from "../map/overlays";
import { formatView, parseView } from "../register/address";
import { type Entry, type EntryGroup, type EntryPage, getEntries, getEntry, getGroups } from "../register/api";
import { countPages, type Filters, type Grouping, OF_PEOPLE, toPageQuery, toQuery } from "../register/query";
import { EntryCard } from "./entry_card";
import { getReason, isAbort, note, type Panel, type PanelHost } from "./panel";
import { type Facet, FACETS, hasFilters, renderFilters } from "./register_filters";
import { markRow, renderFiles, renderGroups, renderList, renderPager } from "./register_list";

const MOST_OPTIONS = "300";

export class RegisterPanel implements Panel {
  private readonly filters: Filters;
  private grouping: Grouping | null;
  private page = 0;
  private entries: EntryPage | null = null;
  private groups: EntryGroup[] | null = null;
  private tally = new Map<string, number>();
  private readonly facets = new Map<Facet, EntryGroup[]>();
  /** The status that the facets are counted for. */
  private facetStatus = "";
  private moreOpen = false;
  private failure: string | null = null;
  private selected: number | null = null;
  private request = new AbortController();
  private facetRequest = new AbortController();
  /** How far the list was scrolled when a card took its place. */
  private listTop = 0;
  private changed = false;
  private readonly card: EntryCard;
  private readonly onMove = (): void => {
    if (this.filters.inView && this.card.entry === null) {
      this.narrow();
    }
  };

  constructor(
    private readonly app: App,
    private readonly host: PanelHost,
  ) {
    ({ filters: this.filters, grouping: this.grouping } = parseView(app.state.reg ?? ""));
    this.card = new EntryCard(app, {
      refresh: () => this.host.refresh(),
      back: () => this.backToList(),
      getNeighbours: (id) => this.getNeighbours(id),
      show: (entry) => this.openCard(entry),
      replace: (entry) => this.replace(entry),
    });
  }

  open(): void {
    const { conflict } = this.app.state;
    this.app.map.on("moveend", this.onMove);
    this.remember();
    void this.load();
    void this.loadFacets();
    if (conflict !== null) {
      void this.openLinked(conflict);
    }
  }

  /** Keeps in the address what is narrowed, and which conflict is open. */
  private remember(): void {
    this.app.saveState({ reg: formatView({ filters: this.filters, grouping: this.grouping }), conflict: this.card.entry?.properties.id ?? null });
  }

  /** Opens the conflict that the address names, if it is there and may be seen. */
  private async openLinked(id: number): Promise<void> {
    try {
      this.openCard(await getEntry(id, this.request.signal));
    } catch (error) {
      if (!isAbort(error)) {
        this.failure = getReason(this.app, error);
        this.host.refresh();
      }
    }
  }

  close(): void {
    this.request.abort();
    this.facetRequest.abort();
    this.app.map.off("moveend", this.onMove);
    this.card.hide();
    this.app.saveState({ reg: null, conflict: null });
    this.selected = null;
    showOverlay(this.app.map, "conflicts", []);
    showOverlay(this.app.map, "highlight", []);
  }

  escape(): boolean {
    const open = this.card.entry !== null;
    if (open) {
      this.backToList();
    }
    return open;
  }

  click(event: MapMouseEvent): void {
    const hit = this.app.map.queryRenderedFeatures(event.point, { layers: ["conflicts"] })[0];
    const entry = this.entries?.features.find((each) => each.properties.id === hit?.properties["id"]);
    if (entry) {
      this.openCard(entry);
    }
  }

  render(body: HTMLElement): void {
    if (this.card.entry !== null) {
      this.card.render(body);
      return;
    }
    body.append(this.renderFilters());
    if (this.failure) {
      body.append(note(this.failure, "error"));
    } else if (this.grouping !== null) {
      body.append(...this.renderGroups(this.grouping));
    } else {
      body.append(...this.renderEntries());
    }
  }

  private renderFilters(): HTMLElement {
    const { app, filters, grouping, tally, facets, moreOpen } = this;
    return renderFilters({
      app,
      filters,
      grouping,
      tally,
      facets,
      moreOpen,
      onChange: () => this.narrow(),
      onGrouping: (chosen) => {
        this.grouping = chosen;
        this.groups = null;
        this.remember();
        this.host.refresh();
        void this.load();
      },
      onMore: (open) => {
        this.moreOpen = open;
        void this.loadFacets();
      },
    });
  }

  private renderGroups(by: Grouping): HTMLElement[] {
    if (this.groups === null) {
      return [note(this.app.t("register.busy"))];
    }
    if (this.groups.length === 0) {
      return [note(this.app.t(hasFilters(this.filters) ? "register.nothing" : "register.empty"))];
    }
    const open = (value: string): void => {
      this.filters[by] = value;
      this.grouping = null;
      this.narrow();
    };
    const count = this.app.number(this.groups.length);
    return [note(this.app.t("register.group_count", { count }), "tally"), renderGroups(this.app, by, this.groups, open)];
  }

  private renderEntries(): HTMLElement[] {
    if (this.entries === null) {
      return [note(this.app.t("register.busy"))];
    }
    const { features, numberMatched } = this.entries;
    if (features.length === 0) {
      return [note(this.app.t(hasFilters(this.filters) ? "register.nothing" : "register.empty"))];
    }
    const shown = this.app.number(features.length);
    const count = this.app.number(numberMatched);
    const words = this.app.t(features.length < numberMatched ? "register.partial" : "register.matched", { shown, count });
    const events = { onReach: (entry: Entry) => this.reach(entry), onOpen: (entry: Entry) => this.openCard(entry) };
    const pager = renderPager(this.app, this.page, numberMatched, (page) => this.turn(page));
    return [
      note(words, "tally"),
      renderFiles(this.app, this.filters, () => this.getView()),
      renderList(this.app, features, this.selected, events),
      ...(pager ? [pager] : []),
      note(this.app.t("register.keys"), "keys"),
    ];
  }

  /** The filters have changed: the first page of what they let through. */
  private narrow(): void {
    this.page = 0;
    this.remember();
    void this.load();
    if (this.filters.status !== this.facetStatus) {
      void this.loadFacets();
    }
  }

  private turn(page: number): void {
    this.page = page;
    this.selected = null;
    this.scrollTo(0);
    void this.load();
  }

  /** The user walked to a row: its place is shown, and brought into view where it is out of sight. */
  private reach(entry: Entry): void {
    this.selected = entry.properties.id;
    showOverlay(this.app.map, "highlight", [entry]);
    const [longitude = 0, latitude = 0] = entry.geometry.coordinates;
    if (!this.app.map.getBounds().contains([longitude, latitude])) {
      this.app.map.jumpTo({ center: [longitude, latitude] });
    }
  }

  private openCard(entry: Entry): void {
    if (this.card.entry === null) {
      this.listTop = this.host.element.querySelector(".panel-body")?.scrollTop ?? 0;
    }
    this.selected = entry.properties.id;
    this.card.show(entry);
    this.remember();
    this.host.refresh();
    this.scrollTo(0);
    document.getElementById("entry-title")?.focus({ preventScroll: true });
  }

  private backToList(): void {
    this.card.hide();
    this.remember();
    this.host.refresh();
    this.scrollTo(this.listTop);
    this.showOnMap();
    this.focusRow();
    if (this.changed) {
      this.changed = false;
      void this.load();
      void this.loadFacets();
    }
  }

  private focusRow(): void {
    const list = this.host.element.querySelector<HTMLElement>(".conflicts");
    if (list && this.selected !== null) {
      markRow(list, this.selected);
    }
  }

  private scrollTo(top: number): void {
    const body = this.host.element.querySelector(".panel-body");
    if (body) {
      body.scrollTop = top;
    }
  }

  private getNeighbours(id: number): [Entry | null, Entry | null] {
    const entries = this.entries?.features ?? [];
    const index = entries.findIndex((each) => each.properties.id === id);
    return index < 0 ? [null, null] : [entries[index - 1] ?? null, entries[index + 1] ?? null];
  }

  /** Takes an entry as it is by now into the list; the list itself is asked for again when the user is back. */
  private replace(entry: Entry): void {
    const entries = this.entries?.features ?? [];
    const index = entries.findIndex((each) => each.properties.id === entry.properties.id);
    if (index >= 0 && entries[index]?.properties.version !== entry.properties.version) {
      entries[index] = entry;
      this.changed = true;
    }
  }

  private async load(): Promise<void> {
    this.request.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    const focused = this.host.element.querySelector(".conflicts")?.contains(document.activeElement) ?? false;
    try {
      await Promise.all([this.loadTally(signal), this.loadEntries(signal), this.loadGroups(signal)]);
      this.failure = null;
    } catch (error) {
      if (isAbort(error)) {
        return;
      }
      this.failure = getReason(this.app, error);
    }
    this.showOnMap();
    this.host.refresh();
    if (focused && this.card.entry === null) {
      this.focusRow();
    }
  }

  private async loadEntries(signal: AbortSignal): Promise<void> {
    const found = await getEntries(toPageQuery(this.filters, this.getView(), this.page), signal);
    const last = countPages(found.numberMatched) - 1;
    if (this.page > last) {
      // The register has become shorter since the page before was shown.
      this.page = last;
      return this.loadEntries(signal);
    }
    this.entries = found;
    if (!found.features.some((each) => each.properties.id === this.selected)) {
      this.selected = null;
    }
  }

  private async loadGroups(signal: AbortSignal): Promise<void> {
    if (this.grouping !== null) {
      this.groups = await getGroups(this.grouping, toQuery(this.filters, this.getView()), signal);
    }
  }

  /** How many of each answer match, whatever answers are chosen. */
  private async loadTally(signal: AbortSignal): Promise<void> {
    const query = toQuery({ ...this.filters, severities: new Set() }, this.getView());
    const groups = await getGroups("severity", query, signal);
    this.tally = new Map(groups.map((group) => [group.value ?? "", group.conflicts]));
  }

  /** The values there are to choose from; those behind "more filters" only once that is open. */
  private async loadFacets(): Promise<void> {
    this.facetRequest.abort();
    this.facetRequest = new AbortController();
    const { signal } = this.facetRequest;
    const wanted = FACETS.filter((each) => each === "rule" || this.moreOpen).filter(
      (each) => this.app.config.user !== null || !OF_PEOPLE.has(each),
    );
    const { status } = this.filters;
    const query = { limit: MOST_OPTIONS, ...(status !== "" && { status }) };
    this.facetStatus = status;
    try {
      const found = await Promise.all(wanted.map((each) => getGroups(each, query, signal)));
      wanted.forEach((each, index) => this.facets.set(each, found[index] ?? []));
    } catch (error) {
      if (isAbort(error)) {
        return;
      }
      this.failure = getReason(this.app, error);
    }
    this.host.refresh();
  }

  private getView(): Box {
    const bounds = this.app.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  private showOnMap(): void {
    const entries = this.entries?.features ?? [];
    showOverlay(this.app.map, "conflicts", entries);
    if (this.card.entry === null) {
      showOverlay(this.app.map, "highlight", entries.filter((each) => each.properties.id === this.selected));
    }
  }
}
