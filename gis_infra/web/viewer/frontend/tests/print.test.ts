import { describe, expect, it } from "vitest";

import { measureDistance } from "../src/measure/ellipsoid";
import { chooseBar, chooseScale, DETAIL, FRAMES, getFrame, PAPERS, toPx, toScale, toZoom } from "../src/print/scale";

describe("a scale on paper", () => {
  it("is a zoom, and the zoom that scale", () => {
    for (const scale of [200, 1000, 25_000]) {
      expect(toScale(toZoom(scale, 10.77), 10.77)).toBeCloseTo(scale, 6);
    }
    // 1:1,000 is 0.26458 m a pixel; a pixel at zoom 18 at 10.77° is 78271.517 · cos 10.77° / 2^18 = 0.29332 m.
    expect(toZoom(1000, 10.77)).toBeCloseTo(18 + Math.log2(0.29332 / 0.26458), 3);
  });

  it("has a frame of as many metres on the ground as it says", () => {
    const [west, south, east, north] = getFrame("a4-landscape", 1000, [106.69, 10.77]);
    // 216 by 160 mm; the map is drawn on a sphere, which is off from the ellipsoid by up to 0.7 %.
    expect(measureDistance([west, 10.77], [east, 10.77]) / 216).toBeCloseTo(1, 2);
    expect(measureDistance([106.69, south], [106.69, north]) / 160).toBeGreaterThan(0.993);
  });

  it("is chosen so that the paper holds the screen, or nearly", () => {
    expect(chooseScale("a4-landscape", toZoom(1000, 10.77), 10.77, toPx(216), toPx(160))).toBe(1000);
    expect(chooseScale("a4-landscape", toZoom(1000, 10.77), 10.77, 2 * toPx(216), 100)).toBe(2000);
    expect(chooseScale("a4-landscape", 3, 10.77, 1000, 800)).toBe(500_000);
    expect(chooseScale("a4-landscape", 22, 10.77, 1000, 800)).toBe(200);
  });

  it.each([
    [200, 5],
    [1000, 20],
    [2000, 50],
    [5000, 100],
    [10_000, 200],
    [500_000, 10_000],
  ])("of 1:%d has a bar of %d m", (scale, metres) => {
    expect(chooseBar(scale)).toBe(metres);
  });

  it("is drawn no larger than browsers draw", () => {
    for (const paper of PAPERS) {
      const [width, height] = FRAMES[paper].map((millimetres) => toPx(millimetres) * DETAIL[paper]);
      expect(Math.max(width ?? 0, height ?? 0)).toBeLessThan(4096);
    }
  });
});
