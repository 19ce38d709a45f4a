import { describe, expect, it } from "vitest";

import { isDay, readDay, writeDay } from "../src/days";

describe("days", () => {
  it.each([
    ["25/12/2020", "2020-12-25"],
    [" 5-3-2020 ", "2020-03-05"],
    ["5.3.2020", "2020-03-05"],
    ["2020-12-25", "2020-12-25"],
    ["29/02/2024", "2024-02-29"],
    ["29/02/2023", undefined],
    ["12/25/2020", undefined],
    ["5/3-2020", undefined],
    ["5/3/20", undefined],
    ["", undefined],
  ])("reads %j", (text, day) => {
    expect(readDay(text)).toBe(day);
  });

  it("writes a day as it is read, and leaves what is none", () => {
    expect(writeDay("2020-03-05")).toBe("05/03/2020");
    expect(readDay(writeDay("2020-03-05"))).toBe("2020-03-05");
    expect(writeDay("5/3")).toBe("5/3");
  });

  it("knows a day of the calendar", () => {
    expect(["2020-02-29", "2021-02-29", "2020-2-9", "25/12/2020"].map(isDay)).toEqual([true, false, false, false]);
  });
});
