// Changing what the city has: pick an asset or add one, fill in its form, move its shape, save; and take a save back.

import type { MapMouseEvent } from "maplibre-gl";

import { identify } from "../api";
import type { App } from "../app";
import { findLayer, getLayerTitle, type LayerConfig, listLayers } from "../config";
import { el } from "../dom";
import { type Candidate, listCandidates, renderCandidates } from "../edit/candidates";
import { EditCard } from "../edit/card";
import { renderSaves } from "../edit/saves_view";
import { listLeft, Overtaken, type Save, takeBack } from "../edit/saves";
import { EditRefused } from "../edit/api";
import { explainRefusal } from "../edit/words";
import { icon } from "../icons";
import { showLayer } from "../map/layers";
import { showOverlay } from "../map/overlays";
import { getReason, isAbort, note, type Panel, type PanelHost } from "./panel";

// How far from the pointer counts as under it, in pixels of the screen.
const REACH_PX = 10;
const MOST_M = 50;
const MOST_SAVES = 20;
const MOST_NAMED = 3;

export class EditPanel implements Panel {
  private readonly card: EditCard;
  private candidates: Candidate[] | null = null;
  /** What is at the place that was clicked, if nothing there may be changed. */
  private barred: Candidate[] = [];
  private saves: Save[] = [];
  private message: { text: string; kind: string } | null = null;
  private busy = false;
  private added = "";
  private request = new AbortController();

  /** onSaved: told the layer of which a feature was changed, came or went. */
  constructor(
    private readonly app: App,
    private readonly host: PanelHost,
    private readonly onSaved: (layer: string) => void,
  ) {
    this.card = new EditCard(app, {
      refresh: () => this.host.refresh(),
      onSaved: (save) => this.keep(save),
      onUndo: () => void this.undo(this.saves[0]),
      onLeave: (text) => this.leave(text),
    });
    addEventListener("beforeunload", (event) => this.card.isChanged && event.preventDefault());
  }

  open(): void {
    this.card.show();
  }

  close(): void {
    this.request.abort();
    this.card.hide();
    showOverlay(this.app.map, "highlight", []);
  }

  /** Opens one feature; another that is not saved yet is left only after it is asked. */
  edit(layer: string, id: number): void {
    if (this.card.isChanged) {
      this.card.warn();
      return;
    }
    this.message = this.candidates = null;
    void this.card.open(layer, id);
  }

  click(event: MapMouseEvent): void {
    if (!this.card.click(event)) {
      void this.look([event.lngLat.lng, event.lngLat.lat]);
    }
  }

  escape(): boolean {
    return this.card.escape();
  }

  takesEnter(): boolean {
    return this.card.takesEnter;
  }

  changeLanguage(): void {
    this.candidates = null;
    void this.card.changeLanguage();
  }

  render(body: HTMLElement): void {
    if (this.card.isOpen) {
      this.card.render(body);
      return;
    }
    if (this.listEditable().length === 0) {
      body.append(note(this.app.t(this.app.config.user ? "edit.no_right" : "edit.sign_in")));
      return;
    }
    const { message, candidates } = this;
    body.append(...(message ? [note(message.text, message.kind)] : []));
    body.append(note(this.app.t(this.busy ? "identify.busy" : "edit.hint")));
    if (candidates?.length === 0) {
      body.append(note(this.explainNothing(), "bad"));
    } else if (candidates) {
      body.append(...renderCandidates(this.app, candidates, ({ layer, id }) => this.edit(layer, id)));
    }
    body.append(this.renderAdding());
    body.append(...renderSaves(this.app, this.saves, this.busy, (save) => void this.undo(save), (save) => this.edit(save.layer, save.id)));
  }

  private listEditable(): LayerConfig[] {
    return listLayers(this.app.config).filter((layer) => layer.may_edit);
  }

