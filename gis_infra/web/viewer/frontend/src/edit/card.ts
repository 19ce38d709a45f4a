// One feature in hand: its form and its shape, saved as one, and what is done when somebody else saved it first.

import type { MapMouseEvent } from "maplibre-gl";

import type { App } from "../app";
import { el } from "../dom";
import { note } from "../panels/panel";
import { EditRefused, getForm, readItem } from "./api";
import { bringIntoView, markShapes } from "./card_map";
import { Draft } from "./draft";
import { renderFields } from "./fields";
import { type Question, renderFoot, renderHead } from "./foot";
import { type Kept, keepDraft, splitDraft, takeAway } from "./keeping";
import { getTitle } from "./naming";
import { CardNotes } from "./notes";
import { Overtaking } from "./overtaking";
import { explain, findHindrance } from "./refusals";
import type { Save } from "./saves";
import { ShapeEditor } from "./shape_editor";
import { renderShapeTools } from "./shape_tools";
import type { Mode } from "./sketch";
import { renderSplit } from "./split";
import type { Shape } from "./vertices";

/** What the card asks of the panel around it. */
export interface CardFrame {
  refresh(): void;
  onSaved(save: Save): void;
  /** What was saved last is to be taken back. */
  onUndo(): void;
  /** The feature is put away; text: what there is to say of it. */
  onLeave(text: string | null): void;
}

export class EditCard {
  private draft: Draft | null = null;
  private asking: Question | null = null;
  private busy = false;
  private foot: HTMLElement | null = null;
  private tools: HTMLElement | null = null;
  private readonly notes: CardNotes;
  private readonly editor: ShapeEditor;
  private readonly overtaking: Overtaking;

  constructor(
    private readonly app: App,
    private readonly frame: CardFrame,
  ) {
    this.notes = new CardNotes(app, () => {
      this.leave(null);
      frame.onUndo();
    });
    this.editor = new ShapeEditor(app, {
      onShape: (shape) => this.takeShape(shape),
      onTools: () => this.renderTools(),
    });
    this.overtaking = new Overtaking(app, {
      onShape: () => this.highlight(),
      onSettled: () => (this.isChanged ? void this.save() : this.frame.refresh()),
      onTaken: (draft) => {
        this.take(draft);
        this.frame.refresh();
      },
    });
  }

  get isOpen(): boolean {
    return this.draft !== null || this.busy;
  }

  get isChanged(): boolean {
    return this.draft !== null && (this.draft.isChanged || this.editor.sketch.isUnfinished);
  }

  get takesEnter(): boolean {
    return this.editor.sketch.isActive;
  }

  /** Opens a feature and brings it into view. */
  async open(layer: string, id: number): Promise<void> {
    await this.fetch(async () => {
      const [form, read] = await Promise.all([getForm(layer, this.app.language), readItem(layer, id)]);
      this.take(new Draft(form, read));
      bringIntoView(this.app, this.draft?.geometry ?? null);
    });
  }

  /** Begins a new feature of a layer. */
  async begin(layer: string): Promise<void> {
    await this.fetch(async () => this.take(new Draft(await getForm(layer, this.app.language), null)));
  }

  /** Fetches the form in the language that was chosen; what was typed stays. */
  async changeLanguage(): Promise<void> {
    const { draft } = this;
    if (draft) {
      draft.form = await getForm(draft.form.layer, this.app.language);
      this.frame.refresh();
    }
  }

  /** A click on the map; false if it means nothing to the feature in hand. */
  click(event: MapMouseEvent): boolean {
    if (this.editor.click(event)) {
      return true;
    }
    if (this.isChanged) {
      this.warn();
    }
    return this.draft !== null;
  }

  /** Says that something is not saved yet. */
  warn(): void {
    this.asking = "leave";
    this.frame.refresh();
    document.getElementById("edit-stay")?.focus();
  }

  escape(): boolean {
    if (this.asking) {
      this.asking = null;
      this.frame.refresh();
    } else if (this.editor.escape()) {
      this.highlight();
    } else if (this.isChanged) {
      this.warn();
    } else if (this.draft) {
      this.leave(null);
    } else {
      return false;
    }
    return true;
  }

  /** Comes back to the feature in hand; what was being drawn is drawn on. */
  show(): void {
    if (this.draft?.geometry === null) {
      this.editor.begin("draw");
    }
    this.highlight();
  }

  hide(): void {
    this.editor.begin("still");
    markShapes(this.app, []);
  }

  render(body: HTMLElement): void {
    const { app, draft, notes } = this;
    if (draft === null) {
      body.append(note(app.t("edit.opening")));
      return;
    }
    body.append(renderHead(app, getTitle(app, draft), this.busy, () => (this.isChanged ? this.warn() : this.leave(null))));
    const overtaken = this.overtaking.render(draft);
    if (overtaken.length > 0) {
      body.append(...overtaken);
      return;
    }
    this.tools = el("div");
    body.append(notes.render(), this.tools);
    this.renderTools();
    body.append(renderFields({ app, draft, refused: notes.refused, onChange: () => this.change() }));
    this.foot = el("div", { class: "edit-foot" });
    body.append(this.foot);
    this.renderFoot();
  }

  private renderTools(): void {
    const { app, draft, editor, tools } = this;
    if (draft === null || tools === null) {
      return;
    }
    const focused = tools.contains(document.activeElement) ? document.activeElement?.id : "";
    const onMode = (mode: Mode): void => {
      editor.begin(mode);
      this.highlight();
      this.renderTools();
    };
    tools.replaceChildren(renderShapeTools({ app, editor, draft, onMode }));
    if (editor.sketch.mode === "split") {
      tools.append(...renderSplit(app, editor.sketch.cut, this.busy, (code) => void this.split(code)));
    }
    if (focused) {
      document.getElementById(focused)?.focus();
    }
  }

