// Whom a service reaches: its runs shown on the map and in figures, run anew, assumed otherwise, compared, bettered.

import type { MapMouseEvent } from "maplibre-gl";

import type { App } from "../app";
import type { Order, Report, Service, Share } from "../coverage/api";
import { type FacilityFeature, renderCard, type Selection } from "../coverage/card";
import { renderHistogram } from "../coverage/chart";
import { renderComparison, sayChange } from "../coverage/comparison";
import { listShares } from "../coverage/figures";
import { renderServices } from "../coverage/form";
import { Hands } from "../coverage/hands";
import { renderLegend, type Showable } from "../coverage/legend";
import { renderGaps, renderUnits } from "../coverage/lists";
import { OrdersView, type RunKey } from "../coverage/orders_view";
import { PlacesInView } from "../coverage/places";
import { Plan } from "../coverage/plan";
import { renderAssumption, renderBasis, renderFigures, renderFiles, renderGrounds, renderShares, renderTargets } from "../coverage/result";
import { type Doing, renderDoing, renderRefusal } from "../coverage/running";
import { renderRuns } from "../coverage/runs";
import { Scene } from "../coverage/scene";
import { Session } from "../coverage/session";
import { renderSites, type SiteFeature } from "../coverage/sites";
import { note, type Panel, type PanelHost } from "./panel";
import { renderTabPanel, renderTabs } from "./tabs";

const TABS = ["result", "what_if", "sites", "runs"] as const;
type Tab = (typeof TABS)[number];

const GAPS_AT_ONCE = 20;

export class CoveragePanel implements Panel {
  private tab: Tab = "result";
  private share: Share = "people_share";
  private selection: Selection | null = null;
  private listedGaps = GAPS_AT_ONCE;
  private shown: Report | null = null;
  /** The service that `share` was chosen for. */
  private shaded: string | null = null;
  private readonly plan = new Plan();
  private readonly session: Session;
  private readonly scene: Scene;
  private readonly hands: Hands;
  private readonly places: PlacesInView;
  private readonly orders: OrdersView;

  constructor(
    private readonly app: App,
    private readonly host: PanelHost,
  ) {
    this.session = new Session(app, () => this.update(), (doing) => this.showProgress(doing));
    this.scene = new Scene(app);
    this.places = new PlacesInView(app, this.scene, () => this.host.refresh(), (error) => this.session.fail(error));
    this.hands = new Hands(app, this.plan, {
      onChange: () => this.change(),
      onError: (error) => this.session.fail(error),
      findFacility: (point) => {
        const found = this.scene.find(point);
        return found?.kind === "facility" ? found.feature : null;
      },
    });
    this.orders = new OrdersView(app, this.plan, this.hands, {
      isBusy: () => this.session.doing !== null,
      onType: () => this.host.refresh(),
      onChange: () => this.change(),
      onRun: (order, key) => void this.compute(order, key),
      onError: (error) => this.session.fail(error),
    });
  }

  open(): void {
    this.shown = null;
    this.places.start();
    void this.session.load();
  }

  close(): void {
    this.session.leave();
    this.places.stop();
    this.hands.drop();
    this.selection = null;
    this.scene.clear();
  }

  escape(): boolean {
    if (this.hands.hand !== null) {
      this.hands.drop();
      this.change();
    } else if (this.selection !== null) {
      this.select(null);
    } else if (this.session.comparison !== null) {
      this.session.closeComparison();
    } else {
      return false;
    }
    return true;
  }

  takesEnter(): boolean {
    return this.hands.isDrawing;
  }

  click(event: MapMouseEvent): void {
    if (this.hands.hand !== null) {
      void this.hands.click(event);
    } else if (this.session.comparison === null) {
      this.select(this.scene.find(event.point));
    }
  }

  /** The session has changed: what it shows is put on the map, where it is another. */
  private update(): void {
    if (this.host.tool !== "coverage") {
      return;
    }
    const { report } = this.session;
    if (report !== this.shown) {
      this.shown = report;
      this.selection = null;
      this.listedGaps = GAPS_AT_ONCE;
      if (report && report.run.service !== this.shaded) {
        this.shaded = report.run.service;
        this.share = report.main_share;
      }
      this.places.show(report);
    }
    this.show();
    this.host.refresh();
  }