  /** The choice of a layer and the button that begins a new feature of it. */
  private renderAdding(): HTMLElement {
    const editable = new Set(this.listEditable());
    const groups = this.app.config.sectors
      .map((sector) => ({ title: sector.title, layers: sector.layers.filter((layer) => editable.has(layer)) }))
      .filter(({ layers }) => layers.length > 0)
      .map(({ title, layers }) =>
        el(
          "optgroup",
          { label: title },
          ...layers.map((layer) => el("option", { value: layer.id, selected: layer.id === this.added }, layer.title)),
        ),
      );
    const select = el("select", { id: "edit-layer", onchange: () => (this.added = select.value) }, ...groups);
    const add = (): void => {
      this.added = select.value;
      void this.add(select.value);
    };
    return el(
      "div",
      { class: "field with-button" },
      el("label", { for: "edit-layer" }, this.app.t("edit.add_to")),
      el("div", { class: "buttons" }, select, el("button", { id: "edit-add", type: "button", onclick: add }, icon("plus"), this.app.t("edit.add"))),
    );
  }

  private async add(id: string): Promise<void> {
    this.message = this.candidates = null;
    this.reveal(id);
    await this.card.begin(id);
  }

  /** Switches a layer on: whoever adds to it means to see it. */
  private reveal(id: string): void {
    const layer = findLayer(this.app.config, id);
    if (layer && !this.app.shown.has(id)) {
      this.app.shown.add(id);
      showLayer(this.app.map, layer, true);
      this.app.saveState();
    }
  }

  /** Looks for what may be changed at a place; one is opened, of several the user says which, of none what is there. */
  private async look(point: [number, number]): Promise<void> {
    const shown = this.app.listShown();
    this.request.abort();
    this.request = new AbortController();
    this.busy = true;
    this.host.refresh();
    try {
      const found = await this.find(point, shown.filter((layer) => layer.may_edit));
      this.barred = found.length > 0 ? [] : await this.find(point, shown.filter((layer) => !layer.may_edit));
      this.message = null;
      this.offer(found);
    } catch (error) {
      if (isAbort(error)) {
        return;
      }
      this.message = { text: getReason(this.app, error), kind: "error" };
    }
    this.busy = false;
    this.host.refresh();
  }

  private async find(point: [number, number], layers: LayerConfig[]): Promise<Candidate[]> {
    if (layers.length === 0) {
      return [];
    }
    const ids = layers.map((layer) => layer.id);
    const { layers: groups } = await identify(point, this.getReach(point), ids, this.app.filters.getTexts(), this.app.language, this.request.signal);
    return listCandidates(this.app, groups, this.getReach(point));
  }

  /** Why nothing was opened: whatever is there belongs to others, or nothing is. */
  private explainNothing(): string {
    const { app, barred } = this;
    const names = barred.slice(0, MOST_NAMED).map(({ layer, label }) => `${getLayerTitle(app.config, layer)} ${label}`);
    return names.length > 0 ? app.t("edit.not_yours", { names: names.join("; ") }) : app.t("edit.nothing_here");
  }

  private offer(found: Candidate[]): void {
    const [first, second] = found;
    this.candidates = found;
    if (first && !second) {
      this.edit(first.layer, first.id);
    }
  }

  private getReach(point: [number, number]): number {
    const metresPerPixel = (78271.5 * Math.cos((point[1] * Math.PI) / 180)) / 2 ** this.app.map.getZoom();
    return Math.min(REACH_PX * metresPerPixel, MOST_M);
  }

  private keep(save: Save): void {
    this.saves = [save, ...this.saves].slice(0, MOST_SAVES);
    this.onSaved(save.layer);
  }

  /** Comes back from a feature to the list; text: what there is to say of it. */
  private leave(text: string | null): void {
    this.message = text === null ? null : { text, kind: "good" };
    this.candidates = null;
    this.host.refresh();
  }

  private async undo(save: Save | undefined): Promise<void> {
    if (save === undefined) {
      return;
    }
    this.busy = true;
    this.host.refresh();
    try {
      const saved = await takeBack(save);
      this.saves = listLeft(this.saves, save, saved?.etag ?? null);
      this.message = { text: this.app.t(save.kind === "created" ? "edit.undone_created" : "edit.undone", { label: save.label }), kind: "good" };
      this.onSaved(save.layer);
    } catch (error) {
      this.message = { text: this.explain(error), kind: "error" };
    }
    this.busy = false;
    this.host.refresh();
  }

  private explain(error: unknown): string {
    if (error instanceof Overtaken || (error instanceof EditRefused && [404, 412].includes(error.status))) {
      return this.app.t("edit.undo_overtaken");
    }
    return error instanceof EditRefused ? explainRefusal(this.app.language, error) : getReason(this.app, error);
  }
}
