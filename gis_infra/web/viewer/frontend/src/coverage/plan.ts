// All that the user has set for the next run: the form of each service, what is assumed, which sites to look for. Pure.

import type { Order, Service } from "./api";
import { type Chosen, type Draft, isEmpty, isOff, makeDraft, toggle, toWhatIf } from "./draft";
import { findSitesFault, isDayOff, isDistanceOff, makeOrderForm, makeSitesForm, type OrderForm, toOrder, toSitesOrder } from "./order";

export class Plan {
  draft: Draft = makeDraft();
  readonly sites = makeSitesForm();
  private readonly forms = new Map<string, OrderForm>();

  /** Forgets what was assumed of another service; what was typed of each is kept. */
  clear(): void {
    this.draft = makeDraft();
    this.sites.points = [];
  }

  getForm(service: Service): OrderForm {
    const form = this.forms.get(service.id) ?? makeOrderForm(service);
    this.forms.set(service.id, form);
    return form;
  }

  get assumesNothing(): boolean {
    return isEmpty(this.draft);
  }

  /** Whether something that was typed for a run cannot be meant. */
  isOff(service: Service): boolean {
    const form = this.getForm(service);
    return isDistanceOff(service, form) || isDayOff(form);
  }

  isAssumptionOff(service: Service): boolean {
    return this.assumesNothing || this.isOff(service) || this.draft.drawn.some(isOff);
  }

  isSearchOff(service: Service): boolean {
    return findSitesFault(this.sites) !== null || this.isOff(service) || this.draft.drawn.some(isOff);
  }

  /** Whether the search is to be among what was not chosen yet. */
  get lacksCandidates(): boolean {
    return ["points", "layer"].includes(findSitesFault(this.sites) ?? "");
  }

  /** A run of the city as it is. */
  toOrder(service: Service): Order {
    return toOrder(service, this.getForm(service));
  }

  /** A run of the city as it is assumed. */
  toAssumed(service: Service): Order {
    return { ...this.toOrder(service), ...(!this.assumesNothing && { what_if: toWhatIf(this.draft) }) };
  }

  /** A search for sites, in the city as it is assumed. */
  toSearch(service: Service): Order {
    return { ...this.toAssumed(service), sites: toSitesOrder(this.sites) };
  }

  /** Takes a drawn facility in, with the service's own reach and without limit. */
  add(geometry: GeoJSON.Geometry): void {
    this.draft.drawn.push({ geometry, reach: "", capacity: "" });
  }

  /** Counts a facility out, or in again. */
  toggleOut(facility: Chosen): void {
    this.draft.without = toggle(this.draft.without, facility);
  }

  /** Closes a street, or opens it again. */
  toggleClosed(street: Chosen): void {
    this.draft.closed = toggle(this.draft.closed, street);
  }

  isOut(id: number | null): boolean {
    return this.draft.without.some((each) => each.id === id);
  }
}
