// What a person says of a file becomes the inputs of the import, and nothing they were not shown.

import { describe, expect, it } from "vitest";

import type { Inspection } from "../src/imports/api";
import { sift } from "../src/imports/dropping";
import { findLanding, listOpen, makePlan, matchFields, sayCode, toInputs } from "../src/imports/plan";

const BOX: [number, number, number, number] = [106, 10, 107, 11];
const FILE: Inspection = {
  file: "ong.shp", layer: "ong", format: "ESRI Shapefile", features: 2, geometry: "LineString", has_z: false, remarks: [],
  crs: {
    srid: null, certain: false, reason: "", lands: null, box: null, distance_km: null, swap_xy: false, choices: [],
    systems: [{ srid: 9210, name: "VN-2000 / TM-3 105-45", swap_xy: false, lands: "in the city", box: BOX }],
  },
  text: null,
  fields: [{ name: "VAT_LIEU", type: "str", samples: [] }, { name: "Material", type: "str", samples: [] }],
  suggestions: [{ layer: "water_pipe", reason: "", columns: [{ column: "VAT_LIEU", field: "material", reason: "", unit: null }], notes: [], warnings: [] }],
  sample: { type: "FeatureCollection", features: [] },
  rows: [],
};

describe("the plan of an import", () => {
  it("is open as long as the system is not known and not said", () => {
    const plan = makePlan(FILE, ["water_pipe"]);
    expect(listOpen(FILE, plan)).toEqual(["crs"]);
    plan.system = "EPSG:9210";
    expect(listOpen(FILE, plan)).toEqual([]);
    expect(findLanding(FILE, plan)).toEqual(BOX);
  });

  it("leaves the layer open where none of the suggested may be imported into", () => {
    expect(listOpen(FILE, makePlan(FILE, ["fire_hydrant"]))).toEqual(["crs", "target"]);
  });

  it("says which code a value means, and takes it back", () => {
    const plan = makePlan(FILE, ["water_pipe"]);
    sayCode(plan, "VAT_LIEU", "Nhựa", "upvc");
    expect(toInputs("u", FILE, plan, true)["codes"]).toEqual({ VAT_LIEU: { Nhựa: "upvc" } });
    sayCode(plan, "VAT_LIEU", "Nhựa", "");
    expect(toInputs("u", FILE, plan, true)["codes"]).toEqual({});
  });

  it("maps by name or title in a layer nobody suggested, and says so of every column", () => {
    const plan = { ...makePlan(FILE, ["water_pipe"]), layer: "sewer_pipe" };
    const fields = [{ name: "material", title: "Vật liệu", unit: null, codes: [] }];
    plan.fields = matchFields(FILE, fields);
    expect(toInputs("u", FILE, plan, true)["map"]).toEqual({ VAT_LIEU: "material", Material: "" });
  });
});

describe("a folder", () => {
  it("gives what an import can take, and names what it leaves out", () => {
    const found = ["ong.shp", "ONG.DBF", "readme.doc", "noname"].map((name) => new File([], name));
    const { files, left } = sift(found);
    expect(files.map(({ name }) => name)).toEqual(["ong.shp", "ONG.DBF"]);
    expect(left).toEqual(["readme.doc", "noname"]);
  });
});
