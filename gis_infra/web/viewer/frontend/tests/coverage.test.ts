import { describe, expect, it } from "vitest";

import type { Figures, Place, Report, Service } from "../src/coverage/api";
import { isEmpty, isOff, makeDraft, toggle, toWhatIf } from "../src/coverage/draft";
import { CHANGE_STEPS, countAnswers, countClasses, getClass, getUnserved, listShares, orderUnits, SHARE_STEPS } from "../src/coverage/figures";
import { isOfPlaces } from "../src/coverage/layers";
import { findSitesFault, isChanged, isDayOff, isDistanceOff, makeOrderForm, makeSitesForm, toOrder, toSitesOrder } from "../src/coverage/order";
import { getPlaceClass } from "../src/coverage/places";
import { Plan } from "../src/coverage/plan";
import { findMiddle, toOutline } from "../src/map/areas";

const SERVICE = {
  id: "fire_hydrant",
  method: "straight_line",
  methods: ["straight_line", "streets", "connection"],
  distance: { value: 150, unit: "m" },
  demand: "residents",
  demands: [
    { id: "residents", kind: "column" },
    { id: "parcels", kind: "count" },
  ],
  levels: [{ id: "commune" }, { id: "province" }],
} as Service;
const POINT: GeoJSON.Point = { type: "Point", coordinates: [106.7, 10.77] };

describe("a layer to choose", () => {
  it("is of what can be a facility, or a place for one", () => {
    const layer = (id: string, geometry: string, count = 5): { id: string; geometry: string; count: number } => ({ id, geometry, count });
    expect([layer("fire_hydrant", "Point"), layer("land_parcel", "MultiPolygon")].every(isOfPlaces)).toBe(true);
    const others = [layer("water_pipe", "MultiLineString"), layer("conflict", "Point"), layer("fire_station", "Point", 0)];
    expect(others.some(isOfPlaces)).toBe(false);
  });
});

describe("the form of a run", () => {
  it("asks for nothing but the service where nothing was changed", () => {
    expect(toOrder(SERVICE, makeOrderForm(SERVICE))).toEqual({ service: "fire_hydrant" });
    expect(isChanged(SERVICE, makeOrderForm(SERVICE))).toBe(false);
  });

  it("sends what was changed, by the names of the process", () => {
    const form = { ...makeOrderForm(SERVICE), method: "streets", distance: "200", day: "2025-06-30", level: "province", title: " Thử " } as const;
    expect(toOrder(SERVICE, form)).toEqual({
      service: "fire_hydrant",
      method: "streets",
      distance_m: 200,
      day: "2025-06-30",
      level: "province",
      title: "Thử",
    });
  });

  it("sends minutes where the service goes by them", () => {
    const service = { ...SERVICE, distance: { value: 8, unit: "min" } } as Service;
    expect(toOrder(service, { ...makeOrderForm(service), distance: "10" })).toEqual({ service: "fire_hydrant", minutes: 10 });
  });

  it.each(["1.000", "1,000", "1 000"])("takes a distance of %j for a thousand metres", (distance) => {
    expect(toOrder(SERVICE, { ...makeOrderForm(SERVICE), distance })).toEqual({ service: "fire_hydrant", distance_m: 1000 });
  });

  it("knows what is no day", () => {
    expect(["", "2025-06-30", "2025-02-30", "30/6"].map((day) => isDayOff({ ...makeOrderForm(SERVICE), day }))).toEqual([false, false, true, true]);
  });

  it("sends no distance by a method that has none", () => {
    const form = { ...makeOrderForm(SERVICE), method: "connection", distance: "999" } as const;
    expect(toOrder(SERVICE, form)).toEqual({ service: "fire_hydrant", method: "connection" });
  });

  it.each([
    ["", false],
    ["0.5", false],
    ["0,5", false],
    ["1.000", false],
    ["1e3", true],
    ["100000", false],
    ["100001", true],
    ["0", true],
    ["-3", true],
    ["far", true],
  ])("knows whether a distance of %j cannot be meant", (distance, isWrong) => {
    expect(isDistanceOff(SERVICE, { ...makeOrderForm(SERVICE), distance })).toBe(isWrong);
  });
});

