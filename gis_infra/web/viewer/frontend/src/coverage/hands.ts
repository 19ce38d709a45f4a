// What the user does on the map while assuming: drops a facility, takes one out, closes a street, sets candidates.

import type { MapMouseEvent } from "maplibre-gl";

import { identify } from "../api";
import type { App } from "../app";
import { findLayer } from "../config";
import type { Drawing, Shape } from "../map/drawing";
import type { Service } from "./api";
import { type FacilityFeature, nameFacility } from "./card";
import type { Plan } from "./plan";
import type { Hand } from "./what_if";

const STREETS = "road_segment";
// How far from the pointer a street may lie, in pixels of the screen.
const STREET_PX = 12;
const MOST_M = 500;

export interface HandsEvents {
  /** What is assumed has changed, or the hand. */
  onChange: () => void;
  onError: (error: unknown) => void;
  findFacility: (point: { x: number; y: number }) => FacilityFeature | null;
}

export class Hands {
  hand: Hand | null = null;
  private drawing: Drawing | null = null;
  private shape: Shape | null = null;

  constructor(
    private readonly app: App,
    private readonly plan: Plan,
    private readonly events: HandsEvents,
  ) {}

  /** Takes up a hand, or puts it down if it is the one in use. */
  async take(hand: Hand, service: Service): Promise<void> {
    const again = this.hand === hand;
    this.drop();
    if (!again) {
      this.hand = hand;
      this.shape = hand === "closing" ? "linestring" : hand === "add" ? this.getShape(service) : null;
      this.events.onChange();
      if (this.shape !== null) {
        const { Drawing } = await import("../map/drawing");
        this.drawing ??= new Drawing(this.app.map, (drawn) => this.finish(drawn));
        this.drawing.begin(this.shape);
      }
      this.app.map.getCanvas().focus();
    }
    this.events.onChange();
  }

  /** Puts the hand down; what was begun is given up. */
  drop(): void {
    this.hand = null;
    this.shape = null;
    this.drawing?.clear();
  }

  /** Whether a shape is being drawn: its clicks and keys belong to the drawing. */
  get isDrawing(): boolean {
    return this.shape !== null;
  }

  /** A click while a hand is in use; drawn shapes come by themselves. */
  async click(event: MapMouseEvent): Promise<void> {
    const place = [event.lngLat.lng, event.lngLat.lat];
    if (this.hand === "add" && !this.isDrawing) {
      this.plan.add({ type: "Point", coordinates: place });
    } else if (this.hand === "candidate") {
      this.plan.sites.points.push(place);
    } else if (this.hand === "out") {
      this.takeOut(this.events.findFacility(event.point));
    } else if (this.hand === "close") {
      await this.closeStreet(event);
    }
    this.events.onChange();
  }

  /** Counts a facility out, or in again. */
  takeOut(facility: FacilityFeature | null): void {
    const { id } = facility?.properties ?? { id: null };
    if (facility !== null && id !== null) {
      const { geometry, properties } = facility;
      this.plan.toggleOut({ id, geometry, name: nameFacility(this.app, properties) });
    }
  }

  private async closeStreet(event: MapMouseEvent): Promise<void> {
    const { lng, lat } = event.lngLat;
    const metres = (STREET_PX * 78271.5 * Math.cos((lat * Math.PI) / 180)) / 2 ** this.app.map.getZoom();
    try {
      const signal = new AbortController().signal;
      const found = await identify([lng, lat], Math.min(metres, MOST_M), [STREETS], {}, this.app.language, signal);
      const street = found.layers[0]?.features[0];
      if (street !== undefined) {
        const { id, label, geometry } = street;
        this.plan.toggleClosed({ id, geometry, name: label ?? `#${id}` });
      }
    } catch (error) {
      this.events.onError(error);
    }
  }

  /** How a facility of a service is drawn; null for a point, which is one click. */
  private getShape(service: Service): Shape | null {
    const geometry = findLayer(this.app.config, service.layer)?.geometry ?? "Point";
    return geometry.endsWith("Polygon") ? "polygon" : geometry.endsWith("LineString") ? "linestring" : null;
  }

  private finish(drawn: GeoJSON.Geometry): void {
    if (this.hand === "closing" && drawn.type === "LineString") {
      this.plan.draft.closing = drawn;
    } else if (this.hand === "add") {
      this.plan.add(drawn);
    }
    this.drop();
    this.events.onChange();
  }
}
