// The card of one conflict: fetched with its history, worked on, and fetched again when somebody else was first.

import { ApiError, findAsset } from "../api";
import type { App } from "../app";
import { el } from "../dom";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";
import type { MessageKey } from "../messages";
import { type Entry, getEntry, getTakers, type Step, type Takers, takeStep, type WholeEntry } from "../register/api";
import { explainRefusal, isOvertaken } from "../register/refusals";
import { clearDraft, type Draft, makeDraft, nameDepartment, renderSteps } from "./conflict_steps";
import { renderEntry, renderGrounds, renderHistory } from "./conflict_view";
import { getReason, isAbort, note } from "./panel";

const CLOSE_UP = 19;
const NOBODY: Takers = { people: [], departments: [] };

/** What the card asks of the list around it. */
export interface CardFrame {
  refresh(): void;
  back(): void;
  /** The entries before and after the one shown; null at an end of the page. */
  getNeighbours(id: number): [Entry | null, Entry | null];
  show(entry: Entry): void;
  /** An entry was changed, or is found to be otherwise than the list has it. */
  replace(entry: Entry): void;
}

export class EntryCard {
  private shown: Entry | null = null;
  private whole: WholeEntry | null = null;
  /** The assets that were asked for; null for one that is gone. */
  private assets: Partial<Record<"left" | "right", GeoJSON.Feature | null>> = {};
  private message: { text: string; kind: string } | null = null;
  private busy = false;
  /** Whom the entry may be given to. */
  private takers = NOBODY;
  private request = new AbortController();
  private readonly drafts = new Map<number, Draft>();

  constructor(
    private readonly app: App,
    private readonly frame: CardFrame,
  ) {}

  get entry(): Entry | null {
    return this.shown;
  }

  /** Shows an entry, and brings its place into view. */
  show(entry: Entry): void {
    this.hide();
    this.shown = entry;
    const [longitude = 0, latitude = 0] = entry.geometry.coordinates;
    this.app.map.jumpTo({ center: [longitude, latitude], zoom: Math.max(this.app.map.getZoom(), CLOSE_UP) });
    this.highlight();
    void this.fetch(entry);
    void this.fetchAssets(entry);
  }

  hide(): void {
    this.request.abort();
    this.request = new AbortController();
    this.shown = this.whole = this.message = null;
    this.assets = {};
    this.takers = NOBODY;
    this.busy = false;
  }

  render(body: HTMLElement): void {
    const entry = this.whole ?? this.shown;
    if (entry === null) {
      return;
    }
    body.append(this.renderWay(entry));
    const scene = { name: (username: string) => this.namePerson(username), nameDepartment: (code: string) => nameDepartment(this.app, this.takers, code) ?? code };
    const isGone = (side: "left" | "right"): boolean => this.assets[side] === null;
    body.append(...renderEntry(this.app, entry.properties, { ...scene, isGone, onShow: (side) => this.zoomTo(side) }));
    body.append(...this.renderWork(), ...renderGrounds(this.app, entry.properties));
    const history = this.whole && renderHistory(this.app, this.whole.history, scene);
    if (history) {
      body.append(history);
    }
  }

  /** What can be done, and right above it how the last step went. */
  private renderWork(): HTMLElement[] {
    const { app, busy, whole, message } = this;
    const said = message ? [note(message.text, message.kind)] : [];
    if (whole === null) {
      return message ? said : [note(app.t("register.busy"))];
    }
    const draft = this.getDraft(whole.properties.id);
    const onMissing = (key: MessageKey, field: string): void => this.say(app.t(key), "error", field);
    return [...said, renderSteps({ app, entry: whole, draft, busy, takers: this.takers, onStep: (step) => void this.take(step), onMissing })];
  }

  private renderWay(entry: Entry): HTMLElement {
    const [before, after] = this.frame.getNeighbours(entry.properties.id);
    const step = (id: string, key: "card.previous" | "card.next", sign: string, to: Entry | null): HTMLElement =>
      el(
        "button",
        { id, type: "button", disabled: to === null, "aria-label": this.app.t(key), onclick: () => to && this.frame.show(to) },
        sign,
      );
    return el(
      "div",
      { class: "buttons way" },
      el("button", { id: "entry-back", type: "button", onclick: () => this.frame.back() }, "← ", this.app.t("card.back")),
      step("entry-previous", "card.previous", "↑", before),
      step("entry-next", "card.next", "↓", after),
    );
  }