describe("a search for sites", () => {
  it("is sent as it was typed", () => {
    expect(toSitesOrder(makeSitesForm())).toEqual({ n: 3, from: "nodes" });
    expect(toSitesOrder({ ...makeSitesForm(), from: "grid", spacing: "250" })).toEqual({ n: 3, from: "grid", spacing_m: 250 });
    expect(toSitesOrder({ ...makeSitesForm(), from: "given", points: [[1, 2]] })).toEqual({ n: 3, from: "given", points: [[1, 2]] });
  });

  it.each([
    [{}, null],
    [{ n: "0" }, "n"],
    [{ n: "1.5" }, "n"],
    [{ n: "101" }, "n"],
    [{ from: "grid", spacing: "5" }, "spacing"],
    [{ from: "grid", spacing: "" }, "spacing"],
    [{ from: "given" }, "points"],
  ] as const)("of %j is held back for %s", (part, fault) => {
    expect(findSitesFault({ ...makeSitesForm(), ...part })).toBe(fault);
  });
});

describe("what is assumed", () => {
  it("is nothing at first", () => {
    expect(isEmpty(makeDraft())).toBe(true);
    expect(toWhatIf(makeDraft())).toEqual({});
    expect(new Plan().isAssumptionOff(SERVICE)).toBe(true);
  });

  it("goes to the server by the names of the process", () => {
    const plan = new Plan();
    plan.add(POINT);
    const drawn = plan.draft.drawn[0];
    Object.assign(drawn ?? {}, { reach: "300", capacity: "2000" });
    plan.toggleOut({ id: 7, name: "TCC-7", geometry: POINT });
    plan.toggleClosed({ id: 12, name: "Lê Lợi", geometry: POINT });
    expect(plan.toAssumed(SERVICE)).toEqual({
      service: "fire_hydrant",
      what_if: {
        add: {
          type: "FeatureCollection",
          features: [{ type: "Feature", geometry: POINT, properties: { reach: 300, capacity: 2000 } }],
        },
        without: [7],
        closed: [12],
      },
    });
    expect(plan.isOut(7)).toBe(true);
  });

  it("counts in a search too", () => {
    const plan = new Plan();
    plan.draft.planned = true;
    expect(plan.toSearch(SERVICE)).toEqual({ service: "fire_hydrant", what_if: { planned: true }, sites: { n: 3, from: "nodes" } });
    expect(plan.toOrder(SERVICE)).toEqual({ service: "fire_hydrant" });
  });

  it("is forgotten with the service it was of, but not what was typed of each", () => {
    const plan = new Plan();
    plan.add(POINT);
    plan.getForm(SERVICE).distance = "200";
    plan.clear();
    expect(plan.assumesNothing).toBe(true);
    expect(plan.toOrder(SERVICE)).toEqual({ service: "fire_hydrant", distance_m: 200 });
  });

  it("takes out again what was taken in", () => {
    const one = { id: 1, name: "a", geometry: POINT };
    expect(toggle(toggle([], one), one)).toEqual([]);
  });

  it.each([
    [{ reach: "", capacity: "" }, false],
    [{ reach: "0", capacity: "" }, true],
    [{ reach: "x", capacity: "" }, true],
    [{ reach: "50", capacity: "-1" }, true],
  ])("%j of a drawn facility cannot be meant: %s", (typed, isWrong) => {
    expect(isOff({ geometry: POINT, ...typed })).toBe(isWrong);
  });
});

function make(part: Partial<Figures>): Figures {
  return { scope: "unit", code: null, name: null, targets: [], people_share: null, ...part } as Figures;
}

function report(units: Figures[], city: Partial<Figures> = {}, demand = "residents"): Report {
  const features = units.map((properties) => ({ type: "Feature" as const, geometry: null, properties }));
  return { city: make(city), units: { type: "FeatureCollection", features }, run: { demand } } as Report;
}

