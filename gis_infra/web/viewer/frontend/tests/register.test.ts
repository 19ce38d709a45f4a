import { describe, expect, it } from "vitest";

import { ApiError } from "../src/api";
import type { Box } from "../src/config";
import type { EntryProperties } from "../src/register/api";
import { describeFound, listChanges, listMeasures, listUnknown } from "../src/register/facts";
import { countPages, listSteps, makeFilters, NO_VALUE, toFileAddress, toPageQuery, toQuery } from "../src/register/query";
import { explainRefusal, isOvertaken } from "../src/register/refusals";

const BOX: Box = [106.69, 10.77, 106.7, 10.78];
const ENTRY: EntryProperties = {
  id: 15,
  rule: "power.water",
  rule_title: "Clearance",
  severity: "violation",
  status: "new",
  kind: "clearance",
  left_layer: "water_pipe",
  left_id: 3,
  left_code: "CN-003",
  left_owner: "Sawaco",
  right_layer: "power_cable_underground",
  right_id: 3,
  right_code: "CAP-003",
  right_owner: null,
  required_m: 0.5,
  distance_m: 0.225,
  accuracy_m: 0.3,
  accuracy_known: true,
  vertical_m: null,
  side: "left",
  stretch: 2,
  length_m: 12.5,
  street: "Đường Lê Lợi",
  found_on: "2026-11-23T08:00:00Z",
  resolved_on: null,
  version: 4,
};

describe("a request for the register", () => {
  it("asks for everything where nothing is narrowed", () => {
    expect(toQuery(makeFilters(), BOX)).toEqual({});
  });

  it("names the answers worst first, whatever order they were chosen in", () => {
    const filters = { ...makeFilters(), severities: new Set(["possible", "violation"] as const) };
    expect(toQuery(filters, BOX)).toEqual({ severity: "violation,possible" });
  });

  it("asks for what has no value by name", () => {
    const filters = { ...makeFilters(), street: NO_VALUE, assignee: NO_VALUE, rule: "power.water" };
    expect(toQuery(filters, BOX)).toEqual({ rule: "power.water", without: "street,assignee" });
  });

  it("has the box only where the view narrows", () => {
    const filters = { ...makeFilters(), inView: true, street: "Đường Ỷ Lan" };
    expect(toQuery(filters, BOX)).toEqual({
      bbox: "106.6900000,10.7700000,106.7000000,10.7800000",
      street: "Đường Ỷ Lan",
    });
  });

  it("turns pages of 500, the newest first where that is wanted", () => {
    const filters = { ...makeFilters(), sort: "newest" as const };
    expect(toPageQuery(filters, BOX, 2)).toEqual({ sort: "-found_on", limit: "500", offset: "1000" });
    expect([0, 1, 500, 501, 1200].map(countPages)).toEqual([1, 1, 1, 2, 3]);
  });

  it("takes away as a file just what the list is narrowed to", () => {
    const filters = { ...makeFilters(), kind: "cover" };
    expect(toFileAddress(filters, BOX, "report", "xlsx", "vi")).toBe(
      "analysis/conflicts/report?kind=cover&sort=worst&limit=50000&lang=vi&f=xlsx",
    );
  });
});

describe("the steps offered", () => {
  const all = ["comment", "due", "review", "resolve", "reopen", "own", "assign", "approve"] as const;

  it.each([
    ["new", ["approve", "assign", "comment", "due", "own", "resolve", "review"]],
    ["reviewed", ["approve", "assign", "comment", "due", "own", "reopen", "resolve"]],
    ["resolved", ["assign", "comment", "due", "own", "reopen"]],
  ] as const)("of a conflict that is %s are those its status allows", (status, steps) => {
    expect([...listSteps(all, status)].sort()).toEqual(steps);
  });

  it("are none that the user has no right to", () => {
    expect([...listSteps(["comment"], "new")]).toEqual(["comment"]);
  });
});

describe("what is said of a conflict", () => {
  const measures = (changes: Partial<EntryProperties>): Record<string, string> =>
    Object.fromEntries(listMeasures("en", { ...ENTRY, ...changes }));

  it("adds up: found and short are what is required", () => {
    expect(measures({})).toMatchObject({
      "card.found": "0.225 m",
      "card.required": "0.5 m",
      "card.shortfall": "0.275 m",
      "card.accuracy": "± 0.3 m",
      "card.side": "B lies left of A",
    });
  });

  it.each([
    [{ accuracy_known: false, accuracy_m: 0 }, "not recorded"],
    [{ accuracy_known: false, accuracy_m: 0.3 }, "± 0.3 m, one side not recorded"],
    [{ accuracy_m: null }, undefined],
  ])("never passes an accuracy off as known: %j", (changes, told) => {
    expect(measures(changes)["card.accuracy"]).toBe(told);
  });

  it("gives no depth where there is none", () => {
    expect(describeFound("en", { ...ENTRY, distance_m: null })).toBe("Depth unknown");
    expect(measures({ distance_m: null, severity: "vertical_unknown" })["card.shortfall"]).toBeUndefined();
  });

  it("compares with a required distance only where a kind has one", () => {
    expect(describeFound("en", { ...ENTRY, distance_m: -0.1 })).toBe("they overlap");
    expect(describeFound("en", { ...ENTRY, kind: "overbuild", distance_m: -12.34 })).toBe("12.34 m inside");
    expect(describeFound("en", { ...ENTRY, kind: "contradiction", distance_m: 0 })).toBeNull();
    expect(measures({ kind: "duplicate", distance_m: 0.02 })["card.required"]).toBeUndefined();
  });

  it("tells what is not known", () => {
    const name = (side: string): string => side;
    expect(listUnknown("en", ENTRY, name)).toEqual(["The owner of right is not recorded."]);
    const unsure = { ...ENTRY, severity: "vertical_unknown" as const, accuracy_known: false };
    expect(listUnknown("en", unsure, name)).toHaveLength(3);
  });

  it("tells of an event what was before and is after", () => {
    const event = { id: 1, happened_at: "", action: "reviewed", actor: "lan", run: null, text: null };
    const changes = { status: ["new", "reviewed"], due_on: [null, "2026-12-01"] } as Record<string, [unknown, unknown]>;
    expect(listChanges("en", { ...event, changes })).toEqual(["Status: New → Reviewed", "Due: none → 1 Dec 2026"]);
  });

  it("calls people and departments by their names", () => {
    const event = { id: 1, happened_at: "", action: "owned", actor: "lan", run: null, text: null };
    const changes = { owner: [null, "sxd"] } as Record<string, [unknown, unknown]>;
    const names = { owner: (code: string) => (code === "sxd" ? "Construction" : code) };
    expect(listChanges("en", { ...event, changes }, names)).toEqual(["Department: none → Construction"]);
  });
});

describe("a refusal", () => {
  const refusal = (status: number): ApiError => new ApiError("conflict 15 is at version 5 by now", status);

  it("that somebody was first is known by its number", () => {
    expect([409, 412].map((status) => isOvertaken(refusal(status)))).toEqual([true, true]);
    expect(isOvertaken(refusal(400))).toBe(false);
    expect(isOvertaken(new TypeError())).toBe(false);
  });

  it("is a sentence of the reader's language", () => {
    expect(explainRefusal("vi", refusal(412), { action: "approve" })).toContain("Có người khác vừa thay đổi");
    expect(explainRefusal("en", refusal(400), { action: "assign", value: "x" })).toBe(
      "There is no user “x” who may see this conflict.",
    );
    expect(explainRefusal("en", refusal(500), { action: "comment" })).toContain("version 5 by now");
  });
});
