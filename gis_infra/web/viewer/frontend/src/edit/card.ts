// One feature in hand: its form and its shape, saved as one, and what is done when somebody else saved it first.

import type { MapMouseEvent } from "maplibre-gl";

import type { App } from "../app";
import { el } from "../dom";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";
import { getReason, note } from "../panels/panel";
import { changeItem, createItem, deleteItem, EditRefused, getForm, getVersions, readItem, type Saved } from "./api";
import { type Conflict, renderConflict } from "./conflict_view";
import { Draft, SHAPE } from "./draft";
import { renderFields } from "./fields";
import { type Question, renderFoot } from "./foot";
import { findBefore, type Save, type SaveKind } from "./saves";
import { ShapeEditor } from "./shape_editor";
import { renderShapeTools } from "./shape_tools";
import { renderSplit, splitItem } from "./split";
import type { Shape } from "./vertices";
import { explainFault, explainRefusal } from "./words";

const CLOSE_UP = 19;

/** What the card asks of the panel around it. */
export interface CardFrame {
  refresh(): void;
  onSaved(save: Save): void;
  /** The feature is put away; text: what there is to say of it. */
  onLeave(text: string | null): void;
}

export class EditCard {
  private draft: Draft | null = null;
  private conflict: Conflict | null = null;
  private message: { text: string; kind: string } | null = null;
  private refused = new Map<string, string>();
  private warnings: string[] = [];
  private asking: Question | null = null;
  private busy = false;
  private foot: HTMLElement | null = null;
  private said: HTMLElement | null = null;

  private tools: HTMLElement | null = null;
  private readonly editor: ShapeEditor;

  constructor(
    private readonly app: App,
    private readonly frame: CardFrame,
  ) {
    this.editor = new ShapeEditor(app, {
      onShape: (shape) => this.takeShape(shape),
      onTools: () => this.renderTools(),
    });
  }

  get isOpen(): boolean {
    return this.draft !== null || this.busy;
  }

  get isChanged(): boolean {
    return this.draft?.isChanged ?? false;
  }

  get takesEnter(): boolean {
    return this.editor.isActive;
  }

