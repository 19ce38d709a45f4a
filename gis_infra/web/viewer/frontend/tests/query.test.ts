import { describe, expect, it } from "vitest";

import { addFilter } from "../src/map/filters";
import { formatFilters, parseFilters } from "../src/query/address";
import { toParameters } from "../src/query/api";
import { joinBoxes } from "../src/query/boxes";
import { listUsual, toggleColumn, turnSort } from "../src/query/columns";
import { toText } from "../src/query/cql2";
import {
  type Condition,
  type Filter,
  findProblem,
  isComplete,
  type Kind,
  makeCondition,
  type Operator,
  parseNumber,
  type Property,
} from "../src/query/filter";
import { toSentence } from "../src/query/sentence";

function make(name: string, kind: Kind, title: string, more: Partial<Property> = {}): Property {
  return { name, kind, title, unit: null, codes: [], universal: false, system: false, ...more };
}

const MATERIALS = [
  { code: "hdpe", title: "HDPE" },
  { code: "steel", title: "Thép" },
  { code: "cast_iron", title: "Gang xám" },
];
const PROPERTIES = [
  make("material", "code", "Vật liệu", { codes: MATERIALS }),
  make("diameter_mm", "integer", "Đường kính", { unit: "mm" }),
  make("depth_m", "number", "Độ sâu", { unit: "m" }),
  make("floors", "integer", "Số tầng"),
  make("name", "text", "Tên"),
  make("true", "boolean", "Đang dùng"),
  make("installed_on", "date", "Ngày lắp đặt", { universal: true }),
  make("updated_at", "timestamp", "Cập nhật lúc", { universal: true }),
];

function when(name: string, operator: Operator, value = "", to = ""): Condition {
  return { name, operator, value, to };
}

function all(...conditions: Condition[]): Filter {
  return { joined: "all", conditions };
}

describe("a filter as CQL2", () => {
  // The same conditions as tests/unit/test_pages_filtering.py has of the pages' form, and sets of codes.
  it.each([
    [when("material", "among", "hdpe"), "material = 'hdpe'"],
    [when("material", "among", "hdpe,steel"), "material IN ('hdpe', 'steel')"],
    [when("material", "not_among", "hdpe"), "material <> 'hdpe'"],
    [when("material", "not_among", "hdpe,steel"), "material NOT IN ('hdpe', 'steel')"],
    [when("material", "empty"), "material IS NULL"],
    [when("material", "filled"), "material IS NOT NULL"],
    [when("diameter_mm", "between", "100", "300"), "diameter_mm BETWEEN 100 AND 300"],
    [when("diameter_mm", "between", "100"), "diameter_mm >= 100"],
    [when("diameter_mm", "between", "", " 300 "), "diameter_mm <= 300"],
    [when("depth_m", "below", "1,25"), "depth_m < 1.25"],
    [when("depth_m", "above", "-.5"), "depth_m > -0.5"],
    [when("depth_m", "equals", "0.0000001"), "depth_m = 0.00000010000000000000"],
    [when("name", "contains", "Lê Lợi"), "CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('%Lê Lợi%'))"],
    [when("name", "starts", "50%_\\x"), "CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('50\\\\%\\\\_\\\\\\\\x%'))"],
    [when("name", "equals", "nhà 'A'"), "name = 'nhà ''A'''"],
    [when("true", "equals", "true"), '"true" = TRUE'],
    [when("installed_on", "below", "2000-01-01"), "installed_on < DATE('2000-01-01')"],
    [when("installed_on", "between", "2000-01-01", "2009-12-31"), "installed_on BETWEEN DATE('2000-01-01') AND DATE('2009-12-31')"],
    [when("updated_at", "between", "2026-11-23"), "updated_at >= TIMESTAMP('2026-11-22T17:00:00Z')"],
    [
      when("updated_at", "between", "2026-11-23", "2026-11-23"),
      "(updated_at >= TIMESTAMP('2026-11-22T17:00:00Z') AND updated_at < TIMESTAMP('2026-11-23T17:00:00Z'))",
    ],
  ])("writes %o", (condition, text) => {
    expect(toText(all(condition), PROPERTIES)).toBe(text);
  });

  it("joins conditions of which all, or any, must hold", () => {
    const conditions = [when("floors", "above", "3"), when("name", "empty")];
    expect(toText({ joined: "all", conditions }, PROPERTIES)).toBe("floors > 3 AND name IS NULL");
    expect(toText({ joined: "any", conditions }, PROPERTIES)).toBe("floors > 3 OR name IS NULL");
  });

  it("asks nothing by what is unfinished, faulty, or of another layer", () => {
    const conditions = [
      when("floors", "above", " "),
      when("floors", "above", "three"),
      when("material", "among", ""),
      when("material", "among", "gold"),
      when("true", "equals", "maybe"),
      when("name", "between", "a", "b"),
      when("secret", "empty"),
    ];
    expect(toText(all(...conditions), PROPERTIES)).toBeNull();
    expect(toText(all(...conditions, when("name", "filled")), PROPERTIES)).toBe("name IS NOT NULL");
  });
});

