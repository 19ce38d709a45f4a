// Drawing the line or area of planned works, with terra-draw; one shape at a time, its corners can be moved after.

import type { Map as MapLibreMap } from "maplibre-gl";
import {
  TerraDraw,
  TerraDrawLineStringMode,
  TerraDrawPolygonMode,
  TerraDrawRenderMode,
  TerraDrawSelectMode,
} from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";

import { HIGHLIGHT } from "./overlays";

export type Shape = "linestring" | "polygon";
type Works = GeoJSON.LineString | GeoJSON.Polygon;

export class Drawing {
  private readonly draw: TerraDraw;
  /** True while a shape is being drawn or its corners are moved: clicks then belong to the drawing. */
  active = false;

  /** onShape: called with the whole shape, each time it has been finished or changed; onDraw: meanwhile, too. */
  constructor(map: MapLibreMap, onShape: (shape: Works) => void, onDraw?: (shape: Works) => void) {
    this.draw = makeDraw(map);
    this.draw.start();
    this.draw.setMode("still");
    this.draw.on("change", () => {
      const geometry = this.draw.getSnapshot().find(({ geometry }) => geometry.type !== "Point")?.geometry;
      if (geometry !== undefined) {
        onDraw?.(geometry as Works);
      }
    });
    this.draw.on("finish", (id) => {
      const geometry = this.draw.getSnapshotFeature(id)?.geometry;
      if (geometry?.type === "LineString" || geometry?.type === "Polygon") {
        this.draw.setMode("select");
        this.draw.selectFeature(id);
        onShape(geometry as Works);
      }
    });
  }

  /** Whether nothing is drawn. */
  get isEmpty(): boolean {
    return this.draw.getSnapshot().length === 0;
  }

  /** Begins a new shape in place of the one before. */
  begin(shape: Shape): void {
    this.clear();
    this.draw.setMode(shape);
    this.active = true;
  }

  /** Removes the shape and gives the clicks back to the map. */
  clear(): void {
    this.draw.clear();
    this.draw.setMode("still");
    this.active = false;
  }
}

function makeDraw(map: MapLibreMap): TerraDraw {
  const movable = { feature: { draggable: true, coordinates: { draggable: true, midpoints: true, deletable: true } } };
  return new TerraDraw({
    // Seven decimals of a degree are a centimetre.
    adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 9 }),
    modes: [
      new TerraDrawLineStringMode({ styles: { lineStringColor: HIGHLIGHT, lineStringWidth: 4 } }),
      new TerraDrawPolygonMode({
        styles: { fillColor: HIGHLIGHT, fillOpacity: 0.15, outlineColor: HIGHLIGHT, outlineWidth: 3 },
      }),
      new TerraDrawSelectMode({
        flags: { linestring: movable, polygon: movable },
        styles: {
          selectedLineStringColor: HIGHLIGHT,
          selectedLineStringWidth: 4,
          selectedPolygonColor: HIGHLIGHT,
          selectedPolygonFillOpacity: 0.15,
          selectedPolygonOutlineColor: HIGHLIGHT,
          selectedPolygonOutlineWidth: 3,
          selectionPointColor: "#ffffff",
          selectionPointOutlineColor: HIGHLIGHT,
          midPointColor: HIGHLIGHT,
        },
      }),
      new TerraDrawRenderMode({ modeName: "still", styles: {} }),
    ],
  });
}