  /** Opens a feature and brings it into view. */
  async open(layer: string, id: number): Promise<void> {
    await this.fetch(async () => {
      const [form, read] = await Promise.all([getForm(layer, this.app.language), readItem(layer, id)]);
      this.take(new Draft(form, read));
      this.bringIntoView();
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

  show(): void {
    this.highlight();
  }

  hide(): void {
    this.editor.begin("still");
    showOverlay(this.app.map, "highlight", []);
  }

  render(body: HTMLElement): void {
    const { app, draft, message, conflict } = this;
    if (draft === null) {
      body.append(note(app.t("edit.opening")));
      return;
    }
    body.append(this.renderHead(draft));
    if (conflict) {
      body.append(...renderConflict({ app, draft, conflict, ...this.resolving }));
      return;
    }
    this.said = el("div", {}, message && note(message.text, message.kind), ...this.warnings.map((text) => note(text, "bad")));
    body.append(this.said);
    this.tools = el("div");
    body.append(this.tools);
    this.renderTools();
    body.append(renderFields({ app, draft, refused: this.refused, onChange: () => this.change() }));
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
    const onMode = (mode: ShapeEditor["mode"]): void => {
      editor.begin(mode);
      this.highlight();
      this.renderTools();
    };
    const type = draft.form.geometry;
    const maySplit = draft.id !== null && !draft.isChanged;
    tools.replaceChildren(renderShapeTools({ app, editor, type, hasShape: draft.geometry !== null, maySplit, onMode }));
    if (editor.mode === "split") {
      tools.append(...renderSplit(app, editor.cut, this.busy, (code) => void this.split(code)));
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
    this.message = null;
    this.warnings = [];
    this.said?.replaceChildren();
    this.renderFoot();
  }

  private renderHead(draft: Draft): HTMLElement {
    const back = (): void => (this.isChanged ? this.warn() : this.leave(null));
    return el(
      "div",
      { class: "edit-head" },
      el("button", { id: "edit-back", class: "plain", type: "button", disabled: this.busy, onclick: back }, "← ", this.app.t("edit.back")),
      el("h3", { id: "edit-title", tabindex: -1 }, this.getTitle(draft)),
    );
  }

  private getTitle(draft: Draft): string {
    return draft.id === null ? this.app.t("edit.new", { layer: draft.form.title }) : `${draft.form.title} ${getLabel(draft)}`;
  }

  private renderFoot(): void {
    const { app, draft, foot, busy, asking } = this;
    if (draft === null || foot === null) {
      return;
    }
    const focused = foot.contains(document.activeElement) ? document.activeElement?.id : "";
    const parts = renderFoot({
      app,
      title: this.getTitle(draft),
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
    this.message = this.conflict = this.asking = null;
    this.refused = new Map();
    this.warnings = [];
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
      this.say(this.explain(error), "error");
      return;
    }
    this.busy = false;
    this.frame.refresh();
    document.getElementById("edit-title")?.focus();
  }

  /** Sends what was changed, unless something in it cannot be. */
  private async save(): Promise<void> {
    const { draft } = this;
    if (draft === null || this.busy || !this.isFit(draft)) {
      return;
    }
    this.busy = true;
    this.renderFoot();
    try {
      const { layer } = draft.form;
      const changes = draft.getChanges();
      const { id, read } = draft;
      const saved = id === null || read === null ? await createItem(layer, changes) : await changeItem(layer, id, changes, read.etag);
      await this.settle(draft, saved, id === null ? "created" : "changed");
    } catch (error) {
      await this.refuse(draft, error);
    }
    this.busy = false;
    this.frame.refresh();
    this.reachFault();
  }

  /** Whether everything typed can be sent; what cannot is told. */
  private isFit(draft: Draft): boolean {
    this.refused = new Map();
    const faults = [...draft.findRemarks(this.app.language, "9999-12-31")].filter(([, { severity }]) => severity === "error");
    if (draft.geometry === null && draft.id === null) {
      this.say(this.app.t("edit.fault_no_shape"), "error");
      return false;
    }
    if (faults.length > 0) {
      this.say(this.app.t("edit.mend"), "error");
      document.getElementById(`edit-${faults[0]?.[0]}`)?.focus();
      return false;
    }
    return true;
  }

  /** What was saved is read again: the server may have mended it. */
  private async settle(draft: Draft, saved: Saved, kind: SaveKind, piece?: Saved): Promise<void> {
    const { layer } = draft.form;
    const before = kind === "created" ? null : await findBefore(layer, saved.id, false);
    const fresh = new Draft(draft.form, await readItem(layer, saved.id));
    this.take(fresh);
    this.warnings = saved.warnings.map((fault) => this.tell(fault, fresh));
    this.message = { text: this.app.t(piece ? "edit.split_done" : "edit.saved"), kind: "good" };
    this.frame.onSaved({ kind, layer, id: saved.id, label: getLabel(fresh), etag: saved.etag, before, ...(piece && { piece }) });
  }

  private tell(fault: { field: string; value: string; message: string }, draft: Draft): string {
    const title = draft.fields.find(({ name }) => name === fault.field)?.title ?? this.app.t("edit.shape");
    return `${title}: ${explainFault(this.app.language, fault, draft.form.checks)}`;
  }

  /** Says why something was not saved, where it can below the field; where somebody else was first, shows both versions. */
  private async refuse(draft: Draft, error: unknown): Promise<void> {
    if (error instanceof EditRefused && error.status === 412) {
      await this.compare(draft);
      return;
    }
    this.message = { text: this.explain(error), kind: "error" };
    if (error instanceof EditRefused && error.status === 404 && draft.id !== null) {
      draft.becomeNew(this.app.language);
    }
    if (!(error instanceof EditRefused) || error.faults.length === 0) {
      return;
    }
    const names = new Set(draft.fields.map(({ name }) => name));
    const apart = error.faults.filter(({ field }) => !names.has(field));
    this.message = { text: [this.app.t("edit.mend"), ...apart.map((fault) => this.tell(fault, draft))].join(" "), kind: "error" };
    for (const fault of error.faults.filter(({ field }) => names.has(field))) {
      this.refused.set(fault.field, explainFault(this.app.language, fault, draft.form.checks));
    }
  }

  private reachFault(): void {
    const [name] = this.refused.keys();
    if (name !== undefined) {
      document.getElementById(`edit-${name}`)?.focus();
    } else if (this.message) {
      document.querySelector(".panel .note")?.scrollIntoView({ block: "nearest" });
    }
  }

  /** Reads what somebody else saved; where they took the feature away, what was typed can become a new one. */
  private async compare(draft: Draft): Promise<void> {
    const id = draft.id as number;
    const { layer } = draft.form;
    try {
      const theirs = await readItem(layer, id);
      const { versions } = await getVersions(layer, id, 1);
      this.conflict = { theirs, version: versions[0] ?? null, keepTheirs: new Set() };
      this.editor.begin("still");
      this.highlight();
    } catch (error) {
      this.message = { text: this.explain(error), kind: "error" };
    }
  }

  private readonly resolving = {
    onSave: (): void => {
      const { draft, conflict } = this;
      if (draft && conflict) {
        draft.rebase(conflict.theirs, conflict.keepTheirs);
        this.conflict = null;
        if (draft.isChanged) {
          void this.save();
        } else {
          this.frame.refresh();
        }
      }
    },
    onDrop: (): void => {
      const { draft, conflict } = this;
      if (draft && conflict) {
        this.take(new Draft(draft.form, conflict.theirs));
        this.frame.refresh();
      }
    },
    onShape: (): void => this.highlight(),
  };

  private async split(code: string): Promise<void> {
    const { draft, editor } = this;
    if (draft === null || editor.cut === null || this.busy) {
      return;
    }
    this.busy = true;
    this.renderTools();
    try {
      const { kept, piece } = await splitItem(draft, editor.cut, code);
      await this.settle(draft, kept, "split", piece);
    } catch (error) {
      await this.refuse(draft, error);
    }
    this.busy = false;
    this.frame.refresh();
  }

  private async delete(): Promise<void> {
    const { draft } = this;
    if (draft === null || draft.read === null || this.busy) {
      return;
    }
    this.busy = true;
    this.asking = null;
    try {
      const { id } = draft.read.item;
      const { layer } = draft.form;
      const label = getLabel(draft);
      await deleteItem(layer, id, draft.read.etag);
      this.frame.onSaved({ kind: "deleted", layer, id, label, etag: null, before: await findBefore(layer, id, true) });
      this.busy = false;
      this.leave(this.app.t("edit.deleted", { label: this.getTitle(draft) }));
    } catch (error) {
      await this.refuse(draft, error);
      this.busy = false;
      this.frame.refresh();
    }
  }

  private say(text: string, kind: string): void {
    this.message = { text, kind };
    this.frame.refresh();
    document.querySelector(".panel .note")?.scrollIntoView({ block: "nearest" });
  }

  private explain(error: unknown): string {
    return error instanceof EditRefused ? explainRefusal(this.app.language, error) : getReason(this.app, error);
  }

  private highlight(): void {
    if (this.editor.isActive) {
      showOverlay(this.app.map, "highlight", []);
      return;
    }
    const shapes = [this.conflict?.keepTheirs.has(SHAPE) ? this.conflict.theirs.item.geometry : this.draft?.geometry];
    const features = shapes.filter((shape) => shape !== null && shape !== undefined);
    showOverlay(
      this.app.map,
      "highlight",
      features.map((geometry) => ({ type: "Feature", properties: {}, geometry })),
    );
  }

  private bringIntoView(): void {
    const box = this.draft?.geometry ? getBox(this.draft.geometry) : null;
    const bounds = this.app.map.getBounds();
    if (box && !(bounds.contains([box[0], box[1]]) && bounds.contains([box[2], box[3]]))) {
      zoomToBox(this.app.map, box, CLOSE_UP);
    }
  }
}

/** What a feature is called: by the field of its layer that says so, else by its number. */
function getLabel(draft: Draft): string {
  const { label } = draft.form;
  const value = label === null ? null : draft.read?.item.properties[label];
  return value === null || value === undefined || value === "" ? `#${draft.id}` : String(value);
}
