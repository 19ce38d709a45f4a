// A shape drawn, moved and reshaped on the map. Whatever a drag does, two clicks do as well: one takes a vertex, one says
// where it goes; and the middle of the map stands for the pointer of who has only keys.

import type { MapMouseEvent, MapTouchEvent } from "maplibre-gl";

import type { App } from "../app";
import { SHAPE_PARTS, showEditing } from "../map/editing";
import { Neighbourhood } from "./neighbourhood";
import { markEditing } from "./shape_marks";
import { type Mode, Sketch } from "./sketch";
import type { Snap } from "./snapping";
import { listMiddles, moveAll, type Path, type Position, type Shape, type Vertex } from "./vertices";

type Pointer = MapMouseEvent | MapTouchEvent;

const REACH_PX = 12;
const TOUCH_PX = 22;

/** The feature whose shape it is. */
interface Owner {
  layer: string;
  id: number | null;
  /** The type of shape the layer takes. */
  type: string;
}

export interface ShapeFrame {
  /** The shape is another. */
  onShape(shape: Shape | null): void;
  /** What the tools show is another. */
  onTools(): void;
}

export class ShapeEditor {
  snaps = true;
  sketch = new Sketch("Point", null);
  private owner: Owner = { layer: "", id: null, type: "Point" };
  private drag: { path: Path | null; from: Position; shape: Shape; moved: boolean } | null = null;
  private hover: { at: Position; snap: Snap | null } | null = null;
  private readonly neighbourhood: Neighbourhood;

  constructor(
    private readonly app: App,
    private readonly frame: ShapeFrame,
  ) {
    const { map } = app;
    this.neighbourhood = new Neighbourhood(app);
    for (const kind of ["mousedown", "touchstart"] as const) {
      map.on(kind, (event: Pointer) => this.press(event));
    }
    for (const kind of ["mousemove", "touchmove"] as const) {
      map.on(kind, (event: Pointer) => this.point(event));
    }
    // Wherever it is let go: over a panel the map hears nothing of it.
    for (const kind of ["mouseup", "touchend", "touchcancel"] as const) {
      addEventListener(kind, () => this.release());
    }
    map.on("moveend", () => void this.neighbourhood.fetch(this.sketch.isActive));
    map.getCanvas().addEventListener("keydown", (event) => this.key(event));
  }

  /** Takes up the shape of a feature, to be looked at first. */
  take(owner: Owner, shape: Shape | null): void {
    this.owner = owner;
    this.sketch = new Sketch(owner.type, shape);
    this.begin("still");
  }

  /** Puts everything away. */
  clear(): void {
    this.take(this.owner, null);
  }

  begin(mode: Mode): void {
    this.drag = this.hover = null;
    this.sketch.begin(mode);
    this.app.map.doubleClickZoom[mode === "draw" ? "disable" : "enable"]();
    this.setCursor("");
    void this.neighbourhood.fetch(this.sketch.isActive);
    this.draw();
  }

  /** Selects the vertex so many further on, and looks at it. */
  walk(step: number): void {
    const at = this.sketch.walk(step);
    this.draw();
    this.frame.onTools();
    if (at) {
      this.app.map.panTo(at as [number, number], { animate: false });
    }
  }

  /** A click at a place of the map; false if it means nothing to the shape. */
  click(event: MapMouseEvent): boolean {
    const { sketch } = this;
    const at: Position = [event.lngLat.lng, event.lngLat.lat];
    if (sketch.mode === "draw") {
      this.add(this.snap(at, event)?.at ?? at);
    } else if (sketch.mode === "split") {
      this.cutAt(at, event);
    } else if (sketch.isActive) {
      const hit = sketch.isPoint ? null : this.hit(at, sketch.listVertices(), REACH_PX);
      if (hit) {
        sketch.selected = hit.path;
        this.tellTools();
      } else if (sketch.selected) {
        this.put(this.snap(at, event)?.at ?? at);
      }
    }
    return sketch.isActive;
  }

  /** Puts the selected vertex, or the next one of what is drawn, where the middle of the map is. */
  takeCentre(): void {
    const { lng, lat } = this.app.map.getCenter();
    const at = this.snap([lng, lat], null)?.at ?? [lng, lat];
    if (this.sketch.mode === "draw") {
      this.add(at);
    } else if (this.sketch.mode === "split") {
      this.cutAt([lng, lat], null);
    } else {
      this.put(at);
    }
  }

  /** Ends what is drawn; its vertices can be moved after. */
  finish(): void {
    if (this.sketch.finish()) {
      this.begin("vertices");
      this.tellShape();
    }
  }

  /** Removes the selected vertex, where enough are left. */
  remove(): void {
    if (this.sketch.canRemove) {
      this.sketch.remove();
      this.tellShape();
    }
  }

  /** Takes the last step back. */
  stepBack(): void {
    if (this.sketch.stepBack()) {
      this.tellShape();
    }
  }

  /** Gives up what is under way; false if nothing is, or if something drawn would be lost by it. */
  escape(): boolean {
    const { sketch } = this;
    if (this.drag) {
      sketch.shape = this.drag.shape;
      this.drag = null;
      this.frame.onShape(sketch.shape);
    } else if (sketch.selected && !sketch.isPoint) {
      sketch.selected = null;
    } else if (sketch.isActive && !sketch.isUnfinished) {
      this.begin("still");
    } else {
      return false;
    }
    this.tellTools();
    return true;
  }