  /** What is assumed, or the hand, has changed. */
  private change(): void {
    this.show();
    this.host.refresh();
  }

  private show(): void {
    const { comparison, report } = this.session;
    this.scene.showReport(report, this.share, (id) => this.plan.isOut(id));
    if (comparison !== null) {
      this.scene.showComparison(comparison, (change) => sayChange(this.app, change));
    }
    this.scene.showPlan(this.plan);
    this.scene.highlight(this.selection);
  }

  private showProgress({ share }: Doing): void {
    const bar = this.host.element.querySelector<HTMLProgressElement>("#coverage-progress");
    if (bar !== null && share !== null) {
      bar.value = share;
    }
  }

  private select(selection: Selection | null, zoom = false): void {
    this.selection = selection;
    this.scene.highlight(selection, zoom);
    this.host.refresh();
    if (selection?.kind === "gap") {
      document.getElementById(`coverage-gap-${selection.feature.properties.rank}`)?.scrollIntoView({ block: "nearest" });
    }
  }

  private choose(service: string): void {
    this.plan.clear();
    this.hands.drop();
    this.tab = "result";
    void this.session.choose(service || null);
  }

  private turnTo(tab: Tab): void {
    this.begin(tab);
    this.hands.drop();
    this.host.refresh();
    if (tab === "runs") {
      void this.session.loadRuns();
    }
  }

  private async compute(order: Order, key: RunKey): Promise<void> {
    this.hands.drop();
    const done = await this.session.compute(order, key);
    if (done && this.tab !== "sites") {
      this.turnTo("result");
    }
  }

  /** Takes up a tab at its beginning. */
  private begin(tab: Tab): void {
    this.tab = tab;
    this.host.element.querySelector(".panel-body")?.scrollTo(0, 0);
  }

  private openRun(id: number | null): void {
    this.begin("result");
    void this.session.openRun(id);
  }

  private compare(before: number, after: number): void {
    this.begin("result");
    this.selection = null;
    void this.session.compare(before, after);
  }

  private takeSite({ geometry }: SiteFeature): void {
    this.plan.add(geometry);
    this.turnTo("what_if");
    this.change();
  }

  private takeOut(facility: FacilityFeature): void {
    this.hands.takeOut(facility);
    this.turnTo("what_if");
    this.change();
  }

  private toggle(what: Showable): void {
    this.scene.hidden.delete(what) || this.scene.hidden.add(what);
    this.places.refresh();
    this.change();
  }

  render(body: HTMLElement): void {
    const { services, service, failure } = this.session;
    if (services === null) {
      body.append(note(failure ?? this.app.t("coverage.busy"), failure ? "error" : ""));
      return;
    }
    if (services.length === 0) {
      body.append(note(this.app.t("coverage.none")));
      return;
    }
    body.append(renderServices(this.app, services, this.app.state.service, (id) => this.choose(id)));
    if (service !== null) {
      const tabs = TABS.map((tab): [Tab, string] => [tab, this.app.t(`coverage.tab_${tab}`)]);
      body.append(renderTabs(this.app.t("coverage.tabs"), tabs, this.tab, (tab) => this.turnTo(tab)));
      body.append(renderTabPanel(this.tab, ...this.renderTab(service)));
    }
  }

  private renderTab(service: Service): (HTMLElement | null)[] {
    const { failure, doing, report, comparison } = this.session;
    const top = [
      failure ? note(failure, "error") : null,
      doing ? renderDoing(this.app, doing, () => this.session.stop()) : null,
    ];
    const parts = comparison && this.tab === "result" ? this.renderComparison() : this.renderPart(service);
    return [...top, ...parts, report && this.selection ? this.renderCard(report, this.selection) : null];
  }