  /** What a person is called, where that is known here; what the program did itself is said to be so. */
  private namePerson(username: string): string {
    const known = this.takers.people.find((each) => each.username === username);
    return username === "system" ? this.app.t("card.system") : (known?.full_name ?? username);
  }

  private getDraft(id: number): Draft {
    const draft = this.drafts.get(id) ?? makeDraft();
    this.drafts.set(id, draft);
    return draft;
  }

  /** Says something above what can be done, and brings the user to a field. */
  private say(text: string, kind: string, field: string | null = null): void {
    this.message = { text, kind };
    this.frame.refresh();
    if (field) {
      document.getElementById(field)?.focus();
    } else {
      document.querySelector(".panel .note")?.scrollIntoView({ block: "nearest" });
    }
  }

  private async fetch(entry: Entry): Promise<void> {
    try {
      const whole = await getEntry(entry.properties.id, this.request.signal);
      if (this.shown?.properties.id === entry.properties.id) {
        this.whole = whole;
        this.frame.replace(whole);
        this.frame.refresh();
        void this.fetchPeople(whole);
      }
    } catch (error) {
      if (!isAbort(error)) {
        this.say(getReason(this.app, error), "error");
      }
    }
  }

  /** Names are offered where they can be had; whoever knows one types it all the same. */
  private async fetchPeople({ properties: { id }, allowed }: WholeEntry): Promise<void> {
    if (this.app.config.user === null || !allowed.includes("assign")) {
      return;
    }
    try {
      this.takers = await getTakers(id, this.request.signal);
      this.frame.refresh();
    } catch (error) {
      if (!isAbort(error) && !(error instanceof ApiError)) {
        this.say(getReason(this.app, error), "error");
      }
    }
  }

  private async take(step: Step): Promise<void> {
    const entry = this.whole;
    if (entry === null || this.busy) {
      return;
    }
    const { id, version } = entry.properties;
    this.busy = true;
    this.frame.refresh();
    try {
      // A comment decides nothing: whatever the conflict is by now, it may be said.
      const whole = await takeStep(id, step.action === "comment" ? null : version, step);
      clearDraft(this.getDraft(id), step.action);
      this.frame.replace(whole);
      this.settle(whole, this.app.t("step.done"), "good");
    } catch (error) {
      await this.refuse(entry, step, error);
    }
  }

  /** Says why a step was not taken; where somebody else was first, with the conflict as it is by now. */
  private async refuse(entry: WholeEntry, step: Step, error: unknown): Promise<void> {
    const reason = error instanceof ApiError ? explainRefusal(this.app.language, error, step) : getReason(this.app, error);
    if (isOvertaken(error) && this.shown?.properties.id === entry.properties.id) {
      await this.fetch(entry);
    }
    this.settle(this.whole ?? entry, reason, "error");
  }

  private settle(whole: WholeEntry, text: string, kind: string): void {
    this.busy = false;
    // The user may have gone on to another conflict meanwhile.
    if (this.shown?.properties.id === whole.properties.id) {
      this.whole = whole;
      this.say(text, kind);
    }
  }

  /** Highlights both assets as soon as they are here; one that has gone since the run is not there to be shown. */
  private async fetchAssets(entry: Entry): Promise<void> {
    const asked = (["left", "right"] as const).map(async (side) => {
      const layer = entry.properties[`${side}_layer`];
      const id = entry.properties[`${side}_id`];
      if (layer !== null && id !== null) {
        const asset = await findAsset(layer, id);
        if (this.shown?.properties.id === entry.properties.id) {
          this.assets[side] = asset;
        }
      }
    });
    await Promise.allSettled(asked);
    if (this.shown?.properties.id === entry.properties.id) {
      this.highlight();
      this.frame.refresh();
    }
  }

  private highlight(): void {
    const assets = Object.values(this.assets).filter((asset) => asset !== null);
    showOverlay(this.app.map, "highlight", this.shown ? [...assets, this.shown] : assets);
  }

  private zoomTo(side: "left" | "right"): void {
    const geometry = this.assets[side]?.geometry;
    const box = geometry ? getBox(geometry) : null;
    if (box) {
      zoomToBox(this.app.map, box, CLOSE_UP);
    }
  }
}
