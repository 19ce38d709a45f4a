// The table below the map: the rows that a filter lets through, sorted and paged by the server; select ↔ map.

import type { App } from "../app";
import { el } from "../dom";
import { icon } from "../icons";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";
import { getPage, getRow, getRows, type LayerFacts, type Order, PAGE, type Row, type RowPage } from "../query/api";
import { keepColumns, listUsual, readColumns, takeColumns, toggleColumn, turnSort } from "../query/columns";
import { joinBoxes } from "../query/boxes";
import { getReason, isAbort, note } from "./panel";
import { renderRows, type RowEvents } from "./query_rows";

export class QueryTable {
  readonly element = el("section", { class: "query-table", "aria-labelledby": "query-table-title", hidden: true });
  private facts: LayerFacts | null = null;
  private columns: string[] = [];
  private sort: string | null = null;
  private page: RowPage | null = null;
  /** How many pages lie before this one. */
  private before = 0;
  private failure: string | null = null;
  /** A row picked on the map that is not on this page. */
  private picked: Row | null = null;
  private readonly selected = new Map<number, Row>();
  private columnsOpen = false;
  private request = new AbortController();

  /** onClosed: called after the user has closed it. */
  constructor(
    private readonly app: App,
    private readonly onClosed: () => void,
  ) {}

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Shows the rows of a layer from the first; what was selected in another goes. */
  open(facts: LayerFacts): void {
    if (facts.layer !== this.facts?.layer) {
      this.sort = null;
      this.picked = null;
      this.selected.clear();
      this.page = null;
    }
    const { table } = this.app.state;
    const told = table?.layer === facts.layer && this.facts === null ? table : null;
    this.facts = facts;
    this.columns = told && told.columns.length > 0 ? takeColumns(facts, told.columns) : readColumns(facts, localStorage);
    this.sort = told?.sort ?? this.sort;
    this.element.hidden = false;
    this.app.map.resize();
    this.light();
    void this.fetchFirst(told?.page ?? 0);
  }

  /** Puts the table away; what it knows stays. */
  close(): void {
    this.request.abort();
    this.element.hidden = true;
    this.keepPlace();
    this.app.map.resize();
    showOverlay(this.app.map, "highlight", []);
  }

  /** Reads anew from the first row, as after another filter; or from a page that the address names. */
  async fetchFirst(page = 0): Promise<void> {
    if (this.facts !== null && this.isOpen) {
      this.before = page;
      await this.fetch((signal) => getRows({ ...this.makeOrder(), page }, signal));
    }
  }

  /** Puts into the address how the table stands. */
  private keepPlace(): void {
    const { facts, sort, columns, before, isOpen } = this;
    if (facts !== null) {
      const isUsual = columns.join() === readColumns(facts, localStorage).join();
      this.app.saveState({ table: { layer: facts.layer, isOpen, sort, page: isOpen ? before : 0, columns: isUsual ? [] : columns } });
    }
  }

  private makeOrder(): Order {
    const { layer, label } = this.facts as LayerFacts;
    const columns = label === null ? this.columns : [...new Set([label, ...this.columns])];
    return { layer, filter: this.app.filters.getText(layer), columns, sort: this.sort };
  }

  private async fetch(read: (signal: AbortSignal) => Promise<RowPage>): Promise<void> {
    this.keepPlace();
    this.request.abort();
    this.request = new AbortController();
    this.element.setAttribute("aria-busy", "true");
    try {
      this.page = await read(this.request.signal);
      this.failure = null;
    } catch (error) {
      if (isAbort(error)) {
        return;
      }
      this.failure = getReason(this.app, error);
    }
    this.element.setAttribute("aria-busy", "false");
    this.render();
  }

  /** Takes up what the user pressed on the map. others: whether what was selected stays. */
  async pick(id: number, others: boolean): Promise<void> {
    const { layer } = this.facts as LayerFacts;
    const known = this.page?.rows.find((each) => each.id === id);
    const row = known ?? (await getRow(layer, id, this.makeOrder().columns, new AbortController().signal));
    this.picked = known === undefined ? row : null;
    this.select(row, others, others ? !this.selected.has(id) : true);
    document.getElementById(`query-row-${id}`)?.scrollIntoView({ block: "nearest" });
  }

  private select(row: Row, others: boolean, on: boolean): void {
    if (!others) {
      this.selected.clear();
    }
    if (on) {
      this.selected.set(row.id, row);
    } else {
      this.selected.delete(row.id);
    }
    this.light();
    this.render();
  }

  /** Lights up on the map what is selected. */
  private light(): void {
    const features = [...this.selected.values()].filter((each) => each.geometry !== null);
    showOverlay(this.app.map, "highlight", features as GeoJSON.Feature[]);
  }

  private readonly events: RowEvents = {
    onSelect: (row, others, on) => {
      this.select(row, others, on);
      this.bringIntoView(row);
    },
    onZoom: (row) => {
      this.select(row, false, true);
      this.zoomTo([row]);
    },
    onSort: (name) => {
      this.sort = turnSort(this.sort, name);
      void this.fetchFirst();
    },
  };

  private bringIntoView({ geometry }: Row): void {
    const box = geometry && getBox(geometry);
    const bounds = this.app.map.getBounds();
    if (box && !(bounds.contains([box[0], box[1]]) && bounds.contains([box[2], box[3]]))) {
      zoomToBox(this.app.map, box);
    }
  }

  private zoomTo(rows: Row[]): void {
    const box = joinBoxes(rows.map(({ geometry }) => geometry && getBox(geometry)));
    if (box !== null) {
      zoomToBox(this.app.map, box, 20);
    }
  }

