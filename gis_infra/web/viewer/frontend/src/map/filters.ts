// What of a layer the map shows: the tiles are asked for by the layer's filter, so that it holds at any number of rows.

import type { Map as MapLibreMap, VectorSourceSpecification, VectorTileSource } from "maplibre-gl";

const PARAMETERS = /&filter=.*$/;

/** Draws of a layer only what CQL2 text lets through; all of it for null. A layer without tiles is left as it is. */
export function drawFilter(map: MapLibreMap, layer: string, text: string | null): void {
  const source = map.getSource<VectorTileSource>(layer);
  // As it was asked for: `tiles` itself is not there before the source has loaded.
  const drawn = (source?.serialize() as VectorSourceSpecification | undefined)?.tiles?.[0];
  if (source === undefined || drawn === undefined) {
    return;
  }
  const wanted = addFilter(drawn, text);
  if (wanted !== drawn) {
    source.setTiles([wanted]);
  }
}

/** The address of tiles with this filter in place of the one it had. */
export function addFilter(address: string, text: string | null): string {
  const bare = address.replace(PARAMETERS, "");
  return text === null ? bare : `${bare}&filter=${encodeURIComponent(text)}&filter-lang=cql2-text`;
}
