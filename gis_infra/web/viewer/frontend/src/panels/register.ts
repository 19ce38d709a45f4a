// The register of conflicts: listed and on the map, narrowed by rule, status and view.

import type { MapMouseEvent } from "maplibre-gl";

import { type Conflict, type Conflicts, getAsset, getConflicts } from "../api";
import type { App } from "../app";
import { el } from "../dom";
import { showOverlay } from "../map/overlays";
import { localize, type MessageKey, translateCode } from "../messages";
import { orderByWorst, renderConflict } from "./conflict_card";
import { getReason, isAbort, note, type Panel, type PanelHost } from "./panel";

const MOST = 500;
const CLOSE_UP = 19;
// What the register is narrowed to; without a status it holds all that is not resolved.
const STATUSES = ["all", "new", "active", "reviewed", "approved", "resolved"] as const;

export class RegisterPanel implements Panel {
  private conflicts: Conflict[] | null = null;
  private matched = 0;
  private failure: string | null = null;
  private selected: Conflict | null = null;
  private request = new AbortController();
  private readonly rules = new Map<string, Conflict["properties"]["rule_title"]>();
  private readonly filters = { rule: "", status: "", inView: false };
  private readonly onMove = (): void => void (this.filters.inView && this.load());

  constructor(
    private readonly app: App,
    private readonly host: PanelHost,
  ) {}

  open(): void {
    this.app.map.on("moveend", this.onMove);
    void this.load();
  }

  close(): void {
    this.request.abort();
    this.app.map.off("moveend", this.onMove);
    this.selected = null;
    this.show([]);
  }

  click(event: MapMouseEvent): void {
    const hit = this.app.map.queryRenderedFeatures(event.point, { layers: ["conflicts"] })[0];
    const conflict = this.conflicts?.find((each) => each.properties.id === hit?.properties["id"]);
    if (conflict) {
      this.select(conflict, false);
    }
  }

  render(body: HTMLElement): void {
    body.append(this.renderFilters());
    if (this.failure) {
      body.append(note(this.failure, "error"));
    } else if (this.conflicts === null) {
      body.append(note(this.app.t("register.busy")));
    } else if (this.conflicts.length === 0) {
      body.append(note(this.app.t("register.nothing")));
    } else {
      body.append(this.renderTally(this.conflicts), this.renderList(this.conflicts));
    }
  }

  private renderFilters(): HTMLElement {
    const rules = [...this.rules].map(([id, title]) => [id, localize(this.app.language, title)] as const);
    const statuses = STATUSES.map((id) => [id, translateCode(this.app.language, "status", id)] as const);
    const inView = el("input", {
      type: "checkbox",
      id: "register-in-view",
      onchange: () => {
        this.filters.inView = inView.checked;
        void this.load();
      },
    });
    inView.checked = this.filters.inView;
    return el(
      "form",
      { class: "fields", onsubmit: (event: Event) => event.preventDefault() },
      el("div", { class: "wide" }, this.makeSelect("rule", "register.rule", "register.all_rules", rules)),
      this.makeSelect("status", "register.status", "register.unresolved", statuses),
      el("div", { class: "field check" }, inView, el("label", { for: inView.id }, this.app.t("register.in_view"))),
    );
  }

  private makeSelect(
    name: "rule" | "status",
    label: MessageKey,
    all: MessageKey,
    values: (readonly [string, string])[],
  ): HTMLElement {
    const options = values.map(([id, title]) => el("option", { value: id, selected: this.filters[name] === id }, title));
    const select = el(
      "select",
      {
        id: `register-${name}`,
        onchange: () => {
          this.filters[name] = select.value;
          void this.load();
        },
      },
      el("option", { value: "" }, this.app.t(all)),
      ...options,
    );
    return el("div", { class: "field" }, el("label", { for: select.id }, this.app.t(label)), select);
  }

  private renderTally(conflicts: Conflict[]): HTMLElement {
    const shown = this.app.number(conflicts.length);
    const count = this.app.number(this.matched);
    const partial = conflicts.length < this.matched;
    return note(this.app.t(partial ? "register.partial" : "register.matched", { shown, count }), "tally");
  }

  private renderList(conflicts: Conflict[]): HTMLElement {
    const list = el("ol", { class: "conflicts" });
    list.append(
      ...conflicts.map((each) =>
        renderConflict(this.app, each, each === this.selected, () => this.select(each, true)),
      ),
    );
    list.addEventListener("keydown", (event) => moveFocus(event, list));
    return list;
  }

  private select(conflict: Conflict, zoom: boolean): void {
    this.selected = conflict;
    showOverlay(this.app.map, "highlight", [conflict]);
    void this.showAssets(conflict);
    if (zoom && conflict.geometry.type === "Point") {
      const [longitude = 0, latitude = 0] = conflict.geometry.coordinates;
      this.app.map.jumpTo({ center: [longitude, latitude], zoom: Math.max(this.app.map.getZoom(), CLOSE_UP) });
    }
    this.host.refresh();
    const pressed = this.host.element.querySelector<HTMLElement>('.conflict[aria-pressed="true"]');
    pressed?.focus({ preventScroll: zoom });
    pressed?.closest("li")?.scrollIntoView({ block: "nearest" });
  }

  /** Highlights both assets as soon as they are here, if the conflict is still the one selected. */
  private async showAssets(conflict: Conflict): Promise<void> {
    const { left_layer, left_id, right_layer, right_id } = conflict.properties;
    const sides = [
      [left_layer, left_id],
      [right_layer, right_id],
    ] as const;
    const asked = sides.map(([layer, id]) => (layer !== null && id !== null ? getAsset(layer, id) : null));
    const answers = await Promise.allSettled(asked.filter((each) => each !== null));
    if (this.selected === conflict) {
      // An asset that has gone since the analysis ran is simply not there to be shown.
      const assets = answers.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
      showOverlay(this.app.map, "highlight", [...assets, conflict]);
    }
  }

  private async load(): Promise<void> {
    this.request.abort();
    this.request = new AbortController();
    try {
      this.take(await getConflicts(this.getQuery(), this.request.signal));
    } catch (error) {
      if (isAbort(error)) {
        return;
      }
      this.failure = getReason(this.app, error);
    }
    this.host.refresh();
  }

  private take(answer: Conflicts): void {
    this.failure = null;
    this.conflicts = orderByWorst(answer.features);
    this.matched = answer.numberMatched ?? answer.features.length;
    this.selected = this.conflicts.find((each) => each.properties.id === this.selected?.properties.id) ?? null;
    for (const { properties } of this.conflicts) {
      this.rules.set(properties.rule, properties.rule_title);
    }
    this.show(this.conflicts);
  }

  private getQuery(): Record<string, string> {
    const { rule, status, inView } = this.filters;
    const bounds = this.app.map.getBounds();
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    return {
      limit: String(MOST),
      ...(rule && { rule }),
      ...(status && { status }),
      ...(inView && { bbox: box.map((degrees) => degrees.toFixed(7)).join(",") }),
    };
  }

  private show(conflicts: Conflict[]): void {
    showOverlay(this.app.map, "conflicts", conflicts);
    showOverlay(this.app.map, "highlight", this.selected ? [this.selected] : []);
  }
}

/** Up and down go through the list without the mouse. */
function moveFocus(event: KeyboardEvent, list: HTMLElement): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) {
    return;
  }
  const buttons = [...list.querySelectorAll<HTMLButtonElement>("button")];
  const index = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[Math.min(Math.max(index + step, 0), buttons.length - 1)]?.focus();
  event.preventDefault();
}
