// Which of the layers under the pointer is told of first. Pure.

import type { Finding, FindingGroup } from "../config";

/** A row of a layer. */
export interface Asset {
  layer: string;
  id: number;
}

/** The layer of the asset that is meant, the networks, areas, then the ground they lie in; of equals the nearest.
 *
 * Whoever clicks a pipe under a street means the pipe. background: ids of layers of the ground. reach: how far from the
 * pointer counts as under it, metres.
 */
export function orderGroups(groups: readonly FindingGroup[], background: ReadonlySet<string>, reach: number, meant: Asset | null): FindingGroup[] {
  const rank = (group: FindingGroup): number => {
    const isMeant = group.id === meant?.layer && group.features.some(({ id }) => id === meant.id);
    return isMeant ? -1 : background.has(group.id) ? 2 : group.features.every(isArea) ? 1 : 0;
  };
  const near = ({ features }: FindingGroup): number => Math.min(...features.map((each) => getNearness(each, reach)));
  return [...groups].sort((a, b) => rank(a) - rank(b) || near(a) - near(b));
}

/** Every finding with the id of its layer: networks, areas, then the ground they lie in, of equals the nearest. */
export function listAssets(groups: readonly FindingGroup[], background: ReadonlySet<string>, reach: number): { layer: string; finding: Finding }[] {
  const rank = (layer: string, finding: Finding): number => (background.has(layer) ? 2 : isArea(finding) ? 1 : 0);
  return groups
    .flatMap(({ id, features }) => features.map((finding) => ({ layer: id, finding, rank: rank(id, finding), near: getNearness(finding, reach) })))
    .sort((a, b) => a.rank - b.rank || a.near - b.near)
    .map(({ layer, finding }) => ({ layer, finding }));
}

function isArea({ geometry }: Finding): boolean {
  return geometry.type.endsWith("Polygon");
}

/** How far off a finding is. A valve's sign covers the pipe it sits on: whoever presses the sign means the valve. */
function getNearness({ geometry, distance_m }: Finding, reach: number): number {
  return geometry.type.endsWith("Point") ? distance_m - reach / 2 : distance_m;
}
