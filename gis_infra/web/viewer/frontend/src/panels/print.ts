// Printing: a sheet at a scale of plans, with legend, scale, north and source, by the browser's own printing.

import type { App } from "../app";
import { el } from "../dom";
import { icon } from "../icons";
import { showOverlay } from "../map/overlays";
import { chooseScale, DETAIL, FRAMES, getFrame, getTallness, isWellSeen, type Paper, PAPERS, SCALES, toPx, toZoom } from "../print/scale";
import { renderSheet, type Sheet } from "../print/sheet";
import { getReason, note, type Panel, type PanelHost } from "./panel";

type Option = readonly [value: string, words: string];

const FRAME_MARGIN_PX = 24;
const LONGEST_TITLE = 120;

export class PrintPanel implements Panel {
  private title = "";
  private paper: Paper = "a4-landscape";
  private scale = 0;
  private hasLegend = true;
  private isBusy = false;
  private failure: string | null = null;
  private readonly onMove = (): void => this.showFrame();

  constructor(
    private readonly app: App,
    private readonly host: PanelHost,
  ) {}

  open(): void {
    this.scale = this.fit();
    this.app.map.on("move", this.onMove);
    this.showFrame();
    // The panel takes its part of the map's width only after this.
    requestAnimationFrame(() => this.host.tool === "print" && this.bringFrameIntoView());
  }

  close(): void {
    this.app.map.off("move", this.onMove);
    showOverlay(this.app.map, "frame", []);
  }

  /** The scale of plans that holds what the screen shows. */
  private fit(): number {
    const { map } = this.app;
    const { clientWidth, clientHeight } = map.getCanvas();
    return chooseScale(this.paper, map.getZoom(), map.getCenter().lat, clientWidth, clientHeight);
  }

  private showFrame(): void {
    const [west, south, east, north] = getFrame(this.paper, this.scale, this.getCenter());
    const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    showOverlay(this.app.map, "frame", [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: ring } }]);
  }

  /** Steps back until all four sides of the frame are in sight, or closer where it would be a dot. */
  private bringFrameIntoView(): void {
    const { map } = this.app;
    map.resize();
    const [west, south, east, north] = getFrame(this.paper, this.scale, this.getCenter());
    const from = map.project([west, north]);
    const to = map.project([east, south]);
    const { clientWidth, clientHeight } = map.getCanvas();
    if (!isWellSeen([from.x, from.y, to.x, to.y], clientWidth, clientHeight)) {
      map.fitBounds([west, south, east, north], { padding: FRAME_MARGIN_PX, animate: false });
    }
  }

  private getCenter(): [number, number] {
    const { lng, lat } = this.app.map.getCenter();
    return [lng, lat];
  }

  render(body: HTMLElement): void {
    const { app } = this;
    const papers = PAPERS.map((paper): Option => [paper, app.t(`print.${paper}`)]);
    const scales = SCALES.map((scale): Option => [String(scale), `1:${app.number(scale)}`]);
    body.append(
      note(app.t("print.hint")),
      el(
        "form",
        { class: "fields", onsubmit: (event: Event) => this.submit(event) },
        this.makeTitle(),
        this.makeSelect("print-paper", app.t("print.paper"), papers, this.paper, (value) => {
          this.paper = value as Paper;
          this.scale = this.fit();
        }),
        this.makeSelect("print-scale", app.t("print.scale"), scales, String(this.scale), (value) => (this.scale = Number(value))),
        this.makeLegendCheck(),
        el(
          "div",
          { class: "wide buttons" },
          el("button", { id: "print-go", class: "main", type: "submit", disabled: this.isBusy }, icon("print"), app.t(this.isBusy ? "print.busy" : "print.go")),
        ),
      ),
      ...(this.failure ? [note(this.failure, "error")] : []),
      note(app.t("print.pdf")),
    );
  }

  private makeTitle(): HTMLElement {
    const input = el("input", {
      id: "print-title",
      type: "text",
      maxlength: LONGEST_TITLE,
      value: this.title,
      placeholder: this.app.t("app.title"),
      oninput: () => (this.title = input.value),
    });
    return el("div", { class: "field wide" }, el("label", { for: "print-title" }, this.app.t("print.title")), input);
  }

  private makeSelect(id: string, label: string, options: Option[], chosen: string, onChoose: (value: string) => void): HTMLElement {
    const change = (): void => {
      onChoose(select.value);
      this.showFrame();
      this.bringFrameIntoView();
      this.host.refresh();
    };
    const made = options.map(([value, words]) => el("option", { value, selected: value === chosen }, words));
    const select = el("select", { id, onchange: change }, ...made);
    return el("div", { class: "field" }, el("label", { for: id }, label), select);
  }

  private makeLegendCheck(): HTMLElement {
    const input = el("input", { id: "print-legend", type: "checkbox", onchange: () => (this.hasLegend = input.checked) });
    input.checked = this.hasLegend;
    return el("div", { class: "field check wide" }, input, el("label", { for: "print-legend" }, this.app.t("print.with_legend")));
  }

  private submit(event: Event): void {
    event.preventDefault();
    void this.print();
  }

  private async print(): Promise<void> {
    this.isBusy = true;
    this.failure = null;
    this.host.refresh();
    try {
      await this.makeSheet();
    } catch (error) {
      this.failure = getReason(this.app, error);
    }
    this.isBusy = false;
    this.host.refresh();
  }

  private async makeSheet(): Promise<void> {
    const { app, paper, scale, hasLegend } = this;
    const sheet: Sheet = { title: this.title.trim() || app.t("app.title"), paper, scale, center: this.getCenter(), hasLegend };
    const [width, height] = FRAMES[paper].map(toPx) as [number, number];
    const { drawPicture } = await import("../print/picture");
    // The frame and what is meant by a click are for the screen.
    showOverlay(app.map, "frame", []);
    const [, latitude] = sheet.center;
    // Taller than the frame it stands in, which makes its scale one both ways.
    const tall = Math.round(height * getTallness(latitude));
    const order = { config: app.config, center: sheet.center, zoom: toZoom(scale, latitude), width, height: tall, detail: DETAIL[paper] };
    const picture = await drawPicture(app.map, order).finally(() => this.host.tool === "print" && this.showFrame());
    const element = renderSheet(app, sheet, picture);
    document.querySelector(".sheet")?.remove();
    document.body.append(element);
    await element.querySelector("img")?.decode();
    const leave = (): void => {
      element.remove();
      URL.revokeObjectURL(picture.url);
    };
    addEventListener("afterprint", leave, { once: true });
    print();
  }
}
