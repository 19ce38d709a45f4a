// The parts of the panel that ask for a run: of the city as it is, as it is assumed, and of where one more would help.

import type { App } from "../app";
import { note } from "../panels/panel";
import type { Order, Service } from "./api";
import type { FormView } from "./form";
import type { Hands } from "./hands";
import type { Plan } from "./plan";
import { renderOrder, renderRefusal, renderRunButton } from "./running";
import { renderSitesForm } from "./sites";
import { type Hand, renderWhatIf } from "./what_if";

export type RunKey = "coverage.run" | "coverage.run_assumed" | "coverage.find_sites";

export interface OrdersFrame {
  /** Whether a run is under way. */
  isBusy(): boolean;
  /** Something was typed. */
  onType(): void;
  /** What is assumed has changed, on the map too. */
  onChange(): void;
  onRun(order: Order, key: RunKey): void;
  onError(error: unknown): void;
}

export class OrdersView {
  constructor(
    private readonly app: App,
    private readonly plan: Plan,
    private readonly hands: Hands,
    private readonly frame: OrdersFrame,
  ) {}

  /** The form of a run of the city as it is. */
  renderOrder(service: Service, isOpen: boolean): HTMLElement {
    if (!service.may_run) {
      return renderRefusal(this.app);
    }
    const run = this.makeRun("coverage.run", () => this.plan.isOff(service), () => this.plan.toOrder(service));
    return renderOrder(this.getFormView(service), isOpen, run);
  }

  /** What may be assumed, and the run of it. */
  renderWhatIf(service: Service): HTMLElement[] {
    const { app, plan } = this;
    const [form, draft] = [plan.getForm(service), plan.draft];
    return [
      ...renderWhatIf({ app, service, form, draft, ...this.getHand(service), onChange: () => this.frame.onChange() }),
      renderOrder(this.getFormView(service), false),
      this.makeRun("coverage.run_assumed", () => plan.isAssumptionOff(service), () => plan.toAssumed(service), plan.assumesNothing),
    ];
  }

  /** Among what to look for sites, and the search. */
  renderSites(service: Service): (HTMLElement | null)[] {
    const { app, plan } = this;
    const hasStreets = service.methods.includes("streets");
    return [
      ...renderSitesForm({ app, form: plan.sites, hasStreets, ...this.getHand(service), onChange: () => this.frame.onChange() }),
      plan.assumesNothing ? null : note(app.t("coverage.sites_assumed")),
      this.makeRun("coverage.find_sites", () => plan.isSearchOff(service), () => plan.toSearch(service), plan.lacksCandidates),
    ];
  }

  private getFormView(service: Service): FormView {
    return { app: this.app, service, form: this.plan.getForm(service), onChange: () => this.frame.onType() };
  }

  private getHand(service: Service): { hand: Hand | null; onHand: (hand: Hand) => void } {
    return {
      hand: this.hands.hand,
      onHand: (hand) => void this.hands.take(hand, service).catch((error) => this.frame.onError(error)),
    };
  }

  /** A button that stays in reach while a field holds what cannot be meant: what is typed is looked at when it is pressed. */
  private makeRun(key: RunKey, isWrong: () => boolean, order: () => Order, isIdle = false): HTMLElement {
    const press = (): void => (isWrong() ? this.frame.onType() : this.frame.onRun(order(), key));
    return renderRunButton(this.app, key, isIdle || this.frame.isBusy(), press);
  }
}