describe("a filter as a sentence", () => {
  it("says units once, codes by their titles and days as people do", () => {
    const filter = all(
      when("material", "among", "hdpe,cast_iron"),
      when("diameter_mm", "between", "100", "1500"),
      when("installed_on", "below", "2000-01-02"),
    );
    expect(toSentence("vi", "Ống cấp nước", filter, PROPERTIES)).toBe(
      "Ống cấp nước có vật liệu là HDPE hoặc Gang xám, đường kính từ 100 đến 1.500 mm và ngày lắp đặt trước ngày 02/01/2000.",
    );
    expect(toSentence("en", "Water pipe", filter, PROPERTIES)).toBe(
      "Water pipe whose vật liệu is HDPE or Gang xám, đường kính is from 100 to 1,500 mm and ngày lắp đặt is before 2 Jan 2000.",
    );
  });

  it("says that any will do", () => {
    const filter: Filter = { joined: "any", conditions: [when("true", "equals", "false"), when("name", "contains", "lê")] };
    expect(toSentence("vi", "Nhà", filter, PROPERTIES)).toBe("Nhà có đang dùng bằng không hoặc tên có chứa “lê”.");
  });

  it("says that all of a layer is shown while nothing can be asked", () => {
    expect(toSentence("en", "Tree", all(when("floors", "above")), PROPERTIES)).toBe("Everything in the layer Tree.");
  });

  it.each([
    ["at least", when("diameter_mm", "between", "100"), "đường kính is at least 100 mm"],
    ["at most", when("diameter_mm", "between", "", "1200"), "đường kính is at most 1,200 mm"],
    ["a number without a unit", when("floors", "equals", "1990"), "số tầng is 1990"],
    ["since a day", when("installed_on", "between", "2000-01-02"), "ngày lắp đặt is on or after 2 Jan 2000"],
    ["no value", when("name", "empty"), "tên is not recorded"],
  ])("says %s", (_, condition, words) => {
    expect(toSentence("en", "X", all(condition), PROPERTIES)).toBe(`X whose ${words}.`);
  });
});

describe("what is typed", () => {
  const find = (name: string): Property => PROPERTIES.find((each) => each.name === name) as Property;

  it.each([
    ["floors", when("floors", "equals", "x"), "not_a_number"],
    ["floors", when("floors", "equals", "1.5"), "not_whole"],
    ["depth_m", when("depth_m", "equals", "1e5"), "not_a_number"],
    ["depth_m", when("depth_m", "between", "3", "2,5"), "turned_round"],
    ["depth_m", when("depth_m", "between", "9", "10"), null],
    ["installed_on", when("installed_on", "equals", "2026-02-30"), "not_a_day"],
    ["installed_on", when("installed_on", "between", "2026-02-03", "2026-02-02"), "turned_round"],
    ["name", when("name", "equals", "x".repeat(201)), "too_long"],
    ["name", when("name", "empty", "x".repeat(201)), null],
  ])("in %s is judged: %o", (name, condition, problem) => {
    expect(findProblem(condition, find(name))).toBe(problem);
  });

  it("is read with the comma of decimals or the point", () => {
    expect(["12,5", "12.5", "+3", "-0", "1,234.5", "1 2", "1234567890123456"].map(parseNumber)).toEqual([12.5, 12.5, 3, -0, null, null, null]);
  });

  it("takes 1.000 for a thousand where no thousandth is ever meant", () => {
    const ask = (name: string, typed: string): string | null => toText(all(when(name, "above", typed)), PROPERTIES);
    expect([ask("diameter_mm", "1.000"), ask("floors", "1,000"), ask("depth_m", "1.000"), ask("depth_m", "1,5")]).toEqual([
      "diameter_mm > 1000",
      "floors > 1000",
      "depth_m > 1",
      "depth_m > 1.5",
    ]);
    expect(toSentence("vi", "Ống", all(when("diameter_mm", "above", "1.000")), PROPERTIES)).toContain("1.000 mm");
  });

  it("is whole once it says what to compare with", () => {
    expect(isComplete(makeCondition(find("material")))).toBe(false);
    expect(isComplete(when("floors", "between", "", "3"))).toBe(true);
    expect(isComplete(when("floors", "equals", "", "3"))).toBe(false);
  });
});

