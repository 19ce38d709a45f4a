// Whom a service reaches: the city's figures, wards shaded by share, and the gaps where most people go without.

import { type CoverageService, type Gaps, getCoverage, getCoverageServices, type Shares, type Wards } from "../api";
import type { App } from "../app";
import { el } from "../dom";
import { formatArea, formatShare } from "../format";
import { getBox, NO_DATA, shadeWards, SHARE_COLORS, SHARE_STEPS, showOverlay, zoomToBox } from "../map/overlays";
import { localize } from "../messages";
import { swatch } from "./legend";
import { getReason, note, type Panel, type PanelHost } from "./panel";

const MOST_GAPS = 20;
const MEASURES = {
  population: ["population_share", "population", "population_served"],
  buildings: ["building_share", "buildings", "buildings_served"],
  area: ["area_share", "area_m2", "area_served_m2"],
} as const;
type Measure = keyof typeof MEASURES;

export class CoveragePanel implements Panel {
  private services: CoverageService[] | null = null;
  private wards: Wards | null = null;
  private gaps: Gaps | null = null;
  private measure: Measure = "population";
  private failure: string | null = null;

  constructor(
    private readonly app: App,
    private readonly host: PanelHost,
  ) {}

  open(): void {
    void this.load();
  }

  close(): void {
    this.wards = null;
    this.gaps = null;
    this.show();
  }

  render(body: HTMLElement): void {
    if (this.failure) {
      body.append(note(this.failure, "error"));
      return;
    }
    if (this.services === null) {
      body.append(note(this.app.t("coverage.busy")));
      return;
    }
    if (this.services.length === 0) {
      body.append(note(this.app.t("coverage.none")));
      return;
    }
    body.append(this.renderChoice(this.services));
    const service = this.getService();
    if (service) {
      body.append(...this.renderService(service));
    }
  }

  private renderChoice(services: CoverageService[]): HTMLElement {
    const options = services.map((each) =>
      el(
        "option",
        { value: each.id, selected: each.id === this.app.state.service },
        localize(this.app.language, each.title),
      ),
    );
    const select = el(
      "select",
      { id: "coverage-service", onchange: () => void this.choose(select.value) },
      el("option", { value: "" }, this.app.t("coverage.choose")),
      ...options,
    );
    return el(
      "div",
      { class: "field" },
      el("label", { for: select.id }, this.app.t("coverage.service")),
      select,
    );
  }

  private renderService(service: CoverageService): (HTMLElement | string)[] {
    if (service.latest_run === null) {
      return [note(this.app.t("coverage.never_run", { service: service.id }))];
    }
    const { city, finished_at } = service.latest_run;
    const within = service.distance_m
      ? this.app.t("coverage.within", { distance: this.app.distance(service.distance_m) })
      : "";
    const run = this.app.t("coverage.run_on", { date: this.app.date(finished_at) });
    return [
      this.renderFigures(city),
      el("p", { class: "grounds" }, [within, run].filter(Boolean).join(" · ")),
      this.renderLegend(),
      ...(this.wards ? [this.renderWards(this.wards)] : [note(this.app.t("coverage.busy"))]),
      ...(this.gaps && this.gaps.features.length > 0 ? [this.renderGaps(this.gaps)] : []),
    ];
  }

  /** Three figures of the whole city; each is the button that shades the wards by it. */
  private renderFigures(city: Shares): HTMLElement {
    const buttons = (Object.keys(MEASURES) as Measure[]).map((measure) => {
      const share = city[MEASURES[measure][0]];
      return el(
        "button",
        { type: "button", "aria-pressed": String(measure === this.measure), onclick: () => this.shadeBy(measure) },
        el("b", {}, typeof share === "number" ? formatShare(this.app.language, share) : "–"),
        el("span", {}, this.app.t(`coverage.${measure}`)),
      );
    });
    return el("div", { class: "figures", role: "group", "aria-label": this.app.t("coverage.measure") }, ...buttons);
  }

  private renderLegend(): HTMLElement {
    const bounds = [0, ...SHARE_STEPS, 1];
    const percent = (share: number): string => formatShare(this.app.language, share);
    const classes = SHARE_COLORS.map((color, index) => {
      const label = `${percent(bounds[index] ?? 0)} – ${percent(bounds[index + 1] ?? 1)}`;
      return el("li", {}, swatch({ label, kind: "fill", color, outline: "#3c444d" }), label);
    });
    const missing = this.app.t("coverage.no_data");
    classes.push(el("li", {}, swatch({ label: missing, kind: "fill", color: NO_DATA, outline: "#3c444d" }), missing));
    return el("section", {}, el("h3", {}, this.app.t("coverage.legend")), el("ul", { class: "scale" }, ...classes));
  }

