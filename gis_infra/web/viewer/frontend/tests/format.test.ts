import { describe, expect, it } from "vitest";

import type { Attribute } from "../src/config";
import { formatAttribute, formatDate, formatDistance, formatFound, formatGrounds, formatLonLat, formatShare } from "../src/format";

const ATTRIBUTE: Attribute = {
  name: "x",
  title: "x",
  type: "text",
  unit: null,
  value: "",
  text: null,
  universal: false,
  system: false,
};

function format(part: Partial<Attribute>, language: "vi" | "en" = "vi"): string {
  return formatAttribute(language, { ...ATTRIBUTE, ...part });
}

describe("an attribute", () => {
  it.each([
    ["a number with its unit", { type: "number", value: 1250.5, unit: "mm" }, "1.250,5 mm"],
    ["a number without one is not grouped", { type: "integer", value: 2019 }, "2019"],
    ["what a code means", { type: "code", value: "pvc", text: "Nhựa PVC" }, "Nhựa PVC"],
    ["a truth", { type: "boolean", value: false }, "Không"],
    ["a text as it is", { value: "Đường số 7" }, "Đường số 7"],
    ["zero", { type: "number", value: 0, unit: "m" }, "0 m"],
  ] as [string, Partial<Attribute>, string][])("shows %s", (_, part, expected) => {
    expect(format(part)).toBe(expected);
  });

  it("is written as English readers write it", () => {
    expect(format({ type: "number", value: 1250.5, unit: "mm" }, "en")).toBe("1,250.5 mm");
  });
});

describe("a date", () => {
  it("is the same day in every time zone", () => {
    expect(formatDate("en", "2026-03-01")).toBe("1 Mar 2026");
    expect(formatDate("vi", "2026-03-01")).toBe("01/03/2026");
  });

  it("that is none comes back as it is", () => {
    expect(formatDate("en", "about 1990")).toBe("about 1990");
  });
});

describe("a distance", () => {
  it.each([
    [0.3, "0.3 m"],
    [12.345, "12.35 m"],
    [250.4, "250 m"],
    [12_340, "12.3 km"],
  ])("of %d m is short", (metres, expected) => {
    expect(formatDistance("en", metres)).toBe(expected);
  });
});

it("a share is a percentage with one decimal", () => {
  expect(formatShare("en", 0.98765)).toBe("98.8%");
});

it("a place is longitude first", () => {
  expect(formatLonLat(106.693584, 10.768404)).toBe("106.693584, 10.768404");
});

describe("the grounds of a rule", () => {
  it("names the source and the clause", () => {
    expect(formatGrounds("en", "QCVN 01:2019", "table 2.21")).toBe("By QCVN 01:2019, table 2.21");
  });

  it("says set words as the reader does, and leaves names", () => {
    const source = "123docz.net 130913 and moc.gov.vn 26452, quoting TCVN 2622:1995";
    expect(formatGrounds("vi", source, "10.9")).toBe("Theo 123docz.net 130913 và moc.gov.vn 26452, dẫn TCVN 2622:1995, 10.9");
    expect(formatGrounds("vi", "from memory (1.0 to 1.5 m)", "not seen; Điều 11")).toBe("Theo trí nhớ (1.0 to 1.5 m), chưa thấy nguyên văn; Điều 11");
    expect(formatGrounds("en", "proposal of this program", "none")).toBe("By a proposal of this program");
  });

  it("leaves out a clause there is none of", () => {
    expect(formatGrounds("vi", "QCVN 01:2019", "none")).toBe("Theo QCVN 01:2019");
    expect(formatGrounds("vi", null, "none")).toBeNull();
  });
});

it.each([
  [0.395, 0.4, "0.395 m"],
  [0.3, 0.4, "0.3 m"],
  [0.4, 0.4, "0.4 m"],
  [9.99, null, "9.99 m"],
])("%d m found of %d m required never reads as enough when it is not", (found, required, expected) => {
  expect(formatFound("en", found, required)).toBe(expected);
});
