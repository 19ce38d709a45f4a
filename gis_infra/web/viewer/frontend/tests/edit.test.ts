import { describe, expect, it } from "vitest";

import type { Item, Read } from "../src/edit/api";
import { EditRefused } from "../src/edit/api";
import { compare, Draft } from "../src/edit/draft";
import { findFault, type Form, listFields } from "../src/edit/form";
import { parseTyped, toTyped } from "../src/edit/typed";
import { Sketch } from "../src/edit/sketch";
import { findCut, findSnap, listShapes } from "../src/edit/snapping";
import { listLeft, type Save } from "../src/edit/saves";
import { getVertex, insertVertex, listMiddles, listVertices, makeShape, moveAll, moveVertex, removeVertex, type Shape } from "../src/edit/vertices";
import { explainFault, explainRefusal } from "../src/edit/words";

const FORM: Form = {
  layer: "water_pipe",
  title: "Ống cấp nước",
  geometry: "LineString",
  label: "asset_code",
  schema: {
    required: ["name"],
    properties: {
      material: { title: "Vật liệu", type: "string", oneOf: [{ const: "hdpe", title: "HDPE" }], "x-ogc-propertySeq": 3 },
      name: { title: "Tên", type: "string", maxLength: 3, "x-ogc-propertySeq": 2 },
      id: { title: "Mã", type: "integer", readOnly: true, "x-ogc-propertySeq": 0 },
      geometry: { title: "Hình", format: "geometry-linestring", "x-ogc-role": "primary-geometry", "x-ogc-propertySeq": 1 },
      size_mm: { title: "Cỡ", type: "integer", minimum: 15, maximum: 4000, "x-ogc-propertySeq": 4 },
      outer_m: { title: "Ngoài", type: "number", "x-ogc-propertySeq": 5 },
      code: { title: "Mã", type: "string", pattern: "^[A-Z]+-\\d+$", "x-ogc-propertySeq": 6 },
      from: { title: "Từ", type: "string", format: "date", "x-ogc-propertySeq": 7 },
      flow: { title: "Lưu lượng", type: "number", "x-ogc-propertySeq": 9 },
      status: { title: "Tình trạng", type: "string", oneOf: [{ const: "proposed", title: "Dự kiến" }], "x-ogc-propertySeq": 8 },
    },
  },
  units: { size_mm: "mm", outer_m: "m", flow: "l/s" },
  universal: ["name"],
  usual: { size_mm: [40, 2400] },
  checks: [
    {
      title: "Trong nhỏ hơn ngoài",
      text: "size_mm <= outer_m",
      severity: "error",
      fields: ["size_mm", "outer_m"],
      left: [{ value: "size_mm", factor: 0.001 }],
      comparison: "<=",
      right: [{ value: "outer_m", factor: 1 }],
      tolerance: 0,
      unless: {},
    },
    {
      title: "Không ở tương lai",
      text: "from <= today",
      severity: "warning",
      fields: ["from"],
      left: [{ value: "from", factor: 1 }],
      comparison: "<=",
      right: [{ value: "today", factor: 1 }],
      tolerance: 0,
      unless: { status: ["proposed"] },
    },
  ],
};
const LINE: Shape = { type: "LineString", coordinates: [[0, 0, 1], [2, 0, 3], [4, 0, 5]] };

function getField(name: string) {
  return listFields(FORM).find((field) => field.name === name)!;
}

function makeRead(properties: Item["properties"], geometry: Shape = LINE): Read {
  return { item: { type: "Feature", id: 7, properties, geometry }, etag: '"1"' };
}

