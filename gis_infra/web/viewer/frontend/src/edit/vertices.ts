// Shapes changed vertex by vertex, parts, holes and heights as they were. Pure: every change is a new shape.

export type Position = number[];
/** Where a vertex stands in the coordinates of its shape. */
export type Path = readonly number[];
export type Shape = Exclude<GeoJSON.Geometry, GeoJSON.GeometryCollection>;

/** A run of vertices joined one to the next; a ring ends where it begins, and that vertex is in it once. */
export interface Chain {
  path: Path;
  positions: Position[];
  isRing: boolean;
  /** Whether its vertices are joined at all: those of several points are not. */
  isJoined: boolean;
}

export interface Vertex {
  path: Path;
  at: Position;
}

type Coordinates = Position | Coordinates[];

/** The runs of vertices of a shape, in the order of its parts. */
export function listChains(shape: Shape): Chain[] {
  switch (shape.type) {
    case "Point":
      return [makeChain([], [shape.coordinates], false, false)];
    case "MultiPoint":
      return [makeChain([], shape.coordinates, false, false)];
    case "LineString":
      return [makeChain([], shape.coordinates, false, true)];
    case "MultiLineString":
      return shape.coordinates.map((line, part) => makeChain([part], line, false, true));
    case "Polygon":
      return shape.coordinates.map((ring, number) => makeChain([number], ring, true, true));
    case "MultiPolygon":
      return shape.coordinates.flatMap((rings, part) => rings.map((ring, number) => makeChain([part, number], ring, true, true)));
  }
}

function makeChain(path: Path, positions: Position[], isRing: boolean, isJoined: boolean): Chain {
  return { path, positions: isRing ? positions.slice(0, -1) : positions, isRing, isJoined };
}

/** Every vertex, those of a ring once. */
export function listVertices(shape: Shape): Vertex[] {
  const isPoint = shape.type === "Point";
  return listChains(shape).flatMap(({ path, positions }) =>
    positions.map((at, index) => ({ path: isPoint ? [] : [...path, index], at })),
  );
}

/** The middle of every stretch, with the path of the vertex that one put there would have. */
export function listMiddles(shape: Shape): Vertex[] {
  return listChains(shape)
    .filter(({ isJoined }) => isJoined)
    .flatMap(({ path, positions, isRing }) =>
      positions
        .map((from, index) => ({ path: [...path, index + 1], from, to: positions[index + 1] ?? (isRing ? positions[0] : undefined) }))
        .filter(({ to }) => to !== undefined)
        .map(({ path: at, from, to }) => ({ path: at, at: interpolate(from, to as Position, 0.5) })),
    );
}

/** The place a share of the way from one vertex to the next, with its height where both have one. */
export function interpolate(from: Position, to: Position, share: number): Position {
  const count = Math.min(from.length, to.length);
  return from.slice(0, count).map((number, axis) => number + ((to[axis] as number) - number) * share);
}

/** The shape with a vertex elsewhere; its height stays. */
export function moveVertex(shape: Shape, path: Path, to: Position): Shape {
  if (shape.type === "Point") {
    return { ...shape, coordinates: place(shape.coordinates, to) };
  }
  return changeChain(shape, path, (positions, index) => positions.map((at, each) => (each === index ? place(at, to) : at)));
}

function place(before: Position, to: Position): Position {
  return [to[0] as number, to[1] as number, ...before.slice(2)];
}

/** The shape with one more vertex, which has `path` then; between two with heights it has one in between. */
export function insertVertex(shape: Shape, path: Path, at: Position): Shape {
  return changeChain(shape, path, (positions, index) => {
    const before = positions[index - 1] ?? at;
    const after = positions[index] ?? positions[0] ?? at;
    const height = before.length > 2 && after.length > 2 ? [((before[2] as number) + (after[2] as number)) / 2] : [];
    return [...positions.slice(0, index), [at[0] as number, at[1] as number, ...height], ...positions.slice(index)];
  });
}

/** The shape without a vertex; null where too few would be left of a line, a ring, or the points. */
export function removeVertex(shape: Shape, path: Path): Shape | null {
  if (shape.type === "Point") {
    return null;
  }
  const chain = listChains(shape).find((each) => isSamePath(each.path, path.slice(0, -1)));
  const least = chain?.isRing ? 3 : chain?.isJoined ? 2 : 1;
  if (chain === undefined || chain.positions.length <= least) {
    return null;
  }
  return changeChain(shape, path, (positions, index) => positions.filter((_, each) => each !== index));
}

/** The shape as a whole so far to the east and north, degrees. */
export function moveAll(shape: Shape, east: number, north: number): Shape {
  const move = (coordinates: Coordinates): Coordinates =>
    isPosition(coordinates)
      ? [coordinates[0] as number + east, coordinates[1] as number + north, ...coordinates.slice(2)]
      : coordinates.map(move);
  return { ...shape, coordinates: move(shape.coordinates as Coordinates) } as Shape;
}

/** A vertex by its path, undefined where there is none. */
export function getVertex(shape: Shape, path: Path): Vertex | undefined {
  return listVertices(shape).find((vertex) => isSamePath(vertex.path, path));
}

export function isSamePath(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((number, index) => number === other[index]);
}

/** What was drawn, as a layer of that type takes it; undefined while there are too few places for it. */
export function makeShape(type: string, places: Position[]): Shape | undefined {
  const single = type.replace("Multi", "");
  const first = places[0];
  if (first === undefined || places.length < getLeast(type)) {
    return undefined;
  }
  const coordinates = single === "Point" ? first : single === "LineString" ? places : [[...places, first]];
  return { type, coordinates: type.startsWith("Multi") ? [coordinates] : coordinates } as Shape;
}

/** How many places a shape of that type needs at least. */
export function getLeast(type: string): number {
  return type.endsWith("Polygon") ? 3 : type.endsWith("LineString") ? 2 : 1;
}

function isPosition(coordinates: Coordinates): coordinates is Position {
  return typeof coordinates[0] === "number";
}

/** The shape with the chain of a vertex changed; a ring is closed again. */
function changeChain(shape: Shape, path: Path, change: (positions: Position[], index: number) => Position[]): Shape {
  const index = path[path.length - 1] as number;
  const isRing = shape.type.endsWith("Polygon");
  const replace = (coordinates: Coordinates, rest: Path): Coordinates => {
    const [step, ...further] = rest;
    if (step !== undefined) {
      return (coordinates as Coordinates[]).map((each, number) => (number === step ? replace(each, further) : each));
    }
    const positions = change(isRing ? (coordinates as Position[]).slice(0, -1) : (coordinates as Position[]), index);
    return isRing ? [...positions, positions[0] as Position] : positions;
  };
  return { ...shape, coordinates: replace(shape.coordinates as Coordinates, path.slice(0, -1)) } as Shape;
}
