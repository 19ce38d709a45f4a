// Planned works: draw them, say how deep and how, and see at once what is in the way and whose it is.

import { type Asked, checkWorks, type Conflict, type Contact, type WorksAnswer } from "../api";
import type { App } from "../app";
import { getLayerTitle } from "../config";
import { el } from "../dom";
import { icon } from "../icons";
import type { Drawing, Shape } from "../map/drawing";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";
import type { MessageKey } from "../messages";
import { orderByWorst, renderConflict } from "./conflict_card";
import { getReason, isAbort, note, type Panel, type PanelHost } from "./panel";

const LARGEST_M = 50;

// Values of the form as typed; an empty one is not sent, and the server takes its own default.
interface WorksForm {
  buffer_m: string;
  depth_m: string;
  method: string;
  starts_on: string;
  ends_on: string;
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
  private readonly form: WorksForm = { buffer_m: "1", depth_m: "", method: "open_cut", starts_on: "", ends_on: "" };

  constructor(
    private readonly app: App,
    private readonly host: PanelHost,
  ) {}

  open(): void {
    this.showConflicts();
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

  render(body: HTMLElement): void {
    body.append(this.renderTools(), this.renderForm());
    if (this.drawingNow) {
      body.append(note(this.app.t(`works.drawing_${this.drawingNow === "polygon" ? "polygon" : "line"}`)));
    } else if (this.failure) {
      body.append(note(this.failure, "error"));
    } else if (this.busy) {
      body.append(note(this.app.t("works.busy")));
    } else if (this.answer) {
      body.append(...this.renderAnswer(this.answer));
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
      { type: "button", disabled: this.shape === null && this.drawingNow === null, onclick: () => this.clear() },
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

  private renderForm(): HTMLElement {
    const numberField = { type: "number", min: 0, max: LARGEST_M, step: "any", inputmode: "decimal" };
    const options = (["open_cut", "trenchless"] as const).map((method) =>
      el("option", { value: method, selected: this.form.method === method }, this.app.t(`works.method_${method}`)),
    );
    const form = el(
      "form",
      { class: "fields", onsubmit: (event: Event) => event.preventDefault() },
      this.makeField("works.buffer", "buffer_m", el("input", numberField), "m"),
      this.makeField("works.depth", "depth_m", el("input", numberField), "m"),
      el("div", { class: "wide" }, this.makeField("works.method", "method", el("select", {}, ...options))),
      this.makeField("works.starts_on", "starts_on", el("input", { type: "date" })),
      this.makeField("works.ends_on", "ends_on", el("input", { type: "date" })),
    );
    return form;
  }

  private makeField(
    key: MessageKey,
    name: keyof WorksForm,
    input: HTMLInputElement | HTMLSelectElement,
    unit = "",
  ): HTMLElement {
    input.id = `works-${name}`;
    input.value = this.form[name];
    input.addEventListener("change", () => {
      this.form[name] = input.value;
      void this.check();
    });
    const box = el("span", { class: "with-unit" }, input, unit);
    return el("div", { class: "field" }, el("label", { for: input.id }, this.app.t(key)), box);
  }

  private renderAnswer(answer: WorksAnswer): HTMLElement[] {
    const conflicts = orderByWorst(answer.conflicts.features);
    const signedIn = this.app.config.user !== null;
    const { layers, rules, unknown_depth } = answer.checked;
    const checked = this.app.t("works.checked", { layers: layers.length, rules: rules.length });
    const unknown = unknown_depth > 0 ? this.app.t("works.unknown_depth", { count: unknown_depth }) : "";
    const small = el("p", { class: "grounds" }, `${checked} ${unknown}`);
    if (conflicts.length === 0) {
      const clear = note(this.app.t(signedIn ? "works.clear_result" : "works.clear_result_public"), "good");
      return [clear, ...(answer.owners.length > 0 ? [this.renderOwners(answer)] : []), small];
    }
    const violations = conflicts.filter((each) => each.properties.severity === "violation").length;
    const unsure = ["possible", "vertical_unknown"];
    const possible = conflicts.filter((each) => unsure.includes(each.properties.severity)).length;
    return [
      note(this.app.t("works.result", { violations, possible }), "bad"),
      this.renderOwners(answer),
      el("h3", {}, this.app.t("works.conflicts")),
      el("ol", { class: "conflicts" }, ...conflicts.map((each) => this.renderRow(each))),
      small,
      ...(signedIn ? [] : [note(this.app.t("works.public_only"))]),
    ];
  }

  private renderRow(conflict: Conflict): HTMLElement {
    return renderConflict(this.app, conflict, conflict === this.selected, () => this.select(conflict));
  }

  private describeAnswer({ answer, layers }: Asked): string {
    const assets = Object.entries(layers).map(([id, count]) => `${getLayerTitle(this.app.config, id)}: ${count}`);
    return answer === "met" ? assets.join(", ") : this.app.t(`works.answer_${answer}`);
  }

  private renderOwners(answer: WorksAnswer): HTMLElement {
    const rows = answer.owners.map((asked) => {
      const lines = [this.describeAnswer(asked), ...asked.contacts.map(formatContact)];
      if (asked.notify_days !== null) {
        const day = asked.notify_by === null ? "" : ` (${asked.notify_by})`;
        lines.push(this.app.t("works.notify", { days: asked.notify_days }) + day);
      }
      const said = lines.map((line) => el("dd", {}, line));
      return el("div", {}, el("dt", {}, asked.owner ?? this.app.t("works.owner_unknown")), ...said);
    });
    return el("section", {}, el("h3", {}, this.app.t("works.owners")), el("dl", {}, ...rows));
  }

  private select(conflict: Conflict): void {
    this.selected = conflict;
    showOverlay(this.app.map, "highlight", [conflict]);
    const box = getBox(conflict.geometry);
    if (box) {
      zoomToBox(this.app.map, box, 20);
    }
    this.host.refresh();
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
    this.drawingNow = null;
    this.answer = null;
    this.failure = null;
    this.busy = false;
    this.selected = null;
    this.showConflicts();
  }

  private async check(): Promise<void> {
    if (this.shape === null) {
      return;
    }
    this.request.abort();
    if (this.hasLengthOutOfRange()) {
      this.refuse(this.app.t("works.out_of_range", { largest: LARGEST_M }));
      return;
    }
    this.request = new AbortController();
    this.busy = true;
    this.failure = null;
    this.selected = null;
    this.host.refresh();
    try {
      const works = { type: "Feature" as const, geometry: this.shape, properties: this.getProperties() };
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

  private hasLengthOutOfRange(): boolean {
    return [this.form.buffer_m, this.form.depth_m].some((text) => Number(text) < 0 || Number(text) > LARGEST_M);
  }

  private getProperties(): Record<string, string | number> {
    const given = Object.entries(this.form).filter(([, value]) => value !== "");
    return Object.fromEntries(given.map(([name, value]) => [name, name.endsWith("_m") ? Number(value) : String(value)]));
  }

  private showConflicts(): void {
    showOverlay(this.app.map, "conflicts", this.answer?.conflicts.features ?? []);
    showOverlay(this.app.map, "highlight", []);
  }
}

function formatContact({ name, phone, email }: Contact): string {
  return [name, phone, email].filter((each) => each !== null).join(", ");
}
