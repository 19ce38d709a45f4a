import { describe, expect, it } from "vitest";

import { formatView, parseView } from "../src/register/address";
import { makeFilters, NO_VALUE } from "../src/register/query";
import { EMPTY_STATE, formatHash, parseHash } from "../src/state";

describe("the register in the address", () => {
  it("comes back as it was", () => {
    const filters = { ...makeFilters(), status: "new", sector: "water", street: "Đường Lê Lợi & 3/2=#", kind: NO_VALUE, severities: new Set(["violation", "possible"] as const), inView: true, sort: "newest" as const };
    const view = { filters, grouping: "street" as const };
    const text = formatView(view) ?? "";
    expect(parseView(text)).toEqual(view);
    const { reg } = parseHash(formatHash({ ...EMPTY_STATE, reg: text }));
    expect(parseView(reg ?? "")).toEqual(view);
  });

  it("is read as the dashboard links to it", () => {
    const { reg } = parseHash("#tool=register&reg=sector%3Dwater%26severity%3Dviolation");
    expect(parseView(reg ?? "").filters).toMatchObject({ sector: "water", severities: new Set(["violation"]) });
  });

  it("is nothing where nothing is chosen", () => {
    expect(formatView({ filters: makeFilters(), grouping: null })).toBeNull();
    expect(parseView("")).toEqual({ filters: makeFilters(), grouping: null });
  });

  it.each(["severity=<b>", "sort=toString", "group=constructor", "status", "&&=", "in_view=yes", `street=${"x".repeat(300)}`])(
    "is forgiven %s",
    (text) => expect(parseView(text)).toEqual({ filters: makeFilters(), grouping: null }),
  );
});