  private add(at: Position): void {
    this.sketch.add(at);
    if (this.sketch.mode === "draw") {
      this.tellTools();
      this.frame.onShape(null);
    } else {
      this.begin("vertices");
      this.tellShape();
    }
  }

  private put(at: Position): void {
    this.sketch.put(at);
    this.tellShape();
  }

  /** A neighbour near the pointer, a valve on the line, is what is meant; where it is at an end of the line, the pointer. */
  private cutAt(at: Position, event: Pointer | null): void {
    const snap = this.snap(at, event);
    this.sketch.cutAt(snap ? [snap.at, at] : [at], this.neighbourhood.getReach(2 * REACH_PX));
    this.tellTools();
  }

  private tellShape(): void {
    this.frame.onShape(this.sketch.shape);
    this.tellTools();
  }

  private tellTools(): void {
    this.draw();
    this.frame.onTools();
  }

  private press(event: Pointer): void {
    const { sketch } = this;
    if ((sketch.mode !== "vertices" && sketch.mode !== "whole") || sketch.shape === null || isMany(event)) {
      return;
    }
    const at: Position = [event.lngLat.lng, event.lngLat.lat];
    const reach = isTouch(event) ? TOUCH_PX : REACH_PX;
    const vertex = this.hit(at, sketch.listVertices(), reach);
    const middle = vertex || sketch.mode === "whole" ? null : this.hit(at, listMiddles(sketch.shape), reach);
    if (middle) {
      sketch.insert(middle);
      this.frame.onShape(sketch.shape);
    }
    const path = (vertex ?? middle)?.path ?? null;
    if (path || (sketch.mode === "whole" && this.isOn(event))) {
      event.preventDefault();
      sketch.selected = path;
      this.drag = { path, from: at, shape: sketch.shape, moved: false };
      this.draw();
    }
  }

  private point(event: Pointer): void {
    const { sketch } = this;
    const at: Position = [event.lngLat.lng, event.lngLat.lat];
    if (this.drag) {
      this.follow(this.drag, at, event);
    } else if (sketch.mode === "draw" || sketch.mode === "split") {
      const snap = this.snap(at, event);
      this.hover = { at: snap?.at ?? at, snap };
      this.draw();
      this.setCursor("crosshair");
    } else if (sketch.isActive) {
      const middles = sketch.shape && sketch.mode === "vertices" ? listMiddles(sketch.shape) : [];
      const over = this.hit(at, [...sketch.listVertices(), ...middles], REACH_PX);
      this.setCursor(over ? "move" : sketch.selected ? "crosshair" : "");
    }
  }

  private follow(drag: NonNullable<ShapeEditor["drag"]>, at: Position, event: Pointer): void {
    const snap = drag.path ? this.snap(at, event) : null;
    const to = snap?.at ?? at;
    const [east, north] = [(to[0] as number) - (drag.from[0] as number), (to[1] as number) - (drag.from[1] as number)];
    this.sketch.shape = drag.path ? this.sketch.moveTo(drag.shape, drag.path, to) : moveAll(drag.shape, east, north);
    drag.moved = true;
    this.hover = { at: to, snap };
    this.draw();
  }

  private release(): void {
    const { drag } = this;
    this.drag = this.hover = null;
    if (drag?.moved) {
      this.sketch.keepStep(drag.shape);
      this.frame.onShape(this.sketch.shape);
    }
    if (drag) {
      this.tellTools();
    }
  }

  private key(event: KeyboardEvent): void {
    const { sketch } = this;
    const back = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    if (!sketch.isActive) {
      return;
    }
    if (event.key === "Enter" && sketch.mode === "draw") {
      this.finish();
    } else if (event.key === "Enter" && sketch.selected) {
      this.takeCentre();
    } else if (event.key === "Delete") {
      this.remove();
    } else if (back || (event.key === "Backspace" && sketch.mode === "draw")) {
      event.preventDefault();
      this.stepBack();
    }
  }

  private snap(at: Position, event: Pointer | null): Snap | null {
    if (!this.snaps || event?.originalEvent.altKey) {
      return null;
    }
    return this.neighbourhood.find(at, REACH_PX, this.owner);
  }

  /** The nearest of vertices within so many pixels. */
  private hit(at: Position, vertices: Vertex[], pixels: number): Vertex | null {
    const { map } = this.app;
    const pointer = map.project(at as [number, number]);
    const found = vertices
      .map((vertex) => ({ vertex, distance: pointer.dist(map.project([vertex.at[0] as number, vertex.at[1] as number])) }))
      .filter(({ distance }) => distance <= pixels)
      .sort((one, other) => one.distance - other.distance);
    return found[0]?.vertex ?? null;
  }

  private isOn({ point }: Pointer): boolean {
    const around: [[number, number], [number, number]] = [
      [point.x - REACH_PX, point.y - REACH_PX],
      [point.x + REACH_PX, point.y + REACH_PX],
    ];
    return this.app.map.queryRenderedFeatures(around, { layers: SHAPE_PARTS }).length > 0;
  }

  private setCursor(cursor: string): void {
    this.app.map.getCanvas().style.cursor = this.sketch.mode === "draw" ? "crosshair" : cursor;
  }

  private draw(): void {
    const { sketch, hover, drag } = this;
    showEditing(this.app.map, markEditing({ sketch, hover, isDragged: drag !== null }));
  }
}

function isTouch(event: Pointer): boolean {
  return event.type.startsWith("touch");
}

/** Whether more than one finger is on the map: two move it. */
function isMany(event: Pointer): boolean {
  return "touches" in event.originalEvent && event.originalEvent.touches.length > 1;
}
