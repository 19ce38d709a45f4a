// On the map, a line for each filter in force: nobody should wonder where the rest of a layer has gone.

import type { App } from "../app";
import { el } from "../dom";
import { icon } from "../icons";
import { NO_FILTER } from "../query/filter";

export class FilterMarks {
  readonly element = el("ul", { class: "filter-marks" });

  /** onChange: asked to open the filter of a layer. */
  constructor(
    private readonly app: App,
    private readonly onChange: (layer: string) => void,
  ) {
    app.filters.listen(() => this.render());
  }

  render(): void {
    const layers = this.app.filters.list();
    this.element.hidden = layers.length === 0;
    this.element.setAttribute("aria-label", this.app.t("query.in_force"));
    this.element.replaceChildren(...layers.map((layer) => this.renderMark(layer)));
  }

  private renderMark(id: string): HTMLElement {
    const layer = this.app.filters.getTitle(id);
    const change = this.app.t("query.change_of", { layer });
    const clear = this.app.t("query.clear_of", { layer });
    return el(
      "li",
      {},
      el("button", { class: "sentence", type: "button", title: change, onclick: () => this.onChange(id) }, icon("query"), el("span", {}, this.app.filters.getSentence(id))),
      el("button", { class: "quiet", type: "button", title: clear, "aria-label": clear, onclick: () => this.app.filters.set(id, NO_FILTER) }, icon("close")),
    );
  }
}
