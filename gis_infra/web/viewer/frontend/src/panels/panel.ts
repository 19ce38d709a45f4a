// The place on the right (on a phone, at the bottom) where one tool at a time shows what it has to say.

import type { MapMouseEvent } from "maplibre-gl";

import type { App } from "../app";
import { el } from "../dom";
import { icon } from "../icons";
import type { Tool } from "../state";
import { Typing } from "./typing";

/** One tool. It keeps what it found while it is closed, and can render that again, in another language too. */
export interface Panel {
  /** Builds what the panel shows now into an empty body. */
  render(body: HTMLElement): void;
  /** Called when the tool is taken up: its overlays appear. */
  open(): void;
  /** Called when another is, or the panel is closed: its overlays go. */
  close(): void;
  /** What a click on the map means to this tool. */
  click?(event: MapMouseEvent): void;
  /** What the Escape key means to this tool; true if it meant something. */
  escape?(): boolean;
  /** Whether the Enter key on the map belongs to the tool now, to end what is drawn. */
  takesEnter?(): boolean;
  /** Called when the user has switched the language, before `render`. */
  changeLanguage?(): void;
}

export class PanelHost {
  readonly element: HTMLElement;
  private readonly title = el("h2", { id: "panel-title", tabindex: -1 });
  private readonly body = el("div", { class: "panel-body" });
  private readonly closeButton: HTMLButtonElement;
  private readonly panels: Record<Tool, Panel>;
  tool: Tool | null = null;
  private readonly typing: Typing;
  /** Whether the panel is to be built anew once nobody is in the middle of something. */
  private stale = false;

  /** onChange: called after another tool, or none, was taken up. */
  constructor(
    private readonly app: App,
    makePanels: (host: PanelHost) => Record<Tool, Panel>,
    private readonly onChange: () => void,
  ) {
    this.closeButton = el("button", { class: "quiet", type: "button", onclick: () => this.show(null) }, icon("close"));
    this.element = el(
      "aside",
      { class: "panel", "aria-labelledby": "panel-title", hidden: true },
      el("header", {}, this.title, this.closeButton),
      this.body,
    );
    this.panels = makePanels(this);
    this.typing = new Typing(this.body, () => this.stale && this.refresh());
  }

  /** Takes up a tool, or none. */
  show(tool: Tool | null): void {
    if (this.tool !== tool) {
      this.current?.close();
      this.tool = tool;
      this.current?.open();
    }
    this.element.hidden = tool === null;
    this.refresh();
    this.app.saveState({ tool });
    this.onChange();
  }

  /** Builds the panel anew from what its tool knows, or as soon as nobody is in the middle of something in it. */
  refresh(): void {
    this.stale = this.typing.isHeld;
    if (!this.stale) {
      this.build();
    }
  }

  private build(): void {
    const place = this.body.scrollTop;
    const takeUp = this.typing.keep();
    const opened = [...this.body.querySelectorAll("details[open] > summary[id]")].map((summary) => summary.id);
    this.closeButton.setAttribute("aria-label", this.app.t("app.close"));
    this.title.textContent = this.tool === null ? "" : this.app.t(`tool.${this.tool}`);
    try {
      this.body.replaceChildren();
      this.current?.render(this.body);
      // What the user opened stays open, whatever came in meanwhile.
      opened.forEach((id) => document.getElementById(id)?.parentElement?.setAttribute("open", ""));
      this.body.scrollTop = place;
    } finally {
      takeUp();
    }
  }

  /** Passes the user's click on the map to the tool in hand. */
  click(event: MapMouseEvent): void {
    if (this.tool === null) {
      this.show("identify");
    }
    this.current?.click?.(event);
  }

  /** Gives up what the tool is in the middle of, else closes it. */
  escape(): void {
    if (this.tool !== null && !this.current?.escape?.()) {
      this.show(null);
    }
  }

  /** Whether Enter on the map does not stand for a click at its centre. */
  get takesEnter(): boolean {
    return this.current?.takesEnter?.() ?? false;
  }

  /** Lets every tool fetch again what it holds in words. */
  changeLanguage(): void {
    Object.values(this.panels).forEach((panel) => panel.changeLanguage?.());
    this.refresh();
  }

  private get current(): Panel | null {
    return this.tool === null ? null : this.panels[this.tool];
  }
}

/** A line of text that tells where things stand; read out when it changes. */
export function note(text: string, kind = ""): HTMLElement {
  return el("p", { class: `note ${kind}`, role: kind === "error" ? "alert" : "status" }, text);
}

/** Why something failed, in the words there are. */
export function getReason(app: App, error: unknown): string {
  // `fetch` rejects with a TypeError when there is no answer at all.
  return error instanceof TypeError ? app.t("app.offline") : error instanceof Error ? error.message : String(error);
}

/** Whether a request was given up because a newer one took its place. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
