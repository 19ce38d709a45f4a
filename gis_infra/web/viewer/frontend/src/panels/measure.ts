// Measuring: how long a line is, how large an area, and where a place is in the city's grid.

import type { MapMouseEvent } from "maplibre-gl";

import type { App } from "../app";
import { el } from "../dom";
import { icon, type IconName } from "../icons";
import type { Drawing } from "../map/drawing";
import { showOverlay } from "../map/overlays";
import { crossesItself } from "../measure/crossing";
import { measureArea, measureLength } from "../measure/ellipsoid";
import { formatDegrees, formatInGrid, formatLength, formatSurface } from "../measure/words";
import type { MessageKey } from "../messages";
import { decodeShape, encodeShape } from "../works/address";
import { note, type Panel, type PanelHost } from "./panel";

const MODES = ["length", "area", "place"] as const;
type Mode = (typeof MODES)[number];
type Measured = GeoJSON.LineString | GeoJSON.Polygon | GeoJSON.Point;

const ICONS: Record<Mode, IconName> = { length: "line", area: "polygon", place: "place" };
const COPIED_STAYS_MS = 2000;
const DIGITS = 8;

export class MeasurePanel implements Panel {
  private mode: Mode = "length";
  private shape: Measured | null = null;
  private drawing: Drawing | null = null;
  private isDrawing = false;
  private readonly answer = el("div", { class: "measured", role: "status" });

  constructor(
    private readonly app: App,
    private readonly host: PanelHost,
  ) {}

  open(): void {
    const kept = decode(this.app.state.ruler ?? "");
    if (kept === null) {
      void this.begin(this.mode);
      return;
    }
    this.shape = kept;
    this.mode = kept.type === "Point" ? "place" : kept.type === "Polygon" ? "area" : "length";
    showOverlay(this.app.map, "ruler", [{ type: "Feature", properties: {}, geometry: kept }]);
  }

  close(): void {
    this.forget();
    this.app.saveState({ ruler: null });
  }

  click({ lngLat }: MapMouseEvent): void {
    if (this.mode === "place") {
      const point: GeoJSON.Point = { type: "Point", coordinates: [lngLat.lng, lngLat.lat] };
      this.take(point);
      showOverlay(this.app.map, "ruler", [{ type: "Feature", properties: {}, geometry: point }]);
    }
  }

  escape(): boolean {
    const isBusy = this.isDrawing && this.shape !== null;
    if (isBusy) {
      void this.begin(this.mode);
    }
    return isBusy;
  }

  takesEnter(): boolean {
    return this.mode !== "place";
  }

  render(body: HTMLElement): void {
    const modes = MODES.map((mode) => this.makeMode(mode));
    body.append(
      el("div", { class: "buttons", role: "group", "aria-label": this.app.t("measure.modes") }, ...modes),
      note(this.app.t(`measure.hint_${this.mode}`)),
      this.answer,
      el(
        "button",
        { id: "measure-clear", class: "plain", type: "button", onclick: () => void this.begin(this.mode) },
        icon("trash"),
        this.app.t("measure.again"),
      ),
      note(this.app.t("measure.basis")),
    );
    this.renderAnswer();
  }

  private makeMode(mode: Mode): HTMLElement {
    return el(
      "button",
      { id: `measure-${mode}`, type: "button", "aria-pressed": String(mode === this.mode), onclick: () => void this.begin(mode) },
      icon(ICONS[mode]),
      this.app.t(`measure.${mode}`),
    );
  }

  /** Takes up a way to measure, with nothing measured yet. */
  private async begin(mode: Mode): Promise<void> {
    this.forget();
    this.mode = mode;
    this.app.saveState({ ruler: null });
    this.host.refresh();
    if (mode === "place") {
      return;
    }
    this.isDrawing = true;
    const { Drawing } = await import("../map/drawing");
    this.drawing ??= new Drawing(
      this.app.map,
      (shape) => this.take(shape),
      (shape) => this.isDrawing && this.measure(shape),
    );
    if (this.isDrawing && this.mode === mode) {
      this.drawing.begin(mode === "area" ? "polygon" : "linestring");
    }
  }

