// The words of the OGC API as the map uses them, from its own definition: openapi.json, and openapi.d.ts made of it.
// `script/types` makes both anew. One layer stands in it for all: what a feature of any has, it has.

import type { components, operations } from "./openapi";

type Schemas = components["schemas"];
type Body<Name extends keyof operations> = operations[Name] extends {
  requestBody?: { content: { "application/json": infer Content } };
}
  ? Content
  : never;
type Inputs<Name extends keyof operations> = Body<Name> extends { inputs: infer Each } ? Open<Each> : never;
/** An object of which the definition says nothing (GeoJSON, mostly) is any object. */
type Open<T> =
  T extends Record<string, never> ? object : T extends (infer Each)[] ? Open<Each>[] : T extends object ? { [Name in keyof T]: Open<T[Name]> } : T;

export type Job = Schemas["statusInfo"];
export type Problem = Schemas["problem"];
export type Collection = Schemas["collection"];
export type Extent = Schemas["extent"];

/** The processes the map runs, and what each is told. */
export interface ProcessInputs {
  import: Inputs<"execute.import">;
  "undo-import": Inputs<"execute.undo-import">;
  coverage: Inputs<"execute.coverage">;
}

/** Version of a feature, and a page of them. */
export type Version = Schemas["version"];
export type Versions = Schemas["versions"];

/** What a line becomes that is split, and where it is. */
export type Cut = Schemas["cut"];
export type Uncut = Schemas["uncut"];
export type Half = Schemas["half"];
export type Halves = Schemas["halves"];

/** Query parameters of a page of features; those of a layer's own fields are beside them. */
export type ItemsQuery = NonNullable<operations["getFeatures.water_pipe"]["parameters"]["query"]>;
