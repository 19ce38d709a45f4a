// The layers by sector: what is drawn and how, how much of it there is, switched on and off one by one or by sector.

import { getExtent } from "../api";
import { type App, getPalette } from "../app";
import type { LayerConfig, SectorConfig } from "../config";
import { el } from "../dom";
import { icon } from "../icons";
import { makeBackgroundLegend } from "../map/background";
import { showLayer } from "../map/layers";
import { zoomToBox } from "../map/overlays";
import { openDownload } from "./download";
import { WindowCounts } from "./layer_counts";
import { LayerOrder } from "./layer_order";
import { swatch } from "./legend";
import { openQgis } from "./qgis";

const VIEWS = ["tree", "order"] as const;
type View = (typeof VIEWS)[number];

export class LayerTree {
  readonly element = el("aside", { class: "layers", id: "layers" });
  private readonly folded = new Set<string>();
  private readonly rows = new Map<LayerConfig, HTMLElement>();
  private readonly counted = new Map<LayerConfig, HTMLElement>();
  private readonly counts: WindowCounts;
  private readonly order: LayerOrder;
  private readonly farHint = el("p", { class: "far-hint", hidden: true });
  private view: View = "tree";

  constructor(
    private readonly app: App,
    private readonly onFilter: (layer: string) => void,
    private readonly onError: (error: unknown) => void,
  ) {
    this.counts = new WindowCounts(app, this.element, () => this.showCounts());
    this.order = new LayerOrder(app);
    this.render();
    app.map.on("zoomend", () => this.markFar());
    app.filters.listen(() => this.render());
  }

  /** Builds the tree anew, keeping the keyboard's place in it. */
  render(): void {
    const place = this.element.scrollTop;
    const focused = document.activeElement?.id;
    this.rows.clear();
    this.counted.clear();
    this.element.setAttribute("aria-label", this.app.t("tool.layers"));
    this.farHint.textContent = this.app.t("layers.far_hint");
    this.element.replaceChildren(this.makeViews(), this.farHint, ...(this.view === "tree" ? this.renderTree() : [this.order.element]));
    if (this.view === "order") {
      this.order.render();
    }
    this.markFar();
    this.element.scrollTop = place;
    if (focused) {
      document.getElementById(focused)?.focus();
    }
  }

  private renderTree(): HTMLElement[] {
    const background = this.app.config.sectors.flatMap((sector) => sector.layers.filter((layer) => layer.background));
    return [
      ...this.app.config.sectors.map((sector) => this.renderSector(withoutBackground(sector))),
      this.renderSector({ id: "background", title: this.app.t("layers.background"), color: "#9aa3ad", layers: background }),
      el("button", { class: "qgis", type: "button", id: "open-qgis", onclick: () => openQgis(this.app) }, this.app.t("qgis.open")),
    ];
  }

  /** The choice between the layers by sector and those that are on in the order they are drawn. */
  private makeViews(): HTMLElement {
    const choose = (view: View): void => {
      this.view = view;
      this.render();
      this.element.scrollTop = 0;
    };
    const buttons = VIEWS.map((view) =>
      el(
        "button",
        { type: "button", id: `layers-${view}`, "aria-pressed": String(view === this.view), onclick: () => choose(view) },
        this.app.t(`layers.view_${view}`),
      ),
    );
    return el("div", { class: "views", role: "group", "aria-label": this.app.t("layers.views") }, ...buttons);
  }

  private renderSector(sector: SectorConfig): HTMLElement {
    const open = !this.folded.has(sector.id);
    const list = el("ul", { id: `list-${sector.id}`, hidden: !open });
    list.append(...sector.layers.map((layer) => this.renderLayer(layer)));
    const section = el(
      "section",
      { class: "sector", hidden: sector.layers.length === 0 },
      el("h2", {}, this.makeFold(sector, open), this.makeSectorBox(sector)),
      list,
    );
    section.style.setProperty("--sector", sector.color);
    return section;
  }

  private makeFold(sector: SectorConfig, open: boolean): HTMLElement {
    return el(
      "button",
      {
        class: "fold",
        id: `fold-${sector.id}`,
        type: "button",
        "aria-expanded": String(open),
        "aria-controls": `list-${sector.id}`,
        onclick: () => this.fold(sector.id),
      },
      icon("chevron"),
      el("span", {}, sector.title),
    );
  }

  private makeSectorBox(sector: SectorConfig): HTMLInputElement {
    const on = sector.layers.filter((layer) => this.app.shown.has(layer.id)).length;
    const box = el("input", {
      type: "checkbox",
      id: `sector-${sector.id}`,
      "aria-label": this.app.t("layers.toggle_sector", { title: sector.title }),
      onchange: () => this.toggle(sector.layers, box.checked),
    });
    box.checked = on === sector.layers.length;
    box.indeterminate = on > 0 && on < sector.layers.length;
    return box;
  }

