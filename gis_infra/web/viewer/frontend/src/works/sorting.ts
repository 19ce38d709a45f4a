// A works check in the parts a planner reads one after the other. Pure.

import type { Asked, Conflict } from "../api";

/** Each part in the order the server gives, worst first. */
export interface Sorted {
  /** Assets in the way. */
  met: Conflict[];
  /** Other works, and streets lately surfaced. */
  others: Conflict[];
  /** Works that could share one trench. */
  chances: Conflict[];
  /** Within the wider look around, and clear. */
  around: Conflict[];
}

export function sortConflicts(conflicts: Conflict[]): Sorted {
  const sorted: Sorted = { met: [], others: [], chances: [], around: [] };
  for (const conflict of conflicts) {
    sorted[findPart(conflict)].push(conflict);
  }
  return sorted;
}

function findPart({ properties: { severity, kind } }: Conflict): keyof Sorted {
  if (severity === "clear") {
    return "around";
  }
  if (severity === "opportunity" || kind === "joint_trench") {
    return "chances";
  }
  return kind === "works" ? "met" : "others";
}

/** How many conflicts have each answer. */
export function countAnswers(conflicts: Conflict[]): { violations: number; possible: number; unknown: number } {
  const count = (severity: string): number => conflicts.filter((each) => each.properties.severity === severity).length;
  return { violations: count("violation"), possible: count("possible"), unknown: count("vertical_unknown") };
}

/** Who has assets there, known or not, and who has none or cannot be looked at. */
export function sortOwners(owners: Asked[]): { met: Asked[]; others: Asked[] } {
  const isMet = ({ answer }: Asked): boolean => answer === "met" || answer === "owner_not_recorded";
  return { met: owners.filter(isMet), others: owners.filter((each) => !isMet(each)) };
}