  /** Builds the table anew from what it knows, keeping the keyboard's and the eye's place. */
  render(): void {
    if (this.facts === null || !this.isOpen) {
      return;
    }
    const focused = this.element.contains(document.activeElement) ? document.activeElement?.id : "";
    const scroller = this.element.querySelector(".query-scroll");
    const place = { top: scroller?.scrollTop ?? 0, left: scroller?.scrollLeft ?? 0 };
    this.element.replaceChildren(this.renderHead(), this.columnsOpen ? this.renderColumns() : "", this.renderBody());
    this.element.querySelector(".query-scroll")?.scrollTo(place);
    if (focused) {
      document.getElementById(focused)?.focus({ preventScroll: true });
    }
  }

  private renderBody(): HTMLElement {
    if (this.failure !== null) {
      return note(this.failure, "error");
    }
    if (this.page === null) {
      return note(this.app.t("app.loading"));
    }
    if (this.page.rows.length === 0) {
      return note(this.app.t("query.none_match"));
    }
    return renderRows(this.app, {
      facts: this.facts as LayerFacts,
      columns: this.columns,
      sort: this.sort,
      rows: this.page.rows,
      picked: this.picked,
      selected: new Set(this.selected.keys()),
      events: this.events,
    });
  }

  private renderHead(): HTMLElement {
    const title = this.app.filters.getTitle((this.facts as LayerFacts).layer);
    const close = this.app.t("query.close_table");
    const leave = (): void => {
      this.close();
      this.onClosed();
    };
    const chooseColumns = (): void => {
      this.columnsOpen = !this.columnsOpen;
      this.render();
    };
    return el(
      "header",
      {},
      el("h2", { id: "query-table-title" }, this.app.t("query.table", { layer: title })),
      this.renderSelection(),
      this.renderPager(),
      el(
        "button",
        { id: "query-columns", class: "small", type: "button", "aria-expanded": String(this.columnsOpen), onclick: chooseColumns },
        this.app.t("query.columns"),
      ),
      el("button", { class: "quiet", type: "button", title: close, "aria-label": close, onclick: leave }, icon("close")),
    );
  }

  private renderSelection(): HTMLElement | null {
    if (this.selected.size === 0) {
      return null;
    }
    const clear = (): void => {
      this.selected.clear();
      this.picked = null;
      this.light();
      this.render();
    };
    const zoom = (): void => this.zoomTo([...this.selected.values()]);
    return el(
      "span",
      { class: "query-selection" },
      el("span", { role: "status" }, this.app.t("query.selected", { count: this.app.number(this.selected.size) })),
      el("button", { id: "query-zoom-selected", class: "small", type: "button", onclick: zoom }, this.app.t("query.zoom_selected")),
      el("button", { id: "query-clear-selected", class: "small", type: "button", onclick: clear }, this.app.t("query.clear_selected")),
    );
  }

  private renderPager(): HTMLElement {
    const { layer } = this.facts as LayerFacts;
    const step = (id: string, key: "query.page_first" | "query.page_before" | "query.page_after", query: string | null, to: number): HTMLElement => {
      const go = (): void => {
        this.before = to;
        // While rows come in another order, the page in sight still leads on in the old one.
        const isStale = this.element.getAttribute("aria-busy") === "true";
        void (to === 0 || isStale ? this.fetchFirst(to) : this.fetch((signal) => getPage(layer, query as string, signal)));
      };
      const words = this.app.t(key);
      const sign = icon(({ "query.page_first": "first", "query.page_before": "before", "query.page_after": "after" } as const)[key]);
      return el("button", { id, class: "small", type: "button", title: words, "aria-label": words, disabled: query === null, onclick: go }, sign);
    };
    const before = this.before === 0 ? null : (this.page?.before ?? null);
    return el(
      "nav",
      { class: "query-pager", "aria-label": this.app.t("query.rows_open", this.countRows()) },
      step("query-first", "query.page_first", this.before === 0 ? null : "", 0),
      step("query-before", "query.page_before", before, this.before - 1),
      el("span", { role: "status" }, this.sayRows()),
      step("query-after", "query.page_after", this.page?.after ?? null, this.before + 1),
    );
  }

  private countRows(): { first: string; last: string } {
    const count = this.page?.rows.length ?? 0;
    const first = this.before * PAGE + Math.min(1, count);
    return { first: this.app.number(first), last: this.app.number(this.before * PAGE + count) };
  }

  private sayRows(): string {
    const matched = this.page?.matched ?? null;
    if (matched === null) {
      return this.app.t("query.rows_open", this.countRows());
    }
    return this.app.t("query.rows", { ...this.countRows(), total: this.app.number(matched) });
  }

  private renderColumns(): HTMLElement {
    const facts = this.facts as LayerFacts;
    const take = (columns: string[], kept: string[]): void => {
      this.columns = columns;
      keepColumns(facts.layer, kept, localStorage);
      this.render();
      void this.fetchFirst();
    };
    const boxes = facts.properties.map(({ name, title }) => {
      const press = (): void => {
        const columns = toggleColumn(facts, this.columns, name, box.checked);
        take(columns, columns);
      };
      const box = el("input", { type: "checkbox", id: `query-column-${name}`, onchange: press });
      box.checked = this.columns.includes(name);
      return el("li", {}, box, el("label", { for: box.id }, title));
    });
    return el(
      "fieldset",
      { class: "query-columns" },
      el("legend", { class: "visually-hidden" }, this.app.t("query.columns")),
      el("ul", {}, ...boxes),
      el("button", { id: "query-usual", class: "small", type: "button", onclick: () => take(listUsual(facts), []) }, this.app.t("query.columns_usual")),
    );
  }
}