  private renderWards(wards: Wards): HTMLElement {
    const [share, whole, served] = MEASURES[this.measure];
    const rows = [...wards.features].sort((a, b) => (a.properties[share] ?? 2) - (b.properties[share] ?? 2));
    const format = (value: number): string => this.formatAmount(value);
    const body = rows.map(({ properties, geometry }) => {
      const left = (properties[whole] ?? 0) - (properties[served] ?? 0);
      const value = properties[share];
      return el(
        "tr",
        {},
        el("th", { scope: "row" }, this.makeLink(properties.name ?? this.app.t("coverage.no_ward"), geometry)),
        el("td", {}, typeof value === "number" ? formatShare(this.app.language, value) : "–"),
        el("td", {}, format(left)),
      );
    });
    const heads = (["coverage.ward", "coverage.share", "coverage.unserved"] as const).map((key) =>
      el("th", { scope: "col" }, this.app.t(key)),
    );
    const table = el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...body));
    return el("section", {}, el("h3", {}, this.app.t("coverage.wards")), table);
  }

  private renderGaps(gaps: Gaps): HTMLElement {
    const rows = gaps.features.slice(0, MOST_GAPS).map(({ properties, geometry }) => {
      const facts = [
        properties.population === null
          ? null
          : this.app.t("coverage.gap_people", { count: this.app.number(properties.population) }),
        properties.buildings === null
          ? null
          : this.app.t("coverage.gap_buildings", { count: this.app.number(properties.buildings) }),
        formatArea(this.app.language, properties.area_m2),
      ].filter((fact) => fact !== null);
      const name = this.app.t("coverage.gap", { rank: properties.rank });
      return el("li", {}, this.makeLink(name, geometry), el("span", { class: "aside" }, facts.join(" · ")));
    });
    return el("section", {}, el("h3", {}, this.app.t("coverage.gaps")), el("ol", { class: "gaps" }, ...rows));
  }

  private makeLink(text: string, geometry: GeoJSON.Geometry | null): HTMLElement {
    const go = (): void => {
      const box = geometry && getBox(geometry);
      if (box) {
        zoomToBox(this.app.map, box);
        showOverlay(this.app.map, "highlight", [{ type: "Feature", properties: {}, geometry }]);
      }
    };
    return el("button", { class: "link", type: "button", disabled: geometry === null, onclick: go }, text);
  }

  private formatAmount(value: number): string {
    return this.measure === "area" ? formatArea(this.app.language, value) : this.app.number(value);
  }

  private shadeBy(measure: Measure): void {
    this.measure = measure;
    shadeWards(this.app.map, MEASURES[measure][0]);
    this.host.refresh();
  }

  private getService(): CoverageService | null {
    return this.services?.find((each) => each.id === this.app.state.service) ?? null;
  }

  private async choose(id: string): Promise<void> {
    this.app.saveState({ service: id || null });
    this.wards = null;
    this.gaps = null;
    this.show();
    this.host.refresh();
    await this.loadService();
  }

  private async load(): Promise<void> {
    try {
      this.services = await getCoverageServices();
      this.failure = null;
    } catch (error) {
      this.failure = getReason(this.app, error);
    }
    this.host.refresh();
    await this.loadService();
  }

  private async loadService(): Promise<void> {
    const service = this.getService();
    if (!service?.latest_run) {
      return;
    }
    try {
      const answer = await getCoverage(service.id);
      if (this.host.tool !== "coverage" || this.app.state.service !== service.id) {
        return;
      }
      this.wards = answer.wards;
      this.gaps = { ...answer.gaps, features: orderGaps(answer.gaps) };
      this.show();
    } catch (error) {
      this.failure = getReason(this.app, error);
    }
    this.host.refresh();
  }

  private show(): void {
    const wards = this.wards?.features.filter((each) => each.geometry !== null) ?? [];
    shadeWards(this.app.map, MEASURES[this.measure][0]);
    showOverlay(this.app.map, "wards", wards as GeoJSON.Feature[]);
    showOverlay(this.app.map, "gaps", this.gaps?.features ?? []);
    showOverlay(this.app.map, "highlight", []);
  }
}

function orderGaps(gaps: Gaps): Gaps["features"] {
  return [...gaps.features].sort((a, b) => a.properties.rank - b.properties.rank);
}
