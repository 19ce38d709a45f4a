// Reading the figures of a run: which shares there are to shade by, classes, what lacks, the order of units. Pure.

import { type Change, type Figures, type Report, type Service, type Share, SHARES, type Target } from "./api";

/** Bounds of the classes of a share, and a colour for each class, least served first: those of the printed map. */
export const SHARE_STEPS = [0.5, 0.8, 0.95, 1] as const;
export const SHARE_COLORS = ["#eff3ff", "#bdd7e7", "#6baed6", "#3182bd", "#08519c"] as const;
/** The same of a change of a share, from less served to more; the middle class is no change. */
export const CHANGE_STEPS = [-0.1, -0.0005, 0.0005, 0.1] as const;
export const CHANGE_COLORS = ["#a6611a", "#dfc27d", "#f2f2ee", "#80cdc1", "#018571"] as const;
export const NO_DATA = "#b9bec4";

const WHOLE: Record<Share, [whole: keyof Figures, served: keyof Figures]> = {
  people_share: ["people", "people_served"],
  places_share: ["places", "places_served"],
  area_share: ["area_m2", "area_served_m2"],
};

/** The shares that a run tells. Where places are counted and not people, both are the same, and one is enough. */
export function listShares({ city, run }: Report, { demands }: Pick<Service, "demands">): Share[] {
  const isCount = demands.find(({ id }) => id === run.demand)?.kind === "count";
  return SHARES.filter((share) => city[share] !== null && !(isCount && share === "people_share"));
}

/** What is unserved, in the measure's own unit; null if it is not told. */
export function getUnserved(figures: Figures, share: Share): number | null {
  const [whole, served] = WHOLE[share];
  const [all, reached] = [figures[whole], figures[served]];
  return typeof all === "number" && typeof reached === "number" ? Math.max(all - reached, 0) : null;
}

/** The class of a value among `steps`; null where there is no value. */
export function getClass(value: number | null | undefined, steps: readonly number[]): number | null {
  return typeof value === "number" ? steps.filter((step) => value >= step).length : null;
}

/** How many there are in each class of `steps`, and last those without a value. */
export function countClasses(values: (number | null)[], steps: readonly number[]): number[] {
  const counts = new Array<number>(steps.length + 2).fill(0);
  for (const value of values) {
    const index = getClass(value, steps) ?? steps.length + 1;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** The units with a shape, least served first, those without a figure after them, and what lies in no unit at the end. */
export function orderUnits({ units }: Report, share: Share): Report["units"]["features"] {
  const rank = ({ properties }: { properties: Figures }): number =>
    properties.scope === "outside" ? 3 : (properties[share] ?? 2);
  return [...units.features].sort((a, b) => rank(a) - rank(b));
}

/** By how much the share of a unit changed; null where one of them is not known. */
export function getStep({ share_before, share_after }: Change): number | null {
  return share_before === null || share_after === null ? null : share_after - share_before;
}

/** The target that a share is held against, if the service has one. */
export function findTarget(targets: Target[], indicator: string): Target | null {
  return targets.find((target) => target.indicator === indicator) ?? null;
}

/** How many units met, missed or cannot be held against a target. */
export function countAnswers({ units }: Report, indicator: string): Record<"met" | "missed" | "not_known", number> {
  const counts = { met: 0, missed: 0, not_known: 0 };
  for (const { properties } of units.features) {
    const answer = findTarget(properties.targets, indicator)?.answer;
    if (answer !== undefined) {
      counts[answer] += 1;
    }
  }
  return counts;
}
