// Planned works: draw them, say how deep and how, and see at once what is in the way and whose it is.

import { checkWorks, type Conflict, type Works, type WorksAnswer } from "../api";
import type { App } from "../app";
import { el } from "../dom";
import { icon } from "../icons";
import type { Drawing, Shape } from "../map/drawing";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";
import type { MessageKey } from "../messages";
import { renderAnswer } from "../works/answer";
import { hasLengthOutOfRange, LARGEST_M, makeForm, renderForm, toProperties } from "../works/form";
import { renderTaking } from "../works/printing";
import { getReason, isAbort, note, type Panel, type PanelHost } from "./panel";

/** A works project that the city keeps. */
export interface StoredWorks {
  id: number;
  name: string;
  geometry: GeoJSON.Geometry;
}

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
  private readonly form = makeForm();

  constructor(
    private readonly app: App,
    private readonly host: PanelHost,
  ) {}

  open(): void {
    this.showConflicts();
  }

  /** Checks a works project as it is kept, in place of what was drawn. */
  checkStored(project: StoredWorks): void {
    this.forget();
    this.drawing?.clear();
    this.project = project;
    void this.check();
  }

  close(): void {
    this.forget();
    this.drawing?.clear();
  }

  escape(): boolean {
    const drawing = this.drawingNow !== null;
    if (drawing) {
      this.clear();
    }
    return drawing;
  }

  takesEnter(): boolean {
    return true;
  }

  render(body: HTMLElement): void {
    body.append(this.renderTools());
    body.append(
      this.project
        ? note(this.app.t("works.project", { name: this.project.name }), "project")
        : renderForm(this.app, this.form, () => void this.change()),
    );
    if (this.drawingNow) {
      body.append(note(this.app.t(`works.drawing_${this.drawingNow === "polygon" ? "polygon" : "line"}`)));
    } else if (this.failure) {
      body.append(note(this.failure, "error"));
    } else if (this.busy) {
      body.append(note(this.app.t("works.busy")));
    } else if (this.answer) {
      const { app, answer, selected } = this;
      const works = this.getWorks();
      body.append(...renderAnswer({ app, answer, selected, onSelect: (conflict) => this.select(conflict) }));
      body.append(...(works === null ? [] : [renderTaking(app, works)]));
    } else {
      body.append(note(this.app.t("works.hint")));
    }
  }

  private renderTools(): HTMLElement {
    const make = (key: MessageKey, shape: Shape, name: "line" | "polygon"): HTMLElement =>
      el(
        "button",
        { type: "button", "aria-pressed": String(this.drawingNow === shape), onclick: () => void this.begin(shape) },
        icon(name),
        this.app.t(key),
      );
    const clear = el(
      "button",
      { type: "button", disabled: this.getWorks() === null && this.drawingNow === null, onclick: () => this.clear() },
      icon("trash"),
      this.app.t("works.clear"),
    );
    return el(
      "div",
      { class: "buttons", role: "group" },
      make("works.draw_line", "linestring", "line"),
      make("works.draw_polygon", "polygon", "polygon"),
      clear,
    );
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

  private clear(): void {
    this.forget();
    this.drawing?.clear();
    this.host.refresh();
  }

  private forget(): void {
    this.request.abort();
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
    this.request.abort();
    if (this.project === null && hasLengthOutOfRange(this.form)) {
      this.refuse(this.app.t("works.out_of_range", { largest: LARGEST_M }));
      return;
    }
    this.request = new AbortController();
    this.busy = true;
    this.failure = null;
    this.selected = null;
    this.host.refresh();
    try {
      this.answer = await checkWorks(works, this.request.signal);
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

  private refuse(reason: string): void {
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

  /** Highlights what is selected, and works that are stored; drawn ones are there to be seen. */
  private showWorks(): void {
    const stored = this.project && { type: "Feature" as const, properties: {}, geometry: this.project.geometry };
    showOverlay(this.app.map, "highlight", [stored, this.selected].filter((each) => each !== null));
  }
}
