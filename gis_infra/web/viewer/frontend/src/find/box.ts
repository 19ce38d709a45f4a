// One box for all that can be looked for. A list of results by kind opens below it as one types.
//
// Source: WAI-ARIA Authoring Practices 1.2, pattern Combobox: focus stays in the box, the list is walked by arrows.

import type { App } from "../app";
import { el } from "../dom";
import { icon } from "../icons";
import { getReason, isAbort } from "../panels/panel";
import { type LayerConfig, listLayers } from "../config";
import { find, type FoundGroup, type FoundKind, isPlace, type Result } from "./api";
import type { FoundMark } from "./found";
import { findLayers, isLikeCoordinates } from "./layers";

const PAUSE_MS = 160;
const LONGEST_QUOTED = 40;
const LIST = "search-list";

interface Listeners {
  /** Told of one asset that was gone to, and a place on it. */
  onAsset: (layer: string, id: number, place: [number, number]) => void;
  /** Told of a layer that was chosen. */
  onLayer: (layer: LayerConfig) => void;
  /** Told what went wrong on the way to a result. */
  onError: (error: unknown) => void;
}

export class SearchBox {
  readonly element = el("div", { class: "search", role: "search" });
  private readonly input: HTMLInputElement;
  private readonly clearButton: HTMLButtonElement;
  private readonly list = el("div", { class: "search-list", id: LIST, role: "listbox", hidden: true });
  private readonly said = el("p", { class: "search-said", role: "status", hidden: true });
  private groups: FoundGroup[] = [];
  private results: Result[] = [];
  /** Layers called so, which stand below what the server found. */
  private layers: LayerConfig[] = [];
  private active = -1;
  private timer: number | undefined;
  private request = new AbortController();

  constructor(
    private readonly app: App,
    private readonly found: FoundMark,
    private readonly listeners: Listeners,
  ) {
    this.input = this.makeInput();
    this.clearButton = el("button", { class: "quiet", type: "button", hidden: true, onclick: () => this.clear() }, icon("close"));
    this.element.append(icon("search"), this.input, this.clearButton, this.list, this.said);
    // A press on the list must not take the focus out of the box, which would close the list before the click.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    document.addEventListener("keydown", (event) => this.listen(event));
  }

  private makeInput(): HTMLInputElement {
    return el("input", {
      id: "search",
      type: "text",
      role: "combobox",
      inputmode: "search",
      enterkeyhint: "search",
      autocomplete: "off",
      spellcheck: "false",
      maxlength: 200,
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": LIST,
      "aria-keyshortcuts": "/",
      oninput: () => this.change(),
      onkeydown: (event: KeyboardEvent) => this.press(event),
      onfocus: () => this.count > 0 && this.open(),
      onblur: () => this.close(),
    });
  }

  /** Puts the words of the language in. */
  translate(): void {
    this.input.placeholder = this.app.t("find.placeholder");
    this.input.title = this.app.t("find.hint");
    this.input.setAttribute("aria-label", this.app.t("find.label"));
    this.list.setAttribute("aria-label", this.app.t("find.results"));
    this.clearButton.setAttribute("aria-label", this.app.t("find.clear"));
    this.groups = [];
    this.results = [];
    this.layers = [];
    this.close();
  }

  /** How many lines there are to choose from. */
  private get count(): number {
    return this.results.length + this.layers.length;
  }

