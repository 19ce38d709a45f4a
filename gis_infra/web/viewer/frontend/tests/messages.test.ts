import { describe, expect, it } from "vitest";

import en from "../src/messages/en.json";
import vi from "../src/messages/vi.json";
import { localize, translate, translateCode } from "../src/messages";

const PLACES = /\{\w+\}/g;

describe("the catalogues", () => {
  it("have the same keys in both languages", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(vi).sort());
  });

  it.each(Object.keys(vi) as (keyof typeof vi)[])("fill the same places in %s", (key) => {
    expect((en[key].match(PLACES) ?? []).sort()).toEqual((vi[key].match(PLACES) ?? []).sort());
  });
});

describe("a message", () => {
  it("has its places filled", () => {
    expect(translate("vi", "identify.found", { count: 3 })).toBe("3 đối tượng");
  });

  it("keeps a place nobody filled, so that the fault is seen", () => {
    expect(translate("en", "identify.found")).toBe("{count} found");
  });

  it("stands in as the code itself where there is no word for it", () => {
    expect(translateCode("en", "status", "resolved")).toBe("Resolved");
    expect(translateCode("en", "status", "haunted")).toBe("haunted");
  });

  it("is taken from the server in one language or both", () => {
    expect(localize("vi", { vi: "Khoảng cách", en: "Clearance" })).toBe("Khoảng cách");
    expect(localize("vi", "Clearance")).toBe("Clearance");
  });
});
