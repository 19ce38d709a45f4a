// A shape drawn, moved and reshaped on the map. Whatever a drag does, two clicks do as well: one takes a vertex, one says
// where it goes; and the middle of the map stands for the pointer of who has only keys.

import type { MapMouseEvent, MapTouchEvent } from "maplibre-gl";

import type { App } from "../app";
import { SHAPE_PARTS, showEditing } from "../map/editing";
import { Neighbourhood } from "./neighbourhood";
import { markEditing, type Mode } from "./shape_marks";
import { findSnap, type Snap } from "./snapping";
import {
  getVertex,
  insertVertex,
  isSamePath,
  listMiddles,
  listVertices,
  makeShape,
  moveAll,
  moveVertex,
  type Path,
  type Position,
  removeVertex,
  type Shape,
  type Vertex,
} from "./vertices";

export type { Mode };
type Pointer = MapMouseEvent | MapTouchEvent;

const REACH_PX = 12;
const TOUCH_PX = 22;
const MOST_STEPS = 100;

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
  mode: Mode = "still";
  selected: Path | null = null;
  snaps = true;
  /** Where a line is to be split, null while nobody said. */
  cut: Position | null = null;
  private owner: Owner = { layer: "", id: null, type: "Point" };
  private shape: Shape | null = null;
  private steps: { shape: Shape | null; places: Position[] }[] = [];
  private places: Position[] = [];
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
    map.on("moveend", () => void this.neighbourhood.fetch(this.isActive));
    map.getCanvas().addEventListener("keydown", (event) => this.key(event));
  }

  /** Takes up the shape of a feature, to be looked at first. */
  take(owner: Owner, shape: Shape | null): void {
    this.owner = owner;
    this.shape = shape;
    this.steps = [];
    this.begin("still");
  }

  /** Puts everything away. */
  clear(): void {
    this.shape = null;
    this.begin("still");
  }

  begin(mode: Mode): void {
    this.mode = mode;
    this.selected = this.drag = this.hover = this.cut = null;
    this.places = [];
    this.app.map.doubleClickZoom[mode === "draw" ? "disable" : "enable"]();
    this.setCursor("");
    void this.neighbourhood.fetch(this.isActive);
    this.draw();
  }

  get isActive(): boolean {
    return this.mode !== "still";
  }

  get count(): number {
    return this.mode === "draw" ? this.places.length : this.listVertices().length;
  }

  /** Whether what was drawn is enough for a shape. */
  get isEnough(): boolean {
    return makeShape(this.owner.type, this.places) !== undefined;
  }

  get hasSteps(): boolean {
    return this.steps.length > 0;
  }

  /** Which of the vertices is selected, from 1; 0 for none. */
  get index(): number {
    return this.selected === null ? 0 : this.listVertices().findIndex(({ path }) => isSamePath(path, this.selected as Path)) + 1;
  }

  /** Selects the vertex so many further on, around the end. */
  walk(step: number): void {
    const vertices = this.listVertices();
    const vertex = vertices[(this.index - 1 + step + vertices.length + (this.index === 0 && step < 0 ? 1 : 0)) % vertices.length];
    this.select(vertex?.path ?? null);
    if (vertex) {
      this.app.map.panTo(vertex.at as [number, number], { animate: false });
    }
  }

  /** A click at a place of the map; false if it means nothing to the shape. */
  click(event: MapMouseEvent): boolean {
    const at: Position = [event.lngLat.lng, event.lngLat.lat];
    if (this.mode === "draw") {
      this.add(this.snap(at, event)?.at ?? at);
    } else if (this.mode === "split") {
      this.cutAt(at);
    } else if (this.isActive) {
      const hit = this.hit(at, this.listVertices(), REACH_PX);
      if (hit) {
        this.select(hit.path);
      } else if (this.selected) {
        this.put(this.snap(at, event)?.at ?? at);
      }
    }
    return this.isActive;
  }

  /** Puts the selected vertex, or the next one of what is drawn, where the middle of the map is. */
  takeCentre(): void {
    const { lng, lat } = this.app.map.getCenter();
    const at = this.snap([lng, lat], null)?.at ?? [lng, lat];
    if (this.mode === "draw") {
      this.add(at);
    } else if (this.mode === "split") {
      this.cutAt([lng, lat]);
    } else {
      this.put(at);
    }
  }

  /** Ends what is drawn; its vertices can be moved after. */
  finish(): void {
    const shape = makeShape(this.owner.type, this.places);
    if (shape !== undefined) {
      this.steps = [];
      this.shape = shape;
      this.begin("vertices");
      this.frame.onShape(shape);
      this.frame.onTools();
    }
  }

  /** Removes the selected vertex, where enough are left. */
  remove(): void {
    const left = this.shape && this.selected ? removeVertex(this.shape, this.selected) : null;
    if (left) {
      this.selected = null;
      this.change(left);
    }
  }

  get canRemove(): boolean {
    return this.shape !== null && this.selected !== null && removeVertex(this.shape, this.selected) !== null;
  }

  /** Takes the last step back. */
  stepBack(): void {
    const step = this.steps.pop();
    if (step) {
      this.shape = step.shape;
      this.places = step.places;
      this.selected = null;
      this.draw();
      this.frame.onShape(this.shape);
      this.frame.onTools();
    }
  }

  /** Gives up what is under way; false if nothing is. */
  escape(): boolean {
    if (this.drag) {
      this.shape = this.drag.shape;
      this.drag = null;
      this.frame.onShape(this.shape);
    } else if (this.selected) {
      this.selected = null;
    } else if (this.mode !== "still") {
      this.steps = this.mode === "draw" ? [] : this.steps;
      this.begin("still");
    } else {
      return false;
    }
    this.draw();
    this.frame.onTools();
    return true;
  }

  private listVertices(): Vertex[] {
    return this.shape ? listVertices(this.shape) : [];
  }

  private select(path: Path | null): void {
    this.selected = path;
    this.draw();
    this.frame.onTools();
  }

  private add(at: Position): void {
    this.keepStep();
    this.places = [...this.places, at];
    if (this.owner.type.endsWith("Point")) {
      this.finish();
    } else {
      this.draw();
      this.frame.onTools();
    }
  }

  /** Moves the selected vertex, or the whole shape by it. */
  private put(at: Position): void {
    if (this.shape && this.selected) {
      this.change(this.moveTo(this.shape, this.selected, at));
    }
  }

  private moveTo(shape: Shape, path: Path, at: Position): Shape {
    const from = getVertex(shape, path)?.at;
    if (this.mode === "whole" && from) {
      return moveAll(shape, (at[0] as number) - (from[0] as number), (at[1] as number) - (from[1] as number));
    }
    return moveVertex(shape, path, at);
  }

  private cutAt(at: Position): void {
    const snap = this.shape && findSnap(at, [this.shape], this.neighbourhood.getReach(2 * REACH_PX));
    this.cut = snap?.at ?? this.cut;
    this.draw();
    this.frame.onTools();
  }

  private change(shape: Shape): void {
    this.keepStep();
    this.shape = shape;
    this.draw();
    this.frame.onShape(shape);
    this.frame.onTools();
  }

  private keepStep(shape = this.shape): void {
    this.steps = [...this.steps, { shape, places: this.places }].slice(-MOST_STEPS);
  }

  private press(event: Pointer): void {
    if ((this.mode !== "vertices" && this.mode !== "whole") || this.shape === null || isMany(event)) {
      return;
    }
    const at: Position = [event.lngLat.lng, event.lngLat.lat];
    const reach = isTouch(event) ? TOUCH_PX : REACH_PX;
    const vertex = this.hit(at, this.listVertices(), reach);
    const middle = vertex || this.mode === "whole" ? null : this.hit(at, listMiddles(this.shape), reach);
    if (middle) {
      this.keepStep();
      this.shape = insertVertex(this.shape, middle.path, middle.at);
      this.frame.onShape(this.shape);
    }
    const path = (vertex ?? middle)?.path ?? null;
    if (path || (this.mode === "whole" && this.isOn(event))) {
      event.preventDefault();
      this.selected = path;
      this.drag = { path, from: at, shape: this.shape, moved: false };
      this.draw();
    }
  }

  private point(event: Pointer): void {
    const at: Position = [event.lngLat.lng, event.lngLat.lat];
    const { drag } = this;
    if (drag) {
      const snap = drag.path ? this.snap(at, event) : null;
      const to = snap?.at ?? at;
      const [east, north] = [(to[0] as number) - (drag.from[0] as number), (to[1] as number) - (drag.from[1] as number)];
      this.shape = drag.path ? this.moveTo(drag.shape, drag.path, to) : moveAll(drag.shape, east, north);
      drag.moved = true;
      this.hover = { at: to, snap };
      this.draw();
    } else if (this.mode === "draw") {
      const snap = this.snap(at, event);
      this.hover = { at: snap?.at ?? at, snap };
      this.draw();
    } else if (this.isActive) {
      const over = this.hit(at, this.listVertices(), REACH_PX) ?? (this.shape && this.mode === "vertices" ? this.hit(at, listMiddles(this.shape), REACH_PX) : null);
      this.setCursor(over ? "move" : this.mode === "split" || this.selected ? "crosshair" : "");
    }
  }

  private release(): void {
    const { drag } = this;
    this.drag = this.hover = null;
    if (drag?.moved) {
      this.keepStep(drag.shape);
      this.frame.onShape(this.shape);
    }
    if (drag) {
      this.draw();
      this.frame.onTools();
    }
  }

  private key(event: KeyboardEvent): void {
    const back = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    if (!this.isActive) {
      return;
    }
    if (event.key === "Enter" && this.mode === "draw") {
      this.finish();
    } else if (event.key === "Enter" && this.selected) {
      this.takeCentre();
    } else if (event.key === "Delete") {
      this.remove();
    } else if (back || (event.key === "Backspace" && this.mode === "draw")) {
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
    this.app.map.getCanvas().style.cursor = this.mode === "draw" ? "crosshair" : cursor;
  }

  private draw(): void {
    const { mode, shape, places, selected, cut, hover, owner } = this;
    showEditing(this.app.map, markEditing({ mode, type: owner.type, shape, places, selected, cut, hover, isDragged: this.drag !== null }));
  }
}

function isTouch(event: Pointer): boolean {
  return event.type.startsWith("touch");
}

/** Whether more than one finger is on the map: two move it. */
function isMany(event: Pointer): boolean {
  return "touches" in event.originalEvent && event.originalEvent.touches.length > 1;
}
