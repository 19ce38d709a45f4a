// Coverage on the map: puts a run, a comparison or what is assumed there, and tells what lies under the pointer.

import type { PointLike } from "maplibre-gl";

import type { App } from "../app";
import { COVERAGE_OVERLAYS, type CoverageOverlay } from "../map/coverage";
import { findMiddle, toOutline } from "../map/areas";
import { getBox, showOverlay, zoomToBox } from "../map/overlays";
import type { Change, Comparison, Report, Share } from "./api";
import type { PlaceFeature, Selection } from "./card";
import { CHANGE_COLORS, CHANGE_STEPS, getClass, getStep, NO_DATA, SHARE_COLORS, SHARE_STEPS } from "./figures";
import type { Showable } from "./legend";
import type { Plan } from "./plan";
import { nameUnit, sayShare } from "./words";

type Shown = GeoJSON.Feature<GeoJSON.Geometry | null, Record<string, unknown>>;

// What a click means first: what is small before what lies under it.
const CLICKED = ["sites", "facilities", "facilities-area", "places", "gaps", "units"] as const;
const REACH_PX = 5;

export class Scene {
  readonly hidden = new Set<Showable>();
  private report: Report | null = null;
  private places: PlaceFeature[] = [];

  constructor(private readonly app: App) {}

  /** Shows a run, its units shaded by `share`; facilities that `isOut` as counted out. Null clears the map. */
  showReport(report: Report | null, share: Share, isOut: (id: number | null) => boolean): void {
    this.report = report;
    const unitOf = (figures: Report["city"]): [string, string] => [
      SHARE_COLORS[getClass(figures[share], SHARE_STEPS) ?? -1] ?? NO_DATA,
      `${nameUnit(this.app, figures)}\n${sayShare(this.app, figures[share])}`,
    ];
    this.showUnits(report?.units.features.map((each) => [each.geometry, ...unitOf(each.properties)]) ?? []);
    this.put("reach", report?.reach ? [{ type: "Feature", properties: {}, geometry: report.reach }] : [], "reach");
    this.put("gaps", number(report?.gaps.features ?? []), "gaps");
    this.put("sites", number(report?.sites.features ?? [], ({ rank }) => ({ rank })));
    const facilities = number(report?.facilities.features ?? [], ({ id, state }) => ({
      state: isOut(id) ? "out" : state,
    }));
    this.put("facilities", facilities, "facilities");
  }

  /** Shades the units by how their share changed. */
  showComparison({ units }: Comparison, words: (change: Change) => string): void {
    this.showUnits(
      units.features.map(({ geometry, properties }) => {
        const color = CHANGE_COLORS[getClass(getStep(properties), CHANGE_STEPS) ?? -1] ?? NO_DATA;
        return [geometry, color, `${nameUnit(this.app, properties)}\n${words(properties)}`];
      }),
    );
    this.put("gaps", []);
  }

  private showUnits(units: [GeoJSON.Geometry | null, color: string, label: string][]): void {
    this.put("units", units.map(([geometry, shade], index) => ({ type: "Feature", id: index, geometry, properties: { shade } })));
    const labels = units.flatMap(([geometry, , label], id): Shown[] => {
      const middle = geometry && findMiddle(geometry);
      return middle ? [{ type: "Feature", id, geometry: { type: "Point", coordinates: middle }, properties: { label } }] : [];
    });
    this.put("unit_names", labels);
  }

  /** Shows the places in sight, each in its class's colour. */
  showPlaces(places: PlaceFeature[], colorOf: (place: PlaceFeature) => string): void {
    this.places = places;
    const shown = places.map(({ geometry, properties }, index): Shown => {
      const shade = colorOf({ type: "Feature", geometry, properties });
      return { type: "Feature", id: index, geometry, properties: { shade, served: properties.served } };
    });
    this.put("places", shown, "places");
  }

