// What lies under the pointer, layer by layer, with every attribute in the user's words.

import type { MapMouseEvent } from "maplibre-gl";

import { identify } from "../api";
import type { App } from "../app";
import { type Attribute, type Config, type Finding, type FindingGroup, findLayer } from "../config";
import { el } from "../dom";
import { parseMark } from "../find/mark";
import { formatAttribute } from "../format";
import { type Asset, orderGroups } from "../identify/ordering";
import { icon } from "../icons";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";
import { FindingFacts } from "./finding_facts";
import { getReason, isAbort, note, type Panel, type PanelHost } from "./panel";
import { renderQuality } from "./quality";
import type { StoredWorks } from "./works";

// How far from the pointer counts as under it, in pixels of the screen.
const REACH_PX = 8;
const MOST_M = 500;
// The layer whose features are works that can be checked.
const WORKS = "works_project";

export class IdentifyPanel implements Panel {
  private groups: FindingGroup[] | null = null;
  private failure: string | null = null;
  private busy = false;
  private selected: Finding | null = null;
  private request = new AbortController();
  private readonly facts: FindingFacts;

  constructor(
    private readonly app: App,
    private readonly host: PanelHost,
    private readonly onWorks: (works: StoredWorks) => void,
    private readonly onEdit: (layer: string, id: number) => void,
  ) {
    this.facts = new FindingFacts(app);
  }

  open(): void {
    const found = parseMark(this.app.state.found ?? "");
    const asset = found !== null && "layer" in found && found.ids.length === 1 ? { layer: found.layer, id: found.ids[0] as number } : null;
    if (this.app.state.at) {
      void this.look(this.app.state.at, asset);
    }
  }

  /** Opens what is known of an asset, at a place on it. */
  showAsset(asset: Asset, place: [number, number]): void {
    void this.look(place, asset);
  }

  close(): void {
    this.request.abort();
    this.groups = null;
    this.app.saveState({ at: null });
    showOverlay(this.app.map, "highlight", []);
  }

  click(event: MapMouseEvent): void {
    void this.look([event.lngLat.lng, event.lngLat.lat]);
  }

  changeLanguage(): void {
    if (this.groups && this.app.state.at) {
      void this.look(this.app.state.at);
    }
  }

  /** Looks around a point and shows what is there; opens the asset that is meant, else the nearest. */
  private async look(point: [number, number], meant: Asset | null = null): Promise<void> {
    this.request.abort();
    this.request = new AbortController();
    this.facts.forget();
    const { signal } = this.request;
    this.app.saveState({ at: point });
    this.busy = true;
    this.host.refresh();
    try {
      const layers = this.app.listShown().map((layer) => layer.id);
      this.groups = (await identify(point, this.getReach(point), layers, this.app.filters.getTexts(), this.app.language, signal)).layers;
      this.groups = orderGroups(this.groups, listBackground(this.app.config), this.getReach(point), meant);
      this.failure = null;
      const first = this.groups[0];
      this.select(first?.features.find(({ id }) => first.id === meant?.layer && id === meant.id) ?? first?.features[0] ?? null);
    } catch (error) {
      if (isAbort(error)) {
        return;
      }
      this.failure = getReason(this.app, error);
    }
    this.busy = false;
    this.host.refresh();
  }

  private getReach(point: [number, number]): number {
    const metresPerPixel = (78271.5 * Math.cos((point[1] * Math.PI) / 180)) / 2 ** this.app.map.getZoom();
    return Math.min(REACH_PX * metresPerPixel, MOST_M);
  }

  private select(finding: Finding | null): void {
    this.selected = finding;
    const features = finding ? [{ type: "Feature" as const, properties: {}, geometry: finding.geometry }] : [];
    showOverlay(this.app.map, "highlight", features);
  }

