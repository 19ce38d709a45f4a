// What if: facilities drawn and counted out, streets closed. Values as chosen, and what of them is sent. Pure.

import type { WhatIf } from "./api";
import { toNumber } from "./order";

/** A facility that was drawn, with what was typed of it; empty: the service's own reach, no limit. */
export interface Drawn {
  geometry: GeoJSON.Geometry;
  reach: string;
  capacity: string;
}

/** Something of the city's, named as it is shown. */
export interface Chosen {
  id: number;
  name: string;
  geometry: GeoJSON.Geometry;
}

export interface Draft {
  drawn: Drawn[];
  /** Layers that are counted in, all of each. */
  layers: string[];
  planned: boolean;
  without: Chosen[];
  closed: Chosen[];
  closing: GeoJSON.LineString | null;
}

export function makeDraft(): Draft {
  return { drawn: [], layers: [], planned: false, without: [], closed: [], closing: null };
}

/** Whether nothing is assumed. */
export function isEmpty({ drawn, layers, planned, without, closed, closing }: Draft): boolean {
  return drawn.length === 0 && layers.length === 0 && !planned && without.length === 0 && closed.length === 0 && closing === null;
}

/** Takes something in, or out again if it is in. */
export function toggle(chosen: Chosen[], one: Chosen): Chosen[] {
  const others = chosen.filter((each) => each.id !== one.id);
  return others.length < chosen.length ? others : [...chosen, one];
}

/** Whether something typed of a drawn facility is no number above 0. */
export function isOff(drawn: Drawn): boolean {
  return [drawn.reach, drawn.capacity].some((text) => text.trim() !== "" && !(toNumber(text) > 0));
}

/** What is assumed, as the server takes it. */
export function toWhatIf(draft: Draft): WhatIf {
  const ids = (chosen: Chosen[]): number[] => chosen.map(({ id }) => id);
  return {
    ...(draft.drawn.length > 0 && { add: { type: "FeatureCollection", features: draft.drawn.map(toFeature) } }),
    ...(draft.layers.length > 0 && { add_layer: draft.layers }),
    ...(draft.planned && { planned: true }),
    ...(draft.without.length > 0 && { without: ids(draft.without) }),
    ...(draft.closed.length > 0 && { closed: ids(draft.closed) }),
    ...(draft.closing !== null && { closing: draft.closing }),
  };
}

function toFeature({ geometry, reach, capacity }: Drawn): GeoJSON.Feature {
  const properties = {
    ...(reach.trim() !== "" && { reach: toNumber(reach) }),
    ...(capacity.trim() !== "" && { capacity: toNumber(capacity) }),
  };
  return { type: "Feature", geometry, properties };
}