  private takeShape(shape: Shape | null): void {
    if (this.draft) {
      this.draft.geometry = shape;
      this.change();
    }
  }

  /** Something was changed: what was said of the last save is over. */
  private change(): void {
    this.notes.forgetSave();
    if (this.editor.sketch.mode === "split") {
      this.editor.begin("still"); // only what is saved can be split
    }
    if (this.editor.sketch.mode === "still") {
      this.renderTools();
    }
    this.renderFoot();
  }

  private renderFoot(): void {
    const { app, draft, foot, busy, asking } = this;
    if (draft === null || foot === null) {
      return;
    }
    const focused = foot.contains(document.activeElement) ? document.activeElement?.id : "";
    const parts = renderFoot({
      app,
      title: getTitle(app, draft),
      isNew: draft.id === null,
      busy,
      changed: draft.isChanged || draft.id === null,
      asking,
      onSave: () => void this.save(),
      onLeave: () => this.leave(null),
      onDelete: () => void this.delete(),
      onAsk: (question) => this.ask(question),
    });
    foot.replaceChildren(...parts);
    if (focused) {
      document.getElementById(focused)?.focus();
    }
  }

  private ask(asking: Question | null): void {
    this.asking = asking;
    this.renderFoot();
    document.getElementById(asking ? "edit-stay" : "edit-save")?.focus();
  }

  private take(draft: Draft): void {
    this.draft = draft;
    this.forgetWords();
    const { layer, geometry: type } = draft.form;
    this.editor.take({ layer, id: draft.id, type }, draft.geometry?.type === "GeometryCollection" ? null : draft.geometry);
    if (draft.geometry === null) {
      this.editor.begin("draw");
    }
    this.highlight();
  }

  private forgetWords(): void {
    this.overtaking.conflict = this.asking = null;
    this.notes.forget();
  }

  private leave(text: string | null): void {
    this.draft = null;
    this.forgetWords();
    this.editor.clear();
    this.hide();
    this.frame.onLeave(text);
  }

  private async fetch(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.frame.refresh();
    try {
      await work();
    } catch (error) {
      this.busy = false;
      this.leave(null);
      this.say(explain(this.app, error));
      return;
    }
    this.busy = false;
    this.frame.refresh();
    document.getElementById("edit-title")?.focus();
  }

  /** Sends what was changed, unless something in it cannot be. */
  private async save(): Promise<void> {
    const { draft } = this;
    if (draft === null || this.busy) {
      return;
    }
    this.editor.finish(); // what is drawn already is meant to be saved
    if (!this.isFit(draft)) {
      return;
    }
    await this.work(draft, async () => this.settle(await keepDraft(draft)));
    this.notes.reach();
  }

  /** Does something at the server, while nothing else can be asked of it; what it refuses is told. */
  private async work(draft: Draft, step: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.renderFoot();
    this.renderTools();
    try {
      await step();
    } catch (error) {
      await this.refuse(draft, error);
    }
    this.busy = false;
    this.frame.refresh();
  }

  /** Whether everything typed can be sent; what cannot is told. */
  private isFit(draft: Draft): boolean {
    this.notes.refused = new Map();
    const hindrance = findHindrance(this.app, draft);
    if (hindrance !== null) {
      this.say(hindrance.text);
      document.getElementById(`edit-${hindrance.field}`)?.focus();
    }
    return hindrance === null;
  }

  private settle({ fresh, saved, save }: Kept): void {
    this.take(fresh);
    this.notes.tellSaved(fresh, saved, this.app.t(save.piece ? "edit.split_done" : "edit.saved"));
    this.frame.onSaved(save);
  }

  /** Says why something was not saved, where it can below the field; where somebody else was first, shows both versions. */
  private async refuse(draft: Draft, error: unknown): Promise<void> {
    if (error instanceof EditRefused && error.status === 412) {
      await this.compare(draft);
      return;
    }
    if (error instanceof EditRefused && error.status === 404 && draft.id !== null) {
      draft.becomeNew(this.app.language);
    }
    this.notes.tellRefused(draft, error);
  }

  /** Reads what somebody else saved; where they took the feature away, what was typed can become a new one. */
  private async compare(draft: Draft): Promise<void> {
    try {
      await this.overtaking.compare(draft);
      this.editor.begin("still");
      this.highlight();
    } catch (error) {
      this.notes.say(explain(this.app, error), "error");
    }
  }

  private async split(code: string): Promise<void> {
    const { draft, editor } = this;
    const { cut } = editor.sketch;
    if (draft === null || draft.isChanged || cut === null || this.busy) {
      return;
    }
    await this.work(draft, async () => this.settle(await splitDraft(draft, cut, code)));
  }

  private async delete(): Promise<void> {
    const { draft } = this;
    if (draft === null || draft.read === null || this.busy) {
      return;
    }
    this.asking = null;
    let gone: Save | null = null;
    await this.work(draft, async () => {
      gone = await takeAway(draft);
      this.frame.onSaved(gone);
    });
    if (gone) {
      this.leave(this.app.t("edit.deleted", { label: getTitle(this.app, draft) }));
    }
  }

  private say(text: string): void {
    this.notes.say(text, "error");
    this.frame.refresh();
    this.notes.show();
  }

  private highlight(): void {
    markShapes(this.app, this.editor.sketch.isActive ? [] : [this.overtaking.theirShape ?? this.draft?.geometry]);
  }
}
