import { describe, expect, it } from "vitest";

import type { LayerConfig } from "../src/config";
import { findLayers, fold, isLikeCoordinates } from "../src/find/layers";
import { findPlaceOn } from "../src/find/place";

const LAYERS = [
  ["fire_hydrant", "Trụ nước chữa cháy", 743],
  ["water_pipe", "Ống cấp nước", 2706],
  ["power_pole", "Cột điện, trụ điện", 1024],
  ["water_source", "Nguồn nước, điểm khai thác", 0],
].map(([id, title, count]) => ({ id, title, count }) as LayerConfig);

describe("layers by name", () => {
  it.each([
    ["trụ nước", ["fire_hydrant"]],
    ["tru nuoc", ["fire_hydrant"]],
    ["Trụ nước".normalize("NFD"), ["fire_hydrant"]],
    ["dien", ["power_pole"]],
    ["nước", ["fire_hydrant", "water_pipe"]],
    ["cấp nước ống", ["water_pipe"]],
    ["ước", []],
    ["tr", []],
  ])("%s", (text, ids) => {
    expect(findLayers(text, LAYERS).map(({ id }) => id)).toEqual(ids);
  });

  it("are folded as the server folds", () => {
    expect(fold("  Đường  Số 8")).toBe("duong so 8");
  });
});

describe("what was meant as coordinates", () => {
  it.each([
    ["21.03, 105.85", true],
    ["603000 1191500", true],
    ["10°46'22\"N 106°41'36\"E", true],
    ["X=1191500 Y=603000", true],
    ["12 Lê Lợi", false],
    ["OCN-00123", false],
    ["N", false],
  ])("%s: %s", (text, expected) => {
    expect(isLikeCoordinates(text)).toBe(expected);
  });
});

describe("a place on a shape", () => {
  it.each<[GeoJSON.Geometry, [number, number] | null]>([
    [{ type: "Point", coordinates: [1, 2] }, [1, 2]],
    [{ type: "LineString", coordinates: [[0, 0], [2, 0]] }, [1, 0]],
    [{ type: "LineString", coordinates: [[0, 0], [2, 0], [2, 4], [9, 4]] }, [2, 2]],
    [{ type: "MultiLineString", coordinates: [[[0, 0], [4, 0]], [[9, 9], [8, 8]]] }, [2, 0]],
    [{ type: "Polygon", coordinates: [[[0, 0], [2, 0], [2, 2], [0, 0]]] }, [2, 1]],
    [{ type: "MultiPolygon", coordinates: [] }, null],
  ])("%j", (shape, place) => {
    expect(findPlaceOn(shape)).toEqual(place);
  });
});
