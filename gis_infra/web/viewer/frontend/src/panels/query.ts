// Filtering a layer: a form, what it says in words, how much it lets through, and the ways on from there.

import type { MapMouseEvent } from "maplibre-gl";

import type { App } from "../app";
import { findLayer, type LayerConfig } from "../config";
import { el } from "../dom";
import { icon } from "../icons";
import { zoomToBox } from "../map/overlays";
import { countMatches, getExtentOf, type LayerFacts } from "../query/api";
import { type Filter, NO_FILTER } from "../query/filter";
import { openDownload } from "./download";
import { getReason, isAbort, note, type Panel, type PanelHost } from "./panel";
import { renderForm } from "./query_form";
import { QueryTable } from "./query_table";

// So long nobody types before what is typed is asked for.
const PAUSE_MS = 400;
// Pixels around the pointer in which a thin line is still found.
const REACH_PX = 6;

export class QueryPanel implements Panel {
  /** Lies below the map, not in the panel: a table wants width. */
  readonly table: QueryTable;
  private layer: string | null = null;
  private facts: LayerFacts | null = null;
  private failure: string | null = null;
  /** How many match; undefined while it is counted, null for very many. */
  private count: number | null | undefined;
  /** The filter as the form has it, a moment ahead of the one in force while the user types. */
  private draft: Filter = NO_FILTER;
  private readonly result = el("div", { class: "query-result" });
  private request = new AbortController();
  private timer = 0;
  /** Whether the address has the table open, which is to come when its layer is known. */
  private opensTable = false;

  /** onShow: asked to switch a layer on, which the user means to see. */
  constructor(
    private readonly app: App,
    private readonly host: PanelHost,
    private readonly onShow: (layer: LayerConfig) => void,
  ) {
    this.table = new QueryTable(app, () => this.host.refresh());
    app.filters.listen((layer) => layer === this.layer && this.follow());
  }

  open(): void {
    const told = this.app.state.table;
    const known = told !== null && findLayer(this.app.config, told.layer) !== undefined ? told : null;
    this.opensTable = this.layer === null && known !== null && known.isOpen;
    const first = this.layer ?? known?.layer ?? this.app.filters.list()[0] ?? this.findFirst()?.id ?? null;
    if (first !== null) {
      void this.choose(first);
    }
  }

  close(): void {
    this.request.abort();
    this.table.close();
  }

  escape(): boolean {
    if (!this.table.isOpen) {
      return false;
    }
    this.table.close();
    this.host.refresh();
    return true;
  }

  changeLanguage(): void {
    if (this.layer !== null && this.host.tool === "query") {
      void this.choose(this.layer);
    }
  }

  click({ point, originalEvent }: MapMouseEvent): void {
    const id = this.findAt(point.x, point.y);
    if (this.facts === null || id === null) {
      return;
    }
    if (!this.table.isOpen) {
      this.openTable();
    }
    const others = Boolean(originalEvent?.ctrlKey || originalEvent?.metaKey || originalEvent?.shiftKey);
    void this.table.pick(id, others).catch((error: unknown) => this.fail(error));
  }

  /** The id of the feature of the layer under a place of the map's window, null where there is none. */
  private findAt(x: number, y: number): number | null {
    const found = this.app.map.queryRenderedFeatures([
      [x - REACH_PX, y - REACH_PX],
      [x + REACH_PX, y + REACH_PX],
    ]);
    const id = found.find((each) => each.source === this.layer)?.id;
    return typeof id === "number" ? id : null;
  }

  /** The layer most likely meant: one that is shown and no mere ground. */
  private findFirst(): LayerConfig | undefined {
    const shown = this.app.listShown();
    return shown.find((layer) => !layer.background) ?? shown[0];
  }

