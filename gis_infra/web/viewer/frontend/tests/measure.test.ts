import { describe, expect, it } from "vitest";

import { crossesItself } from "../src/measure/crossing";
import { measureArea, measureDistance, measureLength } from "../src/measure/ellipsoid";
import { type Grid, toGrid } from "../src/measure/grid";
import { formatDegrees, formatInGrid, formatLength, formatSurface } from "../src/measure/words";

// What spatial/grids.py says of EPSG:9210, 32648 and 3405.
const ELLIPSOID = { axis_m: 6378137, flattening: 0.0033528106647474805, latitude: 0, easting_m: 500000, northing_m: 0 };
const SHIFT: Grid["shift"] = [-191.90441429, -39.30318279, -111.45032835, 0.00928836, -0.01975479, 0.00427372, 0.252906278];
const CITY: Grid = { ...ELLIPSOID, srid: 9210, name: "VN-2000 / TM-3 105-45", meridian: 105.75, scale: 0.9999, shift: SHIFT };
const UTM: Grid = { ...ELLIPSOID, srid: 32648, name: "WGS 84 / UTM zone 48N", meridian: 105, scale: 0.9996, shift: null };
const UTM_VN: Grid = { ...UTM, srid: 3405, name: "VN-2000 / UTM zone 48N", shift: SHIFT };

// Computed by pyproj 3.7 (PROJ), EPSG:4326 to each, by EPSG:6960: longitude, latitude, then easting and northing.
const PLACES: [number, number, [number, number], [number, number], [number, number]][] = [
  [106.6936, 10.772922, [603000.201268265, 1191499.8059466165], [685180.7912904719, 1191383.1772346941], [684984.806756712, 1191494.753838947]],
  [106.3, 10.3, [560044.7120745372, 1139087.3545851843], [642353.0459253117, 1138870.6415585363], [642157.150247695, 1138982.2681362608]],
  [107.6, 11.51, [701642.904193983, 1273515.5789729478], [783624.7451381483, 1273656.0649523002], [783428.5428873284, 1273767.5841604187]],
  [105.75, 10.0, [499804.4068054236, 1105856.3615662043], [582198.8520063296, 1105505.9163048887], [582003.0468735651, 1105617.5610012452]],
  [106.7, 16.0, [601480.5469439937, 1769809.5957134704], [681908.4609127644, 1769679.3869016443], [681712.1365943098, 1769789.6452170226]],
];

describe("the city's grid", () => {
  it.each(PLACES)("gives %d, %d to a millimetre as PROJ does", (longitude, latitude, city, utm, utmVn) => {
    for (const [grid, expected] of [[CITY, city], [UTM, utm], [UTM_VN, utmVn]] as [Grid, [number, number]][]) {
      const found = toGrid(grid, longitude, latitude);
      expect(Math.hypot(found[0] - expected[0], found[1] - expected[1])).toBeLessThan(0.001);
    }
  });
});

// Computed by pyproj.Geod(ellps="WGS84"), which goes by Karney's algorithms: line_length and polygon_area_perimeter.
describe("the ellipsoid", () => {
  it.each([
    [[[106.69, 10.77], [106.7, 10.775], [106.72, 10.76]], 3971.105189377996],
    [[[106.3, 10.3], [107.6, 11.51]], 195220.22971834886],
    [[[106.69, 10.77], [106.69, 10.770001]], 0.11061305943572053],
    [[[106.69, 10.77], [106.690001, 10.77]], 0.10937140737677228],
  ])("has a line of that length", (line, metres) => {
    expect(Math.abs(measureLength(line) - metres)).toBeLessThan(0.001);
  });

  it.each([
    ["a few blocks", [[106.69, 10.77], [106.7, 10.775], [106.72, 10.76], [106.7, 10.75]], 4536812.337610245],
    ["a yard", [[106.69, 10.77], [106.6901, 10.77], [106.6901, 10.7701], [106.69, 10.7701]], 120.97904053330421],
    ["the province", [[106.3, 10.3], [107.6, 10.3], [107.6, 11.51], [106.3, 11.51]], 19022034084.798706],
    ["a place in the south", [[151.2, -33.86], [151.3, -33.86], [151.3, -33.76]], 51320036.83695221],
  ])("has %s of that area", (_, ring, squareMetres) => {
    for (const drawn of [ring, [...ring].reverse(), [...ring, ring[0] as number[]]]) {
      expect(Math.abs(measureArea(drawn) / squareMetres - 1)).toBeLessThan(1e-6);
    }
  });

  it("has nothing where nothing is drawn", () => {
    expect(measureLength([])).toBe(0);
    expect(measureLength([[106, 10]])).toBe(0);
    expect(measureDistance([106, 10], [106, 10])).toBe(0);
    expect(measureArea([])).toBe(0);
    expect(measureArea([[106, 10], [107, 10]])).toBeCloseTo(0);
  });

  it("has a length along the equator", () => {
    // a · 1 degree
    expect(measureDistance([106, 0], [107, 0])).toBeCloseTo((6378137 * Math.PI) / 180, 3);
  });
});

describe("the words", () => {
  it("are in metres, then in kilometres and hectares", () => {
    expect(formatLength("vi", 12.345)).toBe("12,35 m");
    expect(formatLength("en", 1234.5678)).toBe("1.235 km");
    expect(formatSurface("vi", 1234.56)).toBe("1.234,6 m²");
    expect(formatSurface("en", 45678.9)).toBe("4.5679 ha");
    expect(formatSurface("en", 4_536_812)).toBe("4.5368 km²");
  });

  it("are northing first as X in Vietnamese, easting first as E in English", () => {
    expect(formatInGrid("vi", CITY, 106.6936, 10.772922)).toBe("X 1.191.499,81 Y 603.000,20");
    expect(formatInGrid("en", CITY, 106.6936, 10.772922)).toBe("E 603,000.20 N 1,191,499.81");
    expect(formatDegrees(106.6936, 10.772922)).toBe("10.772922, 106.693600");
  });
});

describe("an outline", () => {
  it.each<[string, number[][], boolean]>([
    ["a square", [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], false],
    ["a bow tie", [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]], true],
    ["a triangle", [[0, 0], [1, 0], [0, 1], [0, 0]], false],
    ["a hook", [[0, 0], [4, 0], [4, 4], [2, 4], [2, 1], [1, 1], [1, 4], [0, 4], [0, 0]], false],
    ["a hook whose end crosses the way in", [[0, 0], [4, 0], [4, 4], [2, 4], [2, -1], [1, -1], [1, 4], [0, 4], [0, 0]], true],
    ["nothing", [], false],
  ])("%s: crosses itself %s", (_, ring, crosses) => {
    expect(crossesItself(ring)).toBe(crosses);
  });
});
