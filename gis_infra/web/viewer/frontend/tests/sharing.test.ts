import { describe, expect, it } from "vitest";

import { formatOpacity, parseOpacity, setOpacity } from "../src/map/opacity";
import { EMPTY_STATE, formatHash, parseHash } from "../src/state";
import { decodeForm, decodeShape, encodeForm, encodeShape, MOST_VERTICES } from "../src/works/address";
import { makeForm } from "../src/works/form";

const LINE: GeoJSON.LineString = { type: "LineString", coordinates: [[106.7000001, 10.77], [106.7000123, 10.7699987], [-0.5, -1e-7]] };
const RING = [[106.7, 10.77], [106.71, 10.77], [106.71, 10.78], [106.7, 10.77]];
const HOLE = [[106.705, 10.772], [106.706, 10.772], [106.706, 10.773], [106.705, 10.772]];

describe("drawn works in the address", () => {
  it.each<GeoJSON.Geometry>([
    LINE,
    { type: "Polygon", coordinates: [RING, HOLE] },
    { type: "MultiPolygon", coordinates: [[RING, HOLE], [HOLE]] },
  ])("come back to the centimetre", (shape) => {
    expect(decodeShape(encodeShape(shape) as string)).toEqual(shape);
  });

  it("are a few letters a vertex", () => {
    const places = Array.from({ length: 50 }, (_, index) => [106.7 + index / 2000, 10.77 + index / 3000]);
    expect((encodeShape({ type: "LineString", coordinates: places }) as string).length).toBeLessThan(50 * 10);
  });

  it("are left out where they are too many vertices, or a point", () => {
    const places = Array.from({ length: MOST_VERTICES + 1 }, (_, index) => [index / 1000, 0]);
    expect(encodeShape({ type: "LineString", coordinates: places })).toBeNull();
    expect(encodeShape({ type: "Point", coordinates: [0, 0] })).toBeNull();
  });

  it.each(["", "L", "L.", "L.1.1", "X.1.1.2.2", "L.1.1.zzzzzzzz.1", "A.1.1.1.1.1.1", "L.<script>", "L.-.-.-.-"])(
    "are none where the address says %j",
    (text) => {
      expect(decodeShape(text)).toBeNull();
    },
  );

  it("carry what was said of them", () => {
    const form = { ...makeForm(), depth_m: "1.5", method: "trenchless", name: "Hào \"Lê Lợi\" & Co; 50%" };
    expect(decodeForm(encodeForm(form))).toEqual(form);
    expect(encodeForm(makeForm())).toBeNull();
  });

  it.each(["", "{", "null", "[1]", '{"depth_m":7,"evil":"x","__proto__":"y"}'])("carry nothing in %j", (text) => {
    expect(decodeForm(text)).toEqual(makeForm());
  });

  it("come through the whole address", () => {
    const dig = encodeForm({ ...makeForm(), name: "A&B=C, 50% #1" });
    const state = { ...EMPTY_STATE, works: encodeShape(LINE), dig, project: 12, order: ["a", "b"], opacity: { tree: 40 } };
    expect(parseHash(formatHash(state))).toEqual(state);
  });
});

describe("opacity", () => {
  it("comes back from the address, but for what makes no sense", () => {
    expect(parseOpacity("tree:40,background:70")).toEqual({ tree: 40, background: 70 });
    expect(formatOpacity(parseOpacity("tree:40,water_pipe:70"))).toBe("tree:40,water_pipe:70");
    expect(parseOpacity("tree:400,a b:50,x:5,y:100,z")).toEqual({});
    expect(formatOpacity({})).toBeNull();
  });

  it("is said only where it is not whole, and never so faint that nothing is seen", () => {
    expect(setOpacity({ tree: 40 }, "tree", 100)).toEqual({});
    expect(setOpacity({ tree: 40 }, "road", 0)).toEqual({ tree: 40, road: 10 });
  });
});
