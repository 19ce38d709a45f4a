import { describe, expect, it } from "vitest";

import type { FindingGroup } from "../src/config";
import { listAssets, orderGroups } from "../src/identify/ordering";

function group(id: string, type: string, ...distances: number[]): FindingGroup {
  const features = distances.map((distance_m, index) => ({ id: index + 1, distance_m, geometry: { type } }));
  return { id, features } as unknown as FindingGroup;
}

const order = (groups: FindingGroup[], meant: { layer: string; id: number } | null = null): string[] =>
  orderGroups(groups, new Set(["building"]), 2, meant).map(({ id }) => id);

describe("what lies under the pointer", () => {
  it("is told nearest first, whatever the order of the layers", () => {
    expect(order([group("cable", "LineString", 1.5), group("pipe", "MultiLineString", 0.4, 1.9)])).toEqual(["pipe", "cable"]);
  });

  it("begins with the sign that is pressed, not with the line it stands on", () => {
    expect(order([group("pipe", "LineString", 0.1), group("valve", "Point", 0.6)])).toEqual(["valve", "pipe"]);
    expect(order([group("pipe", "LineString", 0.1), group("valve", "Point", 1.9)])).toEqual(["pipe", "valve"]);
  });

  it("has networks before areas, and the ground last", () => {
    const groups = [group("building", "Polygon", 0), group("parcel", "Polygon", 0), group("pipe", "LineString", 1.8)];
    expect(order(groups)).toEqual(["pipe", "parcel", "building"]);
  });

  it("begins with the asset that was looked for", () => {
    const groups = [group("cable", "LineString", 0), group("pipe", "LineString", 0.1, 0.4)];
    expect(order(groups, { layer: "pipe", id: 2 })).toEqual(["pipe", "cable"]);
    expect(order(groups, { layer: "pipe", id: 3 })).toEqual(["cable", "pipe"]);
  });

  it("is listed one by one across layers where one is to be chosen", () => {
    const groups = [group("building", "Polygon", 0), group("pipe", "LineString", 0.1, 1.5), group("lamp", "Point", 1.9), group("valve", "Point", 0.6)];
    const listed = listAssets(groups, new Set(["building"]), 2).map(({ layer, finding }) => `${layer} ${finding.id}`);
    expect(listed).toEqual(["valve 1", "pipe 1", "lamp 1", "pipe 2", "building 1"]);
  });
});
