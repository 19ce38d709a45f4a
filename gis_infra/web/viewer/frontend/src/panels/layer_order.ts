// The layers that are on, the uppermost first: moved by dragging, by buttons or by the arrow keys, and made fainter.

import type { App } from "../app";
import type { LayerConfig } from "../config";
import { el } from "../dom";
import { icon, type IconName } from "../icons";
import { arrange, fade, listDrawn } from "../map/layers";
import { BACKGROUND, LEAST, setOpacity, STEP } from "../map/opacity";
import { listMoved, moveLayer, sortStack } from "../map/stack";
import type { MessageKey } from "../messages";
import { swatch } from "./legend";

export class LayerOrder {
  readonly element = el("div", { class: "stack" });
  private readonly said = el("p", { class: "visually-hidden", role: "status" });

  constructor(private readonly app: App) {}

  /** Builds the list anew, keeping the keyboard's place in it. */
  render(): void {
    const focused = document.activeElement?.id;
    const layers = this.listShown().reverse();
    const usual = this.app.state.order.length === 0 && Object.keys(this.app.state.opacity).length === 0;
    this.element.replaceChildren(
      el("p", { class: "hint" }, this.app.t(layers.length > 0 ? "order.hint" : "order.none")),
      el("ol", { "aria-label": this.app.t("order.title") }, ...layers.map((layer, index) => this.renderRow(layer, index, layers.length))),
      this.renderGround(),
      el("button", { class: "qgis", type: "button", disabled: usual, onclick: () => this.reset() }, this.app.t("order.reset")),
      this.said,
    );
    if (focused) {
      document.getElementById(focused)?.focus();
    }
  }

  /** What is drawn of the networks, the lowest first. */
  private listShown(): LayerConfig[] {
    return this.listStack().filter((layer) => this.app.shown.has(layer.id));
  }

  private listStack(): LayerConfig[] {
    return sortStack(listDrawn(this.app.map, this.app.config), this.app.state.order);
  }

  private renderRow(layer: LayerConfig, index: number, count: number): HTMLElement {
    const first = layer.legend[0];
    const row = el(
      "li",
      { "data-layer": layer.id },
      el(
        "div",
        { class: "line" },
        this.makeHandle(layer, index, count),
        first ? swatch(first) : null,
        el("span", { class: "name", title: layer.title }, layer.title),
        this.makeStep("order.up", "up", layer, index === 0, index - 1),
        this.makeStep("order.down", "chevron", layer, index === count - 1, index + 1),
      ),
      this.makeSlider(layer.id, layer.title, [layer]),
    );
    return row;
  }

  private makeHandle(layer: LayerConfig, index: number, count: number): HTMLElement {
    const words = this.app.t("order.handle", { title: layer.title, place: index + 1, count });
    const places: Record<string, number> = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: count - 1 };
    const press = (event: KeyboardEvent): void => {
      const place = places[event.key];
      if (place !== undefined) {
        event.preventDefault();
        this.move(layer, place);
      }
    };
    const handle = el("button", { class: "handle", type: "button", id: `move-${layer.id}`, "aria-label": words, onkeydown: press }, icon("grip"));
    handle.addEventListener("pointerdown", (event) => this.drag(event, handle, layer));
    return handle;
  }

  private makeStep(key: MessageKey, name: IconName, layer: LayerConfig, disabled: boolean, place: number): HTMLElement {
    const words = this.app.t(key, { title: layer.title });
    const properties = { class: "quiet", type: "button", id: `${name}-${layer.id}`, title: words, "aria-label": words, disabled };
    return el("button", { ...properties, onclick: () => this.move(layer, place) }, icon(name));
  }

  /** The ground of streets, buildings, water and parks stays below; it is made fainter as one. */
  private renderGround(): HTMLElement {
    const ground = listDrawn(this.app.map, this.app.config).filter((layer) => layer.background);
    const title = this.app.t("layers.background");
    const line = el("div", { class: "line" }, el("span", { class: "name" }, title));
    return el("div", { class: "ground", hidden: ground.length === 0 }, line, this.makeSlider(BACKGROUND, title, ground));
  }

  private makeSlider(id: string, title: string, layers: LayerConfig[]): HTMLElement {
    const value = this.app.state.opacity[id] ?? 100;
    const told = el("output", { for: `opacity-${id}` }, `${value} %`);
    const slide = (): void => {
      told.textContent = `${slider.value} %`;
      this.app.state.opacity = setOpacity(this.app.state.opacity, id, Number(slider.value));
      layers.forEach((layer) => fade(this.app.map, layer, this.app.state.opacity));
    };
    const slider = el("input", {
      type: "range",
      id: `opacity-${id}`,
      min: LEAST,
      max: 100,
      step: STEP,
      value,
      "aria-label": this.app.t("order.opacity", { title }),
      "aria-valuetext": `${value} %`,
      oninput: slide,
      onchange: () => {
        this.app.saveState();
        this.render();
      },
    });
    return el("div", { class: "opacity" }, slider, told);
  }

  /** Lets a row follow the finger or the mouse; where it is let go it stays. */
  private drag(event: PointerEvent, handle: HTMLElement, layer: LayerConfig): void {
    const row = handle.closest("li");
    const list = row?.parentElement;
    if (!row || !list || event.button !== 0) {
      return;
    }
    event.preventDefault();
    handle.focus();
    handle.setPointerCapture(event.pointerId);
    row.classList.add("dragged");
    const follow = ({ clientY }: PointerEvent): void => {
      const others = [...list.children].filter((each) => each !== row);
      const next = others.find((each) => clientY < each.getBoundingClientRect().top + each.clientHeight / 2);
      if (row.nextElementSibling !== (next ?? null)) {
        list.insertBefore(row, next ?? null);
        // Moving an element lets go of the pointer.
        handle.setPointerCapture(event.pointerId);
      }
    };
    const drop = new AbortController();
    const end = (): void => {
      drop.abort();
      this.move(layer, [...list.children].indexOf(row));
    };
    const { signal } = drop;
    handle.addEventListener("pointermove", follow, { signal });
    handle.addEventListener("pointerup", end, { signal });
    handle.addEventListener("pointercancel", end, { signal });
  }

  /** Puts a layer at a place of the list, the uppermost of which is 0. */
  private move(layer: LayerConfig, place: number): void {
    const shown = this.listShown().map((each) => each.id);
    const last = shown.length - 1;
    const to = Math.min(Math.max(place, 0), last);
    const sequence = moveLayer(this.listStack().map((each) => each.id), shown, layer.id, last - to);
    this.app.saveState({ order: listMoved(listDrawn(this.app.map, this.app.config), sequence) });
    this.draw();
    this.said.textContent = this.app.t("order.moved", { title: layer.title, place: to + 1, count: shown.length });
  }

  private reset(): void {
    this.app.saveState({ order: [], opacity: {} });
    this.draw();
  }

  private draw(): void {
    arrange(this.app.map, this.app.config, this.app.state.order, this.app.state.opacity);
    this.render();
  }
}