  private renderPart(service: Service): (HTMLElement | null)[] {
    const refusal = service.may_run ? null : [renderRefusal(this.app)];
    switch (this.tab) {
      case "result":
        return this.renderResult(service);
      case "what_if":
        return refusal ?? this.orders.renderWhatIf(service);
      case "sites":
        return [...(refusal ?? this.orders.renderSites(service)), this.renderFound(service)];
      case "runs":
        return this.renderRuns(service);
    }
  }

  private renderResult(service: Service): (HTMLElement | null)[] {
    const { app, share } = this;
    const { report, busy } = this.session;
    if (report === null) {
      const words = busy ? app.t("coverage.busy") : app.t(service.may_run ? "coverage.never_run" : "coverage.never_run_ask");
      return [note(words), busy ? null : this.orders.renderOrder(service, true)];
    }
    const shares = listShares(report, service);
    return [
      this.renderAssumption(report),
      renderShares(app, report, shares, share, (chosen) => this.shadeBy(chosen)),
      renderGrounds(app, report),
      renderTargets(app, report.city),
      this.orders.renderOrder(service, false),
      this.renderLegend(report),
      this.renderFound(service),
      renderUnits(app, report, share, (feature) => this.select({ kind: "unit", feature }, true)),
      this.renderGaps(report),
      renderHistogram(app, report.city, report.run.distance?.value ?? null),
      renderFigures(app, report.city),
      renderFiles(app, report.run.id),
      renderBasis(app, report),
    ];
  }

  private renderLegend(report: Report): HTMLElement {
    const { app, share, scene } = this;
    const places = this.places.describe();
    return renderLegend({ app, report, share, hidden: scene.hidden, places, onToggle: (what) => this.toggle(what) });
  }

  private renderGaps(report: Report): HTMLElement | null {
    return renderGaps({
      app: this.app,
      report,
      selected: this.selection?.kind === "gap" ? this.selection.feature : null,
      listed: this.listedGaps,
      onOpen: (feature) => this.select({ kind: "gap", feature }, true),
      onMore: () => {
        this.listedGaps += GAPS_AT_ONCE;
        this.host.refresh();
      },
    });
  }

  private shadeBy(share: Share): void {
    this.share = share;
    this.change();
  }

  private renderAssumption(report: Report): HTMLElement | null {
    const { baseline } = this.session;
    return renderAssumption(this.app, report, baseline, {
      onCompare: () => baseline && this.compare(baseline.run.id, report.run.id),
      onLatest: () => this.openRun(null),
    });
  }

  private renderFound(service: Service): HTMLElement | null {
    const sites = this.session.report?.sites;
    if (!sites || sites.features.length === 0) {
      return null;
    }
    return renderSites({
      app: this.app,
      sites,
      selected: this.selection?.kind === "site" ? this.selection.feature : null,
      onOpen: (feature) => this.select({ kind: "site", feature }, true),
      onTake: service.may_run ? (site) => this.takeSite(site) : null,
    });
  }

  private renderRuns(service: Service): HTMLElement[] {
    const { runs, report } = this.session;
    const shown = report?.run.id ?? null;
    return renderRuns({
      app: this.app,
      service,
      runs,
      shown,
      share: this.share,
      onOpen: ({ id }) => this.openRun(id),
      // The older is what was before.
      onCompare: ({ id }) => shown !== null && this.compare(Math.min(id, shown), Math.max(id, shown)),
    });
  }

  private renderComparison(): HTMLElement[] {
    const { comparison } = this.session;
    return comparison === null
      ? []
      : renderComparison({
          app: this.app,
          comparison,
          onOpen: ({ geometry }) => this.scene.outline(geometry),
          onSwap: () => this.compare(comparison.after.id, comparison.before.id),
          onBack: () => this.session.closeComparison(),
        });
  }

  private renderCard(report: Report, selection: Selection): HTMLElement {
    const mayRun = this.session.service?.may_run ?? false;
    return renderCard({
      app: this.app,
      report,
      selection,
      isOut: ({ id }) => this.plan.isOut(id),
      onClose: () => this.select(null),
      onOut: mayRun ? (facility) => this.takeOut(facility) : null,
    });
  }
}
