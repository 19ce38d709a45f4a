// What the card says of the feature in hand: of its last save, and why something was not saved.

import type { App } from "../app";
import { el } from "../dom";
import { note } from "../panels/panel";
import type { Saved } from "./api";
import type { Draft } from "./draft";
import { readRefused, tellFault } from "./refusals";

export class CardNotes {
  /** What the server refused, by the field it is told below. */
  refused = new Map<string, string>();
  private message: { text: string; kind: string } | null = null;
  private doubts: string[] = [];
  private shown: HTMLElement | null = null;

  private isSaved = false;

  /** onUndo: what was just saved is to be taken back. */
  constructor(
    private readonly app: App,
    private readonly onUndo: () => void,
  ) {}

  forget(): void {
    this.refused = new Map();
    this.forgetSave();
  }

  /** What was said of the last save is over; what is refused of a field stands until it is asked for again. */
  forgetSave(): void {
    this.message = null;
    this.isSaved = false;
    this.doubts = [];
    this.shown?.replaceChildren();
  }

  say(text: string, kind: "good" | "error"): void {
    this.isSaved = false;
    this.message = { text, kind };
  }

  /** It was saved; what the server takes with doubt is told with it. */
  tellSaved(draft: Draft, saved: Saved, text: string): void {
    this.say(text, "good");
    this.isSaved = true;
    this.doubts = saved.warnings.map((fault) => tellFault(this.app, draft, fault));
  }

  /** It was not saved: why, where it can be below the field. */
  tellRefused(draft: Draft, error: unknown): void {
    const { text, byField } = readRefused(this.app, draft, error);
    this.say(text, "error");
    byField.forEach((words, field) => this.refused.set(field, words));
  }

  render(): HTMLElement {
    const { app, message, doubts } = this;
    const undo = { id: "edit-undo", class: "plain", type: "button", onclick: this.onUndo };
    this.shown = el(
      "div",
      {},
      message && el("div", { class: "edit-said" }, note(message.text, message.kind), this.isSaved && el("button", undo, app.t("edit.undo"))),
      ...doubts.map((text) => note(text, "doubt")),
    );
    return this.shown;
  }

  /** Leads to the first field that is wrong, or to what is said of the whole. */
  reach(): void {
    const [name] = this.refused.keys();
    if (name !== undefined) {
      document.getElementById(`edit-${name}`)?.focus();
    } else if (this.message) {
      this.show();
    }
  }

  show(): void {
    document.querySelector(".panel .note")?.scrollIntoView({ block: "nearest" });
  }
}