describe("a form", () => {
  it("has the fields one may write, in the order of the schema", () => {
    expect(listFields(FORM).map((field) => field.name)).toEqual(["name", "material", "size_mm", "outer_m", "code", "from", "status", "flow"]);
  });

  it.each([
    ["size_mm", "150", 150],
    ["size_mm", "1,5", undefined],
    ["size_mm", "15x", undefined],
    ["outer_m", "0,9", 0.9],
    ["outer_m", "0.9", 0.9],
    ["outer_m", "1.000,5", 1000.5],
    ["outer_m", "1,000,000", 1_000_000],
    ["outer_m", "1 000", 1000],
    ["outer_m", "1,85m", 1.85],
    ["outer_m", "1,85 km", undefined],
    ["outer_m", "2.345", 2.345], // a level to the millimetre
    ["outer_m", "1.0.5", undefined],
    ["size_mm", "1.000", 1000], // no pipe has a thousandth of a millimetre
    ["size_mm", "1,000 mm", 1000],
    ["size_mm", "0,150", undefined],
    ["from", "25/12/2020", "2020-12-25"],
    ["from", "5-3-2020", "2020-03-05"],
    ["from", "2020-12-25", "2020-12-25"],
    ["from", "12/25/2020", undefined],
    ["from", "30/02/2020", undefined],
    ["from", "12/2020", undefined],
    ["outer_m", "  ", null],
    ["name", " a ", "a"],
  ])("reads %s typed as %j", (name, typed, value) => {
    expect(parseTyped(getField(name), typed)).toBe(value);
  });

  it("writes decimals as the language does", () => {
    expect(toTyped(getField("outer_m"), 0.9, "vi")).toBe("0,9");
    expect(toTyped(getField("outer_m"), 0.9, "en")).toBe("0.9");
    expect(toTyped(getField("from"), "2020-12-05", "en")).toBe("05/12/2020");
  });

  it.each([
    ["size_mm", "14", "edit.fault_below"],
    ["size_mm", "4001", "edit.fault_above"],
    ["size_mm", "20", "edit.doubt_usual"],
    ["size_mm", "1.5", "edit.fault_integer"],
    ["outer_m", "x", "edit.fault_number"],
    ["flow", "1.200", "edit.fault_twofold"],
    ["flow", "1,200", undefined],
    ["flow", "0.200", undefined],
    ["from", "12/2020", "day.fault"],
    ["name", "", "edit.fault_required"],
    ["name", "dài quá", "edit.fault_long"],
    ["code", "p1", "edit.fault_form"],
    ["code", "P-1", undefined],
    ["material", "", undefined],
  ])("judges %s typed as %j", (name, typed, key) => {
    expect(findFault(getField(name), typed, "vi")?.key).toBe(key);
  });
});

describe("a draft", () => {
  it("sends what differs and no more", () => {
    const draft = new Draft(FORM, makeRead({ name: "a", size_mm: 150, material: "hdpe" }));
    draft.typed.set("name", "a");
    draft.typed.set("size_mm", "200");
    draft.typed.set("material", "");
    expect(draft.getChanges()).toEqual({ properties: { size_mm: 200, material: null } });
  });

  it("judges fields together, in the unit of the check", () => {
    const draft = new Draft(FORM, makeRead({ name: "a", size_mm: 150, outer_m: 0.16 }));
    expect(draft.findBroken("2026-11-23").size).toBe(0);
    draft.typed.set("outer_m", "0,14");
    expect(draft.findBroken("2026-11-23").get("outer_m")?.values).toEqual({ title: "Trong nhỏ hơn ngoài" });
  });

  it("judges days by today, unless a code says otherwise", () => {
    const draft = new Draft(FORM, makeRead({ name: "a" }));
    draft.typed.set("from", "2026-11-24");
    expect(draft.findBroken("2026-11-23").get("from")?.severity).toBe("warning");
    draft.typed.set("status", "proposed");
    expect(draft.findBroken("2026-11-23").size).toBe(0);
  });

  it("tells apart what either changed, and takes theirs where it is said", () => {
    const draft = new Draft(FORM, makeRead({ name: "a", size_mm: 150, code: "A-1" }));
    draft.typed.set("name", "b");
    draft.typed.set("code", "B-1");
    const theirs = makeRead({ name: "c", size_mm: 200, code: "A-1" });
    expect(compare(draft, theirs.item)).toEqual([
      { name: "name", mine: true, theirs: true },
      { name: "size_mm", mine: false, theirs: true },
      { name: "code", mine: true, theirs: false },
    ]);
    draft.rebase(theirs, new Set(["name"]));
    expect(draft.getChanges()).toEqual({ properties: { code: "B-1" } });
  });

  it("keeps a shape that only they changed, and mine where I did", () => {
    const moved = moveAll(LINE, 1, 0);
    const untouched = new Draft(FORM, makeRead({ name: "a" }));
    untouched.rebase(makeRead({ name: "a" }, moved), new Set());
    expect(untouched.getChanges().geometry).toBeUndefined();
    const mine = new Draft(FORM, makeRead({ name: "a" }));
    mine.geometry = moveAll(LINE, 0, 1);
    mine.rebase(makeRead({ name: "a" }, moved), new Set());
    expect(mine.getChanges().geometry).toEqual(moveAll(LINE, 0, 1));
  });

  it("becomes a new feature with everything it had", () => {
    const draft = new Draft(FORM, makeRead({ name: "a", outer_m: 0.5 }));
    draft.typed.set("name", "b");
    draft.becomeNew("vi");
    expect(draft.getChanges().properties).toEqual({ name: "b", outer_m: 0.5 });
    expect(draft.getChanges().geometry).toEqual(LINE);
  });
});

