import { describe, expect, it } from "vitest";

import { liftHeights, listMoved, moveLayer, sortStack } from "../src/map/stack";

const make = (id: string, geometry: string, order: number, background = false) => ({ id, geometry, order, background });
const PARK = make("park", "MultiPolygon", 20);
const WARD = make("ward", "MultiPolygon", 10);
const PIPE = make("pipe", "LineString", 40);
const CABLE = make("cable", "MultiLineString", 50);
const VALVE = make("valve", "Point", 5);
const LAYERS = [VALVE, PIPE, make("road", "LineString", 1, true), CABLE, PARK, WARD];
const USUAL = ["ward", "park", "pipe", "cable", "valve"];

const list = (moved: string[]): string[] => sortStack(LAYERS, moved).map((layer) => layer.id);

describe("the stack", () => {
  it("has areas under lines under points, each by its order, and no ground", () => {
    expect(list([])).toEqual(USUAL);
  });

  it("lets those that were moved share out their places", () => {
    expect(list(["cable", "pipe"])).toEqual(["ward", "park", "cable", "pipe", "valve"]);
    expect(list(["valve", "ward"])).toEqual(["valve", "park", "pipe", "cable", "ward"]);
  });

  it("leaves aside what is not there, or is named twice", () => {
    expect(list(["nothing", "cable", "cable", "road", "pipe"])).toEqual(["ward", "park", "cable", "pipe", "valve"]);
  });

  it("is told by as few ids as bring it back", () => {
    expect(listMoved(LAYERS, USUAL)).toEqual([]);
    for (const sequence of [["park", "ward", "pipe", "cable", "valve"], ["valve", "ward", "park", "pipe", "cable"]]) {
      expect(list(listMoved(LAYERS, sequence))).toEqual(sequence);
    }
    expect(listMoved(LAYERS, ["ward", "park", "cable", "pipe", "valve"])).toEqual(["cable", "pipe"]);
  });

  it("moves a layer among those shown, and those not shown stay where they are", () => {
    expect(moveLayer(USUAL, ["ward", "pipe", "valve"], "ward", 2)).toEqual(["pipe", "park", "valve", "cable", "ward"]);
    expect(moveLayer(USUAL, USUAL, "pipe", 99)).toEqual(["ward", "park", "cable", "valve", "pipe"]);
    expect(moveLayer(USUAL, USUAL, "pipe", -1)).toEqual(["pipe", "ward", "park", "cable", "valve"]);
  });

  it("lifts an area that lies over a line to the height of lines", () => {
    expect(liftHeights([WARD, PIPE, PARK, VALVE])).toEqual(["areas", "lines", "lines", "points"]);
    expect(liftHeights([VALVE, WARD])).toEqual(["points", "points"]);
  });
});
