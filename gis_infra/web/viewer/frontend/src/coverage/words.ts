// The figures of coverage as people read them.

import type { App } from "../app";
import { formatArea, formatShare } from "../format";
import { localize, type MessageKey, translateCode } from "../messages";
import type { Distance, FacilityState, Figures, Lines, Method, RunEntry, Share, Target, Unit } from "./api";

const DASH = "–";
// Below this many people a fraction of one is told: gaps are ranked by it.
const FEW = 10;

/** People, who may be fractions where they are spread over an area. */
export function sayPeople(app: App, people: number | null | undefined): string {
  return typeof people === "number" ? app.number(people, people !== 0 && Math.abs(people) < FEW ? 1 : 0) : DASH;
}

/** A share from 0 to 1; what is not all never reads as 100 %, nor what is something as 0 %. */
export function sayShare(app: App, share: number | null | undefined): string {
  if (typeof share !== "number") {
    return DASH;
  }
  const told = share < 1 ? Math.min(share, 0.999) : share;
  return formatShare(app.language, share > 0 ? Math.max(told, 0.001) : told);
}

/** A distance in metres or minutes. */
export function sayDistance(app: App, value: number | null, unit: Unit | null): string {
  if (value === null) {
    return DASH;
  }
  return unit === "min" ? app.t("coverage.minutes", { value: app.number(value, 1) }) : app.distance(value);
}

/** The reach of a run; empty where the method has none. */
export function sayReach(app: App, distance: Distance | null): string {
  return distance === null ? "" : app.t("coverage.within", { distance: sayDistance(app, distance.value, distance.unit) });
}

/** What is counted of a measure: people, places or hectares. */
export function sayAmount(app: App, share: Share, value: number | null): string {
  if (value === null) {
    return DASH;
  }
  return share === "area_share" ? formatArea(app.language, value) : sayPeople(app, value);
}

export function nameMethod(app: App, method: Method): string {
  return app.t(`coverage.method_${method}`);
}

export function nameShare(app: App, share: Share): string {
  return app.t(`coverage.${share}`);
}

export function nameState(app: App, state: FacilityState): string {
  return app.t(`coverage.state_${state}`);
}

export function nameTarget(app: App, target: Target): string {
  return target.title ? localize(app.language, target.title) : translateCode(app.language, "indicator", target.indicator);
}

/** What a target asks for: at least, at most, or both. */
export function sayAsked(app: App, target: Target, unit: Unit | null): string {
  const say = (key: MessageKey, value: number | null): string | null =>
    value === null ? null : app.t(key, { value: sayIndicator(app, target.indicator, value, unit) });
  return [say("coverage.least", target.least), say("coverage.most", target.most)].filter(Boolean).join(", ");
}

/** A value of an indicator with its unit. */
export function sayIndicator(app: App, indicator: string, value: number | null | undefined, unit: Unit | null): string {
  if (value === null || value === undefined) {
    return DASH;
  }
  if (indicator.endsWith("_share")) {
    return sayShare(app, value);
  }
  if (indicator.endsWith("_distance")) {
    return sayDistance(app, value, unit);
  }
  return indicator.endsWith("_m") ? app.distance(value) : app.number(value, 2);
}

/** How the name of a unit reads; what lies in none has no name. */
export function nameUnit(app: App, figures: Pick<Figures, "name" | "code">): string {
  return figures.name ?? figures.code ?? app.t("coverage.no_unit");
}

/** What a run assumes, sentence by sentence. */
export function listLines(app: App, lines: Lines): string[] {
  return lines[app.language];
}

/** A run as lists name it: what the user called it, else its date and what it is. */
export function nameRun(app: App, run: Pick<RunEntry, "id" | "title" | "day" | "official" | "what_if">): string {
  if (run.title) {
    return run.title;
  }
  const day = app.date(run.day);
  const assumes = listLines(app, run.what_if).length > 0;
  return app.t(assumes ? "coverage.run_what_if" : "coverage.run_of", { day });
}
