import { describe, expect, it } from "vitest";

import { measureDistance } from "../src/measure/ellipsoid";
import { chooseBar, chooseScale, DETAIL, FRAMES, getFrame, getTallness, isWellSeen, PAPERS, toPx, toScale, toZoom } from "../src/print/scale";

describe("a scale on paper", () => {
  it("is a zoom, and the zoom that scale", () => {
    for (const scale of [200, 1000, 25_000]) {
      expect(toScale(toZoom(scale, 10.77), 10.77)).toBeCloseTo(scale, 6);
    }
    // 1:1,000 is 0.26458 m a pixel; a pixel at zoom 18 at 10.77° is 78271.517 · cos 10.77° · 6378882 m / 6378137 m / 2^18 = 0.29336 m.
    expect(toZoom(1000, 10.77)).toBeCloseTo(18 + Math.log2(0.29336 / 0.26458), 3);
  });

  // The ends of the frame's axes by pyproj 3.7.2, Geod(ellps="WGS84").fwd: half its width to the east, half its height north.
  it.each([
    ["a4-landscape", 1000, 10.77, 106.690987461, 10.770723242],
    ["a3-portrait", 5000, 10.77, 106.696423068, 10.777232417],
    ["a4-landscape", 1000, 60, 106.691935484, 60.000718054],
    ["a3-portrait", 5000, 60, 106.702589605, 60.007180533],
  ] as const)("has on %s at 1:%d at %d° a frame of as many metres as it says", (paper, scale, latitude, east, north) => {
    const frame = getFrame(paper, scale, [106.69, latitude]);
    // A hundredth of a millimetre on paper at 1:1,000 is a centimetre, some 1e-7 of a degree.
    expect(Math.abs(frame[2] - east)).toBeLessThan(2e-8 * (scale / 100));
    expect(Math.abs(frame[3] - north)).toBeLessThan(2e-8 * (scale / 100));
  });

  it("is the same from south to north, for the picture is drawn taller by what the Earth is flatter", () => {
    const [latitude, height] = [10.77, 160];
    const pixels = toPx(height) * getTallness(latitude);
    const perDegree = (Math.PI * 6378137) / 180 / Math.cos((latitude * Math.PI) / 180); // of the web map, along the meridian
    const perPx = (2 * Math.PI * 6378137) / 512 / 2 ** toZoom(1000, latitude);
    const half = (pixels * perPx) / perDegree / 2;
    expect(measureDistance([106.69, latitude - half], [106.69, latitude + half]) / height).toBeCloseTo(1, 4);
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

describe("the frame on the screen", () => {
  it.each<[string, [number, number, number, number], boolean]>([
    ["whole and large", [100, 50, 700, 550], true],
    ["cut at a side", [-1, 50, 700, 550], false],
    ["cut below", [100, 50, 700, 601], false],
    ["a dot", [395, 295, 405, 305], false],
    ["narrow and tall", [380, 20, 420, 580], true],
  ])("%s", (_, frame, isSeen) => {
    expect(isWellSeen(frame, 800, 600)).toBe(isSeen);
  });
});
