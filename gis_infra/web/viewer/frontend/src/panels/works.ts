// Planned works: draw them, say how deep and how, and see at once what is in the way and whose it is.

import type { MapMouseEvent } from "maplibre-gl";

import { checkWorks, type Conflict, getAsset, type Works, type WorksAnswer } from "../api";
import type { App } from "../app";
import { findLayer } from "../config";
import { el } from "../dom";
import { icon, type IconName } from "../icons";
import type { Drawing, Shape } from "../map/drawing";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";
import { crossesItself } from "../measure/crossing";
import type { MessageKey } from "../messages";
import { decodeForm, decodeShape, encodeForm, encodeShape } from "../works/address";
import { renderAnswer, renderResult } from "../works/answer";
import { findFault, LARGEST_M, makeForm, renderForm, toProperties } from "../works/form";
import { listPapers, renderTaking } from "../works/printing";
import { type Kept, openSaving, PROJECTS } from "../works/saving";
import { StreetPick, STREETS } from "../works/street";
import { getReason, isAbort, note, type Panel, type PanelHost } from "./panel";
import { openShare } from "./share";

/** A works project that the city keeps. */
export type StoredWorks = Kept;

export class WorksPanel implements Panel {
  private drawing: Drawing | null = null;
  private shape: GeoJSON.Geometry | null = null;
  private drawingNow: Shape | null = null;
  private answer: WorksAnswer | null = null;
  private failure: string | null = null;
  private busy = false;
  private selected: Conflict | null = null;
  private request = new AbortController();
  private project: StoredWorks | null = null;
  /** Streets that are picked in place of drawing; null while nothing is picked. */
  private street: StreetPick | null = null;
  private form = makeForm();

  /** onKept: called when the city has new works, which are to be seen on the map. */
  constructor(
    private readonly app: App,
    private readonly host: PanelHost,
    private readonly onKept: () => void,
  ) {}

  open(): void {
    this.showConflicts();
    if (this.getWorks() === null) {
      void this.restore();
    } else if (this.answer === null) {
      void this.check();
    }
  }

  /** Checks a works project as it is kept, in place of what was drawn. */
  checkStored(project: StoredWorks): void {
    this.forget();
    this.drawing?.clear();
    this.project = project;
    void this.check();
  }

  /** What is drawn stays, out of sight: who looks at an asset, or prints, comes back to it. */
  close(): void {
    this.request.abort();
    this.busy = false;
    this.selected = null;
    this.drawing?.clear();
    this.drawingNow = null;
    if (this.shape === null) {
      this.street?.stop();
      this.street = null;
    }
    (["conflicts", "highlight"] as const).forEach((overlay) => showOverlay(this.app.map, overlay, []));
  }

  click({ lngLat }: MapMouseEvent): void {
    void this.street?.toggle([lngLat.lng, lngLat.lat]);
  }

  escape(): boolean {
    const drawing = this.drawingNow !== null || (this.street !== null && this.shape === null);
    if (drawing) {
      this.clear();
    }
    return drawing;
  }

  takesEnter(): boolean {
    // Enter ends what is drawn, but picks the street at the centre.
    return this.street === null;
  }

  render(body: HTMLElement): void {
    body.append(this.renderTools(), this.renderState());
    body.append(
      this.project
        ? note(this.app.t("works.project", { name: this.project.name }), "project")
        : renderForm(this.app, this.form, () => void this.change()),
    );
    body.append(...[this.street?.render()].filter((part) => part instanceof HTMLElement));
    body.append(...this.renderFindings());
  }

  /** Where things stand: what to do next, that it is being checked, or what came of it. */
  private renderState(): HTMLElement {
    const { app, answer } = this;
    if (this.drawingNow) {
      return note(app.t(`works.drawing_${this.drawingNow === "polygon" ? "polygon" : "line"}`));
    }
    if (this.failure) {
      return note(this.failure, "error");
    }
    if (this.busy) {
      return note(app.t("works.busy"));
    }
    if (!answer || this.getWorks() === null) {
      return note(app.t(this.street === null ? "works.hint" : "works.picking"));
    }
    return renderResult(app, answer);
  }