  /** Takes up a layer. */
  async choose(layer: string): Promise<void> {
    this.layer = layer;
    this.facts = null;
    this.failure = null;
    this.host.refresh();
    try {
      const facts = await this.app.filters.load(layer);
      if (this.layer !== layer || this.host.tool !== "query") {
        return;
      }
      this.facts = facts;
      if (this.table.isOpen || this.opensTable) {
        this.opensTable = false;
        this.table.open(facts);
      } else {
        this.keepLayer(layer);
      }
      this.host.refresh();
      void this.countAll();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Puts the layer in hand into the address; the table does the same with more to say. */
  private keepLayer(layer: string): void {
    if (this.app.state.table?.layer !== layer) {
      this.app.saveState({ table: { layer, isOpen: false, sort: null, page: 0, columns: [] } });
    }
  }

  private fail(error: unknown): void {
    this.failure = getReason(this.app, error);
    this.host.refresh();
  }

  private openTable(): void {
    if (this.facts !== null) {
      this.table.open(this.facts);
      this.host.refresh();
    }
  }

  /** After the filter has changed, here or by its mark on the map. */
  private follow(): void {
    const config = findLayer(this.app.config, this.layer as string);
    if (this.app.filters.getText(this.layer as string) !== null && config !== undefined && !this.app.shown.has(config.id)) {
      this.onShow(config);
    }
    void this.countAll();
    void this.table.fetchFirst();
  }

  private async countAll(): Promise<void> {
    const layer = this.layer as string;
    const text = this.app.filters.getText(layer);
    this.request.abort();
    this.request = new AbortController();
    this.count = text === null ? (findLayer(this.app.config, layer)?.count ?? 0) : undefined;
    this.renderResult();
    if (text === null) {
      return;
    }
    try {
      this.count = await countMatches(layer, text, this.request.signal);
      this.failure = null;
    } catch (error) {
      if (isAbort(error)) {
        return;
      }
      this.failure = getReason(this.app, error);
    }
    this.renderResult();
  }

  private change(filter: Filter, rebuilt: boolean): void {
    const layer = this.layer as string;
    this.draft = filter;
    clearTimeout(this.timer);
    if (rebuilt) {
      this.app.filters.set(layer, filter);
      this.host.refresh();
    } else {
      this.timer = window.setTimeout(() => this.app.filters.set(layer, filter), PAUSE_MS);
    }
  }

  render(body: HTMLElement): void {
    const { app } = this;
    if (this.layer === null) {
      body.append(note(app.t("query.no_layers")));
      return;
    }
    body.append(this.makeLayers());
    if (this.facts === null) {
      body.append(this.failure === null ? note(app.t("app.loading")) : note(this.failure, "error"));
      return;
    }
    this.draft = app.filters.get(this.layer);
    const form = {
      app,
      properties: this.facts.properties,
      getFilter: () => this.draft,
      onChange: (filter: Filter, rebuilt: boolean) => this.change(filter, rebuilt),
    };
    body.append(renderForm(form), this.result);
    this.renderResult();
  }

  private makeLayers(): HTMLElement {
    const groups = this.app.config.sectors.map((sector) => {
      const layers = sector.layers.filter((layer) => layer.count > 0 || layer.id === this.layer);
      const options = layers.map(({ id, title }) => el("option", { value: id, selected: id === this.layer }, title));
      return options.length === 0 ? null : el("optgroup", { label: sector.title }, ...options);
    });
    const select = el("select", { id: "query-layer", onchange: () => void this.choose(select.value) }, ...groups);
    return el("div", { class: "field" }, el("label", { for: "query-layer" }, this.app.t("query.layer")), select);
  }

  /** What the filter says and lets through; built anew alone, so that who types is left in peace. */
  private renderResult(): void {
    if (this.facts === null || this.layer === null) {
      return;
    }
    const { app, layer } = this;
    const text = app.filters.getText(layer);
    this.result.replaceChildren(
      el("p", { class: "query-sentence", id: "query-sentence", "aria-live": "polite" }, app.filters.getSentence(layer)),
      text === null ? note(app.t("query.hint")) : note(this.sayCount(), "tally"),
      this.failure === null ? "" : note(this.failure, "error"),
      this.renderButtons(layer, text),
      text === null ? "" : this.renderText(text),
    );
  }

  private sayCount(): string {
    const total = this.app.number(findLayer(this.app.config, this.layer as string)?.count ?? 0);
    if (this.count === undefined) {
      return this.app.t("query.counting");
    }
    if (this.count === 0) {
      return this.app.t("query.none_match");
    }
    return this.count === null
      ? this.app.t("query.matched_many", { total })
      : this.app.t("query.matched", { count: this.app.number(this.count), total });
  }

  private renderButtons(layer: string, text: string | null): HTMLElement {
    const { app, table } = this;
    const toggle = (): void => {
      if (table.isOpen) {
        table.close();
        this.host.refresh();
      } else {
        this.openTable();
      }
    };
    const config = findLayer(app.config, layer);
    const clear = (): void => this.change(NO_FILTER, true);
    const disabled = this.count === 0;
    return el(
      "div",
      { class: "buttons query-buttons" },
      el(
        "button",
        { id: "query-table", class: "main", type: "button", "aria-expanded": String(table.isOpen), onclick: toggle },
        app.t(table.isOpen ? "query.close_table" : "query.open_table"),
      ),
      el("button", { id: "query-zoom", type: "button", disabled, onclick: () => void this.zoom(layer, text) }, icon("zoom"), app.t("query.zoom")),
      el("button", { id: "query-download", type: "button", disabled, onclick: () => config && openDownload(app, config) }, icon("download"), app.t("query.download")),
      this.app.filters.get(layer).conditions.length === 0
        ? null
        : el("button", { id: "query-clear", type: "button", onclick: clear }, icon("close"), app.t("query.clear")),
    );
  }

  private async zoom(layer: string, text: string | null): Promise<void> {
    try {
      const box = await getExtentOf(layer, text);
      if (box !== null) {
        zoomToBox(this.app.map, box);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private renderText(text: string): HTMLElement {
    const { app } = this;
    const copy = async (): Promise<void> => {
      await navigator.clipboard.writeText(text);
      button.textContent = app.t("pages.copied");
    };
    const button = el("button", { id: "query-copy", class: "plain", type: "button", onclick: () => void copy() }, app.t("pages.copy"));
    return el(
      "details",
      { class: "more" },
      el("summary", { id: "query-cql2" }, app.t("query.cql2")),
      el("pre", { class: "query-text", tabindex: 0, "aria-label": app.t("query.cql2") }, el("code", {}, text)),
      el("p", { class: "aside" }, app.t("query.cql2_hint")),
      navigator.clipboard === undefined ? null : button,
    );
  }
}
