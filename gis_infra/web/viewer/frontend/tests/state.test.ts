import { describe, expect, it } from "vitest";

import { EMPTY_STATE, formatHash, parseHash, type ViewState } from "../src/state";

const FULL: ViewState = {
  zoom: 16.25,
  center: [106.6935, 10.7684],
  language: "en",
  on: ["admin_unit", "population_cell"],
  off: ["tree"],
  filters: { water_pipe: { joined: "any", conditions: [{ name: "material", operator: "among", value: "hdpe,steel", to: "" }] } },
  table: { layer: "water_pipe", isOpen: true, sort: "-nominal_diameter_mm", page: 3, columns: ["asset_code", "owner"] },
  tool: "coverage",
  service: "fire_hydrant",
  run: 12,
  found: "water_pipe.7",
  ruler: "L.1.1.1.1",
  ground: "city",
  reg: "status=new&severity=violation",
  conflict: 12,
  at: [106.7, 10.77],
  order: ["tree", "water_pipe"],
  opacity: { tree: 40 },
  works: "L.1.1.1.1",
  dig: '{"depth_m":"1.5"}',
  project: 7,
};

describe("the address", () => {
  it("gives back the view it was written from", () => {
    expect(parseHash(formatHash(FULL))).toEqual(FULL);
  });

  it("is short when the view is the default", () => {
    expect(formatHash(EMPTY_STATE)).toBe("#");
    expect(parseHash("")).toEqual(EMPTY_STATE);
  });

  it.each([
    ["#99/10.77/106.69", "zoom beyond the deepest"],
    ["#12/100.77/106.69", "latitude beyond the pole"],
    ["#12/x/106.69", "a word for a number"],
    ["#lang=fr&tool=rm&at=1&service=a/b&run=-1&project=x&order=<&opacity=a:1&table=<b>&constructor=1", "values nobody knows"],
    ["#%E0%A4%A", "a broken escape"],
    ["#=&&=&", "nothing but signs"],
  ])("is forgiven %s (%s)", (hash) => {
    expect(parseHash(hash)).toEqual(EMPTY_STATE);
  });

  it.each([
    ["water_pipe", { isOpen: false, sort: null, page: 0, columns: [] }],
    ["water_pipe:open", { isOpen: true, sort: null, page: 0, columns: [] }],
    ["water_pipe:open:a b:99999999:a,<,b", { isOpen: true, sort: null, page: 0, columns: ["a", "b"] }],
  ])("reads the table %s as far as it makes sense", (text, table) => {
    expect(parseHash(`#table=${text}`).table).toEqual({ layer: "water_pipe", ...table });
  });

  it("carries no layer id that could be anything but one", () => {
    expect(parseHash("#on=tree,<script>,a b").on).toEqual(["tree"]);
  });
});