  private renderLayer(layer: LayerConfig): HTMLElement {
    const on = this.app.shown.has(layer.id);
    const legend = this.getLegend(layer);
    const first = legend[0];
    const box = el("input", {
      type: "checkbox",
      id: `layer-${layer.id}`,
      onchange: () => this.toggle([layer], box.checked),
    });
    box.checked = on;
    const label = el(
      "label",
      { for: box.id },
      first ? swatch(first) : null,
      el("span", { class: "name" }, layer.title),
      this.makeLock(layer),
    );
    const row = el("div", { class: "row" }, box, this.makeFilter(layer), label, this.makeCount(layer), this.makeDownload(layer), this.makeZoom(layer));
    const entries = legend.map((entry) => el("li", {}, swatch(entry), el("span", {}, entry.label)));
    const classes = on && layer.count > 0 && legend.length > 1 ? el("ul", { class: "classes" }, ...entries) : null;
    this.rows.set(layer, row);
    return el("li", { class: layer.count === 0 ? "empty" : "" }, row, classes);
  }

  /** Tells which layers are on but drawn only from closer by. */
  private markFar(): void {
    const zoom = this.app.map.getZoom();
    let isAnyFar = false;
    for (const [layer, row] of this.rows) {
      const far = layer.count > 0 && this.app.shown.has(layer.id) && zoom < getLeastZoom(layer);
      row.classList.toggle("far", far);
      row.title = far ? this.app.t("layers.far", { title: layer.title }) : layer.title;
      isAnyFar ||= far;
    }
    this.farHint.hidden = !isAnyFar;
  }

  private getLegend(layer: LayerConfig): LayerConfig["legend"] {
    return layer.background ? makeBackgroundLegend(layer.id, layer.title, getPalette()) : layer.legend;
  }

  private makeLock(layer: LayerConfig): HTMLElement | null {
    if (layer.access === "public") {
      return null;
    }
    const words = this.app.t(`layers.${layer.access}`);
    return el("span", { class: `lock ${layer.access}`, title: words, role: "img", "aria-label": words }, icon("lock"));
  }

  /** The mark of a layer of which not all is shown; leads to its filter. */
  private makeFilter(layer: LayerConfig): HTMLElement | null {
    if (this.app.filters.getText(layer.id) === null) {
      return null;
    }
    const words = `${this.app.t("query.change_of", { layer: layer.title })}: ${this.app.filters.getSentence(layer.id)}`;
    const properties = { id: `filter-${layer.id}`, class: "quiet filtered", type: "button", title: words, "aria-label": words };
    return el("button", { ...properties, onclick: () => this.onFilter(layer.id) }, icon("query"));
  }

  private makeCount(layer: LayerConfig): HTMLElement {
    const { text, title } = this.counts.describe(layer);
    const count = el("span", { class: "count", title }, text);
    this.counted.set(layer, count);
    return count;
  }

  private showCounts(): void {
    for (const [layer, count] of this.counted) {
      const { text, title } = this.counts.describe(layer);
      count.textContent = text;
      count.title = title;
    }
  }

  private makeZoom(layer: LayerConfig): HTMLElement {
    const empty = layer.count === 0;
    const words = this.app.t(empty ? "layers.empty" : "layers.zoom", { title: layer.title });
    const properties = { class: "quiet zoom", type: "button", title: words, "aria-label": words, disabled: empty };
    return el("button", { ...properties, onclick: () => void this.zoomTo(layer) }, icon("zoom"));
  }

  private makeDownload(layer: LayerConfig): HTMLElement {
    const words = this.app.t("download.open", { title: layer.title });
    const properties = { class: "quiet zoom save", type: "button", title: words, "aria-label": words, disabled: layer.count === 0 };
    return el("button", { ...properties, onclick: () => openDownload(this.app, layer) }, icon("download"));
  }

  private toggle(layers: LayerConfig[], on: boolean): void {
    for (const layer of layers) {
      this.app.shown[on ? "add" : "delete"](layer.id);
      showLayer(this.app.map, layer, on);
    }
    this.counts.ask();
    this.app.saveState();
    this.render();
  }

  private fold(id: string): void {
    if (!this.folded.delete(id)) {
      this.folded.add(id);
    }
    this.render();
  }

  /** Brings all of a layer into view, and switches it on. */
  async zoomTo(layer: LayerConfig): Promise<void> {
    try {
      const box = await getExtent(layer.id);
      if (box) {
        zoomToBox(this.app.map, box);
      }
      if (!this.app.shown.has(layer.id)) {
        this.toggle([layer], true);
      }
    } catch (error) {
      this.onError(error);
    }
  }
}

function getLeastZoom(layer: LayerConfig): number {
  return layer.background ? 0 : Math.min(...layer.style.map((part) => part.minzoom ?? 0));
}

function withoutBackground(sector: SectorConfig): SectorConfig {
  return { ...sector, layers: sector.layers.filter((layer) => !layer.background) };
}