describe("shares", () => {
  it.each([
    [0.4999, 0],
    [0.5, 1],
    [0.95, 3],
    [0.99999, 3],
    [1, 4],
    [null, null],
  ])("of %s are in class %s", (share, index) => {
    expect(getClass(share, SHARE_STEPS)).toBe(index);
  });

  it("are counted by class, those without one last", () => {
    expect(countClasses([0.1, 1, null, 0.9, 0.85], SHARE_STEPS)).toEqual([1, 0, 2, 0, 1, 1]);
    expect(countClasses([-0.2, 0, 0.05], CHANGE_STEPS)).toEqual([1, 0, 1, 1, 0, 0]);
  });

  it("are those that were told, and one where places are what is counted", () => {
    const city = { people_share: 0.5, places_share: 0.5, area_share: null };
    expect(listShares(report([], city), SERVICE)).toEqual(["people_share", "places_share"]);
    expect(listShares(report([], city, "parcels"), SERVICE)).toEqual(["places_share"]);
  });

  it("put the units least served first, and at the end what is in none", () => {
    const outside = make({ scope: "outside", people_share: 0 });
    const units = [outside, make({ code: "a", people_share: 0.9 }), make({ code: "b" }), make({ code: "c", people_share: 0.2 })];
    expect(orderUnits(report(units), "people_share").map(({ properties }) => properties.code)).toEqual(["c", "a", "b", null]);
  });

  it("leave unserved what they do not serve", () => {
    expect(getUnserved(make({ people: 100, people_served: 72.5 }), "people_share")).toBe(27.5);
    expect(getUnserved(make({ people: 100, people_served: null }), "people_share")).toBeNull();
  });

  it("meet a target, miss it, or nobody knows", () => {
    const unit = (answer: "met" | "missed" | "not_known"): Figures =>
      make({ targets: [{ indicator: "people_share", least: 0.9, most: null, answer, source: null, clause: null, verified: false }] });
    expect(countAnswers(report([unit("met"), unit("missed"), unit("met"), make({})]), "people_share")).toEqual({
      met: 2,
      missed: 1,
      not_known: 0,
    });
  });
});

describe("a place", () => {
  it.each([
    [{ distance: 0, served: 1 }, 150, 0],
    [{ distance: 37.5, served: 1 }, 150, 1],
    [{ distance: 150.001, served: 1 }, 150, 3],
    [{ distance: 400, served: 0 }, 150, 4],
    [{ distance: null, served: 0 }, 150, 4],
    [{ distance: null, served: 1 }, null, 0],
    [{ distance: 10, served: 0.2 }, 150, 4],
  ] as [Place, number | null, number][])("%j of a reach of %s is in class %s", (place, reach, index) => {
    expect(getPlaceClass(place, reach)).toBe(index);
  });
});

describe("an area", () => {
  const square = (x: number, y: number, side: number): GeoJSON.Position[] => [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
    [x, y],
  ];

  it("has its name in its largest part", () => {
    const area: GeoJSON.MultiPolygon = { type: "MultiPolygon", coordinates: [[square(0, 0, 1)], [square(10, 10, 4)]] };
    const [x = 0, y = 0] = findMiddle(area) ?? [];
    expect(x).toBeCloseTo(12);
    expect(y).toBeCloseTo(12, 2);
  });

  it("has it inside, where its middle is a hole or a bay", () => {
    const ring: GeoJSON.Polygon = { type: "Polygon", coordinates: [square(0, 0, 10), square(1, 1, 8)] };
    expect(findMiddle(ring)?.[0]).toBeCloseTo(0.5);
    const bay: GeoJSON.Polygon = { type: "Polygon", coordinates: [[[0, 0], [10, 0], [10, 10], [8, 10], [8, 2], [0, 2], [0, 0]]] };
    expect(findMiddle(bay)?.[0]).toBeCloseTo(9);
  });

  it("has none where there is none", () => {
    expect(findMiddle(POINT)).toBeNull();
    expect(findMiddle({ type: "MultiPolygon", coordinates: [] })).toBeNull();
  });

  it("has a line around it", () => {
    const area: GeoJSON.Polygon = { type: "Polygon", coordinates: [square(0, 0, 1)] };
    expect(toOutline(area)).toEqual({ type: "MultiLineString", coordinates: [square(0, 0, 1)] });
    expect(toOutline(POINT)).toBe(POINT);
  });
});
