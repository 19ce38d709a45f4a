import { describe, expect, it } from "vitest";

import { formatMark, parseMark, toMark } from "../src/find/mark";

describe("what was found, in the address", () => {
  it("comes back as it was written", () => {
    for (const mark of [{ layer: "water_pipe", ids: [7] }, { layer: "road_segment", ids: [1, 2, 30] }, { point: [106.6958, 10.7751] as [number, number] }]) {
      expect(parseMark(formatMark(mark))).toEqual(mark);
    }
  });

  it("names no more segments than an address bears", () => {
    const ids = Array.from({ length: 200 }, (_, index) => index + 1);
    expect(parseMark(formatMark({ layer: "road_segment", ids }))).toEqual({ layer: "road_segment", ids: ids.slice(0, 40) });
  });

  it.each(["", "water_pipe", "water_pipe.", "water_pipe.x", "7.water_pipe", "1,2,3", "200,10", "10,100", ",", "1,", "a,b", "water_pipe.1.2 OR 1=1"])(
    "is nothing where it makes no sense: %s",
    (text) => expect(parseMark(text)).toBeNull(),
  );

  it("is a point for coordinates and rows for the rest", () => {
    const bbox = [106, 10, 106, 10] as [number, number, number, number];
    expect(toMark({ label: "", system: "WGS 84", srid: 4326, point: [106, 10], inside: true, bbox })).toEqual({ point: [106, 10] });
    expect(toMark({ label: "CN-1", also: null, unit: null, layer: "water_pipe", title: "", ids: [5], bbox })).toEqual({
      layer: "water_pipe",
      ids: [5],
    });
  });
});
