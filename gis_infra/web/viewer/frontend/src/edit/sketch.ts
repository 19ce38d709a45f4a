// A shape in hand: what is drawn of it so far, the vertex that is selected, and the steps back. Pure: where the pointer is
// and what lies near it, the editor knows.

import { findCut } from "./snapping";
import { getVertex, insertVertex, isSamePath, listVertices, makeShape, moveAll, moveVertex, type Path, type Position, removeVertex, type Shape, type Vertex } from "./vertices";

export type Mode = "still" | "vertices" | "whole" | "draw" | "split";

const MOST_STEPS = 100;

export class Sketch {
  mode: Mode = "still";
  selected: Path | null = null;
  /** Where a line is to be split, null while nobody said. */
  cut: Position | null = null;
  /** What was drawn so far. */
  places: Position[] = [];
  private steps: { shape: Shape | null; places: Position[] }[] = [];

  /** type: the type of shape the layer takes. */
  constructor(
    readonly type: string,
    public shape: Shape | null,
  ) {}

  /** Goes on to something else; what is drawn so far is kept for when drawing goes on. */
  begin(mode: Mode): void {
    this.mode = mode;
    this.cut = null;
    this.unselect();
  }

  /** Selects nothing; but of one point there is no other to select. */
  unselect(): void {
    const [only, second] = this.mode === "vertices" ? this.listVertices() : [];
    this.selected = only && !second ? only.path : null;
  }

  get isActive(): boolean {
    return this.mode !== "still";
  }

  /** Whether it is one point, which is moved or stays. */
  get isPoint(): boolean {
    return this.type.endsWith("Point") && this.listVertices().length < 2;
  }

  get count(): number {
    return this.mode === "draw" ? this.places.length : this.listVertices().length;
  }

  /** Whether what was drawn is enough for a shape. */
  get isEnough(): boolean {
    return makeShape(this.type, this.places) !== undefined;
  }

  /** Whether something is drawn that is no shape yet. */
  get isUnfinished(): boolean {
    return this.places.length > 0;
  }

  get hasSteps(): boolean {
    return this.steps.length > 0;
  }

  /** Which of the vertices is selected, from 1; 0 for none. */
  get index(): number {
    const { selected } = this;
    return selected === null ? 0 : this.listVertices().findIndex(({ path }) => isSamePath(path, selected)) + 1;
  }

  listVertices(): Vertex[] {
    return this.shape ? listVertices(this.shape) : [];
  }

  /** Selects the vertex so many further on, around the end; where it is. */
  walk(step: number): Position | null {
    const vertices = this.listVertices();
    const vertex = vertices[(this.index - 1 + step + vertices.length + (this.index === 0 && step < 0 ? 1 : 0)) % vertices.length];
    this.selected = vertex?.path ?? null;
    return vertex?.at ?? null;
  }

  /** Draws one place more; a point is done with that. */
  add(at: Position): void {
    this.keepStep();
    this.places = [...this.places, at];
    if (this.type.endsWith("Point")) {
      this.finish();
    }
  }

  /** Makes a shape of what is drawn, whose vertices can be moved after; false while that is not enough. */
  finish(): boolean {
    const shape = makeShape(this.type, this.places);
    if (shape === undefined) {
      return false;
    }
    this.steps = [];
    this.places = [];
    this.shape = shape;
    this.begin("vertices");
    return true;
  }

  /** Moves the selected vertex, or the whole shape by it. */
  put(at: Position): void {
    if (this.shape && this.selected) {
      this.change(this.moveTo(this.shape, this.selected, at));
    }
  }

  /** A shape with a vertex of it at a place; all of it goes along where the whole is moved. */
  moveTo(shape: Shape, path: Path, at: Position): Shape {
    const from = getVertex(shape, path)?.at;
    if (this.mode === "whole" && from) {
      return moveAll(shape, (at[0] as number) - (from[0] as number), (at[1] as number) - (from[1] as number));
    }
    return moveVertex(shape, path, at);
  }

  /** Puts a vertex more where a drag of it begins. */
  insert({ path, at }: Vertex): void {
    if (this.shape) {
      this.change(insertVertex(this.shape, path, at));
    }
  }

  get canRemove(): boolean {
    return this.shape !== null && this.selected !== null && removeVertex(this.shape, this.selected) !== null;
  }

  /** Removes the selected vertex, where enough are left. */
  remove(): void {
    const left = this.shape && this.selected ? removeVertex(this.shape, this.selected) : null;
    if (left) {
      this.change(left);
      this.unselect();
    }
  }

  /** Says where the line is to be split: the first of these places that is on it and no end of it. */
  cutAt(places: Position[], reach: number): void {
    const { shape } = this;
    const found = shape ? places.map((at) => findCut(at, shape, reach)).find((at) => at !== null) : null;
    this.cut = found ?? null;
  }

  /** Takes the last step back; false if there is none. */
  stepBack(): boolean {
    const step = this.steps.pop();
    if (step === undefined) {
      return false;
    }
    this.shape = step.shape;
    this.places = step.places;
    this.unselect();
    return true;
  }

  /** Notes how things were, for a step back. */
  keepStep(shape = this.shape): void {
    this.steps = [...this.steps, { shape, places: this.places }].slice(-MOST_STEPS);
  }

  private change(shape: Shape): void {
    this.keepStep();
    this.shape = shape;
  }
}
