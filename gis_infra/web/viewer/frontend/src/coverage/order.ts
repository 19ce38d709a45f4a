// How a run is asked for: values as typed, and what of them is sent. Pure.

import { isDay } from "../days";
import { readNumber } from "../numbers";
import type { Method, Order, Service, SitesOrder } from "./api";

/** The longest reach that the form takes, by unit; the server says itself what it takes. */
export const LONGEST = { m: 100_000, min: 240 } as const;
export const MOST_SITES = 100;
/** Distances between the points of a grid of candidates, metres. */
export const SPACING_M = { least: 20, most: 5000 } as const;

/** A number as typed, NaN if it is none; no thousandth of a metre, a minute or a household is ever meant. */
export function toNumber(text: string): number {
  return readNumber(text, true) ?? Number.NaN;
}

const WITH_DISTANCE: ReadonlySet<Method> = new Set(["straight_line", "streets", "sector"]);

/** Values as typed, the day as it is sent; an empty one is not sent, and the server takes the service's own. */
export interface OrderForm {
  method: Method;
  demand: string;
  distance: string;
  day: string;
  level: string;
  title: string;
}

/** What the service's own standard says. */
export function makeOrderForm(service: Service): OrderForm {
  return {
    method: service.method,
    demand: service.demand,
    distance: service.distance === null ? "" : String(service.distance.value),
    day: "",
    level: service.levels[0]?.id ?? "",
    title: "",
  };
}

/** Whether the run of a service by that method goes by a distance that may be chosen. */
export function hasDistance(service: Service, method: Method): boolean {
  return service.distance !== null && WITH_DISTANCE.has(method);
}

/** Whether the day is none of the calendar. */
export function isDayOff(form: OrderForm): boolean {
  return form.day !== "" && !isDay(form.day);
}

/** Whether the distance is no number that could be meant. */
export function isDistanceOff(service: Service, form: OrderForm): boolean {
  if (service.distance === null || !hasDistance(service, form.method) || form.distance.trim() === "") {
    return false;
  }
  const value = toNumber(form.distance);
  return !(value > 0 && value <= LONGEST[service.distance.unit]);
}

/** Whether anything is other than the service's own standard says. */
export function isChanged(service: Service, form: OrderForm): boolean {
  return Object.keys(toOrder(service, form)).length > 1;
}

/** The run that the form asks for; what is as the service has it is left out. */
export function toOrder(service: Service, form: OrderForm): Order {
  const usual = makeOrderForm(service);
  return {
    service: service.id,
    ...(form.method !== usual.method && { method: form.method }),
    ...(form.demand !== usual.demand && { demand: form.demand }),
    ...getDistance(service, form),
    ...(form.day !== "" && { day: form.day }),
    ...(form.level !== usual.level && { level: form.level }),
    ...(form.title.trim() !== "" && { title: form.title.trim() }),
  };
}

function getDistance(service: Service, form: OrderForm): Pick<Order, "distance_m" | "minutes"> {
  const value = toNumber(form.distance);
  if (service.distance === null || !hasDistance(service, form.method) || form.distance.trim() === "") {
    return {};
  }
  if (value === service.distance.value) {
    return {};
  }
  return service.distance.unit === "min" ? { minutes: value } : { distance_m: value };
}

export interface SitesForm {
  n: string;
  from: "nodes" | "grid" | "given" | "layer";
  spacing: string;
  /** Whose features are the candidates. */
  layer: string;
  points: GeoJSON.Position[];
}

export function makeSitesForm(): SitesForm {
  return { n: "3", from: "nodes", spacing: "100", layer: "", points: [] };
}

/** What is wrong with the search asked for; null if nothing is. */
export function findSitesFault(form: SitesForm): "n" | "spacing" | "points" | "layer" | null {
  const n = toNumber(form.n);
  const spacing = toNumber(form.spacing);
  if (!Number.isInteger(n) || n < 1 || n > MOST_SITES) {
    return "n";
  }
  if (form.from === "grid" && !(spacing >= SPACING_M.least && spacing <= SPACING_M.most)) {
    return "spacing";
  }
  if (form.from === "layer" && form.layer === "") {
    return "layer";
  }
  return form.from === "given" && form.points.length === 0 ? "points" : null;
}

export function toSitesOrder(form: SitesForm): SitesOrder {
  const base = { n: toNumber(form.n), from: form.from };
  switch (form.from) {
    case "grid":
      return { ...base, spacing_m: toNumber(form.spacing) };
    case "given":
      return { ...base, points: form.points };
    case "layer":
      return { ...base, layer: form.layer };
    default:
      return base;
  }
}