  /** What came of it in full, and what can be done with it. */
  private renderFindings(): HTMLElement[] {
    const { app, answer, selected } = this;
    const works = this.getWorks();
    if (!answer || works === null || this.drawingNow || this.failure || this.busy) {
      return [];
    }
    return [
      this.renderKeeping(works),
      ...renderAnswer({ app, answer, selected, onSelect: (conflict) => this.select(conflict) }),
      renderTaking(app, works),
    ];
  }

  private renderTools(): HTMLElement {
    const make = (key: MessageKey, name: IconName, pressed: boolean, press: () => void): HTMLElement =>
      el("button", { type: "button", "aria-pressed": String(pressed), onclick: press }, icon(name), this.app.t(key));
    const draw = (key: MessageKey, shape: Shape, name: IconName): HTMLElement =>
      make(key, name, this.drawingNow === shape, () => void this.begin(shape));
    const isEmpty = this.getWorks() === null && this.drawingNow === null && this.street === null;
    return el(
      "div",
      { class: "buttons wrap", role: "group" },
      draw("works.draw_line", "linestring", "line"),
      draw("works.draw_polygon", "polygon", "polygon"),
      (findLayer(this.app.config, STREETS)?.count ?? 0) > 0 &&
        make("works.pick_street", "street", this.street !== null, () => this.pickStreet()),
      el("button", { type: "button", disabled: isEmpty, onclick: () => this.clear() }, icon("trash"), this.app.t("works.clear")),
    );
  }

  /** The city keeps what is drawn, for who may; a link brings it back to anybody. */
  private renderKeeping(works: Works): HTMLElement {
    const mayKeep = this.project === null && findLayer(this.app.config, PROJECTS)?.may_edit === true;
    const share = (): void => {
      const isHeld = this.project !== null || this.app.state.works !== null;
      openShare(this.app, isHeld ? null : this.app.t("works.too_large_to_share"));
    };
    return el(
      "div",
      { class: "buttons wrap keeping" },
      ...listPapers(this.app, works),
      mayKeep && el("button", { type: "button", id: "works-save", onclick: () => void this.save() }, this.app.t("works.save")),
      el("button", { type: "button", id: "works-share", onclick: share }, this.app.t("works.share")),
    );
  }

  private async save(): Promise<void> {
    if (this.shape === null) {
      return;
    }
    try {
      await openSaving(this.app, { shape: this.shape, form: this.form }, (kept) => {
        this.checkStored(kept);
        this.onKept();
      });
    } catch (error) {
      this.refuse(getReason(this.app, error));
    }
  }

  private select(conflict: Conflict): void {
    this.selected = conflict;
    this.showWorks();
    const box = getBox(conflict.geometry);
    if (box) {
      zoomToBox(this.app.map, box, 20);
    }
    this.host.refresh();
    this.host.element.querySelector<HTMLElement>('.conflict[aria-pressed="true"]')?.focus({ preventScroll: true });
  }

  private async begin(shape: Shape): Promise<void> {
    this.forget();
    // Drawing is fetched when it is first wanted: most who open the map only look.
    const { Drawing } = await import("../map/drawing");
    this.drawing ??= new Drawing(this.app.map, (drawn) => this.take(drawn));
    this.drawing.begin(shape);
    this.drawingNow = shape;
    this.host.refresh();
    this.app.map.getCanvas().focus();
  }

  private take(shape: GeoJSON.Geometry): void {
    this.shape = shape;
    this.drawingNow = null;
    void this.check();
  }

  /** The next clicks on the map pick streets. */
  private pickStreet(): void {
    this.forget();
    this.drawing?.clear();
    this.street = new StreetPick(
      this.app,
      (strip) => this.takeStrip(strip),
      (error) => !isAbort(error) && this.refuse(getReason(this.app, error)),
    );
    this.host.refresh();
    this.app.map.getCanvas().focus();
  }