  private forget(): void {
    this.shape = null;
    this.isDrawing = false;
    this.drawing?.clear();
    showOverlay(this.app.map, "ruler", []);
  }

  /** What was drawn to its end, or moved: measured, and kept in the address. */
  private take(shape: Measured): void {
    this.measure(shape);
    this.app.saveState({ ruler: encode(shape) });
  }

  private measure(shape: Measured): void {
    this.shape = shape;
    this.renderAnswer();
  }

  private renderAnswer(): void {
    const { shape } = this;
    if (shape?.type === "Polygon" && crossesItself(shape.coordinates[0] ?? [])) {
      this.answer.replaceChildren(note(this.app.t("measure.crosses"), "error"));
    } else {
      this.answer.replaceChildren(...(shape === null ? [] : [el("dl", {}, ...this.listFigures(shape))]));
    }
  }

  private listFigures(shape: Measured): HTMLElement[] {
    const { language } = this.app;
    switch (shape.type) {
      case "Point":
        return this.listCoordinates(shape.coordinates as [number, number]);
      case "LineString":
        return [
          this.makeFigure("measure.total", formatLength(language, measureLength(shape.coordinates))),
          ...(shape.coordinates.length > 2
            ? [this.makeFigure("measure.last", formatLength(language, measureLength(shape.coordinates.slice(-2))))]
            : []),
        ];
      case "Polygon": {
        const ring = shape.coordinates[0] ?? [];
        return [
          this.makeFigure("measure.surface", formatSurface(language, measureArea(ring))),
          this.makeFigure("measure.perimeter", formatLength(language, measureLength(ring))),
        ];
      }
    }
  }

  private listCoordinates([longitude, latitude]: [number, number]): HTMLElement[] {
    const { grid } = this.app.config;
    const degrees = this.makeFigure("measure.degrees", formatDegrees(longitude, latitude), true);
    if (grid === null) {
      return [degrees];
    }
    const metres = el("div", {}, el("dt", {}, grid.name), this.makeValue(formatInGrid(this.app.language, grid, longitude, latitude), true));
    return [metres, degrees];
  }

  private makeFigure(key: MessageKey, value: string, isCopied = false): HTMLElement {
    return el("div", {}, el("dt", {}, this.app.t(key)), this.makeValue(value, isCopied));
  }

  private makeValue(value: string, isCopied: boolean): HTMLElement {
    return el("dd", {}, el("span", { class: "figure" }, value), isCopied ? this.makeCopy(value) : null);
  }

  private makeCopy(value: string): HTMLElement {
    const copy = async (): Promise<void> => {
      try {
        await navigator.clipboard.writeText(value);
      } catch {
        // Without https there is no clipboard: the reader presses Ctrl+C.
        getSelection()?.selectAllChildren(button.previousElementSibling ?? button);
        return;
      }
      button.textContent = this.app.t("pages.copied");
      setTimeout(() => (button.textContent = this.app.t("pages.copy")), COPIED_STAYS_MS);
    };
    const label = `${this.app.t("pages.copy")}: ${value}`;
    const button = el("button", { class: "plain", type: "button", "aria-label": label, onclick: () => void copy() }, this.app.t("pages.copy"));
    return button;
  }
}

function encode(shape: Measured): string | null {
  return shape.type === "Point"
    ? `P.${shape.coordinates.map((degrees) => degrees.toFixed(DIGITS)).join(",")}`
    : encodeShape(shape);
}

function decode(text: string): Measured | null {
  const point = /^P\.(-?\d+\.\d+),(-?\d+\.\d+)$/.exec(text);
  if (point) {
    return { type: "Point", coordinates: [Number(point[1]), Number(point[2])] };
  }
  const shape = decodeShape(text);
  return shape?.type === "MultiPolygon" ? null : shape;
}
