import { describe, expect, it } from "vitest";

import type { Asked, Conflict, Severity } from "../src/api";
import { findFault, makeForm, toProperties } from "../src/works/form";
import { countAnswers, sortConflicts, sortOwners } from "../src/works/sorting";

function make(severity: Severity, kind: string): Conflict {
  return { type: "Feature", geometry: { type: "Point", coordinates: [0, 0] }, properties: { severity, kind } } as Conflict;
}

describe("the form of works", () => {
  it("sends what was typed, lengths as numbers", () => {
    const form = { ...makeForm(), depth_m: "0.6", starts_on: "2026-12-01", name: " Hào cáp " };
    expect(toProperties(form)).toEqual({
      buffer_m: 1,
      depth_m: 0.6,
      method: "open_cut",
      starts_on: "2026-12-01",
      name: "Hào cáp",
    });
  });

  it("sends a bore only of what is bored", () => {
    const form = { ...makeForm(), bore_m: "0.3" };
    expect(toProperties(form)).not.toHaveProperty("bore_m");
    expect(toProperties({ ...form, method: "trenchless" })).toMatchObject({ bore_m: 0.3 });
  });

  it("reads a comma as the point of decimals", () => {
    expect(toProperties({ ...makeForm(), depth_m: "1,5" })).toMatchObject({ depth_m: 1.5 });
  });

  it.each([
    ["-1", "works.out_of_range"],
    ["0", undefined],
    ["50", undefined],
    ["50,1", "works.out_of_range"],
    ["1,5 m", "works.not_a_length"],
    ["abc", "works.not_a_length"],
    ["  ", undefined],
  ])("knows what is wrong with a depth of %s", (depth_m, key) => {
    expect(findFault({ ...makeForm(), depth_m })?.key).toBe(key);
  });

  it("finds an end before the start, and no fault in the bore of an open cut", () => {
    const form = { ...makeForm(), bore_m: "x", starts_on: "2027-03-02", ends_on: "2027-03-01" };
    expect(findFault(form)).toEqual({ field: "ends_on", key: "works.turned_round" });
    expect(findFault({ ...form, ends_on: "2027-03-02" })).toBeNull();
  });
});

describe("the answer", () => {
  it("is told in parts, each in the order it came", () => {
    const all = [
      make("violation", "works"),
      make("violation", "moratorium"),
      make("vertical_unknown", "works"),
      make("opportunity", "joint_trench"),
      make("clear", "works"),
    ];
    const { met, others, chances, around } = sortConflicts(all);
    expect([met, others, chances, around]).toEqual([[all[0], all[2]], [all[1]], [all[3]], [all[4]]]);
    expect(countAnswers(all)).toEqual({ violations: 2, possible: 0, unknown: 1 });
  });

  it("parts owners who have something there from those with nothing recorded", () => {
    const asked = (answer: Asked["answer"]): Asked => ({ owner: "X", answer, layers: {}, contacts: [], notify_days: null, notify_by: null, notify_verified: true });
    const owners = (["met", "nothing_recorded", "owner_not_recorded", "not_shown"] as const).map(asked);
    const { met, others } = sortOwners(owners);
    expect([met, others].map((each) => each.map(({ answer }) => answer))).toEqual([
      ["met", "owner_not_recorded"],
      ["nothing_recorded", "not_shown"],
    ]);
  });
});