  private takeStrip(strip: GeoJSON.MultiPolygon | null): void {
    if (strip !== null) {
      this.take(strip);
      return;
    }
    this.shape = null;
    this.refuse(null);
  }

  /** Takes up what a link says: works as they were drawn, or those the city keeps. */
  private async restore(): Promise<void> {
    const { project, works, dig } = this.app.state;
    const shape = works === null ? null : decodeShape(works);
    if (shape !== null) {
      this.form = decodeForm(dig);
      this.take(shape);
    } else if (project !== null) {
      try {
        const { geometry, properties } = await getAsset(PROJECTS, project);
        const name: unknown = properties?.["name"] ?? properties?.["asset_code"];
        this.checkStored({ id: project, name: typeof name === "string" ? name : `#${project}`, geometry });
      } catch (error) {
        this.refuse(getReason(this.app, error));
      }
    }
  }

  /** Holds in the address what a link is to bring back. */
  private remember(): void {
    const works = this.shape && encodeShape(this.shape);
    this.app.saveState({ works, dig: works && encodeForm(this.form), project: this.project?.id ?? null });
  }

  private clear(): void {
    this.forget();
    this.drawing?.clear();
    this.remember();
    this.host.refresh();
  }

  private forget(): void {
    this.request.abort();
    this.street?.stop();
    this.street = null;
    this.shape = null;
    this.project = null;
    this.drawingNow = null;
    this.answer = null;
    this.failure = null;
    this.busy = false;
    this.selected = null;
    this.showConflicts();
  }

  /** The form was changed: what is drawn is checked anew, and the fields are those of the method. */
  private change(): Promise<void> {
    if (this.shape === null) {
      const fault = findFault(this.form);
      this.failure = fault && this.app.t(fault.key, { largest: LARGEST_M });
      this.host.refresh();
    }
    return this.check();
  }

  /** What is to be checked; null where there is nothing yet. */
  private getWorks(): Works | null {
    if (this.project !== null) {
      return this.project.id;
    }
    const properties = toProperties(this.form);
    return this.shape && { type: "Feature", geometry: this.shape, properties };
  }

  private async check(): Promise<void> {
    const works = this.getWorks();
    if (works === null) {
      return;
    }
    this.remember();
    this.request.abort();
    if (this.shape?.type === "Polygon" && crossesItself(this.shape.coordinates[0] ?? [])) {
      this.refuse(this.app.t("works.crosses"));
      return;
    }
    const fault = this.project === null ? findFault(this.form) : null;
    if (fault !== null) {
      this.refuse(this.app.t(fault.key, { largest: LARGEST_M }));
      return;
    }
    this.request = new AbortController();
    this.busy = true;
    this.failure = null;
    this.selected = null;
    this.host.refresh();
    try {
      this.answer = await checkWorks(works, this.app.language, this.request.signal);
    } catch (error) {
      if (isAbort(error)) {
        return;
      }
      this.refuse(getReason(this.app, error));
      return;
    }
    this.busy = false;
    this.showConflicts();
    this.host.refresh();
  }

  /** reason: null where there is only nothing any more. */
  private refuse(reason: string | null): void {
    this.answer = null;
    this.busy = false;
    this.failure = reason;
    this.showConflicts();
    this.host.refresh();
  }

  private showConflicts(): void {
    showOverlay(this.app.map, "conflicts", this.answer?.conflicts.features ?? []);
    this.showWorks();
  }

  /** Highlights what is selected, and works that nobody drew here; drawn ones are there to be seen. */
  private showWorks(): void {
    const shape = this.project?.geometry ?? (this.drawing?.isEmpty === false ? null : this.shape);
    const stored = shape && { type: "Feature" as const, properties: {}, geometry: shape };
    showOverlay(this.app.map, "highlight", [stored, this.selected].filter((each) => each !== null));
  }
}