describe("filters in the address", () => {
  const filters = {
    water_pipe: all(when("material", "among", "hdpe,steel"), when("diameter_mm", "between", "", "300"), when("name", "empty")),
    tree: { joined: "any" as const, conditions: [when("name", "contains", "Lê; 50%, a:b!c=d&e #1"), when("name", "starts")] },
  };

  it("come back as they were, whatever was typed", () => {
    expect(parseFilters(formatFilters(filters))).toEqual(filters);
  });

  it("need no escaping", () => {
    expect(formatFilters(filters)).toMatch(/^[\w:;,.!-]+$/);
    expect(formatFilters({ water_pipe: filters.water_pipe })).toBe("water_pipe:all:material,among,hdpe!2Csteel:diameter_mm,between,,300:name,empty");
  });

  it.each(["", "tree", "tree:all", "tree:some:name,empty", "<b>:all:name,empty", "tree:all:name,drop", "tree:all:name,equals,!E0!A4", ":;:,"])(
    "make no sense as %s and are left out",
    (text) => expect(parseFilters(text)).toEqual({}),
  );
});

describe("the table", () => {
  const facts = { layer: "pipe", label: "code", properties: [...PROPERTIES, make("code", "text", "Mã", { universal: true })] };

  it("shows at first what features are called by, their own properties and a few more", () => {
    expect(listUsual(facts)).toEqual(["code", "material", "diameter_mm", "depth_m", "floors", "name", "installed_on"]);
  });

  it("takes a column at its place, and keeps the last", () => {
    expect(toggleColumn(facts, ["code", "floors"], "material", true)).toEqual(["code", "material", "floors"]);
    expect(toggleColumn(facts, ["floors"], "floors", false)).toEqual(["floors"]);
  });

  it("sorts up, down, and as the layer lies", () => {
    expect([turnSort(null, "a"), turnSort("a", "a"), turnSort("-a", "a"), turnSort("b", "a")]).toEqual(["a", "-a", null, "a"]);
  });

  it("asks for its columns, order and filter alone", () => {
    expect(toParameters({ layer: "pipe", filter: "a = 1", columns: ["a", "b"], sort: "-a" })).toMatchObject({
      properties: "a,b",
      sortby: "-a",
      filter: "a = 1",
      "filter-lang": "cql2-text",
    });
    expect(Object.keys(toParameters({ layer: "pipe", filter: null, columns: ["a"], sort: null }))).not.toContain("filter");
  });

  it("puts boxes together", () => {
    expect(joinBoxes([[1, 2, 3, 4], null, [0, 3, 2, 9]])).toEqual([0, 2, 3, 9]);
    expect(joinBoxes([null])).toBeNull();
  });
});

describe("tiles", () => {
  const bare = "http://x/tiles/{z}/{y}/{x}?f=mvt";

  it("are asked for by the filter, in place of the one before", () => {
    const filtered = addFilter(bare, "name = 'a&b {z}'");
    expect(filtered).toBe(`${bare}&filter=name%20%3D%20'a%26b%20%7Bz%7D'&filter-lang=cql2-text`);
    expect(addFilter(addFilter(filtered, "a = 1"), null)).toBe(bare);
  });
});