describe("a shape", () => {
  const AREA: Shape = {
    type: "MultiPolygon",
    coordinates: [[[[0, 0], [4, 0], [4, 4], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 1]]]],
  };

  it("keeps the height of a vertex that is moved, and gives one between to a new one", () => {
    expect(moveVertex(LINE, [1], [2, 9])).toEqual({ type: "LineString", coordinates: [[0, 0, 1], [2, 9, 3], [4, 0, 5]] });
    expect(insertVertex(LINE, [1], [1, 1]).coordinates).toEqual([[0, 0, 1], [1, 1, 2], [2, 0, 3], [4, 0, 5]]);
  });

  it("closes a ring again whose first vertex is moved, holes and parts as they were", () => {
    const moved = moveVertex(AREA, [0, 1, 0], [9, 9]) as GeoJSON.MultiPolygon;
    expect(moved.coordinates[0]?.[1]).toEqual([[9, 9], [2, 1], [2, 2], [9, 9]]);
    expect(moved.coordinates[0]?.[0]).toEqual((AREA as GeoJSON.MultiPolygon).coordinates[0]?.[0]);
    expect(listVertices(AREA)).toHaveLength(6);
    expect(listMiddles(AREA).map(({ at }) => at)).toContainEqual([2, 2]);
  });

  it("keeps what a line and a ring need at least", () => {
    expect(removeVertex(LINE, [1])?.coordinates).toHaveLength(2);
    expect(removeVertex({ type: "LineString", coordinates: [[0, 0], [1, 1]] }, [0])).toBeNull();
    expect(removeVertex(AREA, [0, 0, 0])).toBeNull();
    expect(removeVertex({ type: "Point", coordinates: [0, 0] }, [])).toBeNull();
  });

  it("is moved as a whole", () => {
    expect(getVertex(moveAll(LINE, 1, 2), [2])?.at).toEqual([5, 2, 5]);
  });

  it("is made of places as the layer takes it, when there are enough", () => {
    expect(makeShape("Point", [[1, 2]])).toEqual({ type: "Point", coordinates: [1, 2] });
    expect(makeShape("MultiPolygon", [[0, 0], [1, 0]])).toBeUndefined();
    expect(makeShape("MultiPolygon", [[0, 0], [1, 0], [1, 1]])).toEqual({
      type: "MultiPolygon",
      coordinates: [[[[0, 0], [1, 0], [1, 1], [0, 0]]]],
    });
  });
});

describe("snapping", () => {
  const line: Shape = { type: "LineString", coordinates: [[0, 0], [10, 0]] };

  it("takes a vertex within reach before an edge that is nearer", () => {
    expect(findSnap([0.5, 0.1], [line], 1)).toEqual({ at: [0, 0], kind: "vertex" });
    expect(findSnap([5, 0.5], [line], 1)).toEqual({ at: [5, 0], kind: "edge" });
    expect(findSnap([5, 2], [line], 1)).toBeNull();
  });

  it("measures alike both ways where a degree east is shorter than one north", () => {
    const point: Shape = { type: "Point", coordinates: [0.9, 60] };
    expect(findSnap([0, 60], [point], 1)?.kind).toBe("vertex");
    expect(findSnap([0.9, 60.9], [point], 1)).toBeNull();
  });

  it("leaves out the feature in hand", () => {
    const neighbours = [{ layer: "a", id: 1, geometry: line }, { layer: "a", id: 2, geometry: line }];
    expect(listShapes(neighbours, "a", 1)).toHaveLength(1);
  });
});

