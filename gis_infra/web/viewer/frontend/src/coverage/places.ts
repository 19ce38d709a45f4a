// The places of a run by their distance, fetched for what is in sight once the map is near enough.

import type { App } from "../app";
import type { Box } from "../config";
import { isAbort } from "../panels/panel";
import { getPlaces, type Place, type Report, type Run } from "./api";
import type { PlaceFeature } from "./card";
import type { PlaceClass } from "./legend";
import type { Scene } from "./scene";
import { sayDistance } from "./words";

export const NEAR_ZOOM = 15;
const MOST = 4000;
const NEAR_COLORS = ["#00441b", "#1b7837", "#5aae61", "#a6dba0"] as const;
const BEYOND = "#c62828";

/** The class of a place: quarters of the reach, nearest first; the last class is of those not served. Pure. */
export function getPlaceClass({ distance, served }: Place, reach: number | null): number {
  if (served < 0.5) {
    return NEAR_COLORS.length;
  }
  if (reach === null || distance === null) {
    return 0;
  }
  return Math.min(Math.floor((distance / reach) * NEAR_COLORS.length), NEAR_COLORS.length - 1);
}

export function getPlaceColor(place: Place, reach: number | null): string {
  return NEAR_COLORS[getPlaceClass(place, reach)] ?? BEYOND;
}

/** The legend of the places of a run. */
export function listPlaceClasses(app: App, { distance }: Run): PlaceClass[] {
  const unserved = { color: BEYOND, label: app.t("coverage.place_unserved"), isServed: false };
  if (distance === null) {
    return [{ color: NEAR_COLORS[0], label: app.t("coverage.place_served"), isServed: true }, unserved];
  }
  const bounds = NEAR_COLORS.map((_, index) => (distance.value * (index + 1)) / NEAR_COLORS.length);
  const near = NEAR_COLORS.map((color, index) => {
    const label = app.t("coverage.place_within", { distance: sayDistance(app, bounds[index] ?? 0, distance.unit) });
    return { color, label, isServed: true };
  });
  return [...near, unserved];
}

/** Keeps the places of a run on the map up with what the map shows. */
export class PlacesInView {
  private run: Run | null = null;
  private isCut = false;
  private wasNear = false;
  private request = new AbortController();
  private readonly onMove = (): void => this.refresh();

  constructor(
    private readonly app: App,
    private readonly scene: Scene,
    private readonly onChange: () => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.app.map.on("moveend", this.onMove);
  }

  stop(): void {
    this.request.abort();
    this.app.map.off("moveend", this.onMove);
    this.run = null;
  }

  /** Turns to the places of a run; of none, or one that keeps them no more, there are none. */
  show(report: Report | null): void {
    this.run = report?.has_places ? report.run : null;
    this.scene.showPlaces([], () => BEYOND);
    this.refresh();
  }

  /** What the legend is to say; null without a run. */
  describe(): { words: string; colors: PlaceClass[] } | null {
    if (this.run === null) {
      return null;
    }
    const isNear = this.isNear();
    const key = isNear ? (this.isCut ? "coverage.places_cut" : "coverage.places_all") : "coverage.places_far";
    return { words: this.app.t(key), colors: isNear ? listPlaceClasses(this.app, this.run) : [] };
  }

  /** Fetches the places in sight anew; from afar there are none. */
  refresh(): void {
    this.request.abort();
    this.request = new AbortController();
    if (this.run !== null) {
      void this.load(this.run, this.request.signal);
    }
  }

  private isNear(): boolean {
    return this.app.map.getZoom() >= NEAR_ZOOM;
  }

  private async load(run: Run, signal: AbortSignal): Promise<void> {
    const wasCut = this.isCut;
    const reach = run.distance?.value ?? null;
    try {
      const places = this.isNear() && !this.scene.hidden.has("places") ? await this.fetch(run, signal) : [];
      this.scene.showPlaces(places, ({ properties }) => getPlaceColor(properties, reach));
    } catch (error) {
      if (!isAbort(error)) {
        this.onError(error);
      }
      return;
    }
    const isNear = this.isNear();
    if (wasCut !== this.isCut || this.wasNear !== isNear) {
      this.wasNear = isNear;
      this.onChange();
    }
  }

  private async fetch(run: Run, signal: AbortSignal): Promise<PlaceFeature[]> {
    const bounds = this.app.map.getBounds();
    const box: Box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const { features, numberMatched } = await getPlaces(run.id, box, MOST, signal);
    this.isCut = (numberMatched ?? features.length) > features.length || features.length >= MOST;
    return features;
  }
}