  /** Shows what is assumed, and the points among which sites are to be chosen. */
  showPlan({ draft, sites }: Plan): void {
    const shapes: [GeoJSON.Geometry, string][] = [
      ...draft.drawn.map(({ geometry }): [GeoJSON.Geometry, string] => [geometry, "drawn"]),
      ...draft.closed.map(({ geometry }): [GeoJSON.Geometry, string] => [geometry, "closed"]),
      ...(draft.closing === null ? [] : [[draft.closing, "closed"] as [GeoJSON.Geometry, string]]),
      ...(sites.from === "given" ? sites.points : []).map((coordinates): [GeoJSON.Geometry, string] => [{ type: "Point", coordinates }, "candidate"]),
    ];
    this.put("draft", shapes.map(([geometry, state], id) => ({ type: "Feature", id, geometry, properties: { state } })));
  }

  /** Highlights what was chosen, or nothing; brings it into view when asked. A unit keeps its shade to be seen. */
  highlight(selection: Selection | null, zoom = false): void {
    const { geometry } = selection?.feature ?? { geometry: null };
    this.mark(geometry && selection?.kind === "unit" ? toOutline(geometry) : geometry, zoom);
  }

  /** Brings an area into view with a line around it. */
  outline(area: GeoJSON.Geometry | null): void {
    this.mark(area && toOutline(area), true);
  }

  private mark(geometry: GeoJSON.Geometry | null, zoom: boolean): void {
    showOverlay(this.app.map, "highlight", geometry ? [{ type: "Feature", properties: {}, geometry }] : []);
    const box = zoom && geometry ? getBox(geometry) : null;
    if (box) {
      zoomToBox(this.app.map, box, 17.5);
    }
  }

  clear(): void {
    this.report = null;
    this.places = [];
    COVERAGE_OVERLAYS.forEach((overlay) => this.put(overlay, []));
    this.mark(null, false);
  }

  /** What of the run lies under a point of the screen. */
  find(point: { x: number; y: number }): Selection | null {
    const box: [PointLike, PointLike] = [
      [point.x - REACH_PX, point.y - REACH_PX],
      [point.x + REACH_PX, point.y + REACH_PX],
    ];
    for (const layer of CLICKED) {
      // Areas count where they are clicked, small things within some pixels.
      const where = layer === "units" || layer === "gaps" ? ([point.x, point.y] as PointLike) : box;
      const hit = this.app.map.queryRenderedFeatures(where, { layers: [layer] })[0];
      const found = hit && this.get(layer, Number(hit.id));
      if (found) {
        return found;
      }
    }
    return null;
  }

  private get(layer: (typeof CLICKED)[number], index: number): Selection | null {
    const { report } = this;
    const make = <K extends Selection["kind"]>(kind: K, feature: unknown): Selection | null =>
      feature === undefined ? null : ({ kind, feature } as Selection);
    switch (layer) {
      case "sites":
        return make("site", report?.sites.features[index]);
      case "places":
        return make("place", this.places[index]);
      case "gaps":
        return make("gap", report?.gaps.features[index]);
      case "units":
        return make("unit", report?.units.features[index]);
      default:
        return make("facility", report?.facilities.features[index]);
    }
  }

  private put(overlay: CoverageOverlay, features: Shown[], switched?: Showable): void {
    const shown = switched !== undefined && this.hidden.has(switched) ? [] : features;
    showOverlay(this.app.map, overlay, shown.filter(hasPlace));
  }
}

function hasPlace(feature: Shown): feature is GeoJSON.Feature<GeoJSON.Geometry, Record<string, unknown>> {
  return feature.geometry !== null;
}

/** Features as the map needs them: their number in the list, and little else. */
function number<P>(features: GeoJSON.Feature<GeoJSON.Geometry, P>[], pick: (properties: P) => Record<string, unknown> = () => ({})): Shown[] {
  return features.map(({ geometry, properties }, index) => ({
    type: "Feature",
    id: index,
    geometry,
    properties: pick(properties),
  }));
}