  render(body: HTMLElement): void {
    if (this.failure) {
      body.append(note(this.failure, "error"));
    } else if (this.groups === null) {
      body.append(note(this.app.t(this.busy ? "identify.busy" : "identify.hint")));
    } else if (this.groups.length === 0) {
      body.append(note(this.app.t("identify.nothing")));
    } else {
      const count = this.groups.reduce((sum, group) => sum + group.features.length, 0);
      body.append(note(this.app.t("identify.found", { count }), "tally"));
      body.append(...this.groups.map((group) => this.renderGroup(group)));
    }
  }

  private renderGroup(group: FindingGroup): HTMLElement {
    const section = el("section", { class: "group" }, el("h3", {}, group.title));
    section.append(...group.features.map((finding) => this.renderFinding(group, finding)));
    if (group.more) {
      section.append(note(this.app.t("identify.more")));
    }
    return section;
  }

  private renderFinding(group: FindingGroup, finding: Finding): HTMLElement {
    const far = finding.distance_m > 0.005;
    const distance = this.app.t("identify.distance", { distance: this.app.distance(finding.distance_m) });
    const facts = this.facts.makePlace();
    const details = el(
      "details",
      { class: "finding", open: finding === this.selected, name: "finding" },
      el(
        "summary",
        {},
        el("span", { class: "name" }, finding.label ?? `#${finding.id}`),
        far ? el("span", { class: "aside" }, distance) : null,
      ),
      this.renderAttributes(group, finding, facts),
    );
    details.addEventListener("toggle", () => {
      if (details.open) {
        this.select(finding);
        void this.facts.fill(facts, group, finding);
      }
    });
    return details;
  }

  /** facts: the place of what is fetched when the finding is opened. */
  private renderAttributes(group: FindingGroup, finding: Finding, facts: HTMLElement): HTMLElement {
    const own = finding.attributes.filter((each) => !each.universal && !each.system);
    const general = finding.attributes.filter((each) => each.universal && !each.system);
    const system = finding.attributes.filter((each) => each.system);
    return el(
      "div",
      { class: "attributes" },
      renderQuality(this.app, group.id, finding),
      this.renderTable(own),
      general.length > 0 && el("h4", {}, this.app.t("identify.general")),
      this.renderTable(general),
      system.length > 0 &&
        el("details", { class: "more" }, el("summary", {}, this.app.t("identify.system")), this.renderTable(system)),
      facts,
      el("button", { class: "plain", type: "button", onclick: () => this.zoomTo(finding) }, icon("zoom"), this.app.t("identify.zoom")),
      findLayer(this.app.config, group.id)?.may_edit ? this.makeEdit(group, finding) : null,
      group.id === WORKS ? this.makeCheck(finding) : null,
    );
  }

  private makeEdit(group: FindingGroup, { id }: Finding): HTMLElement {
    const press = (): void => this.onEdit(group.id, id);
    return el("button", { class: "plain", type: "button", onclick: press }, icon("edit"), this.app.t("identify.edit"));
  }

  private makeCheck({ id, label, geometry }: Finding): HTMLElement {
    const press = (): void => this.onWorks({ id, name: label ?? `#${id}`, geometry });
    return el("button", { class: "plain", type: "button", onclick: press }, icon("works"), this.app.t("identify.check_works"));
  }

  private renderTable(attributes: Attribute[]): HTMLElement | null {
    if (attributes.length === 0) {
      return null;
    }
    const rows = attributes.map((attribute) =>
      el("div", {}, el("dt", {}, attribute.title), el("dd", {}, formatAttribute(this.app.language, attribute))),
    );
    return el("dl", {}, ...rows);
  }

  private zoomTo(finding: Finding): void {
    const box = getBox(finding.geometry);
    if (box) {
      zoomToBox(this.app.map, box, 20);
    }
  }
}

function listBackground({ sectors }: Config): Set<string> {
  return new Set(sectors.flatMap(({ layers }) => layers.filter((layer) => layer.background)).map((layer) => layer.id));
}