  /** The slash goes to the box from anywhere but a field, as on many maps. */
  private listen(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLElement && event.target.matches("input, select, textarea, [contenteditable]");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.input.focus();
      this.input.select();
    }
  }

  private change(): void {
    const text = this.input.value.trim();
    this.clearButton.hidden = this.input.value === "";
    this.request.abort();
    clearTimeout(this.timer);
    if (text === "") {
      this.show([]);
      this.close();
      return;
    }
    this.timer = window.setTimeout(() => void this.look(text), PAUSE_MS);
  }

  private async look(text: string): Promise<void> {
    this.request.abort();
    this.request = new AbortController();
    try {
      this.show(await find(text, this.app.language, this.request.signal), findLayers(text, listLayers(this.app.config)));
      this.say(this.count > 0 ? null : this.explainNothing(text));
      this.open();
    } catch (error) {
      if (!isAbort(error)) {
        this.show([]);
        this.say(getReason(this.app, error));
      }
    }
  }

  /** Why nothing was found, and what could be typed instead. */
  private explainNothing(text: string): string {
    if (text.length < 2) {
      return this.app.t("find.short");
    }
    const quoted = text.length > LONGEST_QUOTED ? `${text.slice(0, LONGEST_QUOTED)}…` : text;
    return this.app.t(isLikeCoordinates(text) ? "find.no_place" : "find.nothing", { text: quoted });
  }

  private say(words: string | null): void {
    this.said.hidden = words === null;
    this.said.textContent = words;
  }

  private show(groups: FoundGroup[], layers: LayerConfig[] = []): void {
    this.groups = groups;
    this.layers = layers;
    this.results = groups.flatMap((group) => group.results);
    this.list.replaceChildren(...groups.map((group) => this.renderGroup(group)), ...this.renderLayers());
    this.activate(-1);
  }

  private renderGroup(group: FoundGroup): HTMLElement {
    const title = `search-kind-${group.kind}`;
    return el(
      "div",
      { role: "group", "aria-labelledby": title },
      el("p", { class: "search-kind", id: title, role: "presentation" }, this.app.t(`find.${group.kind}`)),
      ...group.results.map((result) => this.renderResult(result, group.kind)),
      group.more ? el("p", { class: "search-more", role: "presentation" }, this.app.t("find.more")) : null,
    );
  }

  private renderLayers(): HTMLElement[] {
    if (this.layers.length === 0) {
      return [];
    }
    const lines = this.layers.map(({ title, count }, index) =>
      this.renderLine(this.results.length + index, title, this.app.t("layers.count", { count })),
    );
    const title = el("p", { class: "search-kind", id: "search-kind-layer", role: "presentation" }, this.app.t("find.layer"));
    return [el("div", { role: "group", "aria-labelledby": "search-kind-layer" }, title, ...lines)];
  }

  private renderResult(result: Result, kind: FoundKind): HTMLElement {
    return this.renderLine(this.results.indexOf(result), result.label, this.describe(result, kind));
  }

  private renderLine(number: number, label: string, aside: string): HTMLElement {
    return el(
      "div",
      { class: "search-result", id: `search-${number}`, role: "option", "aria-selected": "false", onclick: () => void this.choose(number) },
      el("span", { class: "name" }, label),
      el("span", { class: "aside" }, aside),
    );
  }

  private describe(result: Result, kind: FoundKind): string {
    if (isPlace(result)) {
      return result.inside ? result.system : this.app.t("find.outside", { system: result.system });
    }
    // Of a street or a ward the heading has said what it is.
    const title = kind === "asset" || kind === "address" ? result.title : null;
    return [result.also, title, result.unit].filter(Boolean).join(" · ");
  }

  private open(): void {
    const isOpen = this.count > 0 && document.activeElement === this.input;
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  private close(): void {
    this.list.hidden = true;
    this.say(null);
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }

  private activate(number: number): void {
    this.active = number;
    this.list.querySelectorAll("[role=option]").forEach((option, each) => {
      option.setAttribute("aria-selected", String(each === number));
      if (each === number) {
        option.scrollIntoView({ block: "nearest" });
      }
    });
    if (number < 0) {
      this.input.removeAttribute("aria-activedescendant");
    } else {
      this.input.setAttribute("aria-activedescendant", `search-${number}`);
    }
  }

  private press(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && this.count > 0) {
      event.preventDefault();
      this.open();
      const { count } = this;
      this.activate(this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      void this.enter();
    } else if (event.key === "Escape") {
      // The tool in hand stays open: Escape is for the box here.
      event.stopPropagation();
      this.list.hidden && this.said.hidden ? this.clear() : this.close();
    }
  }

  /** Goes to the result in hand, else to the first; asks at once where the user was faster than the pause. */
  private async enter(): Promise<void> {
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (text !== "" && (this.count === 0 || this.list.hidden)) {
      await this.look(text);
    }
    if (this.count > 0) {
      await this.choose(Math.max(this.active, 0));
    }
  }

  private async choose(number: number): Promise<void> {
    const layer = this.layers[number - this.results.length];
    const result = this.results[number];
    if (layer !== undefined) {
      this.take(layer.title);
      this.listeners.onLayer(layer);
    } else if (result !== undefined) {
      this.take(result.label);
      await this.go(result);
    }
  }

  /** Puts what was chosen into the box. */
  private take(label: string): void {
    this.request.abort();
    clearTimeout(this.timer);
    this.input.value = label;
    this.clearButton.hidden = false;
    this.close();
  }

  private async go(result: Result): Promise<void> {
    const kind = this.groups.find(({ results }) => results.includes(result))?.kind;
    try {
      const place = await this.found.show(result);
      // One asset is looked for to know of it; a street or a ward, to go there.
      if (place !== null && !isPlace(result) && result.ids.length === 1 && (kind === "asset" || kind === "address")) {
        this.listeners.onAsset(result.layer, result.ids[0] as number, place);
      }
    } catch (error) {
      this.listeners.onError(error);
    }
  }

  private clear(): void {
    this.input.value = "";
    this.clearButton.hidden = true;
    this.request.abort();
    clearTimeout(this.timer);
    this.show([]);
    this.close();
    this.found.clear();
    this.input.focus();
  }
}
