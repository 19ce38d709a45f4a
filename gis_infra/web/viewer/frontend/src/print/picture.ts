// The map as a picture for paper: drawn anew, larger and finer than the screen, north up and in the light colours.

import maplibre, { type Map as MapLibreMap } from "maplibre-gl";

import type { Config } from "../config";
import { LIGHT } from "../map/background";
import { repaint } from "../map/layers";

export interface Picture {
  /** Of a blob; whoever uses it gives it back by URL.revokeObjectURL. */
  url: string;
  /** The sources that are seen in it. */
  sources: ReadonlySet<string>;
}

export interface PictureOrder {
  config: Config;
  center: [number, number];
  zoom: number;
  /** Pixels of the style sheet. */
  width: number;
  height: number;
  /** Dots for each pixel. */
  detail: number;
}

/** Draws what `shown` shows, at another place, scale and size. */
export async function drawPicture(shown: MapLibreMap, order: PictureOrder): Promise<Picture> {
  const container = document.createElement("div");
  container.className = "print-stage";
  container.style.width = `${order.width}px`;
  container.style.height = `${order.height}px`;
  document.body.append(container);
  const map = makeMap(shown, container, order);
  try {
    await new Promise<void>((resolve) => map.once("load", () => resolve()));
    repaint(map, order.config, LIGHT);
    await new Promise<void>((resolve) => map.once("idle", () => resolve()));
    const sources = new Set(map.queryRenderedFeatures().map((feature) => feature.source));
    return { url: URL.createObjectURL(await toBlob(map)), sources };
  } finally {
    map.remove();
    container.remove();
  }
}

function makeMap(shown: MapLibreMap, container: HTMLElement, { center, zoom, detail }: PictureOrder): MapLibreMap {
  const map = new maplibre.Map({
    container,
    style: shown.getStyle(),
    center,
    zoom,
    bearing: 0,
    pitch: 0,
    maxZoom: 24,
    interactive: false,
    attributionControl: false,
    fadeDuration: 0,
    pixelRatio: detail,
    // Without it the picture is gone by the time it is asked for.
    canvasContextAttributes: { preserveDrawingBuffer: true },
  });
  // The style names its pictures and does not hold them.
  map.on("styleimagemissing", ({ id }) => {
    const image = shown.getImage(id);
    if (image && !map.hasImage(id)) {
      map.addImage(id, image.data, { pixelRatio: image.pixelRatio, sdf: image.sdf });
    }
  });
  return map;
}

function toBlob(map: MapLibreMap): Promise<Blob> {
  return new Promise((resolve, reject) => {
    map.getCanvas().toBlob((blob) => (blob ? resolve(blob) : reject(new Error("toBlob"))), "image/png");
  });
}