describe("a place to split at", () => {
  const line: Shape = { type: "LineString", coordinates: [[0, 0], [5, 0], [10, 0]] };

  it("is a vertex between the ends, else the nearest place of the line", () => {
    expect(findCut([5.3, 0.2], line, 1)).toEqual([5, 0]);
    expect(findCut([3, 0.2], line, 1)?.[0]).toBeCloseTo(3);
    expect(findCut([3, 2], line, 1)).toBeNull();
  });

  it("may be near to an end, but is none", () => {
    expect(findCut([0.2, 0.1], line, 1)?.[0]).toBeCloseTo(0.2);
    expect(findCut([-0.2, 0], line, 1)).toBeNull();
    expect(findCut([10, 0], line, 1)).toBeNull();
  });

  it("is where a neighbour lies on the line, unless that is its end", () => {
    const sketch = new Sketch("LineString", line);
    sketch.cutAt([[0, 0], [0.4, 0.1]], 1);
    expect(sketch.cut?.[0]).toBeCloseTo(0.4);
    sketch.cutAt([[0.3, 0.01], [0.4, 0.1]], 1);
    expect(sketch.cut?.[0]).toBeCloseTo(0.3);
  });
});

describe("a sketch", () => {
  it("of a point has it selected, so that one click moves it", () => {
    const sketch = new Sketch("Point", { type: "Point", coordinates: [1, 1] });
    sketch.begin("vertices");
    sketch.put([2, 2]);
    expect(sketch.shape).toEqual({ type: "Point", coordinates: [2, 2] });
    sketch.stepBack();
    expect(sketch.shape).toEqual({ type: "Point", coordinates: [1, 1] });
    expect(sketch.index).toBe(1);
  });

  it("keeps what is half drawn while something else is done", () => {
    const sketch = new Sketch("LineString", null);
    sketch.begin("draw");
    sketch.add([0, 0]);
    sketch.add([1, 0]);
    sketch.begin("still");
    expect(sketch.isUnfinished).toBe(true);
    sketch.begin("draw");
    sketch.add([2, 0]);
    sketch.stepBack();
    expect(sketch.finish()).toBe(true);
    expect(sketch.shape).toEqual({ type: "LineString", coordinates: [[0, 0], [1, 0]] });
    expect(sketch.isUnfinished).toBe(false);
  });

  it("loses no end of a line that has but two", () => {
    const sketch = new Sketch("LineString", { type: "LineString", coordinates: [[0, 0], [1, 0]] });
    sketch.begin("vertices");
    sketch.walk(1);
    expect(sketch.canRemove).toBe(false);
  });
});

describe("words", () => {
  it.each([
    ["is below the least allowed, 15 mm", "Nhỏ nhất là 15 mm."],
    ["must have a value", "Cần có giá trị."],
    ["is that of feature 12; an asset code of A comes but once in a layer", "Mã này là của đối tượng số 12, cùng chủ sở hữu."],
    ["must hold: size_mm <= outer_m (Inner)", "Phải đúng: Trong nhỏ hơn ngoài."],
    ["must hold: from <= today (From)", "Hãy xem lại: Không ở tương lai."],
    ["is odd", "Máy chủ không nhận: is odd"],
  ])("tell of %j", (message, words) => {
    expect(explainFault("vi", { field: "x", value: "", message }, FORM.checks)).toBe(words);
  });

  it("tell a refusal by its status, else by what the server says", () => {
    expect(explainRefusal("en", new EditRefused("x", 423, []))).toContain("locked");
    expect(explainRefusal("en", new EditRefused("too large", 413, []))).toBe("Not saved: too large");
    expect(explainRefusal("vi", new EditRefused("the place is an end of the line; there is nothing", 400, []))).toContain("đầu tuyến");
  });
});

describe("what is left when a save was taken back", () => {
  it("rests on the version that this made, of the same feature alone", () => {
    const make = (id: number): Save => ({ kind: "changed", layer: "a", id, label: "", etag: "old", before: 1 });
    const [last, other, first] = [make(1), make(2), make(1)];
    expect(listLeft([last, other, first], last, "new")).toEqual([other, { ...first, etag: "new" }]);
  });
});
